/** What the database library throws, in the closed list of codes. */
import { accessSync, constants, existsSync } from 'node:fs'
import { dirname } from 'node:path'
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

const systemCodes: Readonly<Record<string, ErrorCode>> = {
  EACCES: 'storage.readOnly',
  EPERM: 'storage.readOnly',
  EROFS: 'storage.readOnly',
  ENOSPC: 'storage.full',
  EDQUOT: 'storage.full',
}

/** The same as a value, for outcomes of opening `file`. The detail is a code, never a path. */
export function toAppError(error: unknown, file: string): AppError {
  const storage = toStorageError(error)
  if (isStorageError(storage)) {
    const detail = storage.cause instanceof Database.SqliteError ? storage.cause.code : undefined
    const code = storage.code === 'storage.failed' && cannotWrite(file) ? 'storage.readOnly' : storage.code
    return appError(code, detail)
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined
  return appError(systemCodes[code ?? ''] ?? 'storage.failed', code)
}

/** SQLite says no more than that it cannot open; a log that cannot be made beside the file is the usual reason. */
function cannotWrite(file: string): boolean {
  try {
    for (const path of existsSync(file) ? [file, dirname(file)] : [dirname(file)]) accessSync(path, constants.W_OK)
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && String(error.code) in systemCodes
  }
}
