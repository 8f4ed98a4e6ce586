/** A place for files on loopback that can stand still in the middle, refuse, and tell what it was given. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { multipartBoundary, parseMultipart } from '../server/multipart.ts'

export interface UploadPlace {
  readonly url: string
  /** From now on uploads are begun and never answered; `false` ends that for new ones. */
  stall(on: boolean): void
  /** From now on every upload is answered with this status; null takes them again. */
  refuse(status: number | null): void
  /** How many uploads were begun, and the names of those that came whole. */
  readonly begun: number
  readonly names: readonly string[]
  close(): Promise<void>
}

export async function createUploadPlace(): Promise<UploadPlace> {
  const files: { name: string; type: string; bytes: Buffer }[] = []
  let stalled = false
  let status: number | null = null
  let begun = 0
  const server = createServer((request, response) => {
    if (request.method === 'GET') {
      const file = files[Number(request.url?.split('/').at(-1))]
      response.writeHead(file === undefined ? 404 : 200, { 'content-type': file?.type ?? 'text/plain' })
      response.end(file?.bytes)
      return
    }
    begun++
    if (stalled) {
      request.once('data', () => request.pause())
      return
    }
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => void chunks.push(chunk))
    request.on('end', () => {
      if (status !== null) {
        response.writeHead(status).end()
        return
      }
      const boundary = multipartBoundary(request.headers['content-type'])
      const [part] = (boundary === null ? null : parseMultipart(Buffer.concat(chunks), boundary)) ?? []
      if (part === undefined) {
        response.writeHead(400).end()
        return
      }
      files.push({ name: part.filename ?? '', type: part.contentType, bytes: part.bytes })
      response.end(JSON.stringify({ url: `/files/${files.length - 1}` }))
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/upload`,
    stall: (on) => {
      stalled = on
    },
    refuse: (next) => {
      status = next
    },
    get begun() {
      return begun
    },
    get names() {
      return files.map(({ name }) => name)
    },
    async close() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}
