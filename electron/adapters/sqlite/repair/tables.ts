/** The ordinary tables of a database of ours, those of the search index and of the library left out. */
import type { Database } from 'better-sqlite3'

export function tablesOf(database: Database): string[] {
  return database
    .prepare<[], string>(
      `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'`,
    )
    .pluck()
    .all()
}
