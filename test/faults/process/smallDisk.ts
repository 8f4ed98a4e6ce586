/** A disk of its own for one folder, so small that it can be full, and that can be made read-only. Linux, as root. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface SmallDisk {
  /** Takes all the room there is but for so many bytes, or gives it back. */
  fill(butBytes: number): void
  free(): void
  /** Nobody may have a file open for writing. */
  setReadOnly(on: boolean): void
  unmount(): void
}

/** Why there can be none here, or null. */
export const missingDisk: string | null = tryOne()

export function mountSmallDisk(dir: string, megabytes: number): SmallDisk {
  mkdirSync(dir, { recursive: true })
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'none', dir], { stdio: 'ignore' })
  const filler = join(dir, 'filler')
  return {
    fill(butBytes) {
      const { bavail, bsize } = statfsSync(dir)
      writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - butBytes)))
    },
    free: () => rmSync(filler, { force: true }),
    setReadOnly: (on) => void execFileSync('mount', ['-o', `remount,${on ? 'ro' : 'rw'}`, dir], { stdio: 'ignore' }),
    unmount: () => void execFileSync('umount', [dir], { stdio: 'ignore' }),
  }
}

function tryOne(): string | null {
  if (process.platform !== 'linux') return 'mounts are made on Linux only'
  const dir = mkdtempSync(join(tmpdir(), 'godwit-disk-'))
  try {
    mountSmallDisk(dir, 1).unmount()
    return null
  } catch (error) {
    return `no mount: ${error instanceof Error ? error.name : 'refused'}`
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}
