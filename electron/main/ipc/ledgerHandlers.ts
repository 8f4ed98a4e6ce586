/** The handler of the notification ledger, and the word to the windows that something was written into it. */
import { ok } from '#common/base/result.ts'
import type { Accounts } from '#electron/core/accounts.ts'
import type { Clock } from '#electron/core/ports/platform.ts'
import type { Store } from '#electron/core/ports/store.ts'
import { ledgerSince } from '#electron/core/store/ledger.ts'
import type { Handlers } from './router.ts'

export interface LedgerHandlersOptions {
  readonly accounts: Pick<Accounts, 'session'>
  readonly clock: Clock
}

export function createLedgerHandlers({
  accounts,
  clock,
}: LedgerHandlersOptions): Pick<Handlers, 'notifications.decisions'> {
  return {
    'notifications.decisions': async ({ accountId, ...wanted }) => {
      const session = accounts.session(accountId)
      if (!session.ok) return session
      const decisions = [...(await session.value.store.decisions({ ...wanted, since: ledgerSince(clock.now()) }))]
      return ok({ decisions, next: decisions.length < wanted.limit ? null : (decisions.at(-1)?.id ?? null) })
    },
  }
}

/** The same store; after each writing into the ledger `onNoted` is told. */
export function withLedgerNews(store: Store, onNoted: () => void): Store {
  return {
    ...store,
    async noteDecisions(entries) {
      await store.noteDecisions(entries)
      if (entries.length > 0) onNoted()
    },
  }
}
