/**
 * What a notification shows of what it is about, by level of privacy. Pure; the words of others are cut and laid into
 * lines, never read. Must never show more than the level says: `sender` names, `nothing` only that there is something.
 */
import { type Content, type ContentOf, plainText } from '#common/domain/content/content.ts'
import type { Notice, PolicyChange } from '#common/domain/notice.ts'
import type { PrivacyLevel } from '#common/domain/notification/policy.ts'
import type { NotificationTexts } from './texts.ts'

export interface Words {
  readonly title: string
  readonly body: string
}

/** A message as a line of a notification. */
export interface ToldMessage {
  readonly sender: string
  readonly kind: 'message' | 'mention' | 'mentionAll'
  readonly line: string
}

export const appName = 'Godwit'
/** Code points of one line. */
const lineLength = 200
const textLength = 600
/** The last so many messages are quoted. */
export const linesShown = 4
const namesShown = 3

function cut(text: string, length: number): string {
  // No more is looked at than could be shown: a text may be as long as a frame.
  const shown = [...text.slice(0, length * 2 + 2)]
  return shown.length > length ? `${shown.slice(0, length - 1).join('')}…` : shown.join('')
}

function inOneLine(text: string): string {
  return cut(
    text
      .slice(0, lineLength * 4)
      .replaceAll(/\s+/g, ' ')
      .trim(),
    lineLength,
  )
}

/** A message in one line, without its sender. */
export function messageLine(content: Content, texts: NotificationTexts): string {
  const words = inOneLine(plainText(content))
  switch (content.kind) {
    case 'text':
    case 'quote':
    case 'forward':
    case 'event':
      return words
    default: {
      const label = `[${texts.kinds[content.kind]}]`
      return words === '' ? label : `${label} ${words}`
    }
  }
}

export interface ChatTold {
  readonly title: string
  readonly isGroup: boolean
  /** Of them all; the last ones are in `last`, oldest first. */
  readonly count: number
  readonly last: readonly ToldMessage[]
  readonly privacy: PrivacyLevel
}

export function chatWords({ title, isGroup, count, last, privacy }: ChatTold, texts: NotificationTexts): Words {
  const [only] = last
  if (privacy === 'nothing') return { title: appName, body: texts.newMessages(count) }
  const named = inOneLine(title)
  if (privacy === 'sender') {
    const from = isGroup && count === 1 && only !== undefined ? texts.from(inOneLine(only.sender)) : null
    return { title: named, body: from ?? texts.newMessages(count) }
  }
  const lines = last.slice(-linesShown).map(({ sender, kind, line }) => {
    const name = inOneLine(sender)
    if (isGroup && kind === 'mention') return texts.named(name, line)
    return isGroup ? texts.line(name, line) : line
  })
  return { title: named, body: (count === 1 ? lines : [texts.newMessages(count), ...lines]).join('\n') }
}

export interface SilenceTold {
  readonly messages: number
  readonly notices: number
  /** Of the chats they are in. */
  readonly titles: readonly string[]
  readonly privacy: PrivacyLevel
}

/** Of several chats at once. */
export function summaryWords(
  { count, titles, privacy }: { count: number; titles: readonly string[]; privacy: PrivacyLevel },
  texts: NotificationTexts,
): Words {
  if (privacy === 'nothing') return { title: appName, body: texts.newMessages(count) }
  const shown = titles.slice(0, namesShown).map(inOneLine)
  const body = `${texts.chatCount(titles.length)}\n${texts.chats(shown, titles.length - shown.length)}`
  return { title: texts.newMessages(count), body }
}

