/** What waits, in the order in which it is worth reading. A pure function of the rows. */
import type { Waiting } from '#common/contract/calls.ts'
import type { Conversation } from '#common/domain/conversation.ts'
import type { Message } from '#common/domain/message.ts'

export interface CatchUpInput {
  readonly waiting: readonly Waiting[]
  readonly conversations: readonly Conversation[]
  readonly muted: (conversation: Conversation) => boolean
}

export interface WaitingChat {
  readonly conversation: Conversation
  /** Where reading begins. */
  readonly first: Message
}

export interface Mention {
  readonly conversation: Conversation
  readonly message: Message
}

export interface CatchUpSections {
  /** Those who named the user, oldest first, in muted chats too. */
  readonly mentions: readonly Mention[]
  readonly direct: readonly WaitingChat[]
  readonly groups: readonly WaitingChat[]
  /** Nobody waits for an answer here. */
  readonly quiet: readonly WaitingChat[]
}

const timeOf = (message: Message): number => message.serverTime ?? message.localTime

export function catchUpSections({ waiting, conversations, muted }: CatchUpInput): CatchUpSections {
  const known = new Map(waiting.map((one) => [one.conversationId, one]))
  const mentions: Mention[] = []
  const chats: { direct: WaitingChat[]; groups: WaitingChat[]; quiet: WaitingChat[] } = {
    direct: [],
    groups: [],
    quiet: [],
  }
  for (const conversation of conversations) {
    const found = known.get(conversation.id)
    // What was read since it was asked for is not shown again.
    if (found === undefined || conversation.unread === 0) continue
    if (conversation.mentions > 0) for (const message of found.mentions) mentions.push({ conversation, message })
    const section = muted(conversation) ? 'quiet' : conversation.kind === 'direct' ? 'direct' : 'groups'
    chats[section].push({ conversation, first: found.first })
  }
  mentions.sort((a, b) => timeOf(a.message) - timeOf(b.message))
  return { mentions, ...chats }
}
