import * as v from 'valibot'

/** Who a conversation is with, in the server's names. `remoteId` is the server's own id of a direct chat, where it has one. */
export type ConversationRef =
  | { readonly kind: 'direct'; readonly peerId: string; readonly remoteId?: string }
  | { readonly kind: 'group'; readonly groupId: string }

/** The local id: `direct:<user id>` or `group:<group id>`. One peer is one conversation, whatever the server calls it. */
export function conversationIdOf(ref: ConversationRef): string {
  return ref.kind === 'direct' ? `direct:${ref.peerId}` : `group:${ref.groupId}`
}

export const memberSchema = v.object({
  userId: v.string(),
  /** The server's own word (`owner`, `admin`, `member` are known to be used). */
  role: v.string(),
})
export type Member = v.InferOutput<typeof memberSchema>

/** As `mutedUntil`: the last moment a date can name. */
export const muteForEver = 8_640_000_000_000_000

/** What the user decided about a conversation; kept on this computer and told to nobody. */
export const preferencesSchema = v.object({
  /** Stands above all that are not pinned. */
  pinned: v.boolean(),
  /** Quiet until then, ms since 1970 by the local clock; null: not muted. */
  mutedUntil: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(muteForEver))),
  /** Out of the list. A new message brings it back, unless it is muted. */
  archived: v.boolean(),
  /** To be looked at again, although everything was read. */
  markedUnread: v.boolean(),
  /** Deleted here: shown nowhere until something new is said, or the user opens it anew. */
  hidden: v.boolean(),
  /** What the user calls it instead of its own name; never empty. */
  alias: v.nullable(v.pipe(v.string(), v.minLength(1), v.maxLength(200))),
})
export type Preferences = Readonly<v.InferOutput<typeof preferencesSchema>>

export const noPreferences: Preferences = {
  pinned: false,
  mutedUntil: null,
  archived: false,
  markedUnread: false,
  hidden: false,
  alias: null,
}

/** `at`: local clock, ms. */
export function isMuted({ mutedUntil }: Pick<Preferences, 'mutedUntil'>, at: number): boolean {
  return mutedUntil !== null && at < mutedUntil
}

export const conversationSchema = v.object({
  id: v.string(),
  kind: v.picklist(['direct', 'group']),
  /** Peer's user id or group id, the server's name for it. */
  targetId: v.string(),
  /** The server's own id of a direct chat, where it has one. */
  remoteId: v.nullable(v.string()),
  /** A group's name as the server gave it; null where unknown, and for direct chats (the person's name is shown). */
  title: v.nullable(v.string()),
  /** `left`: we left, were removed, or the group was dismissed; nothing can be sent there. */
  membership: v.picklist(['member', 'left']),
  /** Known members of a group; empty when the server never said. */
  members: v.array(memberSchema),
  last: v.nullable(
    v.object({
      messageId: v.number(),
      senderId: v.string(),
      kind: v.string(),
      /** At most 200 characters; the whole content of an event message is in `event`. */
      text: v.string(),
      event: v.nullable(v.string()),
      state: v.picklist(['sending', 'failed', 'sent', 'delivered', 'read']),
      recalled: v.boolean(),
      outgoing: v.boolean(),
      /** Milliseconds since 1970, the server's clock where it has spoken. */
      at: v.number(),
    }),
  ),
  /** Milliseconds since 1970; what the list is sorted by, newest first. */
  activeAt: v.number(),
  unread: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** How many of the unread ones name the user, or everyone. */
  mentions: v.pipe(v.number(), v.integer(), v.minValue(0)),
  draft: v.string(),
  preferences: preferencesSchema,
  revision: v.number(),
})
export type Conversation = v.InferOutput<typeof conversationSchema>

export const personSchema = v.object({
  userId: v.string(),
  nickname: v.nullable(v.string()),
  avatar: v.nullable(v.string()),
  /** Null while nothing is known. */
  online: v.nullable(v.boolean()),
  revision: v.number(),
})
export type Person = v.InferOutput<typeof personSchema>

/** What a check of one conversation found. */
export const chatVerdictSchema = v.object({
  /** Visible messages with a time of the server's. */
  messages: v.number(),
  /** How many numbers of the server are missing between others, decimal; null where it numbers nothing. */
  missing: v.nullable(v.string()),
  /** Whether the server was asked for them just now. */
  server: v.picklist(['asked', 'unreachable', 'cannot']),
  /** Conversations of the account whose counts were wrong, and are right now. */
  recounted: v.number(),
})
export type ChatVerdict = v.InferOutput<typeof chatVerdictSchema>
