/**
 * The copy of a database that is taken before a migration, and kept until a start that found nothing to migrate.
 *
 * Promises: the copy is whole and on stable storage before the first statement of the migration. Must never stand in the
 * way of an opening once it has served.
 */
import { readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import type { Database } from 'better-sqlite3'
import { versionOf } from './migrate.ts'
import { syncFolder, syncPath } from './repair/files.ts'

/** `messages.db` → `messages.before-migration-1.db`, with the version it holds. */
function backupStart(file: string): string {
  return `${basename(file, extname(file))}.before-migration-`
}

/** Nothing is copied of a file that has no version yet: nothing is in it. */
export function backUp(database: Database, file: string): void {
  const version = versionOf(database)
  if (version === 0 || file === ':memory:') return
  const backup = join(dirname(file), `${backupStart(file)}${version}${extname(file)}`)
  const unfinished = `${backup}.tmp`
  rmSync(unfinished, { force: true })
  database.prepare('VACUUM INTO ?').run(unfinished)
  syncPath(unfinished)
  renameSync(unfinished, backup)
  syncFolder(dirname(file))
}

export function dropBackups(file: string): void {
  if (file === ':memory:') return
  for (const name of readdirSync(dirname(file))) {
    if (name.startsWith(backupStart(file))) rmSync(join(dirname(file), name), { force: true })
  }
}
