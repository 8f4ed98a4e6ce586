/** What lies between a SockJS session and its transports. Types only. */
import type { LinkEnd, NotOffered } from '#electron/core/ports/transport.ts'

/** What carries the session's frames. */
export interface SockJsCarrier {
  readonly silenceMeans: NotOffered | null
  readonly localAddress: string | null
  /** One STOMP text, or a part of one. */
  write(text: string): void
  ping(): void
  pause(): void
  resume(): void
  close(): void
  destroy(): void
}

export interface SockJsCarrierHandlers {
  onFrame(text: string): void
  onAlive(bytes?: number): void
  onPong(roundTripMs: number): void
  onEnd(end: LinkEnd): void
}
