/** Writes decisions into an account's ledger. What cannot be written is left out: it costs nobody a notification. */
import type { Log } from '../ports/platform.ts'
import type { NewEntry } from './decisions.ts'
import type { NotifyingAccounts } from './notifications.ts'

export function noteDecisions(
  accounts: Pick<NotifyingAccounts, 'session'>,
  accountId: string,
  entries: readonly NewEntry[],
  log: Log,
): void {
  const session = accounts.session(accountId)
  if (!session.ok) return
  session.value.store
    .noteDecisions(entries)
    .catch((error: unknown) => log.warn('decisions not noted', { error: error instanceof Error ? error.message : '' }))
}
