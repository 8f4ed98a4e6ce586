/** Two small habits of plain HTTP handlers. */
import type { IncomingMessage, ServerResponse } from 'node:http'

/** The whole body, or null where it is longer than allowed; the rest is then read and thrown away. */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer | null> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= limitBytes) chunks.push(chunk)
  }
  return size > limitBytes ? null : Buffer.concat(chunks)
}

export function sendJson(response: ServerResponse, status: number, json: unknown): void {
  const text = `${JSON.stringify(json)}\n`
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  })
  response.end(text)
}
