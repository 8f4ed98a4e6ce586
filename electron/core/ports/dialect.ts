/**
 * The dialect boundary: everything that differs from server to server is behind this interface, as pure functions of
 * plain values. What a server cannot do is a capability value, never a question about its name.
 */
import type { AppError } from '#common/base/errors.ts'
import type { Result } from '#common/base/result.ts'
import type { DialectName, Profile } from '#common/domain/account.ts'
import type { Capabilities } from '#common/domain/capabilities.ts'
import type { Command, SessionCommand } from '#common/domain/commands.ts'
import type { Inbound } from '#common/domain/events.ts'
import type { Frame, LinkOptions, OutboundFrame } from './transport.ts'

export interface DecodeContext {
  readonly selfId: string
  /** Whether the server's conversation id is known to be a group's. */
  isGroup(conversationId: string): boolean
}

/** A frame either means something or is kept as undecoded with a short reason; decoding never throws. */
export type Decoded = { readonly ok: true; readonly inbound: Inbound } | { readonly ok: false; readonly reason: string }

export interface Subscription {
  readonly id: string
  readonly destination: string
}

export interface Dialect {
  readonly name: DialectName
  readonly capabilities: Capabilities
  /** Paths to try, in order, when the user's address names none. */
  readonly defaultPaths: readonly string[]
  /** Refuses a token or profile the server could never accept, before anything is sent. */
  checkCredentials(profile: Pick<Profile, 'userId' | 'appKey'>, token: string): Result<null>
  link(profile: Profile, token: string): Pick<LinkOptions, 'url' | 'connectHeaders' | 'heartbeat'>
  /** Made once CONNECTED is there, before anything else. */
  baseSubscriptions(): readonly Subscription[]
  groupSubscription(groupId: string): Subscription
  /** Asked once the subscriptions stand, after every connect. */
  afterSubscribing(): readonly SessionCommand[]
  /** The application's own heart-beat, or null. */
  readonly pulseMs: number | null
  decode(frame: Frame, context: DecodeContext): Decoded
  /** Fails for what this server has no words for. */
  encode(command: Command, profile: Profile): Result<OutboundFrame>
  /** What an ERROR frame means: an end of the session (`session.unauthorized`), or a broken link to try again. */
  readError(serverError: { readonly message: string; readonly body: string }): AppError
}
