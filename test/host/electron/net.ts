/** `net`: Node's fetch, plus what Electron's adds: the app's own schemes, and `file:`. */
import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ClientRequest } from './clientRequest.ts'
import type { Protocol } from './protocol.ts'
import { strictObject } from './strict.ts'

const mimeTypes: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain',
}

type Init = RequestInit & { bypassCustomProtocolHandlers?: boolean }

/** Whether the machine counts as online; a test may say no. */
export interface Connectivity {
  online: boolean
}

export function createNet(options: { protocol: Protocol; connectivity: Connectivity }) {
  async function netFetch(input: string | Request, init: Init = {}): Promise<Response> {
    const { bypassCustomProtocolHandlers = false, ...rest } = init
    const url = typeof input === 'string' ? input : input.url
    if (!bypassCustomProtocolHandlers && options.protocol.handles(url))
      return options.protocol.fetch(new Request(input, rest))
    return url.startsWith('file:') ? fetchFile(url) : fetch(input, rest)
  }

  return strictObject('net', {
    fetch: netFetch,
    request: (options: ConstructorParameters<typeof ClientRequest>[0]) => new ClientRequest(options),
    isOnline: () => options.connectivity.online,
    get online(): boolean {
      return options.connectivity.online
    },
  })
}

async function fetchFile(url: string): Promise<Response> {
  const path = fileURLToPath(new URL(url))
  try {
    const body = await readFile(path)
    return new Response(new Uint8Array(body), {
      headers: { 'content-type': mimeTypes[extname(path)] ?? 'application/octet-stream' },
    })
  } catch (error) {
    throw new TypeError('net::ERR_FILE_NOT_FOUND', { cause: error })
  }
}
