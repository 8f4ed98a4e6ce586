/** What goes wrong with an update, on its way through the library, which knows exceptions only. */
import type { AppError, ErrorCode } from '#common/base/errors.ts'
import { appError } from '#common/base/errors.ts'

export class UpdateError extends Error {
  override readonly name = 'UpdateError'
  readonly code: ErrorCode

  constructor(code: ErrorCode, detail: string) {
    super(detail)
    this.code = code
  }
}

const codes: Readonly<Record<string, ErrorCode>> = {
  ERR_CHECKSUM_MISMATCH: 'update.untrusted',
  ERR_UPDATER_NO_CHECKSUM: 'update.untrusted',
  ERR_UPDATER_INVALID_SIGNATURE: 'update.untrusted',
  ERR_UPDATER_INVALID_VERSION: 'update.untrusted',
  ERR_UPDATER_INVALID_UPDATE_INFO: 'update.untrusted',
  ENOSPC: 'update.noRoom',
  EACCES: 'update.notInstalled',
  EPERM: 'update.notInstalled',
  EROFS: 'update.notInstalled',
}

/** `otherwise`: what it is when the library does not say. */
export function toUpdateError(error: unknown, otherwise: ErrorCode): AppError {
  if (error instanceof UpdateError) return appError(error.code, error.message)
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  // The messages of the library hold addresses and paths.
  return appError(codes[code] ?? otherwise, code === '' ? undefined : code)
}
