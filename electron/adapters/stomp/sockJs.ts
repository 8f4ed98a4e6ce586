/**
 * A SockJS session: `/info` first, then one of its transports, then STOMP in its text messages. SockJS has no binary
 * messages: bytes are sent as the UTF-8 text they have to be. Why not a library: docs/adr/0007.
 *
 * Promises what every socket promises (socket.ts). A server without SockJS is told by its `/info`, so that its other
 * transports need not be tried.
 */
import { parseJsonObject } from '#common/base/json.ts'
import { type AppError, appError } from '#common/base/errors.ts'
import type { LinkEnd, NotOffered } from '#electron/core/ports/transport.ts'
import { sockJsAddresses } from './address.ts'
import { cut } from './cut.ts'
import { Cookies, exchange, readBody } from './exchange.ts'
import {
  isHandshakeNotOffered,
  isStatusNotOffered,
  problemOfClose,
  problemOfError,
  problemOfStatus,
  retryAfterMs,
} from './problems.ts'
import { readSockJsFrame } from './sockJsFrames.ts'
import type { SockJsCarrier, SockJsCarrierHandlers } from './sockJsCarrier.ts'
import { openSockJsHttp } from './sockJsHttp.ts'
import type { Socket, SocketOptions } from './socket.ts'
import { openWebSocket } from './webSocket.ts'

export type SockJsTransport = 'webSocket' | 'streaming' | 'polling'

/** Quotes and backslashes double in JSON, and Tomcat takes text messages of 16,640 characters. */
export const maxTextBytes = 4_096
const maxInfoBytes = 64 * 1024

export function openSockJs(options: SocketOptions, transport: SockJsTransport): Socket {
  const { url, handlers, agent, now } = options
  const addresses = sockJsAddresses(url)
  const cookies = new Cookies()
  let carrier: SockJsCarrier | null = null
  let reached = false
  let opened = false
  let ended = false
  let paused = false

  const finish = (end: LinkEnd): void => {
    if (ended) return
    destroy()
    handlers.onEnd(end)
  }
  const fail = (problem: AppError, notOffered: NotOffered | false = false, waitMs: number | null = null): void =>
    finish({ problem, serverError: null, retryAfterMs: waitMs, ...(notOffered === false ? {} : { notOffered }) })
  const destroy = (): void => {
    ended = true
    infoRequest.destroy()
    carrier?.destroy()
  }

  const frame = (text: string): void => {
    if (ended) return
    const read = readSockJsFrame(text)
    if (read === null || (read.kind === 'messages' && !opened)) {
      fail(appError('link.protocol', 'SockJS frame'), opened ? false : 'way')
    } else if (read.kind === 'open') {
      // A server that was restarted takes the next request for a new session: nobody is connected in that one.
      if (opened) fail(appError('link.closed', 'SockJS session lost'))
      opened = true
      if (!ended) handlers.onOpen()
    } else if (read.kind === 'messages') {
      for (const message of read.messages) if (!ended) handlers.onMessage(Buffer.from(message))
    } else if (read.kind === 'close') fail(problemOfClose(read.code), opened ? false : 'way')
    else handlers.onAlive()
  }

  const open = (): void => {
    const carrierHandlers: SockJsCarrierHandlers = {
      onFrame: frame,
      onAlive: (bytes) => {
        if (!ended) handlers.onAlive(bytes)
      },
      onPong: (roundTripMs) => {
        if (!ended) handlers.onPong(roundTripMs)
      },
      onEnd: finish,
    }
    carrier =
      transport === 'webSocket'
        ? openSockJsWebSocket(options, addresses.session('websocket'), cookies, carrierHandlers)
        : openSockJsHttp({ addresses, transport, agent, cookies, handlers: carrierHandlers, now })
    if (paused) carrier.pause()
  }

  const infoRequest = exchange({
    url: addresses.info,
    method: 'GET',
    agent,
    cookies,
    onReached: () => (reached = true),
    onError: (error) => {
      if (carrier !== null) return
      const problem = problemOfError(error)
      fail(problem, reached && isHandshakeNotOffered(problem) && 'sockJs')
    },
    onResponse: (response) => {
      const status = response.statusCode ?? 0
      const type = response.headers['content-type']
      if (status !== 200) {
        response.resume()
        fail(
          problemOfStatus(status, type),
          isStatusNotOffered(status) && 'sockJs',
          retryAfterMs(response.headers, now()),
        )
        return
      }
      readBody(response, maxInfoBytes, (body) => {
        if (ended) return
        const info = body === null ? undefined : parseJsonObject(body.toString('utf8'))
        if (info === undefined) fail(problemOfStatus(status, type), 'sockJs')
        else if (transport === 'webSocket' && info['websocket'] === false) {
          fail(appError('link.httpUnexpected', 'SockJS without WebSocket'), 'way')
        } else open()
      })
    },
  })

  return {
    get isOpen() {
      return opened && !ended
    },
    get silenceMeans() {
      if (carrier !== null) return carrier.silenceMeans
      return reached ? 'sockJs' : null
    },
    get localAddress() {
      return carrier?.localAddress ?? null
    },
    send: (data) => {
      if (!opened || ended) return
      const bytes = typeof data === 'string' ? Buffer.from(data) : Buffer.from(new Uint8Array(data))
      for (const part of cut(bytes, true, maxTextBytes)) carrier?.write(Buffer.from(part).toString('utf8'))
    },
    ping: () => carrier?.ping(),
    pause: () => {
      paused = true
      carrier?.pause()
    },
    resume: () => {
      paused = false
      carrier?.resume()
    },
    close: () => carrier?.close(),
    destroy,
  }
}

function openSockJsWebSocket(
  { agent, now }: SocketOptions,
  url: string,
  cookies: Cookies,
  { onFrame, onAlive, onPong, onEnd }: SockJsCarrierHandlers,
): SockJsCarrier {
  const wire = openWebSocket({
    url,
    protocols: [],
    headers: cookies.headers,
    agent,
    handlers: {
      onOpen: () => undefined,
      onMessage: (bytes) => onFrame(bytes.toString('utf8')),
      onAlive,
      onPong,
      onEnd,
    },
    now,
  })
  return {
    get silenceMeans() {
      if (wire.isOpen) return 'way'
      return wire.isReached ? 'webSockets' : null
    },
    get localAddress() {
      return wire.localAddress
    },
    write: (text) => wire.write(JSON.stringify([text]), true),
    ping: () => wire.ping(),
    pause: () => wire.pause(),
    resume: () => wire.resume(),
    close: () => wire.close(),
    destroy: () => wire.destroy(),
  }
}
