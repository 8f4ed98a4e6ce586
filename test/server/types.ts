/** The words the demo server's files share. Types only. */
import type { StompFrame, StompFrameInput } from './stompCodec.ts'

export type DialectName = 'im2' | 'xuqm'
export type Role = 'owner' | 'admin' | 'member'
export type Permission = 'full_access' | 'read_only'

/**
 * `protocol`: not what the documents allow. `policy`: well formed, but refused (too long, not a member, read-only).
 * `auth`: a token that does not hold.
 */
export type ViolationKind = 'protocol' | 'policy' | 'auth'

export interface Violation {
  readonly at: number
  readonly dialect: DialectName
  readonly session: string
  readonly userId: string
  readonly kind: ViolationKind
  readonly reason: string
  /** Command, destination and size; never a token, never content. */
  readonly frame: string
}

/** What a MESSAGE frame carries. A binary body goes out as a binary WebSocket message. */
export interface OutboundBody {
  readonly contentType: string
  readonly bytes: Buffer
  readonly binary: boolean
}

export interface Identity {
  readonly userId: string
  readonly deviceId: string
  readonly clientType: string
  readonly token: string
  /** Unix milliseconds, or null for a token without end. */
  readonly expiresAt: number | null
}

export interface Session {
  readonly id: string
  readonly dialect: DialectName
  readonly transport: 'websocket' | 'sockjs'
  /** null until CONNECTED. */
  readonly identity: Identity | null
  readonly userId: string
  /** Whose deliveries are counted together: user and device. */
  readonly deviceKey: string
  readonly destinations: readonly string[]
  readonly isOpen: boolean
  /** Bytes written and not yet on their way. */
  readonly backlogBytes: number
  /** Unix milliseconds of the last octet, ping or pong from the client. */
  readonly heardAt: number
  readonly stalled: boolean
  isSubscribed(destination: string): boolean
  /** Sends a MESSAGE on every subscription to the destination; false when there is none. */
  message(destination: string, body: OutboundBody): boolean
  frame(input: StompFrameInput): void
  raw(data: string | Buffer): void
  /** ERROR, then close 1002, as Spring 5.1.8 and later do. */
  error(message: string, body?: string): void
  dropSubscription(destination: string): void
  replaceIdentity(identity: Identity): void
  close(code: number, reason?: string): void
  terminate(): void
  stall(): void
  resume(): void
}

export type ConnectDecision =
  { readonly ok: true; readonly identity: Identity } | { readonly ok: false; readonly reason: string }

export interface SendOutcome {
  /** false where a fault swallows the acknowledgement, a STOMP receipt included. */
  readonly acknowledged: boolean
}

/** What a session asks of the dialect spoken on its endpoint. */
export interface SessionHandler {
  readonly name: DialectName
  /** `[server sends every, server wants every]` in milliseconds; 0 is none. */
  readonly heartbeat: readonly [number, number]
  connect(session: Session, frame: StompFrame, url: string): ConnectDecision
  connected(session: Session): void
  /** A string is the reason of a refusal. */
  refuseSubscription(session: Session, destination: string): string | null
  isKnownDestination(destination: string): boolean
  subscribed(session: Session, destination: string): void
  received(session: Session, destination: string, frame: StompFrame): SendOutcome
  closed(session: Session): void
}

export type ReportViolation = (session: Session, kind: ViolationKind, reason: string, frame?: string) => void

export interface MessageRow {
  readonly dialect: DialectName
  readonly conversationId: string
  readonly conversationKind: 'direct' | 'group'
  readonly members: readonly string[]
  readonly serverId: string
  readonly clientId: string
  readonly senderId: string
  readonly receiverId: string | null
  readonly sequence: string | null
  readonly serverTime: number
  readonly msgType: number | string
  /** As received. */
  readonly content: string
  readonly state: 'normal' | 'recalled' | 'deleted'
  readonly editedContent: string | null
  /** Users who deleted it for themselves only. */
  readonly deletedFor: readonly string[]
  /** How often the same client id came again. */
  readonly duplicates: number
}
