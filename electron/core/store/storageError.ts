import type { ErrorCode } from '#common/base/errors.ts'

/** The database could not do what it was asked. The message is an error code; `cause` is what the library threw. */
export class StorageError extends Error {
  readonly code: ErrorCode

  constructor(code: ErrorCode, options?: ErrorOptions) {
    super(code, options)
    this.name = 'StorageError'
    this.code = code
  }
}

export function isStorageError(error: unknown): error is StorageError {
  return error instanceof StorageError
}
