import type { ErrorCode } from '#common/base/errors.ts'
import { ArchiveError } from '#electron/core/archive/archiveError.ts'

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

const codes: Readonly<Record<string, ErrorCode>> = {
  ENOSPC: 'storage.full',
  EDQUOT: 'storage.full',
  EFBIG: 'storage.full',
}

/** Runs what touches the disk; what the system refuses becomes an `ArchiveError`. */
export async function onDisk<T>(
  otherwise: 'archive.unwritable' | 'archive.unreadable',
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run()
  } catch (error) {
    const code = codeOf(error)
    if (error instanceof ArchiveError || code === '') throw error
    throw new ArchiveError(codes[code] ?? otherwise, code)
  }
}
