/** The first bytes of a file, by which it is told what it is, and its size. */
import { open } from 'node:fs/promises'
import { headBytes } from '#electron/core/attachments/sniff.ts'

export async function readHead(path: string): Promise<{ readonly head: Uint8Array; readonly size: number }> {
  const handle = await open(path, 'r')
  try {
    const { size } = await handle.stat()
    const { buffer, bytesRead } = await handle.read(new Uint8Array(Math.min(size, headBytes)), { position: 0 })
    return { head: buffer.subarray(0, bytesRead), size }
  } finally {
    await handle.close()
  }
}
