/**
 * Migrations: append-only, numbered from one without a gap, each in a transaction of its own together with the
 * `user_version` it leads to. An interrupted one leaves the version before it.
 */
import type { Database } from 'better-sqlite3'

export interface Migration {
  readonly version: number
  up(database: Database): void
}

export function versionOf(database: Database): number {
  return database.pragma('user_version', { simple: true }) as number
}

/** Brings the database to the newest version. `applicationId` marks a file as ours with the first migration. */
export function migrate(database: Database, migrations: readonly Migration[], applicationId: number): void {
  for (const migration of migrations) {
    if (migration.version <= versionOf(database)) continue
    database
      .transaction(() => {
        migration.up(database)
        database.pragma(`application_id = ${applicationId}`)
        database.pragma(`user_version = ${migration.version}`)
      })
      .immediate()
  }
}
