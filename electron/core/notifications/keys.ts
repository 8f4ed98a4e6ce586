/** The names of notifications: what one is about, so that it can be replaced, withdrawn, and acted on after a restart. */

export type Subject =
  | { readonly about: 'chat' | 'group'; readonly accountId: string; readonly conversationId: string }
  | { readonly about: 'notice'; readonly accountId: string; readonly noticeId: string }
  /** What came during an absence, or while notifications were off; the account's limits; the end of its session. */
  | { readonly about: 'summary' | 'silence' | 'policy' | 'session'; readonly accountId: string }

export function keyOf(subject: Subject): string {
  const { about, accountId } = subject
  const what = 'conversationId' in subject ? [subject.conversationId] : 'noticeId' in subject ? [subject.noticeId] : []
  return [about, accountId, ...what].map(encodeURIComponent).join('/')
}

/** Null for a key that is none of ours: a system may hand back what another version has shown. */
export function subjectOf(key: string): Subject | null {
  const [about, accountId, what, ...rest] = key.split('/').map(decoded)
  if (accountId === undefined || accountId === '' || rest.length > 0) return null
  switch (about) {
    case 'chat':
    case 'group':
      return what === undefined || what === '' ? null : { about, accountId, conversationId: what }
    case 'notice':
      return what === undefined || what === '' ? null : { about, accountId, noticeId: what }
    case 'summary':
    case 'silence':
    case 'policy':
    case 'session':
      return what === undefined ? { about, accountId } : null
    default:
      return null
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    // Not written by us, then.
    return ''
  }
}
