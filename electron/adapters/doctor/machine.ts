/** Facts of this computer that a report names: versions, and sizes on disk. */
import { readdir, stat } from 'node:fs/promises'
import { release } from 'node:os'
import { join } from 'node:path'
import type { DatabaseCheck, Versions } from '#common/domain/meter.ts'

const parts = ['electron', 'chrome', 'node', 'v8'] as const

export function programVersions(program: string, sandboxed: boolean): Versions {
  return {
    program,
    parts: parts.flatMap((name) => {
      const version = process.versions[name]
      return version === undefined ? [] : [{ name, version }]
    }),
    system: `${process.platform} ${release()} ${process.arch}`,
    sandboxed,
  }
}

/** Bytes of an account's folder: the database with what belongs to it, and everything else. */
export async function accountSizes(dir: string): Promise<Pick<DatabaseCheck, 'databaseBytes' | 'filesBytes'>> {
  let databaseBytes = 0
  let filesBytes = 0
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const size = await sizeOf(join(entry.parentPath, entry.name))
    if (/^messages\.db(-wal|-shm)?$/.test(entry.name)) databaseBytes += size
    else filesBytes += size
  }
  return { databaseBytes, filesBytes }
}

/** 0 for one that is gone meanwhile. */
async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0
    throw error
  }
}
