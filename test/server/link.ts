/**
 * One client connection as the session sees it, whichever transport carries it: plain WebSocket or SockJS.
 *
 * Owns the difference between the two and nothing above it: no STOMP here.
 */
import type { Connection as SockJsConnection } from 'sockjs'
import { WebSocket } from 'ws'

export interface Link {
  readonly transport: 'websocket' | 'sockjs'
  /** The request target of the handshake, token and all. */
  readonly url: string
  readonly isOpen: boolean
  /** Bytes handed over and not yet taken by the operating system; 0 where the transport cannot tell. */
  readonly bufferedBytes: number
  sendText(text: string | Buffer): void
  /** SockJS has no binary frames: Spring closes such a session with 1002, and so does this. */
  sendBinary(bytes: Buffer): void
  close(code: number, reason?: string): void
  /** No closing handshake: the socket is simply gone. */
  terminate(): void
  /** Stops reading from the socket, as far as the transport allows. */
  pause(): void
  resume(): void
  onMessage(listener: (data: Buffer, isBinary: boolean) => void): void
  /** The peer showed a sign of life below STOMP: a WebSocket ping or pong. */
  onAlive(listener: () => void): void
  onClose(listener: (code: number) => void): void
}

export function createWebSocketLink(socket: WebSocket, url: string): Link {
  // ws reports protocol errors of the peer here and closes by itself; the close event carries the code.
  socket.on('error', () => socket.terminate())
  return {
    transport: 'websocket',
    url,
    get isOpen() {
      return socket.readyState === WebSocket.OPEN
    },
    get bufferedBytes() {
      return socket.bufferedAmount
    },
    sendText: (text) => socket.send(text, { binary: false }),
    sendBinary: (bytes) => socket.send(bytes, { binary: true }),
    close: (code, reason = '') => socket.close(code, reason),
    terminate: () => socket.terminate(),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    onMessage: (listener) => {
      socket.on('message', (data, isBinary) => listener(toBuffer(data), isBinary))
    },
    onAlive: (listener) => {
      socket.on('ping', listener)
      socket.on('pong', listener)
    },
    onClose: (listener) => {
      socket.on('close', (code) => listener(code))
    },
  }
}

function toBuffer(data: Buffer | ArrayBuffer | Buffer[]): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data)
  return Buffer.isBuffer(data) ? data : Buffer.from(data)
}

export function createSockJsLink(connection: SockJsConnection): Link {
  let closeCode = 1006
  const held: string[] = []
  let paused = false
  let deliver: (text: string) => void = () => undefined
  connection.on('data', (text) => {
    if (paused) held.push(text)
    else deliver(text)
  })
  return {
    transport: 'sockjs',
    url: connection.url,
    get isOpen() {
      return connection.readyState === 1
    },
    bufferedBytes: 0,
    sendText: (text) => {
      connection.write(text.toString())
    },
    sendBinary: () => {
      closeCode = 1002
      connection.close(1002, '')
    },
    close: (code, reason = '') => {
      closeCode = code
      connection.close(code, reason)
    },
    terminate: () => {
      connection.close(1006, '')
    },
    pause: () => {
      paused = true
    },
    resume: () => {
      paused = false
      for (const text of held.splice(0)) deliver(text)
    },
    onMessage: (listener) => {
      deliver = (text) => listener(Buffer.from(text), false)
    },
    onAlive: () => undefined,
    onClose: (listener) => {
      connection.on('close', () => listener(closeCode))
    },
  }
}
