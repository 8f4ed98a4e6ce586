/**
 * The notifications of one account's conversations: one each, in which a newer message joins those that still wait.
 *
 * Promises: what was read, recalled or deleted is in no notification any more; one that has nothing left goes away. Must
 * never decide whether something is told.
 */
import type { PrivacyLevel } from '#common/domain/notification/policy.ts'
import type { DesktopNotification, NotificationAction, Notifier } from '../ports/notifier.ts'
import { keyOf } from './keys.ts'
import type { NotificationTexts } from './texts.ts'
import { type Words, chatWords, linesShown, summaryWords } from './wording.ts'

export interface ChatMessage {
  readonly id: number
  readonly conversationId: string
  readonly senderId: string
  readonly kind: 'message' | 'mention' | 'mentionAll'
  readonly line: string
}

export interface Manner {
  readonly sound: boolean
  readonly privacy: PrivacyLevel
}

export interface ChatGroupsOptions {
  readonly accountId: string
  readonly notifier: Pick<Notifier, 'show' | 'withdraw'>
  readonly texts: () => NotificationTexts
  readonly chat: (conversationId: string) => {
    readonly title: string
    readonly isGroup: boolean
    readonly canWrite: boolean
  }
  readonly nameOf: (userId: string) => string
}

interface Group {
  readonly messages: Map<number, ChatMessage>
  manner: Manner
}

export class ChatGroups {
  readonly #options: ChatGroupsOptions
  readonly #groups = new Map<string, Group>()
  /** The messages that a summary counts, and their conversations. */
  readonly #summary = new Map<number, string>()

  constructor(options: ChatGroupsOptions) {
    this.#options = options
  }

  /** New messages of one conversation, oldest first. */
  tell(conversationId: string, messages: readonly ChatMessage[], manner: Manner): void {
    const group = this.#groups.get(conversationId) ?? { messages: new Map<number, ChatMessage>(), manner }
    group.manner = manner
    for (const message of messages) group.messages.set(message.id, message)
    this.#groups.set(conversationId, group)
    this.#show(conversationId, group, manner.sound)
  }

  /** New messages of many conversations, in one notification. */
  summarise(messages: readonly ChatMessage[], manner: Manner): void {
    for (const { id, conversationId } of messages) this.#summary.set(id, conversationId)
    const { accountId, texts, notifier, chat } = this.#options
    const titles = [...new Set(this.#summary.values())].map((id) => chat(id).title)
    const words = summaryWords({ count: this.#summary.size, titles, privacy: manner.privacy }, texts())
    notifier.show(notificationOf(keyOf({ about: 'summary', accountId }), words, manner.sound))
  }

  /** It needs no notification any more. `unsaid`: its words may not stay on the screen either. */
  drop(conversationId: string, messageId: number, unsaid: boolean): void {
    this.#dropFromSummary([messageId])
    const group = this.#groups.get(conversationId)
    if (group?.messages.delete(messageId) !== true) return
    if (group.messages.size === 0) this.#withdraw(conversationId)
    else if (unsaid) this.#show(conversationId, group, false)
  }

  /** Other words of the same message; they are seen when the notification is next shown. */
  change(message: ChatMessage): void {
    const messages = this.#groups.get(message.conversationId)?.messages
    if (messages?.has(message.id) === true) messages.set(message.id, message)
  }

  /** Nothing of the conversation waits any more. */
  leave(conversationId: string): void {
    this.#dropFromSummary([...this.#summary].flatMap(([id, own]) => (own === conversationId ? [id] : [])))
    if (this.#groups.has(conversationId)) this.#withdraw(conversationId)
  }

  withdrawAll(): void {
    for (const conversationId of [...this.#groups.keys()]) this.#withdraw(conversationId)
    this.#dropFromSummary([...this.#summary.keys()])
  }

  /** The messages that the conversation's notification tells of, oldest first. */
  toldOf(conversationId: string): readonly number[] {
    return [...(this.#groups.get(conversationId)?.messages.keys() ?? [])]
  }

  #show(conversationId: string, { messages, manner }: Group, sound: boolean): void {
    const { accountId, notifier, chat, nameOf, texts } = this.#options
    const { title, isGroup, canWrite } = chat(conversationId)
    const { privacy } = manner
    const last = [...messages.values()]
      .slice(-linesShown)
      .map(({ senderId, kind, line }) => ({ sender: nameOf(senderId), kind, line }))
    const said = texts()
    const words = chatWords({ title, isGroup, count: messages.size, last, privacy }, said)
    // Whoever may not see what it is about cannot mean to answer it.
    const answerable = privacy !== 'nothing'
    const actions: NotificationAction[] = [
      { id: 'markRead', label: said.markRead },
      { id: 'muteHour', label: said.muteHour },
    ]
    notifier.show({
      ...notificationOf(keyOf({ about: 'chat', accountId, conversationId }), words, sound),
      actions: answerable ? actions : [],
      reply: answerable && canWrite ? said.reply : null,
    })
  }

  #withdraw(conversationId: string): void {
    this.#groups.delete(conversationId)
    this.#options.notifier.withdraw(keyOf({ about: 'chat', accountId: this.#options.accountId, conversationId }))
  }

  #dropFromSummary(ids: readonly number[]): void {
    const dropped = ids.filter((id) => this.#summary.delete(id))
    if (dropped.length === 0 || this.#summary.size > 0) return
    this.#options.notifier.withdraw(keyOf({ about: 'summary', accountId: this.#options.accountId }))
  }
}

/** One that only tells. */
export function notificationOf(key: string, { title, body }: Words, sound: boolean): DesktopNotification {
  return { key, title, body, sound, urgency: 'normal', lasting: false, actions: [], reply: null }
}
