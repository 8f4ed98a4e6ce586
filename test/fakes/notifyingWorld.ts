/** An account on a database in memory and a desktop that remembers, with the notifications of the real core between. */
import { Emitter } from '#common/base/emitter.ts'
import { fail, ok } from '#common/base/result.ts'
import { type Settings, settingsFrom } from '#common/contract/settings.ts'
import type { Place } from '#common/contract/place.ts'
import type { ChangeSet } from '#common/domain/changes.ts'
import { type ConnectionState, type ConnectionStatus, quietSession } from '#common/domain/connection.ts'
import type { Inbound, ServerEvent } from '#common/domain/events.ts'
import { systemRandom } from '#electron/adapters/clock/systemClock.ts'
import type { NotifyingSession } from '#electron/core/notifications/accountNotifications.ts'
import type { NewEntry } from '#electron/core/notifications/decisions.ts'
import { Notifications } from '#electron/core/notifications/notifications.ts'
import { rulesFrom } from '#electron/core/notifications/rules.ts'
import type { DesktopNotification, NotificationAnswer, Notifier } from '#electron/core/ports/notifier.ts'
import type { Changed } from '#electron/core/ports/store.ts'
import { FakeClock } from './fakeClock.ts'
import { silentLog } from './fakeTransport.ts'
import { type MemoryStore, openMemoryStore } from './memoryStore.ts'

export const self = 'alice'
export const accountId = 'account-1'

export class FakeNotifier implements Notifier {
  trouble: string | null = null
  isFocused = false
  /** What is on the screen now, by key. */
  readonly screen = new Map<string, DesktopNotification>()
  /** Everything that was ever shown. */
  readonly history: DesktopNotification[] = []
  readonly #answers = new Emitter<NotificationAnswer>()
  readonly onAnswer = this.#answers.event

  focusMode(): boolean {
    return this.isFocused
  }
  show(notification: DesktopNotification): void {
    this.screen.set(notification.key, notification)
    this.history.push(notification)
  }
  withdraw(key: string): void {
    this.screen.delete(key)
  }
  answer(answer: NotificationAnswer): void {
    if (answer.kind !== 'closed') this.screen.delete(answer.key)
    this.#answers.fire(answer)
  }
  dispose(): void {
    this.#answers.dispose()
  }
}

export class NotifyingWorld {
  readonly clock = new FakeClock()
  readonly memory: MemoryStore
  notifier = new FakeNotifier()
  readonly places: { accountId: string; place: Place }[] = []
  readonly noted: NewEntry[] = []
  settings: Settings = settingsFrom(new Map())
  locale: 'en' | 'zh-CN' = 'en'
  /** The conversation on the screen, where somebody looks at it. */
  reading: string | null = null
  concealed = false
  locked = false
  nudges = 0
  #status: ConnectionStatus = statusOf('online')
  #signedIn = true
  readonly #changes = new Emitter<{ accountId: string; changes: ChangeSet }>()
  readonly #connection = new Emitter<{ accountId: string; status: ConnectionStatus }>()
  readonly #lost = new Emitter<string>()
  readonly #list = new Emitter<readonly { id: string; userId: string }[]>()
  #notifications: Notifications | null = null

  constructor(memory: MemoryStore = openMemoryStore(self)) {
    this.memory = memory
  }

  /** The program starts: with a new desktop, and the rows that are there. */
  async start(): Promise<void> {
    this.#notifications?.dispose()
    this.notifier = new FakeNotifier()
    this.#notifications = new Notifications({
      accounts: {
        list: () => (this.#signedIn ? [{ id: accountId, userId: self }] : []),
        session: () => (this.#signedIn ? ok(this.#session()) : fail('account.unknown')),
        onChanges: this.#changes.event,
        onChangesLost: this.#lost.event,
        onConnection: this.#connection.event,
        onListChanged: this.#list.event,
      },
      notifier: this.notifier,
      rules: () => rulesFrom(this.settings),
      locale: () => this.locale,
      isReading: (_account, conversationId) => conversationId === this.reading,
      isConcealed: () => this.concealed,
      isLocked: () => this.locked,
      note: (_account, entries) => {
        this.noted.push(...entries)
        this.memory.inside.noteDecisions(entries)
      },
      goTo: (account, place) => void this.places.push({ accountId: account, place }),
      clock: this.clock,
      random: systemRandom,
      log: silentLog,
    })
    this.#notifications.listen()
    await this.settled()
  }

  /** Until then notifications are turned off; null: they are turned on again. */
  async doNotDisturb(until: number | null): Promise<void> {
    this.settings = { ...this.settings, doNotDisturbUntil: until }
    if (until === null) this.#notifications?.tellHeldBack()
    await this.settled()
  }

  /** Time passes, and what is due then is done. */
  async later(ms: number): Promise<void> {
    await this.clock.pass(ms)
    await this.settled()
  }

  /** Others begin to see the screen. */
  conceal(): void {
    this.concealed = true
    this.#notifications?.takeDown()
  }

  async settled(): Promise<void> {
    await this.#notifications?.settled()
    // An answer may have changed rows, which are told after it.
    await this.#notifications?.settled()
  }

  /** One batch of frames, each with one event. */
  async comes(...events: readonly ServerEvent[]): Promise<void> {
    const batch: Inbound[] = events.map((event) => ({ covers: null, events: [event] }))
    this.publish(this.memory.inside.ingest(batch, this.clock.now()))
    await this.settled()
  }

  /** As `comes`, but nobody hears of it until the store is back. */
  async comesUnheard(...events: readonly ServerEvent[]): Promise<void> {
    const batch: Inbound[] = events.map((event) => ({ covers: null, events: [event] }))
    this.memory.inside.ingest(batch, this.clock.now())
    this.#lost.fire(accountId)
    await this.settled()
  }

  publish<T>({ value, changes }: Changed<T>): T {
    if (changes !== null) this.#changes.fire({ accountId, changes })
    return value
  }

  async is(state: ConnectionState, facts: Partial<ConnectionStatus> = {}): Promise<void> {
    this.#status = { ...statusOf(state), ...facts }
    this.#connection.fire({ accountId, status: this.#status })
    await this.settled()
  }

  async signsOut(): Promise<void> {
    this.#signedIn = false
    this.#list.fire([])
    await this.settled()
  }

  async answers(answer: NotificationAnswer): Promise<void> {
    this.notifier.answer(answer)
    await this.settled()
  }

  /** What is on the screen, as `title | body`. */
  get shown(): string[] {
    return [...this.notifier.screen.values()].map(({ title, body }) => (body === '' ? title : `${title} | ${body}`))
  }

  /** The one notification that is on the screen. */
  get only(): DesktopNotification {
    const [first, ...others] = this.notifier.screen.values()
    if (first === undefined || others.length > 0) throw new Error(`on the screen: ${this.shown.join(' / ')}`)
    return first
  }

  get reasons(): string[] {
    return this.noted.map(({ shown, reason }) => `${shown ? 'shown' : 'withheld'} ${reason}`)
  }

  dispose(): void {
    this.#notifications?.dispose()
    this.notifier.dispose()
  }

  #session(): NotifyingSession {
    return {
      store: this.memory.store,
      changed: (changed) => this.publish(changed),
      nudge: () => void this.nudges++,
      status: quietSession,
      connection: this.#status,
    }
  }
}

function statusOf(state: ConnectionState): ConnectionStatus {
  return { state, failures: 0, nextTryAt: null, problem: null, words: null, endedBy: null }
}
