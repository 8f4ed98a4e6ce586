import type { ErrorCode } from '#common/base/errors.ts'

/** What ends the writing or reading of an archive in an expected way; becomes a `Result` where the work was asked for. */
export class ArchiveError extends Error {
  readonly code: ErrorCode

  /** `detail` is for the log: never a path, never a text. */
  constructor(code: ErrorCode, detail?: string) {
    super(detail ?? code)
    this.name = 'ArchiveError'
    this.code = code
  }
}
