/** Which conversation a message belongs to, and which place in its numbering its frame fills. */
import type { ConversationRef } from '#common/domain/conversation.ts'
import type { Inbound } from '#common/domain/events.ts'
import type { DecodeContext } from '#electron/core/ports/dialect.ts'
import { directWith } from '../decoded.ts'
import type { Envelope } from './envelope.ts'

const groupTopic = '/topic/conversation/'

/**
 * A known group first; then the other party, where one party is this user; then the conversation id as a group's. The
 * destination only stands in for a missing conversation id: any destination may carry any message.
 */
export function conversationOf(
  envelope: Envelope,
  context: DecodeContext,
  destination: string,
): ConversationRef | undefined {
  const { senderId, receiverId } = envelope
  const conversationId = envelope.conversationId || topicOf(destination)
  if (conversationId !== '' && context.isGroup(conversationId)) return { kind: 'group', groupId: conversationId }
  if (receiverId !== '' && receiverId !== conversationId) {
    if (senderId === context.selfId) return directWith(receiverId, envelope.conversationId)
    if (receiverId === context.selfId && senderId !== '') return directWith(senderId, envelope.conversationId)
  }
  return conversationId === '' ? undefined : { kind: 'group', groupId: conversationId }
}

/** The place of a message's frame. */
export function placeIn(conversation: ConversationRef | undefined, envelope: Envelope): Inbound['covers'] {
  const { sequence } = envelope
  return sequence === null || conversation === undefined ? null : { conversation, sequence }
}

/**
 * The place of an event's frame: only in a known group, because the parties of an event's envelope (an administrator,
 * "system") are not those of a chat.
 */
export function placeOfEvent(envelope: Envelope, context: DecodeContext): Inbound['covers'] {
  const { conversationId, sequence } = envelope
  if (sequence === null || conversationId === '' || !context.isGroup(conversationId)) return null
  return { conversation: { kind: 'group', groupId: conversationId }, sequence }
}

function topicOf(destination: string): string {
  return destination.startsWith(groupTopic) ? destination.slice(groupTopic.length) : ''
}
