/**
 * Opens a database file the way all of ours are opened, or says why not.
 *
 * Promises: a file that is not ours, or that a newer version wrote, is refused before a byte of it changes; one process
 * owns a file at a time. Must never create a database over something that cannot be read.
 */
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { type Result, fail, ok } from '#common/base/result.ts'
import { toAppError } from './errors.ts'
import { type Migration, migrate, versionOf } from './migrate.ts'

export interface OpenOptions {
  /** A path, or `:memory:`. Missing folders are made. */
  readonly file: string
  readonly migrations: readonly Migration[]
  /** What marks our files of this kind in their header. */
  readonly applicationId: number
  /** How long another owner is waited for, ms. */
  readonly busyTimeoutMs?: number
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
    const refusal = inspect(options)
    if (refusal !== null) return refusal
    if (options.file !== ':memory:') mkdirSync(dirname(options.file), { recursive: true })
    database = new Database(options.file, libraryOptions(options))
    configure(database)
    migrate(database, options.migrations, options.applicationId)
    return ok(database)
  } catch (error) {
    database?.close()
    return { ok: false, error: toAppError(error, options.file) }
  }
}

function libraryOptions({ busyTimeoutMs = 2000, trace }: OpenOptions): Database.Options {
  return { timeout: busyTimeoutMs, ...(trace && { verbose: (statement: unknown) => trace(String(statement)) }) }
}

/** Looks at an existing file through a connection that cannot write. */
function inspect(options: OpenOptions): Result<never> | null {
  const { file, migrations, applicationId, busyTimeoutMs = 2000 } = options
  if (file === ':memory:' || !existsSync(file) || statSync(file).size === 0) return null
  const database = new Database(file, { readonly: true, fileMustExist: true, timeout: busyTimeoutMs })
  try {
    const owner = database.pragma('application_id', { simple: true })
    if (owner !== applicationId && !isUntouched(database)) return fail('storage.corrupt', 'not a database of ours')
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
