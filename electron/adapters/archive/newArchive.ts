/**
 * An archive while it is written: a new folder beside what else is where the user chose, under a name that says that it
 * is unfinished, and under its own once it is whole.
 *
 * Promises: every file is on stable storage before it is listed; `discard` leaves nothing. Must never write outside its
 * own folder, or into one that was there before.
 */
import { createHash } from 'node:crypto'
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'
import { ArchiveError } from '#electron/core/archive/archiveError.ts'
import type { ArchivedFile } from '#electron/core/archive/format.ts'
import type { GrowingFile, NewArchive } from '#electron/core/archive/ports.ts'
import { codeOf, onDisk } from './diskErrors.ts'

const copiedAtOnce = 256 * 1024
/** Archives of one name, of one day. */
const mostOfOneName = 1000

export interface NewArchiveOptions {
  /** Chosen by the user. */
  readonly parent: string
  /** Plain: no separator. */
  readonly name: string
  readonly unfinished: string
}

export async function createNewArchive({ parent, name, unfinished }: NewArchiveOptions): Promise<NewArchive> {
  const { folder, target } = await onDisk('archive.unwritable', () => makeFolder(parent, name, unfinished))
  const handles = new Set<FileHandle>()
  const made = new Set<string>()

  async function createFile(path: string): Promise<{ handle: FileHandle; sink: Sink }> {
    const parts = path.split('/')
    if (parts.some((part) => part === '' || part.startsWith('.')) || posix.normalize(path) !== path) {
      throw new Error('not a path of an archive')
    }
    const at = join(folder, ...parts)
    if (!made.has(dirname(at))) {
      await mkdir(dirname(at), { recursive: true, mode: 0o700 })
      made.add(dirname(at))
    }
    const handle = await open(at, 'wx', 0o600)
    handles.add(handle)
    return { handle, sink: new Sink(handle, path) }
  }

  async function end(handle: FileHandle, sink: Sink): Promise<ArchivedFile> {
    await handle.sync()
    handles.delete(handle)
    await handle.close()
    return sink.facts()
  }

  return {
    create: (path) =>
      onDisk('archive.unwritable', async (): Promise<GrowingFile> => {
        const { handle, sink } = await createFile(path)
        return {
          write: (text) => onDisk('archive.unwritable', () => sink.write(Buffer.from(text))),
          end: () => onDisk('archive.unwritable', () => end(handle, sink)),
        }
      }),
    copy: (from, path) =>
      onDisk('archive.unwritable', async () => {
        const source = await open(from, 'r').catch((error: unknown) => {
          if (codeOf(error) === 'ENOENT') return null
          throw error
        })
        if (source === null) return null
        try {
          const { handle, sink } = await createFile(path)
          const buffer = Buffer.alloc(copiedAtOnce)
          for (;;) {
            const { bytesRead } = await source.read(buffer)
            if (bytesRead === 0) return await end(handle, sink)
            await sink.write(buffer.subarray(0, bytesRead))
          }
        } finally {
          await source.close()
        }
      }),
    finish: () =>
      onDisk('archive.unwritable', async () => {
        await rename(folder, target)
        return target
      }),
    async discard() {
      for (const handle of handles) await handle.close().catch(() => null)
      handles.clear()
      await onDisk('archive.unwritable', () => rm(folder, { recursive: true, force: true }))
    },
  }
}

/** Counts and digests what it writes. */
class Sink {
  readonly #handle: FileHandle
  readonly #path: string
  readonly #hash = createHash('sha256')
  #bytes = 0

  constructor(handle: FileHandle, path: string) {
    this.#handle = handle
    this.#path = path
  }

  async write(data: Uint8Array): Promise<void> {
    this.#hash.update(data)
    this.#bytes += data.byteLength
    for (let done = 0; done < data.byteLength;) {
      done += (await this.#handle.write(data, done, data.byteLength - done)).bytesWritten
    }
  }

  facts(): ArchivedFile {
    return { path: this.#path, bytes: this.#bytes, sha256: this.#hash.digest('hex') }
  }
}

/** The first name that nothing has, whole or unfinished. */
async function makeFolder(
  parent: string,
  name: string,
  unfinished: string,
): Promise<{ folder: string; target: string }> {
  for (let number = 1; number <= mostOfOneName; number++) {
    const target = join(parent, number === 1 ? name : `${name} (${number})`)
    const folder = `${target} ${unfinished}`
    try {
      // Claims the name; taken away again, because a folder cannot be renamed onto another everywhere.
      await mkdir(target)
    } catch (error) {
      if (codeOf(error) === 'EEXIST') continue
      throw error
    }
    await rm(target, { recursive: true })
    try {
      await mkdir(folder, { mode: 0o700 })
      return { folder, target }
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error
    }
  }
  throw new ArchiveError('archive.unwritable', 'too many of one name')
}
