/**
 * Opens a database file the way all of ours are opened, or says why not.
 *
 * Promises: a file that is not ours, or that a newer version wrote, is refused before a byte of it changes; one process
 * owns a file at a time; after an end without closing the file is looked through, and a wrong index is made again;
 * before a migration the file is copied. Must never create a database over something that cannot be read.
 */
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { type Result, fail, ok } from '#common/base/result.ts'
import { backUp, dropBackups } from './backup.ts'
import { toAppError } from './errors.ts'
import { type Migration, migrate, versionOf } from './migrate.ts'
import type { FileCheck } from './protocol.ts'
import { type Finding, lookThrough } from './repair/check.ts'
import { finishReplacing } from './repair/files.ts'
import { pageBytes } from './repair/scratch.ts'
import { readLog } from './repair/writeAheadLog.ts'

export interface OpenOptions {
  /** A path, or `:memory:`. Missing folders are made. */
  readonly file: string
  readonly migrations: readonly Migration[]
  /** What marks our files of this kind in their header. */
  readonly applicationId: number
  /** How long another owner is waited for, ms. */
  readonly busyTimeoutMs?: number
  /** The log of an owner that closed the file is gone, so one that is left tells of another end. */
  readonly check?: FileCheck
  /** The copies from before a migration stay, though there is nothing to migrate. */
  readonly keepCopies?: boolean
  /** Told when an index was wrong and has been made again. */
  readonly onMended?: () => void
  /** Sees every statement with its values; for tests only, never for a log. */
  readonly trace?: (statement: string) => void
}

/**
 * Pages in the log before a checkpoint (16 MiB): ids without order touch the same index pages again and again, and a
 * longer log writes each of them to the file once.
 */
const checkpointPages = 4000
/** How far the write-ahead log may grow before it is cut back after a checkpoint. */
const walSizeLimitBytes = 64 * 1024 * 1024

export function openDatabase(options: OpenOptions): Result<Database.Database> {
  let database: Database.Database | undefined
  try {
    const { file, migrations, applicationId } = options
    if (file !== ':memory:') finishReplacing(file)
    const needsCheck = isCheckNeeded(options)
    const refusal = (needsCheck ? inspectLog(file) : null) ?? inspect(options)
    if (refusal !== null) return refusal
    if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true })
    database = new Database(file, libraryOptions(options))
    configure(database)
    if (needsCheck && checked(database, options) === 'damaged') {
      database.close()
      return fail('storage.corrupt', 'found at opening')
    }
    const newest = migrations.at(-1)?.version ?? 0
    if (versionOf(database) < newest) backUp(database, file)
    else if (options.keepCopies !== true) dropBackups(file)
    migrate(database, migrations, applicationId)
    return ok(database)
  } catch (error) {
    database?.close()
    return { ok: false, error: toAppError(error, options.file) }
  }
}

function libraryOptions({ busyTimeoutMs = 2000, trace }: OpenOptions): Database.Options {
  return { timeout: busyTimeoutMs, ...(trace && { verbose: (statement: unknown) => trace(String(statement)) }) }
}

function isCheckNeeded({ file, check = 'afterUncleanEnd' }: OpenOptions): boolean {
  if (file === ':memory:' || check === 'never') return false
  return check === 'always' || (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0
}

/** The library would cut a damaged log off at the damage, and forget a log whose file is empty. */
function inspectLog(file: string): Result<never> | null {
  if (!existsSync(`${file}-wal`)) return null
  const { damaged, frames } = readLog(readFileSync(`${file}-wal`), pageBytes)
  if (damaged) return fail('storage.corrupt', 'the log')
  const isEmpty = (statSync(file, { throwIfNoEntry: false })?.size ?? 0) === 0
  return isEmpty && frames.length > 0 ? fail('storage.corrupt', 'a log without its file') : null
}

function checked(database: Database.Database, { onMended }: OpenOptions): Finding {
  const finding = lookThrough(database)
  if (finding === 'mended') onMended?.()
  return finding
}

/** Looks at an existing file through a connection that cannot write. */
function inspect(options: OpenOptions): Result<never> | null {
  const { file, migrations, applicationId, busyTimeoutMs = 2000 } = options
  if (file === ':memory:' || !existsSync(file) || statSync(file).size === 0) return null
  const database = new Database(file, { readonly: true, fileMustExist: true, timeout: busyTimeoutMs })
  try {
    const owner = database.pragma('application_id', { simple: true })
    if (owner !== applicationId && !isUntouched(database)) return fail('storage.foreign', 'not a database of ours')
    const version = versionOf(database)
    const newest = migrations.at(-1)?.version ?? 0
    return version > newest ? fail('storage.newer', undefined, { version, known: newest }) : null
  } finally {
    database.close()
  }
}

/** Made by us and left before its first migration was through. */
function isUntouched(database: Database.Database): boolean {
  const tables = database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get()
  return tables === 0 && versionOf(database) === 0 && database.pragma('application_id', { simple: true }) === 0
}

function configure(database: Database.Database): void {
  // Before the log is opened: whoever owns the file keeps it, and the caches above it stay true.
  database.pragma('locking_mode = EXCLUSIVE')
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = NORMAL')
  database.pragma(`journal_size_limit = ${walSizeLimitBytes}`)
  database.pragma('foreign_keys = ON')
  database.pragma('trusted_schema = OFF')
  database.pragma('cell_size_check = ON')
  database.pragma(`wal_autocheckpoint = ${checkpointPages}`)
  database.pragma('temp_store = MEMORY')
  // Takes the lock now, and finds out whether the file can be written at all.
  database.exec('BEGIN EXCLUSIVE; COMMIT')
}
