/**
 * One WebSocket of the library, set up the way these servers need it: no Origin, no compression, no redirects, 4 MiB a
 * message at most. Owns the difference between "is not offered here" and every other end of a handshake.
 */
import type { Agent } from 'node:http'
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
  socket.on('open', () => {
    opened = true
    if (!ended) handlers.onOpen()
  })
  socket.on('message', (data) => {
    if (ended) return
    handlers.onMessage(Buffer.isBuffer(data) ? data : Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data))
  })
  for (const sign of ['ping', 'pong'] as const) {
    socket.on(sign, () => {
      if (!ended) handlers.onAlive()
    })
  }
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
    write: (bytes, isText) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(bytes, { binary: !isText })
    },
    ping: () => {
      if (socket.readyState === WebSocket.OPEN) socket.ping()
    },
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    close: () => socket.close(1000),
    destroy,
  }
}
