/**
 * What one dialect's server remembers: people, groups, conversations and messages. In memory; it outlives `stop()` and
 * `start()` of the listening socket, so a client can find the server again as it left it.
 *
 * Promises: a client id is stored once per sender, whatever comes again; sequences of a conversation have no hole
 * unless one was asked for.
 */
import type { DialectName, MessageRow, Permission, Role } from './types.ts'

export interface User {
  readonly userId: string
  nickname: string
  avatar: string | null
  readonly bot: boolean
  permission: Permission
}

export interface Group {
  readonly groupId: string
  name: string
  readonly creatorId: string
  readonly createdAt: number
  readonly members: Map<string, Role>
  dismissed: boolean
}

export interface Conversation {
  readonly conversationId: string
  readonly kind: 'direct' | 'group'
  /** Of a direct conversation; a group's are the group's. */
  readonly parties: readonly [string, string] | null
  sequence: bigint
}

export interface StoredMessage {
  readonly conversationId: string
  readonly kind: 'direct' | 'group'
  readonly serverId: string
  readonly clientId: string
  readonly senderId: string
  readonly receiverId: string | null
  readonly deviceId: string
  readonly clientType: string
  readonly sequence: bigint | null
  readonly serverTime: number
  readonly msgType: number | string
  readonly content: string
  state: 'normal' | 'recalled' | 'deleted'
  editedContent: string | null
  readonly deletedFor: Set<string>
  duplicates: number
  /** Delivery as far as the sender has been, or will be, told: 2 sent, 3 delivered, 4 read. */
  delivery: 2 | 3 | 4
}

export interface NewMessage {
  readonly conversation: Conversation
  readonly serverId: string
  readonly clientId: string
  readonly senderId: string
  readonly deviceId: string
  readonly clientType: string
  readonly msgType: number | string
  readonly content: string
  readonly serverTime: number
}

export interface Settings {
  maxMessageLength: number
  /** Megabytes. */
  fileUploadLimit: number
}

export interface Store {
  readonly dialect: DialectName
  readonly users: Map<string, User>
  readonly groups: Map<string, Group>
  readonly settings: Settings
  conversation(conversationId: string): Conversation | null
  directConversation(a: string, b: string): Conversation
  membersOf(conversation: Conversation): string[]
  /** The next number of the conversation, for a message or for an operation that takes a place among them. */
  nextSequence(conversation: Conversation): bigint
  add(message: NewMessage): StoredMessage
  byClientId(senderId: string, clientId: string): StoredMessage | null
  byServerId(serverId: string): StoredMessage | null
  row(message: StoredMessage): MessageRow
  /** In the order they were stored, from this index on. */
  rows(from?: number): MessageRow[]
}

/** The id of the conversation between two people is derived, so that both sides and every restart agree on it. */
export function directConversationId(a: string, b: string): string {
  const [first, second] = a < b ? [a, b] : [b, a]
  return `c_${first}_${second}`
}

export function createStore(options: { readonly dialect: DialectName; readonly sequences: boolean }): Store {
  const users = new Map<string, User>()
  const groups = new Map<string, Group>()
  const conversations = new Map<string, Conversation>()
  const messages: StoredMessage[] = []
  const byClient = new Map<string, StoredMessage>()
  const byServer = new Map<string, StoredMessage>()
  const clientKey = (senderId: string, clientId: string): string => `${senderId}\n${clientId}`

  const store: Store = {
    dialect: options.dialect,
    users,
    groups,
    settings: { maxMessageLength: 2000, fileUploadLimit: 20 },
    conversation(conversationId) {
      const known = conversations.get(conversationId)
      if (known !== undefined) return known
      if (!groups.has(conversationId)) return null
      const created: Conversation = { conversationId, kind: 'group', parties: null, sequence: 0n }
      conversations.set(conversationId, created)
      return created
    },
    directConversation(a, b) {
      const conversationId = directConversationId(a, b)
      const known = conversations.get(conversationId)
      if (known !== undefined) return known
      const created: Conversation = { conversationId, kind: 'direct', parties: [a, b], sequence: 0n }
      conversations.set(conversationId, created)
      return created
    },
    membersOf(conversation) {
      if (conversation.parties !== null) return [...new Set(conversation.parties)]
      const group = groups.get(conversation.conversationId)
      return group === undefined || group.dismissed ? [] : [...group.members.keys()]
    },
    nextSequence(conversation) {
      conversation.sequence += 1n
      return conversation.sequence
    },
    add(input) {
      const { conversation, ...rest } = input
      const message: StoredMessage = {
        ...rest,
        conversationId: conversation.conversationId,
        kind: conversation.kind,
        receiverId: receiverOf(conversation, input.senderId),
        sequence: options.sequences ? store.nextSequence(conversation) : null,
        state: 'normal',
        editedContent: null,
        deletedFor: new Set(),
        duplicates: 0,
        delivery: 2,
      }
      messages.push(message)
      byClient.set(clientKey(message.senderId, message.clientId), message)
      byServer.set(message.serverId, message)
      return message
    },
    byClientId: (senderId, clientId) => byClient.get(clientKey(senderId, clientId)) ?? null,
    byServerId: (serverId) => byServer.get(serverId) ?? null,
    row(message) {
      const conversation = conversations.get(message.conversationId)
      return {
        dialect: options.dialect,
        conversationId: message.conversationId,
        conversationKind: message.kind,
        members: conversation === undefined ? [] : store.membersOf(conversation),
        serverId: message.serverId,
        clientId: message.clientId,
        senderId: message.senderId,
        receiverId: message.receiverId,
        sequence: message.sequence?.toString() ?? null,
        serverTime: message.serverTime,
        msgType: message.msgType,
        content: message.content,
        state: message.state,
        editedContent: message.editedContent,
        deletedFor: [...message.deletedFor],
        duplicates: message.duplicates,
      }
    },
    rows: (from = 0) => messages.slice(from).map((message) => store.row(message)),
  }
  return store
}

function receiverOf(conversation: Conversation, senderId: string): string | null {
  if (conversation.parties === null) return null
  const [a, b] = conversation.parties
  return a === senderId ? b : a
}
