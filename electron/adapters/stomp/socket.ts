/**
 * One client WebSocket, set up the way these servers need it: `v12.stomp` offered, no Origin, no compression, no
 * redirects, 4 MiB a message at most, and everything sent cut to what Tomcat takes.
 *
 * Promises: `onEnd` at most once, and nothing after it or after `destroy`. Must never put the address anywhere: it may
 * hold a token.
 */
import { WebSocket } from 'ws'
import type { LinkEnd } from '#electron/core/ports/transport.ts'
import { cut } from './cut.ts'
import { maxFrameBytes } from './frameReader.ts'
import { problemOfClose, problemOfError, problemOfStatus, retryAfterMs } from './problems.ts'

export interface SocketHandlers {
  onOpen(): void
  onMessage(bytes: Buffer): void
  /** Bytes came in that are no message: a ping or a pong. */
  onAlive(): void
  onEnd(end: LinkEnd): void
}

export interface Socket {
  readonly isOpen: boolean
  send(data: string | ArrayBuffer | Uint8Array): void
  ping(): void
  pause(): void
  resume(): void
  /** Says good-bye; `onEnd` tells when the server has answered. */
  close(): void
  destroy(): void
}

/** Throws for an address that is none. `now` is only asked for a Retry-After without a Date. */
export function openSocket(url: string, handlers: SocketHandlers, now: () => number): Socket {
  const socket = new WebSocket(url, ['v12.stomp'], {
    perMessageDeflate: false,
    followRedirects: false,
    maxPayload: maxFrameBytes,
  })
  let ended = false
  const end = (problem: LinkEnd['problem'], waitMs: number | null = null): void => {
    if (ended) return
    destroy()
    handlers.onEnd({ problem, serverError: null, retryAfterMs: waitMs })
  }
  const destroy = (): void => {
    ended = true
    socket.terminate()
  }
  socket.on('open', () => {
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
    end(
      problemOfStatus(response.statusCode ?? 0, response.headers['content-type']),
      retryAfterMs(response.headers, now()),
    )
  })
  // A protocol error is told long before the socket is gone: nothing is waited for.
  socket.on('error', (error) => end(problemOfError(error)))
  socket.on('close', (code) => end(problemOfClose(code)))
  return {
    get isOpen() {
      return !ended && socket.readyState === WebSocket.OPEN
    },
    send: (data) => {
      if (socket.readyState !== WebSocket.OPEN) return
      const isText = typeof data === 'string'
      const bytes = isText ? Buffer.from(data) : data instanceof ArrayBuffer ? new Uint8Array(data) : data
      for (const part of cut(bytes, isText)) socket.send(part, { binary: !isText })
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
