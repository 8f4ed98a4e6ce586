/** What can still be read of a small database, table by table, without knowing what is in it. */
import type { Database } from 'better-sqlite3'
import { copyTable } from './rows.ts'
import { tablesOf } from './tables.ts'

/** The target is empty and at the source's version. Answers the rows saved, by table. */
export function salvageTables(source: Database | null, target: Database): ReadonlyMap<string, number> {
  const saved = new Map<string, number>()
  if (source === null) return saved
  target
    .transaction(() => {
      for (const table of tablesOf(target)) saved.set(table, copyTable(source, target, table))
      dropOrphans(target)
    })
    .immediate()
  return saved
}

/** Rows that name a row which was lost tell of nothing. `first` is gone through first: the others point at it. */
export function dropOrphans(target: Database, first?: string): void {
  const keys = target.prepare<[string], { from: string; table: string; to: string }>(
    'SELECT "from", "table", "to" FROM pragma_foreign_key_list(?)',
  )
  for (const table of [...(first === undefined ? [] : [first]), ...tablesOf(target)]) {
    for (const { from, table: other, to } of keys.all(table)) {
      target.exec(`DELETE FROM "${table}" WHERE "${from}" NOT IN (SELECT "${to}" FROM "${other}")`)
    }
  }
}
