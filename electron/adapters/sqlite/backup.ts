/**
 * The copy of a database that is taken before a migration, and kept until the new version of the program has proved
 * itself; and the way back to it.
 *
 * Promises: the copy is whole and on stable storage before the first statement of the migration; going back removes
 * nothing. Must never stand in the way of an opening once it has served.
 */
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import Database from 'better-sqlite3'
import { versionOf } from './migrate.ts'
import { finishReplacing, freeStamp, newerName, olderName, syncFolder, syncPath } from './repair/files.ts'

/** `messages.db` → `messages.before-migration-1.db`, with the version it holds. */
function backupStart(file: string): string {
  return `${basename(file, extname(file))}.before-migration-`
}

/** Nothing is copied of a file that has no version yet: nothing is in it. */
export function backUp(database: Database.Database, file: string): void {
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

/** A database a newer version has changed, and the copy from before that. */
export interface OlderCopy {
  readonly file: string
  readonly copy: string
  /** When it was taken, ms since 1970. */
  readonly takenAt: number
}

/**
 * The copy that can take the file's place, where a newer version changed it beyond what `newest` (the last migration
 * known here) can read; null: none needed, or none there. Nobody may have the file open.
 */
export function olderCopyOf(file: string, newest: number): OlderCopy | null {
  finishReplacing(file)
  if (!existsSync(file) || (heldVersion(file) ?? 0) <= newest) return null
  const start = backupStart(file)
  const versions = readdirSync(dirname(file))
    .filter((name) => name.startsWith(start) && name.endsWith(extname(file)))
    .map((name) => Number(name.slice(start.length, -extname(file).length)))
    .filter((version) => Number.isInteger(version) && version <= newest)
  if (versions.length === 0) return null
  const copy = join(dirname(file), `${start}${Math.max(...versions)}${extname(file)}`)
  return heldVersion(copy) === null ? null : { file, copy, takenAt: statSync(copy).mtimeMs }
}

/** Puts the copy in the file's place. Answers where the file lies now. */
export function useOlderCopy({ file, copy }: OlderCopy, at: Date): string {
  const stamp = freeStamp(file, at)
  renameSync(copy, olderName(file, stamp))
  finishReplacing(file)
  return newerName(file, stamp)
}

/** Null where it cannot be read as a database. */
function heldVersion(file: string): number | null {
  let database: Database.Database | undefined
  try {
    database = new Database(file, { readonly: true, fileMustExist: true })
    return versionOf(database)
  } catch {
    return null
  } finally {
    database?.close()
  }
}
