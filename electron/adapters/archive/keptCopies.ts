/** The copies in an account's folder: `media/NUMBER` are pictures as they are shown, `files/NUMBER/NAME` what was fetched. */
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { KeptCopies, KeptCopy } from '#electron/core/archive/ports.ts'
import { sniff } from '#electron/core/attachments/sniff.ts'
import { codeOf } from './diskErrors.ts'

const ofMessage = /^[1-9]\d{0,14}$/
/** Enough to know a picture by. */
const firstBytes = 4096

/** `dir`: the account's folder. */
export function createKeptCopies(dir: string): KeptCopies {
  return {
    async list() {
      const copies = new Map<number, KeptCopy>()
      for (const name of await names(join(dir, 'media'))) {
        if (!ofMessage.test(name)) continue
        const path = join(dir, 'media', name)
        const extension = await pictureExtension(path)
        if (extension !== null) copies.set(Number(name), { picture: { path, extension } })
      }
      for (const number of await names(join(dir, 'files'))) {
        if (!ofMessage.test(number)) continue
        const [name] = await names(join(dir, 'files', number))
        if (name === undefined) continue
        const path = join(dir, 'files', number, name)
        copies.set(Number(number), { ...copies.get(Number(number)), file: { path, name } })
      }
      return copies
    },
  }
}

/** By its bytes; null for what is no picture, or gone. */
async function pictureExtension(path: string): Promise<string | null> {
  const handle = await open(path, 'r').catch(() => null)
  if (handle === null) return null
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(firstBytes), 0, firstBytes, 0)
    const { kind, extension } = sniff(buffer.subarray(0, bytesRead))
    return kind === 'image' ? extension : null
  } finally {
    await handle.close()
  }
}

async function names(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return []
    throw error
  })
}
