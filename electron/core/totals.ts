/**
 * What waits for the reader over all accounts, for the desktop: the badge and the tray. It keeps the counts of every
 * conversation and notice as the store published them, and adds them up; it never counts messages itself, so that what
 * it says after a restart is what the lists say.
 *
 * Muted conversations count only what names the user. Advertising and what is over never count.
 */
import { DisposableStack } from '#common/base/disposable.ts'
import { Emitter } from '#common/base/emitter.ts'
import type { Result } from '#common/base/result.ts'
import type { Account } from '#common/domain/account.ts'
import { type Conversation, isMuted } from '#common/domain/conversation.ts'
import type { ChangeSet } from '#common/domain/changes.ts'
import type { Notice } from '#common/domain/notice.ts'
import type { Accounts } from './accounts.ts'
import type { Clock, Log } from './ports/platform.ts'

/** How late a mute or a notice that has run out may be noticed. */
export const totalsTickMs = 15_000

export interface Totals {
  /** Unread messages that ask for attention. */
  readonly messages: number
  /** Announcements that wait to be read or acknowledged. */
  readonly notices: number
}

type Counted = Pick<Conversation, 'unread' | 'mentions' | 'preferences'>

/** What is needed of the accounts. */
export interface CountedAccounts extends Pick<Accounts, 'onChanges' | 'onChangesLost' | 'onListChanged'> {
  list(): readonly Pick<Account, 'id' | 'trouble'>[]
  session(accountId: string): Result<{ readonly store: { snapshot(): Promise<Stored> } }>
}

interface Stored {
  readonly asOf: number
  readonly conversations: readonly (Counted & Pick<Conversation, 'id'>)[]
  readonly notices: readonly Notice[]
}

export interface TotalsOptions {
  readonly accounts: CountedAccounts
  /** Whether a notice waits for the reader at that time, ms since 1970. */
  readonly waits: (notice: Notice, at: number) => boolean
  readonly clock: Clock
  readonly log: Log
}

interface Known {
  /** Number of the last change set contained. */
  asOf: number
  loading: boolean
  readonly missed: ChangeSet[]
  readonly conversations: Map<string, Counted>
  readonly notices: Map<string, Notice>
}

export class TotalsWatch {
  readonly #options: TotalsOptions
  readonly #accounts = new Map<string, Known>()
  readonly #changed = new Emitter<Totals>()
  readonly #scope = new DisposableStack()
  #totals: Totals = { messages: 0, notices: 0 }
  /** Fires when a sum is another one. */
  readonly onChanged = this.#changed.event

  constructor(options: TotalsOptions) {
    this.#options = options
    const { accounts, clock } = options
    this.#scope.add(accounts.onListChanged(() => this.#listed()))
    this.#scope.add(accounts.onChanges(({ accountId, changes }) => this.#take(accountId, changes)))
    this.#scope.add(accounts.onChangesLost((accountId) => this.#load(accountId)))
    this.#scope.add(clock.every(totalsTickMs, () => this.#sum()))
    this.#listed()
  }

  get current(): Totals {
    return this.#totals
  }

  dispose(): void {
    this.#scope.dispose()
    this.#changed.dispose()
  }

  #listed(): void {
    const running = this.#options.accounts.list().filter(({ trouble }) => trouble?.stopped !== true)
    for (const id of this.#accounts.keys()) if (!running.some((account) => account.id === id)) this.#accounts.delete(id)
    for (const { id } of running) if (!this.#accounts.has(id)) this.#load(id)
    this.#sum()
  }

  #load(accountId: string): void {
    const session = this.#options.accounts.session(accountId)
    if (!session.ok) return
    const known: Known = { asOf: -1, loading: true, missed: [], conversations: new Map(), notices: new Map() }
    this.#accounts.set(accountId, known)
    session.value.store
      .snapshot()
      .then((snapshot) => {
        if (this.#accounts.get(accountId) !== known) return
        known.loading = false
        known.asOf = snapshot.asOf
        for (const row of snapshot.conversations) known.conversations.set(row.id, counted(row))
        for (const row of snapshot.notices) known.notices.set(row.id, row)
        for (const changes of known.missed.splice(0)) apply(known, changes)
        this.#sum()
      })
      .catch((error: unknown) => {
        if (this.#accounts.get(accountId) === known) this.#accounts.delete(accountId)
        this.#options.log.warn('totals not counted', { error: error instanceof Error ? error.message : String(error) })
      })
  }

  #take(accountId: string, changes: ChangeSet): void {
    const known = this.#accounts.get(accountId)
    if (known === undefined) return this.#load(accountId)
    if (known.loading) {
      known.missed.push(changes)
      return
    }
    if (changes.number > known.asOf + 1) return this.#load(accountId)
    apply(known, changes)
    this.#sum()
  }

  #sum(): void {
    const now = this.#options.clock.now()
    let messages = 0
    let notices = 0
    for (const known of this.#accounts.values()) {
      for (const { preferences, mentions, unread } of known.conversations.values())
        messages += isMuted(preferences, now) ? mentions : unread
      for (const notice of known.notices.values()) notices += Number(this.#options.waits(notice, now))
    }
    if (messages === this.#totals.messages && notices === this.#totals.notices) return
    this.#totals = { messages, notices }
    this.#changed.fire(this.#totals)
  }
}

/** Without the words: a desktop's sum needs none of them in memory. */
function counted({ unread, mentions, preferences }: Counted): Counted {
  return { unread, mentions, preferences }
}

function apply(known: Known, changes: ChangeSet): void {
  if (changes.number <= known.asOf) return
  known.asOf = changes.number
  for (const row of changes.conversations) known.conversations.set(row.id, counted(row))
  for (const row of changes.notices) known.notices.set(row.id, row)
}
