/** The repair of an account's database: `repair/` with what is particular to accounts. */
import { type Result, ok } from '#common/base/result.ts'
import type { RepairReport } from '#common/domain/storage.ts'
import { createAccountStore } from '#electron/core/store/accountStore.ts'
import { accountApplicationId } from './accountStore.ts'
import { accountMigrations } from './migrations/account/all.ts'
import { repairDatabase } from './repair/repair.ts'
import { salvageAccount } from './repair/salvageAccount.ts'
import { storeRows } from './rows/storeRows.ts'

export interface RepairAccountOptions {
  readonly file: string
  readonly selfId: string
  readonly at: Date
}

/** On this thread, however long it takes. Nobody may have the file open. */
export function repairAccountDatabase({ file, selfId, at }: RepairAccountOptions): Result<RepairReport> {
  const repaired = repairDatabase({
    file,
    at,
    migrations: accountMigrations,
    applicationId: accountApplicationId,
    salvage: (source, target) => salvageAccount({ source, target, selfId }),
    finish(target) {
      const store = createAccountStore({ rows: storeRows(target), selfId })
      store.verify()
    },
  })
  return repaired.ok ? ok({ ...repaired.value.saved, keptAs: repaired.value.keptAs }) : repaired
}
