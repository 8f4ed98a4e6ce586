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
]

/** A `StorageError` for what SQLite refused, anything else as it is: a bug must not pass for a broken disk. */
export function toStorageError(error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error
  const { code } = error
  const known = codes.find(([prefix]) => code.startsWith(prefix))
  return new StorageError(known?.[1] ?? 'storage.failed', { cause: error })
}

/** The same as a value, for outcomes of opening. */
export function toAppError(error: unknown): AppError {
  const storage = toStorageError(error)
  if (!isStorageError(storage)) return appError('storage.failed', error instanceof Error ? error.message : undefined)
  const { cause } = storage
  return appError(storage.code, cause instanceof Database.SqliteError ? cause.code : undefined)
}
