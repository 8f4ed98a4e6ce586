/** What the database library throws, in the closed list of codes. */
import Database from 'better-sqlite3'
import { type AppError, type ErrorCode, appError } from '#common/base/errors.ts'
import { StorageError, isStorageError } from '#electron/core/store/storageError.ts'

const codes: readonly (readonly [prefix: string, code: ErrorCode])[] = [
  ['SQLITE_FULL', 'storage.full'],
  ['SQLITE_READONLY', 'storage.readOnly'],
  ['SQLITE_CORRUPT', 'storage.corrupt'],
  ['SQLITE_NOTADB', 'storage.corrupt'],
  ['SQLITE_BUSY', 'storage.locked'],
  ['SQLITE_LOCKED', 'storage.locked'],
  ['SQLITE_IOERR', 'storage.failed'],
  ['SQLITE_CANTOPEN', 'storage.failed'],
  ['SQLITE_NOMEM', 'storage.failed'],
  ['SQLITE_PERM', 'storage.failed'],
  ['SQLITE_PROTOCOL', 'storage.failed'],
]

/**
 * A `StorageError` for what the disk or another process refused. Anything else as it is, a broken constraint too: a bug
 * must not pass for a broken disk, because waiting for a better one would not mend it.
 */
export function toStorageError(error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error
  const { code } = error
  const known = codes.find(([prefix]) => code.startsWith(prefix))
  return known === undefined ? error : new StorageError(known[1], { cause: error })
}

/** The same as a value, for outcomes of opening. */
export function toAppError(error: unknown): AppError {
  const storage = toStorageError(error)
  if (!isStorageError(storage)) {
    return appError('storage.failed', error instanceof Database.SqliteError ? error.code : undefined)
  }
  const { cause } = storage
  return appError(storage.code, cause instanceof Database.SqliteError ? cause.code : undefined)
}
