/**
 * One WebSocket of the library, set up the way these servers need it: no Origin, no compression, no redirects, 4 MiB a
 * message at most. Owns the difference between "is not offered here" and every other end of a handshake.
 */
import type { Agent } from 'node:http'
import type { Socket } from 'node:net'
import { WebSocket } from 'ws'
import type { LinkEnd } from '#electron/core/ports/transport.ts'
import { whenReached } from './exchange.ts'
import { maxFrameBytes } from './frameReader.ts'
import {
  isHandshakeNotOffered,
  isStatusNotOffered,
  problemOfClose,
  problemOfError,
  problemOfStatus,
  retryAfterMs,
} from './problems.ts'
import type { SocketHandlers } from './socket.ts'

export interface WebSocketOptions {
  readonly url: string
  readonly protocols: readonly string[]
  readonly headers?: Readonly<Record<string, string>>
  readonly agent: Agent
  readonly handlers: SocketHandlers
  readonly now: () => number
}

export interface Wire {
  readonly isOpen: boolean
  /** The server took the connection; whether it takes the upgrade is another matter. */
  readonly isReached: boolean
  readonly localAddress: string | null
  write(bytes: Uint8Array | string, isText: boolean): void
  ping(): void
  pause(): void
  resume(): void
  close(): void
  destroy(): void
}

/** Throws for an address that is none. */
export function openWebSocket({ url, protocols, headers, agent, handlers, now }: WebSocketOptions): Wire {
  let reached = false
  let opened = false
  let ended = false
  let localAddress: string | null = null
  let question = 0
  /** When the question was asked first, on the monotonic clock; null while none is open. */
  let askedAt: number | null = null
  const socket = new WebSocket(url, [...protocols], {
    agent,
    headers: { ...headers },
    perMessageDeflate: false,
    followRedirects: false,
    maxPayload: maxFrameBytes,
    finishRequest: (request) => {
      whenReached(request, () => (reached = true))
      request.end()
    },
  })
  const destroy = (): void => {
    ended = true
    socket.terminate()
  }
  const end = (problem: LinkEnd['problem'], isNotOffered = false, waitMs: number | null = null): void => {
    if (ended) return
    destroy()
    const notOffered = isNotOffered ? { notOffered: 'way' as const } : {}
    handlers.onEnd({ problem, serverError: null, retryAfterMs: waitMs, ...notOffered })
  }
  let stream: Socket | null = null
  socket.on('upgrade', (response) => (stream = response.socket))
  socket.on('open', () => {
    opened = true
    localAddress = stream?.localAddress ?? null
    // Bytes count as they come: a message of some megabytes on a slow link is life long before it is whole. Not sooner
    // than the library listens itself, or what came with the answer to the handshake would be lost to it.
    stream?.on('data', (bytes: Buffer) => {
      if (!ended) handlers.onAlive(bytes.length)
    })
    if (!ended) handlers.onOpen()
  })
  socket.on('message', (data) => {
    if (ended) return
    handlers.onMessage(Buffer.isBuffer(data) ? data : Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data))
  })
  socket.on('pong', (payload) => {
    // Some servers send pongs that nobody asked for: only one that repeats the question answers it.
    if (ended || askedAt === null || payload.toString('latin1') !== String(question)) return
    const roundTripMs = performance.now() - askedAt
    question++
    askedAt = null
    handlers.onPong(roundTripMs)
  })
  socket.on('unexpected-response', (request, response) => {
    request.destroy()
    const status = response.statusCode ?? 0
    const problem = problemOfStatus(status, response.headers['content-type'])
    end(problem, isStatusNotOffered(status), retryAfterMs(response.headers, now()))
  })
  // A protocol error is told long before the socket is gone: nothing is waited for.
  socket.on('error', (error) => {
    const problem = problemOfError(error)
    end(problem, !opened && reached && isHandshakeNotOffered(problem))
  })
  socket.on('close', (code) => end(problemOfClose(code)))
  return {
    get isOpen() {
      return !ended && socket.readyState === WebSocket.OPEN
    },
    get isReached() {
      return reached
    },
    get localAddress() {
      return localAddress
    },
    write: (bytes, isText) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(bytes, { binary: !isText })
    },
    ping: () => {
      if (socket.readyState !== WebSocket.OPEN) return
      askedAt ??= performance.now()
      socket.ping(String(question))
    },
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    close: () => socket.close(1000),
    destroy,
  }
}
