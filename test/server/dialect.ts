/**
 * What the control API, the bots and the seed may ask of either dialect's server, and what both dialects share: who may
 * write where, what is stored once, what a refusal is called.
 */
import { randomUUID } from 'node:crypto'
import { codePoints } from './checks.ts'
import type { DeliveryLog } from './delivery.ts'
import type { Faults } from './faults.ts'
import type { Conversation, Group, Store, StoredMessage, User } from './store.ts'
import type { Tokens } from './tokens.ts'
import type { ReportViolation, Role, Session, SessionHandler } from './types.ts'

export interface DialectContext {
  readonly store: Store
  readonly faults: Faults
  readonly tokens: Tokens
  /** The server's clock, skew included. Unix milliseconds. */
  readonly now: () => number
  readonly report: ReportViolation
  /** Connected sessions of a user in this dialect. */
  readonly sessionsOf: (userId: string) => Session[]
  readonly sessions: () => Session[]
  /** Whether the sending session hears its own message. */
  readonly echo: boolean
  /** Whether `im2` tells the sender of sent and delivered. */
  readonly statusEvents: boolean
  readonly acknowledge: 'heard' | 'written'
  readonly heardMarginMs: number
}

export type PostTarget =
  | { readonly kind: 'user'; readonly userId: string }
  | { readonly kind: 'conversation'; readonly conversationId: string }

export interface PostInput {
  readonly senderId: string
  readonly target: PostTarget
  readonly msgType: number | string
  /** As it goes on the wire. */
  readonly content: string
  /** What the length limit counts; null for kinds without text. */
  readonly shown: string | null
  readonly clientId?: string
  /** The session it came from; none for bots and the control API. */
  readonly session?: Session
  readonly serverTime?: number
}

export type PostResult =
  | { readonly ok: true; readonly message: StoredMessage; readonly duplicate: boolean; readonly acknowledged: boolean }
  | { readonly ok: false; readonly reason: string }

export type OperationResult = { readonly ok: true } | { readonly ok: false; readonly reason: string }

export interface MemberChange {
  readonly group: Group
  readonly userId: string
  readonly role: Role
  readonly by: string
}

export interface DialectServer extends SessionHandler {
  readonly path: string
  readonly store: Store
  readonly delivery: DeliveryLog
  post(input: PostInput): PostResult
  /** The content of a plain text message, as this dialect writes it. */
  textContent(text: string): { readonly msgType: number | string; readonly content: string }
  edit(input: { serverId: string; by: string; newContent: string; reason: string }): OperationResult
  recall(input: { serverId: string; by: string; reason: string }): OperationResult
  /** Removed by the administration, for everybody. */
  remove(input: { serverId: string; by: string; reason: string }): OperationResult
  markRead(serverId: string): OperationResult
  groupCreated(group: Group): void
  groupUpdated(group: Group, change: 'info_updated' | 'dismissed', by: string): void
  memberAdded(change: MemberChange): void
  memberRemoved(change: MemberChange): void
  memberRoleChanged(change: MemberChange): void
  profileUpdated(user: User): void
  kick(session: Session, input: { reason: string; operator: string; code: number; closeCode: number }): void
  tokenExpired(session: Session): void
  dispose(): void
}

export type Admission =
  | { readonly ok: true; readonly conversation: Conversation; readonly known: StoredMessage | null }
  | { readonly ok: false; readonly reason: string }

/** Decides whether a message may be stored, and whether it is already. */
export function admit(store: Store, input: PostInput): Admission {
  const sender = store.users.get(input.senderId)
  if (sender === undefined) return { ok: false, reason: 'sender is unknown' }
  // Looked up first: a retry of what was accepted before stays accepted, whatever the limits are by now.
  const known = input.clientId === undefined ? null : store.byClientId(input.senderId, input.clientId)
  const conversation = resolve(store, input)
  if (conversation === null) return { ok: false, reason: 'receiver or conversation is unknown' }
  if (known !== null) return { ok: true, conversation, known }
  if (!store.membersOf(conversation).includes(input.senderId)) return { ok: false, reason: 'not a member' }
  if (sender.permission === 'read_only') return { ok: false, reason: 'account is read-only' }
  if (input.shown !== null && codePoints(input.shown) > store.settings.maxMessageLength) {
    return { ok: false, reason: `text is longer than ${store.settings.maxMessageLength} characters` }
  }
  return { ok: true, conversation, known: null }
}

function resolve(store: Store, { target, senderId }: PostInput): Conversation | null {
  if (target.kind === 'user') {
    return store.users.has(target.userId) ? store.directConversation(senderId, target.userId) : null
  }
  return store.conversation(target.conversationId) ?? findDirect(store, senderId, target.conversationId)
}

/** A derived id names a conversation before its first message. */
export function findDirect(store: Store, userId: string, conversationId: string): Conversation | null {
  for (const other of store.users.keys()) {
    const [a, b] = userId < other ? [userId, other] : [other, userId]
    if (conversationId === `c_${a}_${b}`) return store.directConversation(userId, other)
  }
  return null
}

/** Sender, or whoever runs the group. */
export function mayRecall(store: Store, message: StoredMessage, by: string): boolean {
  if (message.senderId === by) return true
  const role = store.groups.get(message.conversationId)?.members.get(by)
  return role === 'owner' || role === 'admin'
}

/** The sender first: its echo precedes everybody else's copy, and any word of their having it. */
export function receivers(
  store: Store,
  message: StoredMessage,
): { readonly sender: string[]; readonly others: string[] } {
  const conversation = store.conversation(message.conversationId)
  const members = conversation === null ? [] : store.membersOf(conversation)
  return {
    sender: members.filter((userId) => userId === message.senderId),
    others: members.filter((userId) => userId !== message.senderId),
  }
}

export function newId(prefix: string): string {
  return `${prefix}_${randomUUID()}`
}

export function bearerToken(header: string | undefined): string | null {
  return /^Bearer (.+)$/.exec(header ?? '')?.[1] ?? null
}

export function isoTime(ms: number): string {
  return new Date(ms).toISOString()
}
