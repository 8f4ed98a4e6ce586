/**
 * Notifications of all accounts: what comes after a commit is decided and shown, what the user answers is carried out.
 *
 * Promises: of one account everything happens in the order in which it came; of an account that is signed out nothing
 * stays on the screen. Must never hold up whoever tells of changes.
 */
import { type Disposable, DisposableStack } from '#common/base/disposable.ts'
import type { Event } from '#common/base/emitter.ts'
import type { Result } from '#common/base/result.ts'
import type { Account } from '#common/domain/account.ts'
import type { ChangeSet } from '#common/domain/changes.ts'
import type { ConnectionStatus } from '#common/domain/connection.ts'
import type { NotificationAnswer } from '../ports/notifier.ts'
import type { Log } from '../ports/platform.ts'
import { AccountNotifications, type NotifyingSession, type Surroundings } from './accountNotifications.ts'
import { type AnswerOptions, carryOut } from './answers.ts'
import { subjectOf } from './keys.ts'

/** How late the end of quiet hours may be noticed. */
const silenceTickMs = 15_000

/** What is needed of the accounts. */
export interface NotifyingAccounts {
  list(): readonly Pick<Account, 'id' | 'userId'>[]
  session(accountId: string): Result<NotifyingSession>
  readonly onChanges: Event<{ accountId: string; changes: ChangeSet }>
  /** Change sets of the account may be missing. */
  readonly onChangesLost: Event<string>
  readonly onConnection: Event<{ accountId: string; status: ConnectionStatus }>
  readonly onListChanged: Event<readonly Pick<Account, 'id' | 'userId'>[]>
}

export interface NotificationsOptions extends Surroundings, Omit<AnswerOptions, 'toldOf'> {
  readonly accounts: NotifyingAccounts
  /** Whoever answers a notification now has not given the PIN: it only leads to the window. */
  readonly isLocked: () => boolean
}

interface Watched {
  readonly told: AccountNotifications
  /** Settles when all that has come so far is done. */
  tail: Promise<void>
}

/** To be made before the accounts run. */
export class Notifications implements Disposable {
  readonly #options: NotificationsOptions
  readonly #watched = new Map<string, Watched>()
  readonly #scope = new DisposableStack()
  #disposed = false

  constructor(options: NotificationsOptions) {
    this.#options = options
    const { accounts } = options
    this.#scope.add(
      accounts.onChanges(({ accountId, changes }) => {
        this.#watch(accountId)?.told.expect(changes.number)
        this.#then(accountId, (told) => told.take(changes))
      }),
    )
    this.#scope.add(
      accounts.onConnection(({ accountId, status }) => this.#then(accountId, (told) => told.connection(status))),
    )
    this.#scope.add(
      accounts.onChangesLost((accountId) => this.#then(accountId, (told, session) => told.recover(session))),
    )
    this.#scope.add(accounts.onListChanged((list) => this.#follow(list)))
    this.#scope.add(options.clock.every(silenceTickMs, () => this.tellHeldBack()))
  }

  /** Once the accounts run: what was answered before is carried out now. */
  listen(): void {
    this.#follow(this.#options.accounts.list())
    this.#scope.add(this.#options.notifier.onAnswer((answer) => this.#answered(answer)))
  }

  /** Takes down what is on the screen, when others begin to see it. It is all in the app. */
  takeDown(): void {
    for (const { told } of this.#watched.values()) told.withdrawAll()
  }

  /** Silence may be over: what it held back is told, where it is. */
  tellHeldBack(): void {
    for (const [accountId, { told }] of this.#watched)
      if (told.holdsBack) this.#then(accountId, () => told.tellHeldBack())
  }

  /** Resolves when everything that has come so far was decided. */
  async settled(): Promise<void> {
    await Promise.all([...this.#watched.values()].map(({ tail }) => tail))
  }

  dispose(): void {
    this.#disposed = true
    this.#scope.dispose()
  }

  #follow(list: readonly Pick<Account, 'id'>[]): void {
    for (const [accountId, { told }] of this.#watched) {
      if (list.some(({ id }) => id === accountId)) continue
      this.#watched.delete(accountId)
      told.withdrawAll()
    }
    for (const { id } of list) this.#then(id, () => undefined)
  }

  #watch(accountId: string): Watched | null {
    const known = this.#watched.get(accountId)
    if (known !== undefined) return known
    const { accounts, ...surroundings } = this.#options
    const account = accounts.list().find(({ id }) => id === accountId)
    if (account === undefined) return null
    const told = new AccountNotifications({ ...surroundings, accountId, selfId: account.userId })
    const watched = { told, tail: Promise.resolve() }
    this.#watched.set(accountId, watched)
    return watched
  }

  #then(accountId: string, run: (told: AccountNotifications, session: NotifyingSession) => unknown): void {
    const watched = this.#watch(accountId)
    if (watched === null) return
    watched.tail = watched.tail
      .then(async () => {
        const session = this.#options.accounts.session(accountId)
        if (this.#disposed || !session.ok || this.#watched.get(accountId) !== watched) return
        if (!watched.told.hasBegun) await watched.told.begin(session.value)
        else watched.told.resume(session.value)
        await run(watched.told, session.value)
      })
      // One that cannot be told costs none that follows.
      .catch((error: unknown) => this.#failed(this.#options.log, error))
  }

  #failed(log: Log, error: unknown): void {
    if (!this.#disposed)
      log.warn('a notification was not decided', { error: error instanceof Error ? error.message : '' })
  }

  #answered(answer: NotificationAnswer): void {
    const subject = subjectOf(answer.key)
    if (subject === null) return
    const isBarred = answer.kind !== 'closed' && this.#options.isLocked()
    const meant: NotificationAnswer = isBarred ? { key: answer.key, kind: 'open' } : answer
    this.#then(subject.accountId, (told, session) => {
      if (subject.about === 'silence') told.silenceAnswered()
      return carryOut(meant, subject, session, {
        goTo: this.#options.goTo,
        clock: this.#options.clock,
        random: this.#options.random,
        log: this.#options.log,
        toldOf: (conversationId) => told.toldOf(conversationId),
      })
    })
  }
}
