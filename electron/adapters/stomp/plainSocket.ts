/** STOMP straight on a WebSocket: `v12.stomp` offered, text and binary messages, cut to what Tomcat takes. */
import { cut } from './cut.ts'
import type { Socket, SocketOptions } from './socket.ts'
import { openWebSocket } from './webSocket.ts'

export function openPlainSocket({ url, handlers, agent, now }: SocketOptions): Socket {
  const wire = openWebSocket({ url, protocols: ['v12.stomp'], agent, handlers, now })
  return {
    get isOpen() {
      return wire.isOpen
    },
    get silenceMeans() {
      return wire.isReached ? 'webSockets' : null
    },
    get localAddress() {
      return wire.localAddress
    },
    send: (data) => {
      const isText = typeof data === 'string'
      const bytes = isText ? Buffer.from(data) : data instanceof ArrayBuffer ? new Uint8Array(data) : data
      for (const part of cut(bytes, isText)) wire.write(part, isText)
    },
    ping: () => wire.ping(),
    pause: () => wire.pause(),
    resume: () => wire.resume(),
    close: () => wire.close(),
    destroy: () => wire.destroy(),
  }
}
