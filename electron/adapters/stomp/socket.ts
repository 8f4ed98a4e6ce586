/**
 * One client socket to a server, whichever way leads there.
 *
 * Promises: `onEnd` at most once, and nothing after it or after `destroy`. Must never put the address anywhere: it may
 * hold a token.
 */
import type { Agent } from 'node:http'
import type { LinkEnd, NotOffered } from '#electron/core/ports/transport.ts'

export interface SocketHandlers {
  onOpen(): void
  onMessage(bytes: Buffer): void
  /** Bytes came in, whatever they are: part of a message, a ping, a pong, a SockJS heart-beat. */
  onAlive(bytes?: number): void
  /** The server has answered `ping`; the first one not answered before was sent so long ago. */
  onPong(roundTripMs: number): void
  onEnd(end: LinkEnd): void
}

export interface Socket {
  readonly isOpen: boolean
  /** What it says about the ways if nothing more comes; null as long as nobody took the connection. */
  readonly silenceMeans: NotOffered | null
  /** Cut to what Tomcat takes. */
  send(data: string | ArrayBuffer | Uint8Array): void
  ping(): void
  /** This machine's address that the socket uses; null while or where it is not known. */
  readonly localAddress: string | null
  pause(): void
  resume(): void
  /** Says good-bye; `onEnd` tells when the server has answered. */
  close(): void
  destroy(): void
}

export interface SocketOptions {
  readonly url: string
  readonly handlers: SocketHandlers
  /** Makes the connections, through a proxy where there is one. */
  readonly agent: Agent
  /** Only asked for a Retry-After without a Date. */
  readonly now: () => number
}
