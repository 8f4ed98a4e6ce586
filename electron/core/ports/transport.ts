/**
 * One STOMP connection over one WebSocket: opened once, ended once, thrown away. Reconnecting is the supervisor's work.
 */
import type { AppError } from '#common/base/errors.ts'

/** A MESSAGE frame as it came. */
export interface Frame {
  readonly destination: string
  readonly contentType: string | null
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

export interface OutboundFrame {
  readonly destination: string
  readonly headers: Readonly<Record<string, string>>
  /** Text goes out in text messages, bytes in binary ones (cut to the server's limit). */
  readonly body: string | Uint8Array
}

/**
 * The ways to one endpoint, best first (section 4 of our protocol reading): a plain WebSocket, the plain WebSocket that
 * a SockJS endpoint has beside it, and SockJS over its own three transports.
 */
export const ways = ['webSocket', 'webSocketPath', 'sockJsWebSocket', 'sockJsStreaming', 'sockJsPolling'] as const
export type Way = (typeof ways)[number]

/**
 * What an end says about the ways: this one is not offered here; nothing passes WebSockets on; there is no SockJS.
 * Another way may still lead to the endpoint.
 */
export type NotOffered = 'way' | 'webSockets' | 'sockJs'

export interface LinkOptions {
  /** May carry a token: never logged. */
  readonly url: string
  /** A plain WebSocket unless given. */
  readonly way?: Way
  readonly connectHeaders: Readonly<Record<string, string>>
  /** What we ask for, ms; 0 means none. */
  readonly heartbeat: { readonly outgoingMs: number; readonly incomingMs: number }
  /** From the first packet to CONNECTED. */
  readonly connectTimeoutMs: number
}

/** Called in the order of things happening, never before `open` has returned; `onEnd` exactly once and last. */
export interface LinkListener {
  /** The WebSocket stands; CONNECT was sent. */
  onOpen(): void
  /** `heartbeat` as negotiated, ms; 0 means none. */
  onConnected(info: {
    readonly heartbeat: { readonly outgoingMs: number; readonly incomingMs: number }
    readonly server: string | null
  }): void
  onFrame(frame: Frame): void
  onReceipt(receiptId: string): void
  /** Any bytes at all came in, so many, pongs included; the count is left out where it is not known. */
  onAlive(bytes?: number): void
  /**
   * The server has answered pings of ours: what was written before the first of them, `roundTripMs` ago, has reached it.
   */
  onPong?(roundTripMs?: number): void
  onEnd(end: LinkEnd): void
}

/** An ERROR frame: the server's words, 2 KB at most each. */
export interface ServerError {
  readonly message: string
  readonly body: string
  /** Of the frame of ours that it answers, where it says: as given to `send`, or as `subscriptionReceipt` makes it. */
  readonly receiptId?: string
  /** What that frame was about, where it says. */
  readonly destination?: string
}

/** The receipt that is asked for with a SUBSCRIBE: few servers give it, but an ERROR may name it. */
export function subscriptionReceipt(subscriptionId: string): string {
  return `sub-${subscriptionId}`
}

export interface LinkEnd {
  readonly problem: AppError
  readonly serverError: ServerError | null
  /** Ms, from a Retry-After header. */
  readonly retryAfterMs: number | null
  /** Only before `onOpen`. */
  readonly notOffered?: NotOffered
}

export interface Link {
  /** One id per destination, never subscribed twice on one link. */
  subscribe(id: string, destination: string): void
  unsubscribe(id: string): void
  /** False when the link can take nothing any more; then the frame was not written. */
  send(frame: OutboundFrame, receiptId: string | null): boolean
  /** A WebSocket ping; the answer shows up as `onPong`. */
  ping(): void
  /** This machine's address that the link uses; null while or where it is not known. */
  readonly localAddress: string | null
  /** Stops and resumes reading from the socket. */
  pause(): void
  resume(): void
  /** Says DISCONNECT where it can, and ends. */
  close(): void
  /** Ends at once, saying nothing: the link is believed dead. */
  drop(problem: AppError): void
}

export interface Transport {
  open(options: LinkOptions, listener: LinkListener): Link
}
