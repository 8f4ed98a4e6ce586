/**
 * What one account tells by notifications. It follows the account's rows as they change, finds what is new and of others,
 * has the policy decide, shows, and takes back what needs no notification any more.
 *
 * Promises: every new thing is decided once, and every decision is noted; what was there before the program started is
 * told only where it waits to be acknowledged; what comes during a sync is gathered and told in a few notifications.
 * Must never: limit how much is told, or let one conversation's messages change another's.
 */
import type { ChangeSet } from '#common/domain/changes.ts'
import type { ConnectionStatus } from '#common/domain/connection.ts'
import type { Conversation, Person } from '#common/domain/conversation.ts'
import type { Message } from '#common/domain/message.ts'
import { type Notice, type PolicyChange, isInsistent } from '#common/domain/notice.ts'
import { type Decision, type Occasion, isSilence } from '#common/domain/notification/policy.ts'
import type { DesktopNotification, Notifier } from '../ports/notifier.ts'
import type { Session } from '../session.ts'
import { ChatGroups, type ChatMessage, type Manner, notificationOf } from './chatGroups.ts'
import { type About, Decisions, type DecisionsOptions, type NewEntry, isTried } from './decisions.ts'
import { HeldBack } from './heldBack.ts'
import { heldBefore } from './heldBefore.ts'
import { keyOf } from './keys.ts'
import { KnownRows } from './knownRows.ts'
import {
  type MessageFacts,
  comesBack,
  membershipOccasion,
  messageKind,
  messageOccasion,
  noticeOccasion,
  policyOccasion,
  sessionOccasion,
} from './occasions.ts'
import { type Locale, notificationTexts } from './texts.ts'
import { type Words, membershipWords, messageLine, noticeWords, policyWords, sessionWords } from './wording.ts'

/** After an absence, more conversations than this are told in one notification. */
const mostAtOnce = 3
/** Of one conversation, looked at when change sets were lost. */
const mostRecovered = 200

/** What is needed of a session. */
export type NotifyingSession = Pick<Session, 'store' | 'changed' | 'nudge' | 'status' | 'connection'>

export interface Surroundings extends Omit<DecisionsOptions, 'accountId' | 'notifier'> {
  readonly notifier: Notifier
  readonly locale: () => Locale
  /** The conversation is on the screen, in a window with the focus, and the screen is not locked. */
  readonly isReading: (accountId: string, conversationId: string) => boolean
}

export interface AccountNotificationsOptions extends Surroundings {
  readonly accountId: string
  readonly selfId: string
}

interface NewMessage extends ChatMessage {
  readonly facts: MessageFacts
}

export class AccountNotifications {
  readonly #options: AccountNotificationsOptions
  readonly #groups: ChatGroups
  readonly #decisions: Decisions
  readonly #held: HeldBack
  readonly #rows = new KnownRows()
  /** What each notice said when it was last told. */
  readonly #told = new Map<string, string>()
  /** Of what is no conversation's, by key. */
  readonly #shown = new Set<string>()
  readonly #gathered = new Map<number, NewMessage>()
  #gathering = false
  #kicked = false
  /** The newest that was looked at. */
  #policyEvent: string | null = null
  #session: NotifyingSession | null = null
  /** The highest number of a message that was heard of. */
  #newest = 0
  /** Number of the first change set that is news. */
  #since: number | null = null

