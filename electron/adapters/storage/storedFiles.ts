/**
 * An account's folder, measured: `media/` and `files/` hold what is kept of messages under their numbers,
 * `attachments/` what waits to be sent.
 *
 * Must never touch a name that is not a message's number.
 */
import type { Dirent } from 'node:fs'
import { readdir, rm, stat, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import type { KeptFile, StoredFiles } from '#electron/core/ports/storedFiles.ts'

export interface StoredFilesOptions {
  /** The account's folder. */
  readonly dir: string
  /** The account's database. */
  readonly database: string
  /** Where the database library puts what it needs for a while; default: as it decides itself. */
  readonly scratch?: string
}

const keptFolders = ['media', 'files']
/** The number, and what stands behind it while a file is on its way. */
const ofMessage = /^([1-9]\d{0,14})(?:\.[a-z]+)?$/

export function createStoredFiles({ dir, database, scratch = scratchDir() }: StoredFilesOptions): StoredFiles {
  return {
    async kept() {
      const bytes = new Map<number, number>()
      for (const folder of keptFolders) {
        for (const entry of await entries(join(dir, folder))) {
          const messageId = messageOf(entry.name)
          if (messageId === null) continue
          bytes.set(messageId, (bytes.get(messageId) ?? 0) + (await bytesOf(entry)))
        }
      }
      return Array.from(bytes, ([messageId, size]): KeptFile => ({ messageId, bytes: size }))
    },

    async remove(messageId) {
      for (const folder of keptFolders) {
        for (const { name } of await entries(join(dir, folder))) {
          if (messageOf(name) === messageId) await rm(join(dir, folder, name), { recursive: true, force: true })
        }
      }
    },

    async outgoing() {
      const sizes = await Promise.all((await entries(join(dir, 'attachments'))).map(bytesOf))
      return { count: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) }
    },

    async databaseBytes() {
      const own = (await entries(dirname(database))).filter(
        ({ name }) => name === basename(database) || name === `${basename(database)}-wal`,
      )
      const sizes = await Promise.all(own.map(bytesOf))
      return sizes.reduce((sum, size) => sum + size, 0)
    },

    async room() {
      const [beside, away] = await Promise.all([statfs(dirname(database)), statfs(scratch)])
      const [here, there] = await Promise.all([stat(dirname(database)), stat(scratch)])
      return {
        beside: beside.bavail * beside.bsize,
        scratch: away.bavail * away.bsize,
        shared: here.dev === there.dev,
      }
    },
  }
}

function messageOf(name: string): number | null {
  const digits = ofMessage.exec(name)?.[1]
  return digits === undefined ? null : Number(digits)
}

/** None where there is no such folder. */
async function entries(folder: string): Promise<Dirent[]> {
  return readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  })
}

/** Of a folder what is in it. It may go while it is looked at: then it takes nothing. */
async function bytesOf(entry: Dirent): Promise<number> {
  const path = join(entry.parentPath, entry.name)
  if (!entry.isDirectory()) return (await stat(path).catch(() => null))?.size ?? 0
  const sizes = await Promise.all((await entries(path)).map(bytesOf))
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** As the library looks for it. */
function scratchDir(): string {
  if (process.platform === 'win32') return tmpdir()
  return process.env['SQLITE_TMPDIR'] ?? process.env['TMPDIR'] ?? '/var/tmp'
}
