/** The handler of the notification ledger, and the word to the windows that something was written into it. */
import { type Result, ok } from '#common/base/result.ts'
import type { CallInput, CallOutput } from '#common/contract/calls.ts'
import type { Clock } from '#electron/core/ports/platform.ts'
import type { Store } from '#electron/core/ports/store.ts'
import { ledgerSince } from '#electron/core/store/ledger.ts'

export interface LedgerHandlersOptions {
  /** Of a running account. */
  readonly storeOf: (accountId: string) => Result<Pick<Store, 'decisions'>>
  readonly clock: Clock
}

interface LedgerHandlers {
  'notifications.decisions'(
    input: CallInput<'notifications.decisions'>,
  ): Promise<Result<CallOutput<'notifications.decisions'>>>
}

export function createLedgerHandlers({ storeOf, clock }: LedgerHandlersOptions): LedgerHandlers {
  return {
    'notifications.decisions': async ({ accountId, ...wanted }) => {
      const store = storeOf(accountId)
      if (!store.ok) return store
      const decisions = [...(await store.value.decisions({ ...wanted, since: ledgerSince(clock.now()) }))]
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
