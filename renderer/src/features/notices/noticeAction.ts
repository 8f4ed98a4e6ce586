/** What a notice offers to do (section 5.2 of the im2 document). What we cannot do is not offered. */
import { type Json, objectOf, parseJson, textOf } from '#common/base/json.ts'
import type { Conversation } from '#common/domain/conversation.ts'
import type { Notice } from '#common/domain/notice.ts'

type Offer = Pick<Notice, 'action' | 'data'>

/** The conversation that `view_messages` names, by the server's id for it or by its parts; null when it is not here. */
export function conversationToOpen(
  { action, data }: Offer,
  conversations: Iterable<Pick<Conversation, 'id' | 'targetId' | 'remoteId'>>,
): string | null {
  if (action !== 'view_messages' || data === null) return null
  const wanted = textOf(objectOf(parseJson(data))?.['conversationId'])
  if (wanted === undefined) return null
  for (const { id, targetId, remoteId } of conversations) {
    if (remoteId === wanted || targetId === wanted || id === wanted) return id
  }
  return null
}

const addressActions: ReadonlySet<string> = new Set(['open_url', 'open_link', 'view_url', 'url', 'link'])
const longestAddress = 2000

/** The page that an action such as `open_url` names; only http and https, and without a name or password in it. */
export function addressToOpen({ action, data }: Offer): URL | null {
  if (action === null || !addressActions.has(action.toLowerCase()) || data === null) return null
  const given: Json | undefined = parseJson(data)
  const object = objectOf(given) ?? {}
  const text = textOf(object['url']) ?? textOf(object['link']) ?? textOf(object['href']) ?? textOf(given)
  if (text === undefined || text.length > longestAddress) return null
  const url = URL.parse(text.trim())
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return null
  return url.hostname === '' || url.username !== '' || url.password !== '' ? null : url
}
