/**
 * What silence has held back of one account: messages and announcements that nobody was told of, because notifications
 * were turned off or the hours were quiet. When that is over they are told in one notification, unless they were read.
 *
 * Promises: each is judged anew by the same policy, so that nothing is told that may not be; what was told once, or is
 * to be silent for another reason by now, is not kept. Must never show one of them by itself.
 */
import type { Notice } from '#common/domain/notice.ts'
import { type Decision, type PrivacyLevel, isSilence } from '#common/domain/notification/policy.ts'
import type { Notifier } from '../ports/notifier.ts'
import { notificationOf } from './chatGroups.ts'
import { isTried } from './decisions.ts'
import { keyOf } from './keys.ts'
import type { MessageFacts } from './occasions.ts'
import type { NotificationTexts } from './texts.ts'
import { silenceWords } from './wording.ts'

export interface HeldMessage {
  readonly id: number
  readonly conversationId: string
  readonly facts: MessageFacts
}

export interface HeldBackOptions {
  readonly accountId: string
  readonly notifier: Pick<Notifier, 'show' | 'withdraw'>
  readonly texts: () => NotificationTexts
  readonly titleOf: (conversationId: string) => string
}

export interface Judges {
  readonly message: (message: HeldMessage) => Decision
  readonly notice: (notice: Notice) => Decision
}

export interface Told {
  readonly messages: readonly { readonly message: HeldMessage; readonly decision: Decision }[]
  readonly notices: readonly { readonly notice: Notice; readonly decision: Decision }[]
}

/** The first hides most. */
const privacyOrder: readonly PrivacyLevel[] = ['nothing', 'sender', 'full']

export class HeldBack {
  readonly #options: HeldBackOptions
  readonly #messages = new Map<number, HeldMessage>()
  readonly #notices = new Map<string, Notice>()
  /** What the notification on the screen counts: message ids with their conversations, and notice ids. */
  readonly #toldMessages = new Map<number, string>()
  readonly #toldNotices = new Set<string>()

  constructor(options: HeldBackOptions) {
    this.#options = options
  }

  get isEmpty(): boolean {
    return this.#messages.size === 0 && this.#notices.size === 0
  }

  keepMessage({ id, conversationId, facts }: HeldMessage): void {
    this.#messages.set(id, { id, conversationId, facts })
  }

  keepNotice(notice: Notice): void {
    this.#notices.set(notice.id, notice)
  }

  /** It was read, recalled or deleted. */
  dropMessage(id: number): void {
    this.#messages.delete(id)
    if (this.#toldMessages.delete(id)) this.#withdrawEmpty()
  }

  dropNotice(id: string): void {
    this.#notices.delete(id)
    if (this.#toldNotices.delete(id)) this.#withdrawEmpty()
  }

  /** Nothing of the conversation waits any more. */
  leave(conversationId: string): void {
    for (const [id, message] of this.#messages) if (message.conversationId === conversationId) this.#messages.delete(id)
    const told = [...this.#toldMessages].filter(([, own]) => own === conversationId)
    for (const [id] of told) this.#toldMessages.delete(id)
    if (told.length > 0) this.#withdrawEmpty()
  }

  /** Takes down what is on the screen; what is held back stays so. */
  withdraw(): void {
    if (this.#toldMessages.size + this.#toldNotices.size === 0) return
    this.answered()
    this.#withdrawEmpty()
  }

  /** The user has answered or put away what was on the screen: the next one does not count it again. */
  answered(): void {
    this.#toldMessages.clear()
    this.#toldNotices.clear()
  }

  /** Judges what is held back anew and tells what may be told; answers what that was. */
  tell(judges: Judges): Told {
    const messages = taken(this.#messages, judges.message).map(([message, decision]) => ({ message, decision }))
    const notices = taken(this.#notices, judges.notice).map(([notice, decision]) => ({ notice, decision }))
    const decisions = [...messages, ...notices].map(({ decision }) => decision)
    if (decisions.length === 0) return { messages, notices }
    for (const { message } of messages) this.#toldMessages.set(message.id, message.conversationId)
    for (const { notice } of notices) this.#toldNotices.add(notice.id)
    const { texts, titleOf, notifier } = this.#options
    const words = silenceWords(
      {
        messages: this.#toldMessages.size,
        notices: this.#toldNotices.size,
        titles: [...new Set(this.#toldMessages.values())].map(titleOf),
        privacy: privacyOrder.find((level) => decisions.some(({ privacy }) => privacy === level)) ?? 'nothing',
      },
      texts(),
    )
    const sound = decisions.some((decision) => decision.sound)
    notifier.show(notificationOf(this.#key, words, sound))
    return { messages, notices }
  }

  get #key(): string {
    return keyOf({ about: 'silence', accountId: this.#options.accountId })
  }

  #withdrawEmpty(): void {
    if (this.#toldMessages.size + this.#toldNotices.size === 0) this.#options.notifier.withdraw(this.#key)
  }
}

/** What may be told now; only what is still to be silent stays in `held`. */
function taken<K, T>(held: Map<K, T>, judge: (one: T) => Decision): (readonly [T, Decision])[] {
  const told: (readonly [T, Decision])[] = []
  for (const [key, one] of held) {
    const decision = judge(one)
    // The system's own silence may follow ours; what it held back is told with the rest.
    if (isSilence(decision.reason) || decision.reason === 'focusMode') continue
    held.delete(key)
    if (isTried(decision)) told.push([one, decision])
  }
  return told
}