  constructor(options: AccountNotificationsOptions) {
    this.#options = options
    this.#decisions = new Decisions(options)
    this.#groups = new ChatGroups({
      accountId: options.accountId,
      notifier: options.notifier,
      texts: () => this.#texts,
      chat: (id) => this.#rows.chat(id),
      nameOf: (userId) => this.#rows.nameOf(userId),
    })
    this.#held = new HeldBack({
      accountId: options.accountId,
      notifier: options.notifier,
      texts: () => this.#texts,
      titleOf: (id) => this.#rows.chat(id).title,
    })
  }

  get hasBegun(): boolean {
    return this.#session !== null
  }

  /** Silence has held something back that nobody was told of yet. */
  get holdsBack(): boolean {
    return !this.#held.isEmpty
  }

  /** A change set has come; it is taken later, and is news. */
  expect(number: number): void {
    this.#since ??= number
  }

  /** Learns what there is, and tells again what waits to be acknowledged. */
  async begin(session: NotifyingSession): Promise<void> {
    // Asked in one breath, so that nothing happens between the two.
    const [{ conversations, people, notices, policy, asOf }, [newest, beforeIt]] = await Promise.all([
      session.store.snapshot(),
      session.store.policyHistory(),
    ])
    this.#session = session
    this.#rows.take(conversations, people)
    for (const { last } of conversations) this.#newest = Math.max(this.#newest, last?.messageId ?? 0)
    const since = this.#since ?? asOf + 1
    this.#policyEvent = (policy.revision < since ? newest : beforeIt)?.eventId ?? null
    const known = notices.filter(({ revision }) => revision < since)
    for (const notice of known) this.#told.set(notice.id, saidBy(notice))
    this.connection(session.connection)
    const now = this.#options.clock.now()
    for (const message of await heldBefore(session.store, now)) this.#held.keepMessage(message)
    for (const notice of known) {
      if (!comesBack(notice)) continue
      const { expiresAt } = this.#noticeOccasion(notice, true)
      if (expiresAt === null || expiresAt > now) this.#tellNotice(notice, true)
    }
  }

  /** The account runs anew, with what was learned. */
  resume(session: NotifyingSession): void {
    this.#session = session
  }

  async take(changes: ChangeSet): Promise<void> {
    this.#learn(changes.conversations, changes.people)
    const inserted = new Set(changes.inserted)
    for (const id of changes.inserted) this.#newest = Math.max(this.#newest, id)
    const news: NewMessage[] = []
    for (const message of changes.messages) {
      if (!inserted.has(message.id)) this.#follow(message)
      else if (message.content.kind === 'event') this.#tellMembership(message)
      else this.#receive(message, news)
    }
    for (const row of changes.conversations) if (row.unread === 0) this.#leave(row.id)
    this.#hear(news)
    for (const notice of changes.notices) this.#takeNotice(notice)
    if (changes.policy !== null) await this.#takePolicy()
  }

  /** Change sets may be missing: what is unread and was not heard of is news, as is what was announced or allowed. */
  async recover(session: NotifyingSession): Promise<void> {
    const { conversations, people, notices } = await session.store.snapshot()
    this.#learn(conversations, people)
    const heard = this.#newest
    for (const row of conversations) {
      if (row.unread === 0) this.#leave(row.id)
      else {
        const news: NewMessage[] = []
        for (const message of await session.store.unread(row.id, 'all', mostRecovered)) {
          if (message.id > heard) this.#receive(message, news)
          this.#newest = Math.max(this.#newest, message.id)
        }
        this.#hear(news)
      }
    }
    for (const notice of notices) this.#takeNotice(notice)
    await this.#takePolicy()
  }

  connection({ state, words, endedBy }: ConnectionStatus): void {
    const key = this.#key({ about: 'session' })
    if (state === 'kicked' && !this.#kicked) {
      const who = endedBy === null ? null : this.#rows.nameOf(endedBy)
      this.#tell(key, sessionOccasion, {}, ({ privacy }) => sessionWords({ who, words, privacy }, this.#texts))
    }
    if (state !== 'kicked' && this.#kicked) this.#withdraw(key)
    this.#kicked = state === 'kicked'
    this.#gathering = state === 'syncing'
    if (!this.#gathering && this.#gathered.size > 0) {
      const news = [...this.#gathered.values()]
      this.#gathered.clear()
      this.#tellMessages(news, true)
    }
  }

  /** Tells of what silence held back, where that is over: in one notification. */
  tellHeldBack(): void {
    const { accountId, isReading } = this.#options
    const { messages, notices } = this.#held.tell({
      message: ({ conversationId, facts }) =>
        this.#decisions.decide(
          messageOccasion(facts, this.#rows.conversation(conversationId)),
          isReading(accountId, conversationId),
        ),
      notice: (notice) => this.#decisions.decide(this.#noticeOccasion(notice, false), false),
    })
    this.#decisions.note([
      ...messages.map(({ message: { id: messageId, conversationId, facts }, decision }) =>
        this.#decisions.entry(facts.kind, summarised(decision), { conversationId, messageId }),
      ),
      ...notices.map(({ notice: { id: noticeId, kind }, decision }) =>
        this.#decisions.entry(kind, summarised(decision), { noticeId }),
      ),
    ])
  }

  /** What told of a silence is no longer on the screen. */
  silenceAnswered(): void {
    this.#held.answered()
  }

  /** Nothing of the account stays on the screen. */
  withdrawAll(): void {
    this.#gathered.clear()
    this.#held.withdraw()
    this.#groups.withdrawAll()
    for (const key of [...this.#shown]) this.#withdraw(key)
  }

  /** The messages that the conversation's notification tells of, oldest first; none after a restart. */
  toldOf(conversationId: string): readonly number[] {
    return this.#groups.toldOf(conversationId)
  }

  get #texts() {
    return notificationTexts[this.#options.locale()]
  }

  #key(subject: { about: 'policy' | 'session' }): string {
    return keyOf({ ...subject, accountId: this.#options.accountId })
  }

  /** A conversation that was muted takes back what it told. */
  #learn(conversations: readonly Conversation[], people: readonly Person[]): void {
    const now = this.#options.clock.now()
    const loud = conversations.filter(({ id }) => !this.#rows.isMuted(id, now))
    this.#rows.take(conversations, people)
    for (const { id } of loud) if (this.#rows.isMuted(id, now)) this.#leave(id)
  }

  /** Nothing of the conversation waits any more. */
  #leave(conversationId: string): void {
    this.#groups.leave(conversationId)
    this.#held.leave(conversationId)
  }

  // Messages

  #receive(message: Message, news: NewMessage[]): void {
    const { id, conversationId, senderId, content, outgoing, recalled, deleted, unread, state } = message
    // On its way from here: nobody has to be told what he is just writing.
    if (outgoing && (state === 'sending' || state === 'failed')) return
    if (outgoing) this.#leave(conversationId)
    if (deleted) return
    const kind = messageKind(message, this.#options.selfId)
    const gone = recalled !== null
    news.push({
      id,
      conversationId,
      senderId,
      kind,
      line: gone ? '' : messageLine(content, this.#texts),
      facts: { kind, own: outgoing, recalled: gone, read: !outgoing && !unread && !gone },
    })
  }

  /** Something happened to a message that was there. */
  #follow(message: Message): void {
    const { id, conversationId, senderId, unread, recalled, deleted } = message
    const gathered = this.#gathered.get(id)
    const unsaid = recalled !== null || deleted
    if (unsaid || !unread) this.#held.dropMessage(id)
    if (gathered !== undefined) {
      const { facts } = gathered
      const line = unsaid ? '' : messageLine(message.content, this.#texts)
      this.#gathered.set(id, { ...gathered, line, facts: { ...facts, recalled: unsaid, read: !unread && !unsaid } })
    } else if (!unread) this.#groups.drop(conversationId, id, unsaid)
    else {
      const kind = messageKind(message, this.#options.selfId)
      this.#groups.change({ id, conversationId, senderId, kind, line: messageLine(message.content, this.#texts) })
    }
  }

  #hear(news: readonly NewMessage[]): void {
    if (!this.#gathering) this.#tellMessages(news)
    else for (const message of news) this.#gathered.set(message.id, message)
  }

  #tellMessages(news: readonly NewMessage[], gathered = false): void {
    const chats = new Map<string, { message: NewMessage; decision: Decision }[]>()
    const withheld: NewEntry[] = []
    for (const message of news) {
      const { id: messageId, conversationId } = message
      const reading = this.#options.isReading(this.#options.accountId, conversationId)
      const decision = this.#decisions.decide(
        messageOccasion(message.facts, this.#rows.conversation(conversationId)),
        reading,
      )
      if (isTried(decision)) {
        const own = chats.get(conversationId)
        if (own === undefined) chats.set(conversationId, [{ message, decision }])
        else own.push({ message, decision })
      } else {
        withheld.push(this.#decisions.entry(message.kind, decision, { conversationId, messageId }))
        if (isSilence(decision.reason)) this.#held.keepMessage(message)
      }
    }
    const told = [...chats.values()].flat()
    const inSummary = gathered && chats.size > mostAtOnce
    this.#decisions.note([
      ...withheld,
      ...told.map(({ message: { kind, conversationId, id: messageId }, decision }) =>
        this.#decisions.entry(kind, inSummary ? summarised(decision) : decision, {
          conversationId,
          messageId,
        }),
      ),
    ])
    if (inSummary)
      this.#groups.summarise(
        told.map(({ message }) => message),
        this.#manner(told),
      )
    else
      for (const [id, own] of chats) {
        this.#groups.tell(
          id,
          own.map(({ message }) => message),
          this.#manner(own),
        )
      }
  }

  #manner(told: readonly { readonly decision: Decision }[]): Manner {
    const privacy = told[0]?.decision.privacy ?? 'nothing'
    return { sound: told.some(({ decision }) => decision.sound), privacy }
  }

  // What is no message

  #tellMembership({ id: messageId, conversationId, content }: Message): void {
    if (content.kind !== 'event') return
    const occasion = membershipOccasion(content, this.#options.selfId)
    if (occasion === null) return
    const key = keyOf({ about: 'group', accountId: this.#options.accountId, conversationId })
    const by = content.by === undefined ? null : this.#rows.nameOf(content.by)
    this.#tell(key, occasion, { conversationId, messageId }, ({ privacy }) =>
      membershipWords(content, { group: this.#rows.chat(conversationId).title, by, privacy }, this.#texts),
    )
  }

  #takeNotice(notice: Notice): void {
    const done = notice.acknowledgedAt !== null || (notice.readAt !== null && !isInsistent(notice))
    if (done) {
      this.#withdraw(keyOf({ about: 'notice', accountId: this.#options.accountId, noticeId: notice.id }))
      this.#held.dropNotice(notice.id)
    }
    const said = saidBy(notice)
    if (this.#told.get(notice.id) === said) return
    this.#told.set(notice.id, said)
    this.#tellNotice(notice, false)
  }

  #noticeOccasion(notice: Notice, again: boolean): Occasion {
    return noticeOccasion(notice, { again, offsetMs: this.#session?.status.pulse?.clockOffsetMs ?? 0 })
  }

  #tellNotice(notice: Notice, again: boolean): void {
    const key = keyOf({ about: 'notice', accountId: this.#options.accountId, noticeId: notice.id })
    const lasting = isInsistent(notice)
    const { reason } = this.#tell(key, this.#noticeOccasion(notice, again), { noticeId: notice.id }, ({ privacy }) => ({
      ...noticeWords(notice, privacy, this.#texts),
      lasting,
      urgency: notice.priority === 'urgent' ? 'critical' : notice.kind === 'promotion' ? 'low' : 'normal',
      // Whoever may not see what it says cannot mean to acknowledge it.
      actions: lasting && privacy !== 'nothing' ? [{ id: 'acknowledge', label: this.#texts.acknowledge }] : [],
    }))
    if (isSilence(reason)) this.#held.keepNotice(notice)
  }

  /** What administrators changed since the last look, in its order; what came late and was overtaken changes nothing now. */
  async #takePolicy(): Promise<void> {
    const history = (await this.#session?.store.policyHistory()) ?? []
    const known = history.findIndex(({ eventId }) => eventId === this.#policyEvent)
    this.#policyEvent = history[0]?.eventId ?? null
    for (let index = (known === -1 ? history.length : known) - 1; index >= 0; index--) {
      this.#tellPolicy(history.slice(index))
    }
  }

  /** `history`: newest first, from the change that is told. */
  #tellPolicy(history: readonly PolicyChange[]): void {
    const [change] = history
    const occasion = policyOccasion(history, this.#options.selfId)
    if (change === undefined || occasion === null) return
    const who = change.changedBy === null ? null : this.#rows.nameOf(change.changedBy)
    this.#tell(this.#key({ about: 'policy' }), occasion, {}, ({ privacy }) =>
      policyWords(change, who, privacy, this.#texts),
    )
  }

  #tell(
    key: string,
    occasion: Occasion,
    about: About,
    shown: (decision: Decision) => Words & Partial<DesktopNotification>,
  ): Decision {
    const decision = this.#decisions.decide(occasion, false)
    this.#decisions.note([this.#decisions.entry(occasion.kind, decision, about)])
    if (!isTried(decision)) return decision
    this.#shown.add(key)
    const parts = shown(decision)
    this.#options.notifier.show({ ...notificationOf(key, parts, decision.sound), ...parts })
    return decision
  }

  #withdraw(key: string): void {
    if (this.#shown.delete(key)) this.#options.notifier.withdraw(key)
  }
}

/** As it is noted of one that was told together with others. */
function summarised(decision: Decision): Decision {
  return decision.shown ? { ...decision, reason: 'summary' } : decision
}

/** All that it says, whenever it was said. */
function saidBy({ kind, title, content, priority, expiresAt, startsAt, endsAt, action, data }: Notice): string {
  return JSON.stringify([kind, title, content, priority, expiresAt, startsAt, endsAt, action, data])
}
