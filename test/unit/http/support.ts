/** Servers on loopback that do as a test tells them, and files to give them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { systemClock } from '#electron/adapters/clock/systemClock.ts'

export const straight = { resolveProxy: () => Promise.resolve('DIRECT'), clock: systemClock }

export type Handler = (request: IncomingMessage, response: ServerResponse) => void

/** Its origin; gone when the test is over. */
export async function serve(handler: Handler): Promise<string> {
  const server = createServer(handler)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}

export function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'godwit-http-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** A file of so many bytes, none of them the same for long. */
export function bigFile(size: number): { path: string; bytes: Buffer } {
  const bytes = Buffer.alloc(size)
  for (let at = 0; at < size; at += 4) bytes.writeUInt32LE((at * 2_654_435_761) >>> 0, Math.min(at, size - 4))
  const path = join(tempDir(), 'file')
  writeFileSync(path, bytes)
  return { path, bytes }
}
