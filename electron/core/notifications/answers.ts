/**
 * What the user does with a notification, carried out by the ways the window takes for the same. Promises: words that
 * cannot be sent are not lost, they wait in the composer. Must never trust a key further than to name what it is about.
 */
import type { Place } from '#common/contract/place.ts'
import { sendWords } from '../compose.ts'
import type { NotificationAnswer } from '../ports/notifier.ts'
import type { Clock, Log, Random } from '../ports/platform.ts'
import type { NotifyingSession } from './accountNotifications.ts'
import type { Subject } from './keys.ts'

const hourMs = 3_600_000
/** As far back as a mark goes for a notification of before a restart. */
const mostMarked = 200

export interface AnswerOptions {
  /** The messages that a conversation's notification tells of, oldest first. */
  readonly toldOf: (conversationId: string) => readonly number[]
  /** Shows the main window, and this in it. */
  readonly goTo: (accountId: string, place: Place) => void
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
}

export async function carryOut(
  answer: NotificationAnswer,
  subject: Subject,
  session: NotifyingSession,
  options: AnswerOptions,
): Promise<void> {
  const { goTo, clock } = options
  const { accountId } = subject
  switch (answer.kind) {
    case 'closed':
      return
    case 'open':
      return goTo(accountId, placeOf(subject, options.toldOf))
    case 'reply':
      return 'conversationId' in subject ? reply(answer.text, subject, session, options) : undefined
    case 'action':
      break
  }
  if (answer.id === 'acknowledge' && 'noticeId' in subject) {
    session.changed(await session.store.acknowledgeNotice(subject.noticeId, clock.now()))
  }
  if (!('conversationId' in subject)) return
  const { conversationId } = subject
  if (answer.id === 'markRead') await markRead(conversationId, session, options)
  if (answer.id === 'muteHour') {
    const muted = await session.store.prefer(conversationId, { mutedUntil: clock.now() + hourMs })
    if (muted.ok) session.changed(muted.value)
  }
}

function placeOf(subject: Subject, toldOf: AnswerOptions['toldOf']): Place {
  switch (subject.about) {
    case 'chat': {
      const { conversationId } = subject
      return { kind: 'conversation', conversationId, messageId: toldOf(conversationId)[0] ?? null }
    }
    case 'group':
      return { kind: 'conversation', conversationId: subject.conversationId, messageId: null }
    case 'notice':
      return { kind: 'notice', noticeId: subject.noticeId }
    case 'summary':
    case 'silence':
      return { kind: 'catchUp' }
    case 'policy':
      return { kind: 'changes' }
    case 'session':
      return { kind: 'account' }
  }
}

/** What the notification told of, and what came before it. */
async function markRead(conversationId: string, session: NotifyingSession, { toldOf }: AnswerOptions): Promise<void> {
  const last =
    toldOf(conversationId).at(-1) ?? (await session.store.unread(conversationId, 'all', mostMarked)).at(-1)?.id
  if (last !== undefined) session.changed(await session.store.markRead(conversationId, last))
}

async function reply(
  text: string,
  { accountId, conversationId }: { readonly accountId: string; readonly conversationId: string },
  session: NotifyingSession,
  options: AnswerOptions,
): Promise<void> {
  const { log, goTo } = options
  if (text.trim() === '') return goTo(accountId, { kind: 'conversation', conversationId, messageId: null })
  const sent = await sendWords(session, { conversationId, text, quotedId: null, mentions: [] }, options)
  if (sent.ok) return markRead(conversationId, session, options)
  log.info('reply kept as a draft', { code: sent.error.code })
  const { conversations } = await session.store.snapshot()
  const draft = conversations.find(({ id }) => id === conversationId)?.draft ?? ''
  session.changed(await session.store.setDraft(conversationId, draft === '' ? text : `${draft}\n${text}`))
  goTo(accountId, { kind: 'conversation', conversationId, messageId: null })
}
