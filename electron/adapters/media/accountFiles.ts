/**
 * An account's files beside its database: `attachments/` holds copies that go out, `media/` pictures to show, `files/`
 * what the user fetched, each whole one in a folder of its own. Names are our own, so that nothing a page, a person or a
 * server says becomes a path; only inside such a folder a file is called as it was, made safe before.
 *
 * Promises: a copy is on stable storage when it is told to be kept, readable by this user alone; pictures stay within
 * their limit, those least lately shown going first. Must never follow a name that is not a plain one.
 */
import { constants } from 'node:fs'
import { chmod, copyFile, mkdir, open, readFile, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { type AppError, type ErrorCode, appError } from '#common/base/errors.ts'
import { type Result, ok } from '#common/base/result.ts'
import { headBytes } from '#electron/core/attachments/sniff.ts'
import type { AccountFiles, FileSource, StoredFile } from '#electron/core/ports/media.ts'

/** All pictures of an account together. */
export const shownLimitBytes = 512 * 1024 * 1024

export interface AccountFilesOptions {
  /** The account's folder. */
  readonly dir: string
  readonly now: () => number
  readonly shownLimit?: number
}

const ownName = /^[0-9a-f-]{36}$/

export function outgoingPath(dir: string, file: string): string {
  if (!ownName.test(file)) throw new Error('not a name of ours')
  return join(dir, 'attachments', file)
}

/** Where the file of a message is fetched into, and what says which version of it that is. */
export function partPaths(dir: string, messageId: number): { readonly folder: string; part: string; tag: string } {
  if (!Number.isSafeInteger(messageId) || messageId < 1) throw new Error('not a message')
  const folder = join(dir, 'files')
  return { folder, part: join(folder, `${messageId}.part`), tag: join(folder, `${messageId}.tag`) }
}

export function createAccountFiles({ dir, now, shownLimit = shownLimitBytes }: AccountFilesOptions): AccountFiles {
  const outgoingDir = join(dir, 'attachments')
  const shownDir = join(dir, 'media')
  const pathOf = (file: string): string => outgoingPath(dir, file)
  const shownPath = (messageId: number): string => {
    if (!Number.isSafeInteger(messageId) || messageId < 1) throw new Error('not a message')
    return join(shownDir, String(messageId))
  }

  async function keep(
    source: FileSource,
    file: string,
    limit: number | null,
  ): Promise<Result<{ size: number; head: Uint8Array }>> {
    const target = pathOf(file)
    const given = 'bytes' in source ? source.bytes.byteLength : await sizeOf(source.path)
    const refusal = given === null ? appError('attachment.unreadable') : refuse(given, limit)
    if (refusal !== null) return { ok: false, error: refusal }
    try {
      await mkdir(outgoingDir, { recursive: true, mode: 0o700 })
      if ('bytes' in source) await writeFile(target, source.bytes, { flag: 'wx', mode: 0o600 })
      else {
        // Unreadable is the file's fault, what follows is the disk's.
        await (await open(source.path, 'r')).close()
        await copyFile(source.path, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
        await chmod(target, 0o600)
      }
      const kept = await stabilise(target)
      // It may have grown while it was copied.
      const late = refuse(kept.size, limit)
      if (late === null) return ok(kept)
      await rm(target, { force: true })
      return { ok: false, error: late }
    } catch (error) {
      await rm(target, { force: true })
      return { ok: false, error: problemOf(error) }
    }
  }

  const wholeFolder = (messageId: number): string => join(partPaths(dir, messageId).folder, String(messageId))

  async function wholePath(messageId: number): Promise<string | null> {
    const folder = wholeFolder(messageId)
    const [name] = await names(folder)
    const path = name === undefined ? null : join(folder, name)
    return path === null || (await sizeOf(path)) === null ? null : path
  }

  async function putWhole(messageId: number, from: string, name: string): Promise<void> {
    if (name === '' || name !== basename(name)) throw new Error('not a plain name')
    const folder = wholeFolder(messageId)
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await rename(from, join(folder, name))
  }

  async function makeRoom(): Promise<void> {
    const files = await Promise.all(
      (await names(shownDir)).map(async (name) => {
        const facts = await stat(join(shownDir, name)).catch(() => null)
        return { name, size: facts?.size ?? 0, usedAt: facts?.mtimeMs ?? 0 }
      }),
    )
    let total = files.reduce((sum, { size }) => sum + size, 0)
    for (const { name, size } of files.sort((a, b) => a.usedAt - b.usedAt)) {
      if (total <= shownLimit) return
      await rm(join(shownDir, name), { force: true })
      total -= size
    }
  }

  return {
    outgoing: {
      keep,
      async read(file, maxBytes) {
        const size = await sizeOf(pathOf(file))
        return size === null || size > maxBytes ? null : readFile(pathOf(file)).catch(() => null)
      },
      remove: (file) => rm(pathOf(file), { force: true }),
      list: async () => (await names(outgoingDir)).filter((name) => ownName.test(name)),
    },
    shown: {
      async read(messageId) {
        const path = shownPath(messageId)
        const bytes = await readFile(path).catch(() => null)
        if (bytes === null) return null
        const seconds = now() / 1000
        await utimes(path, seconds, seconds).catch(() => null)
        return bytes
      },
      async write(messageId, bytes) {
        await mkdir(shownDir, { recursive: true, mode: 0o700 })
        const path = shownPath(messageId)
        const partial = `${path}.partial`
        await writeFile(partial, bytes, { mode: 0o600 })
        await rename(partial, path)
        await makeRoom()
      },
      async adopt(messageId, file) {
        await mkdir(shownDir, { recursive: true, mode: 0o700 })
        await rename(pathOf(file), shownPath(messageId)).catch((error: unknown) => {
          if (codeOf(error) !== 'ENOENT') throw error
        })
        await makeRoom()
      },
      remove: (messageId) => rm(shownPath(messageId), { force: true }),
    },
    downloads: {
      async list() {
        const { folder } = partPaths(dir, 1)
        const listed = (await names(folder)).map(async (name): Promise<StoredFile | null> => {
          const [, digits = '', part] = /^([1-9]\d{0,14})(\.part)?$/.exec(name) ?? []
          const messageId = Number(digits)
          if (messageId === 0) return null
          const path = part === undefined ? await wholePath(messageId) : join(folder, name)
          const size = path === null ? null : await sizeOf(path)
          return size === null ? null : { messageId, size, whole: part === undefined }
        })
        return (await Promise.all(listed)).filter((file) => file !== null)
      },
      path: wholePath,
      async finish(messageId, name) {
        await putWhole(messageId, partPaths(dir, messageId).part, name)
        await rm(partPaths(dir, messageId).tag, { force: true })
      },
      async adopt(messageId, file, name) {
        const size = await sizeOf(pathOf(file))
        if (size !== null) await putWhole(messageId, pathOf(file), name)
        return size
      },
      async remove(messageId) {
        const { part, tag } = partPaths(dir, messageId)
        for (const path of [part, tag, wholeFolder(messageId)]) await rm(path, { recursive: true, force: true })
      },
    },
  }
}

function refuse(size: number, limit: number | null): AppError | null {
  if (size === 0) return appError('attachment.empty')
  return limit !== null && size > limit ? appError('attachment.tooBig', undefined, { limit, size }) : null
}

/** Of a plain file; null for anything else. */
async function sizeOf(path: string): Promise<number | null> {
  const facts = await stat(path).catch(() => null)
  return facts?.isFile() === true ? facts.size : null
}

async function names(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return []
    throw error
  })
}

async function stabilise(path: string): Promise<{ size: number; head: Uint8Array }> {
  const handle = await open(path, 'r+')
  try {
    await handle.sync()
    const { size } = await handle.stat()
    const { buffer, bytesRead } = await handle.read(new Uint8Array(Math.min(size, headBytes)), 0)
    return { size, head: buffer.subarray(0, bytesRead) }
  } finally {
    await handle.close()
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

const codes: Readonly<Record<string, ErrorCode>> = {
  ENOSPC: 'storage.full',
  EDQUOT: 'storage.full',
  EROFS: 'storage.readOnly',
  EACCES: 'attachment.unreadable',
  EPERM: 'attachment.unreadable',
  ENOENT: 'attachment.unreadable',
  EISDIR: 'attachment.unreadable',
}

function problemOf(error: unknown): AppError {
  const code = codeOf(error)
  return appError(codes[code] ?? 'storage.failed', code)
}
