/** Which file opens a socket on which way. */
import type { Way } from '#electron/core/ports/transport.ts'
import { withPath } from './address.ts'
import { openPlainSocket } from './plainSocket.ts'
import { openSockJs } from './sockJs.ts'
import type { Socket, SocketOptions } from './socket.ts'

const openers: Readonly<Record<Way, (options: SocketOptions) => Socket>> = {
  webSocket: openPlainSocket,
  webSocketPath: (options) => openPlainSocket({ ...options, url: withPath(options.url, '/websocket') }),
  sockJsWebSocket: (options) => openSockJs(options, 'webSocket'),
  sockJsStreaming: (options) => openSockJs(options, 'streaming'),
  sockJsPolling: (options) => openSockJs(options, 'polling'),
}

/** Throws for an address that is none. */
export function openSocket(options: SocketOptions, way: Way): Socket {
  return openers[way](options)
}
