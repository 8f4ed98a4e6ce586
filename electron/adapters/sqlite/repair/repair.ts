/**
 * Repairs a database file on the user's word: what can be read goes into a new file, which takes the place of the old
 * one; the old one is kept aside, log and all.
 *
 * Promises: until the new file is complete and on stable storage nothing has changed, and from then on every opening
 * ends what is left of the exchange. A file of a newer version is refused as it is. Must never be called while anybody
 * has the file open.
 */
import { existsSync, linkSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { type Result, fail, ok } from '#common/base/result.ts'
import { toAppError } from '../errors.ts'
import { type Migration, migrate, versionOf } from '../migrate.ts'
import { damagedName, finishReplacing, freeStamp, repairedName, syncFolder, syncPath } from './files.ts'
import { openScratch } from './scratch.ts'

const scratchStart = 'salvage-'

export interface RepairOptions<T> {
  readonly file: string
  readonly migrations: readonly Migration[]
  readonly applicationId: number
  readonly at: Date
  /** Fills the target, an empty database of the source's version. */
  readonly salvage: (source: Database.Database | null, target: Database.Database) => T
  /** Called at the end, when the target is of the newest version. */
  readonly finish?: (target: Database.Database) => void
}

export interface Repaired<T> {
  readonly saved: T
  /** Name of the old file. */
  readonly keptAs: string
}

export function repairDatabase<T>(options: RepairOptions<T>): Result<Repaired<T>> {
  const { file } = options
  try {
    mkdirSync(dirname(file), { recursive: true })
    finishReplacing(file)
    removeLeftOver(dirname(file))
    const folder = mkdtempSync(join(dirname(file), scratchStart))
    try {
      return isHeld(file, folder) ? fail('storage.locked') : replaced(options, folder)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  } catch (error) {
    return { ok: false, error: toAppError(error, file) }
  }
}

function replaced<T>(options: RepairOptions<T>, folder: string): Result<Repaired<T>> {
  const { file, migrations, applicationId, at, salvage, finish } = options
  const source = openScratch({ file, folder, migrations, applicationId })
  try {
    const newest = migrations.at(-1)?.version ?? 0
    const version = source === null ? newest : versionOf(source)
    if (version > newest) return fail('storage.newer', undefined, { version, known: newest })
    const made = join(folder, 'made.db')
    const target = new Database(made)
    let saved: T
    try {
      target.pragma('foreign_keys = OFF')
      migrate(target, migrations.slice(0, version), applicationId)
      saved = salvage(source, target)
      migrate(target, migrations, applicationId)
      finish?.(target)
    } finally {
      target.close()
    }
    syncPath(made)
    const stamp = freeStamp(file, at)
    renameSync(made, repairedName(file, stamp))
    syncFolder(dirname(file))
    finishReplacing(file)
    return ok({ saved, keptAs: basename(damagedName(file, stamp)) })
  } finally {
    source?.close()
  }
}

/** Of a repair that did not end. They hold copies only. */
function removeLeftOver(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name.startsWith(scratchStart)) rmSync(join(folder, name), { recursive: true, force: true })
  }
}

/**
 * Whether another process has it open. Asked by another name of the file: the library clears away a log that it cannot
 * read, and by that name there is none.
 */
function isHeld(file: string, folder: string): boolean {
  if (!existsSync(file)) return false
  const link = join(folder, 'held.db')
  let database: Database.Database | undefined
  try {
    linkSync(file, link)
    database = new Database(link, { readonly: true, fileMustExist: true, timeout: 200 })
    database.pragma('schema_version')
    return false
  } catch (error) {
    // Where there are no second names, the program's own lock has to do.
    return error instanceof Database.SqliteError && /^SQLITE_(BUSY|LOCKED)/.test(error.code)
  } finally {
    database?.close()
  }
}
