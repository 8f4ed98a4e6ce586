/**
 * An archive that is read: a folder that anybody may have made.
 *
 * Promises: reads plain files inside the folder, by names that were checked before, and nothing else; hands out lines as
 * they come and says at the end whether they were what the manifest promised; takes memory for one portion and one line.
 * Must never follow a link, write, or look for a file that the manifest does not name.
 */
import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, open, realpath } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { StringDecoder } from 'node:string_decoder'
import { ArchiveError } from '#electron/core/archive/archiveError.ts'
import { type ArchivedFile, manifestName } from '#electron/core/archive/format.ts'
import type { OpenedArchive } from '#electron/core/archive/ports.ts'
import { codeOf, onDisk } from './diskErrors.ts'

const readAtOnce = 256 * 1024
/** A message is no longer than a frame, and its line not much more. */
const longestLine = 16 * 1024 * 1024
const largestManifest = 256 * 1024 * 1024

export async function openArchive(chosen: string): Promise<OpenedArchive> {
  const folder = await onDisk('archive.unreadable', () => realpath(chosen))
  const handles = new Set<FileHandle>()
  const pathOf = (path: string): string => join(folder, ...path.split('/'))

  async function openPlain(path: string): Promise<FileHandle> {
    const real = await realpath(pathOf(path))
    if (!real.startsWith(folder + sep)) throw new ArchiveError('archive.damaged', 'a link')
    const handle = await open(real, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
    handles.add(handle)
    if (!(await handle.stat()).isFile()) {
      await close(handle)
      throw new ArchiveError('archive.damaged', 'not a file')
    }
    return handle
  }

  async function close(handle: FileHandle): Promise<void> {
    handles.delete(handle)
    await handle.close()
  }

  /** Its bytes, in portions; throws at the end where they are others than promised. */
  async function* bytesOf(file: ArchivedFile): AsyncGenerator<Uint8Array> {
    const handle = await onDisk('archive.unreadable', () => openPlain(file.path).catch(missing))
    try {
      const { size } = await handle.stat()
      if (size !== file.bytes) throw new ArchiveError('archive.damaged', 'size')
      const hash = createHash('sha256')
      for (;;) {
        const { bytesRead, buffer } = await onDisk('archive.unreadable', () => handle.read(Buffer.alloc(readAtOnce)))
        if (bytesRead === 0) break
        const portion = buffer.subarray(0, bytesRead)
        hash.update(portion)
        yield portion
      }
      if (hash.digest('hex') !== file.sha256) throw new ArchiveError('archive.damaged', 'hash')
    } finally {
      await close(handle)
    }
  }

  return {
    manifest: () =>
      onDisk('archive.unreadable', async () => {
        const handle = await openPlain(manifestName).catch((error: unknown) => {
          if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') throw new ArchiveError('archive.notOne')
          throw error
        })
        try {
          if ((await handle.stat()).size > largestManifest) throw new ArchiveError('archive.damaged', 'size')
          return parse(await handle.readFile('utf8'))
        } finally {
          await close(handle)
        }
      }),
    async *lines(file) {
      const decoder = new StringDecoder('utf8')
      let rest = ''
      for await (const bytes of bytesOf(file)) {
        const lines = (rest + decoder.write(Buffer.from(bytes))).split('\n')
        rest = lines.pop() ?? ''
        if (rest.length > longestLine) throw new ArchiveError('archive.damaged', 'line too long')
        if (lines.length > 0) yield lines
      }
      // Every line has its end: what has none was cut off.
      if (rest + decoder.end() !== '') throw new ArchiveError('archive.damaged', 'cut off')
    },
    async check(file) {
      for await (const _ of bytesOf(file));
    },
    pathOf: (file) => pathOf(file.path),
    dispose() {
      for (const handle of handles) handle.close().catch(() => null)
      handles.clear()
    },
  }
}

function missing(error: unknown): never {
  if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR' || codeOf(error) === 'ELOOP') {
    throw new ArchiveError('archive.damaged', 'missing')
  }
  throw error
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new ArchiveError('archive.damaged', 'manifest is not JSON')
  }
}