/** Of what came while notifications were off; of one kind or the other there is at least one. */
export function silenceWords({ messages, notices, titles, privacy }: SilenceTold, texts: NotificationTexts): Words {
  if (privacy === 'nothing')
    return { title: appName, body: messages > 0 ? texts.newMessages(messages) : texts.someNotice }
  const said = messages > 0 ? texts.messagesIn(messages, titles.length) : null
  const announced = notices > 0 ? texts.noticeCount(notices) : null
  const counted = said !== null && announced !== null ? texts.both(said, announced) : (said ?? announced ?? '')
  const shown = titles.slice(0, namesShown).map(inOneLine)
  const names = titles.length === 0 ? [] : [texts.chats(shown, titles.length - shown.length)]
  return { title: texts.whileOff, body: [counted, ...names].join('\n') }
}

export function noticeWords(
  { kind, title, content }: Pick<Notice, 'kind' | 'title' | 'content'>,
  privacy: PrivacyLevel,
  texts: NotificationTexts,
): Words {
  if (privacy === 'nothing') return { title: appName, body: texts.someNotice }
  const heading = inOneLine(title)
  const named = heading === '' ? texts.notices[kind] : heading
  return { title: named, body: privacy === 'full' ? cut(content.slice(0, textLength * 4).trim(), textLength) : '' }
}

/** `who`: of the administrator, as people are called here; null where nobody is named. */
export function policyWords(
  { before, after, reason }: Pick<PolicyChange, 'before' | 'after' | 'reason'>,
  who: string | null,
  privacy: PrivacyLevel,
  texts: NotificationTexts,
): Words {
  if (privacy === 'nothing') return { title: appName, body: texts.someChange }
  const { maxMessageLength, fileUploadLimit, readOnly } = after
  const allowed = readOnly === null || readOnly === (before.readOnly ?? false) ? null : readOnly
  const title = allowed === null ? texts.limitsChanged : allowed ? texts.readOnly : texts.writable
  if (privacy === 'sender') return { title, body: who === null ? '' : texts.by(inOneLine(who)) }
  const lines = [
    maxMessageLength === null || maxMessageLength === before.maxMessageLength
      ? null
      : texts.maxLength(maxMessageLength),
    fileUploadLimit === null || fileUploadLimit === before.fileUploadLimit ? null : texts.maxFile(fileUploadLimit),
    whoAndWhy(who, reason, texts),
  ]
  return { title, body: lines.filter((line) => line !== null).join('\n') }
}

function whoAndWhy(who: string | null, reason: string | null, texts: NotificationTexts): string | null {
  const why = reason === null ? '' : inOneLine(reason)
  if (why === '') return who === null ? null : texts.by(inOneLine(who))
  return who === null ? why : texts.because(inOneLine(who), why)
}

/** Of the user's own place in a group. `by` as people are called here; null where nobody is named. */
export function membershipWords(
  { event, detail }: Pick<ContentOf<'event'>, 'event' | 'detail'>,
  { group, by, privacy }: { group: string; by: string | null; privacy: PrivacyLevel },
  texts: NotificationTexts,
): Words {
  if (privacy === 'nothing') return { title: appName, body: texts.someGroup }
  const title = inOneLine(group)
  if (privacy === 'sender') return { title, body: '' }
  const who = by === null ? null : inOneLine(by)
  switch (event) {
    case 'member.joined':
      return { title, body: texts.added(who) }
    case 'member.role': {
      const role = detail ?? ''
      return {
        title,
        body: texts.role(Object.hasOwn(texts.roles, role) ? (texts.roles[role] ?? '') : inOneLine(role), who),
      }
    }
    case 'group.dismissed':
      return { title, body: texts.dismissed(who) }
    default:
      return { title, body: texts.removed(who) }
  }
}

/** `words`: the server's own, why it ended the session. */
export function sessionWords(
  { who, words, privacy }: { who: string | null; words: string | null; privacy: PrivacyLevel },
  texts: NotificationTexts,
): Words {
  if (privacy === 'nothing') return { title: appName, body: texts.ended }
  const title = who === null ? texts.ended : texts.endedBy(inOneLine(who))
  return { title, body: privacy === 'full' && words !== null ? inOneLine(words) : '' }
}
