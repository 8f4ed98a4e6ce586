/**
 * HTTP for SockJS: single requests over a given agent. No redirect is followed. Must never put an address anywhere.
 */
import { type Agent, type ClientRequest, type IncomingMessage, request as overHttp } from 'node:http'
import { request as overHttps } from 'node:https'
import { TLSSocket } from 'node:tls'

/** Cookies of one session, for load balancers that stick by them; gone with it. */
export class Cookies {
  readonly #values = new Map<string, string>()

  get headers(): Record<string, string> {
    if (this.#values.size === 0) return {}
    return { cookie: [...this.#values].map(([name, value]) => `${name}=${value}`).join('; ') }
  }

  learn(response: IncomingMessage): void {
    for (const line of response.headers['set-cookie'] ?? []) {
      const [pair = ''] = line.split(';', 1)
      const equals = pair.indexOf('=')
      if (equals <= 0 || this.#values.size >= maxCookies) continue
      this.#values.set(pair.slice(0, equals).trim(), pair.slice(equals + 1).trim())
    }
  }
}

const maxCookies = 20

export interface ExchangeOptions {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly body?: string
  readonly agent: Agent
  readonly cookies: Cookies
  /** The other side took the connection. */
  readonly onReached?: () => void
  /** Its body is still to be read. */
  readonly onResponse: (response: IncomingMessage) => void
  /** May come after the response as well: then its body is cut off. */
  readonly onError: (error: Error) => void
}

export function exchange(options: ExchangeOptions): ClientRequest {
  const { url, method, body, agent, cookies, onReached, onResponse, onError } = options
  const request = (url.startsWith('https:') ? overHttps : overHttp)(url, {
    method,
    agent,
    headers: {
      'cache-control': 'no-cache',
      ...(body === undefined
        ? {}
        : { 'content-type': 'text/plain;charset=UTF-8', 'content-length': Buffer.byteLength(body) }),
      ...cookies.headers,
    },
  })
  if (onReached !== undefined) whenReached(request, onReached)
  request.on('error', onError)
  request.on('response', (response) => {
    cookies.learn(response)
    response.on('error', onError)
    onResponse(response)
  })
  request.end(body)
  return request
}

/** Reads a body of at most `limit` bytes; null where it is longer. A body cut off is told to `onError` of the exchange. */
export function readBody(response: IncomingMessage, limit: number, onBody: (body: Buffer | null) => void): void {
  const chunks: Buffer[] = []
  let size = 0
  response.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size <= limit) chunks.push(chunk)
    else response.destroy()
  })
  response.on('close', () => {
    if (size > limit) onBody(null)
    else if (response.complete) onBody(Buffer.concat(chunks))
  })
}

/** Calls once TCP, and TLS where it is asked for, stand. */
export function whenReached(request: ClientRequest, reached: () => void): void {
  request.once('socket', (socket) => {
    if (request.reusedSocket) reached()
    else if (socket instanceof TLSSocket) socket.once('secureConnect', reached)
    else if (socket.connecting) socket.once('connect', reached)
    else reached()
  })
}
