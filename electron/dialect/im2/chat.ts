/**
 * Types 0–13 (section 4 of the im2 document): messages, edits and recalls; and what their statuses say. Statuses 6–8
 * are facts about the content, beside the message itself.
 *
 * Must never take the sender from a content: it is what the envelope says.
 */
import { type JsonObject, parseJsonObject, textOf } from '#common/base/json.ts'
import { type Content, plainText } from '#common/domain/content/content.ts'
import type { ConversationRef } from '#common/domain/conversation.ts'
import type { DeliveryState } from '#common/domain/delivery.ts'
import type { ServerEvent } from '#common/domain/events.ts'
import type { DecodeContext, Decoded } from '#electron/core/ports/dialect.ts'
import { type WireKind, readContent, unsupported } from '../contentDocument.ts'
import { targetOf, undecoded, understood } from '../decoded.ts'
import { firstText } from '../fields.ts'
import type { Envelope } from './envelope.ts'
import { conversationOf, placeIn } from './place.ts'
import { MessageStatus, MessageType, typeLabel, typeNumber } from './wire.ts'

const kinds: ReadonlyMap<number, WireKind> = new Map([
  [MessageType.CHAT_TEXT, 'text'],
  [MessageType.CHAT_IMAGE, 'image'],
  [MessageType.CHAT_FILE, 'file'],
  [MessageType.CHAT_VOICE, 'voice'],
  [MessageType.CHAT_VIDEO, 'video'],
  [MessageType.CHAT_LOCATION, 'location'],
  [MessageType.CHAT_CARD, 'card'],
  [MessageType.CHAT_QUOTE, 'quote'],
  [MessageType.CHAT_FORWARD, 'forward'],
] as const)

/** The number of a content kind in an outgoing `msgType`. */
export const typeOfKind: ReadonlyMap<WireKind, number> = new Map([...kinds].map(([type, kind]) => [kind, type]))

export function readChat(envelope: Envelope, context: DecodeContext, destination: string): Decoded {
  if (envelope.type === MessageType.CHAT_EDIT) return readEdit(envelope, context, destination)
  if (envelope.type === MessageType.CHAT_RECALL) return readRecall(envelope, context, destination)
  const conversation = conversationOf(envelope, context, destination)
  if (conversation === undefined) return undecoded('noConversation')
  if (envelope.senderId === '') return undecoded('noSender')
  return understood(messageEvents(envelope, context, conversation), placeIn(conversation, envelope))
}

function contentOf(envelope: Envelope): Content {
  const carried = envelope.content ?? ''
  const kind = kinds.get(envelope.type)
  if (kind === undefined || (carried === '' && kind !== 'text')) return unsupported(envelope.label, carried)
  return readContent(kind, carried, envelope.label)
}

/** The kind that an event names for the message it tells of; text where it names none. */
export function messageTypeIn(document: JsonObject): number {
  const named = firstText(document, 'msgType', 'messageType') ?? String(MessageType.CHAT_TEXT)
  return typeNumber(named) ?? typeNumber(`CHAT_${named}`) ?? Number(named)
}

/** As `contentOf`, for a content that another message carries. */
export function contentOfType(type: number, carried: string | JsonObject): Content {
  const kind = kinds.get(type)
  return kind === undefined ? unsupported(typeLabel(type), carried) : readContent(kind, carried, typeLabel(type))
}

function messageEvents(envelope: Envelope, context: DecodeContext, conversation: ConversationRef): ServerEvent[] {
  const { senderId, messageId, clientMessageId, sequence, timestamp, status } = envelope
  const target = targetOf(messageId, clientMessageId)
  const own = senderId === context.selfId
  if (status === MessageStatus.MESSAGE_FAILED && own && target !== undefined) {
    return [{ type: 'message.status', target, state: 'failed', reason: reasonOf(envelope) }]
  }
  const serverTarget = targetOf(messageId, undefined)
  if (status === MessageStatus.MESSAGE_DELETED && serverTarget !== undefined) {
    return [{ type: 'message.deleted', target: serverTarget }]
  }
  const recalled = status === MessageStatus.MESSAGE_RECALLED
  const content: Content = recalled ? { kind: 'text', text: '' } : contentOf(envelope)
  const received: ServerEvent = {
    type: 'message.received',
    conversation,
    senderId,
    serverId: messageId === '' ? null : messageId,
    clientId: clientMessageId === '' ? null : clientMessageId,
    sequence,
    serverTime: timestamp,
    content,
    state: deliveryOf(status),
    recalled,
  }
  // The message may be here already: then only the fact is news.
  if (serverTarget !== undefined && recalled) {
    return [received, { type: 'message.recalled', target: serverTarget, by: null, reason: null, at: null }]
  }
  if (serverTarget !== undefined && status === MessageStatus.MESSAGE_EDITED) {
    const text = plainText(content)
    return [
      received,
      { type: 'message.edited', target: serverTarget, text, by: senderId, reason: null, at: null, sequence },
    ]
  }
  return [received]
}

function deliveryOf(status: number): DeliveryState {
  if (status === MessageStatus.MESSAGE_DELIVERED) return 'delivered'
  return status === MessageStatus.MESSAGE_READ ? 'read' : 'sent'
}

function readEdit(envelope: Envelope, context: DecodeContext, destination: string): Decoded {
  const document = documentOf(envelope)
  const text = document === undefined ? undefined : newWords(document)
  const target =
    document === undefined ? undefined : targetOf(firstText(document, 'messageId', 'originalMessageId'), '')
  if (document === undefined || target === undefined || text === undefined) return undecoded('noTarget')
  return understood(
    [
      {
        type: 'message.edited',
        target,
        text,
        by: envelope.senderId || null,
        reason: firstText(document, 'editReason', 'reason') ?? null,
        at: envelope.timestamp,
        sequence: envelope.sequence,
      },
    ],
    placeIn(conversationOf(envelope, context, destination), envelope),
  )
}

/** The words an edit puts in place; empty words are words too. */
export function newWords(document: JsonObject): string | undefined {
  for (const value of [document['newContent'], document['content']]) {
    if (value === '') return ''
    const text = textOf(value)
    if (text !== undefined) return text
  }
  return undefined
}

function readRecall(envelope: Envelope, context: DecodeContext, destination: string): Decoded {
  const document = documentOf(envelope)
  const target =
    document === undefined ? undefined : targetOf(firstText(document, 'messageId', 'originalMessageId'), '')
  if (document === undefined || target === undefined) return undecoded('noTarget')
  return understood(
    [
      {
        type: 'message.recalled',
        target,
        by: envelope.senderId || (firstText(document, 'operatorId') ?? null),
        reason: firstText(document, 'reason', 'deleteReason') ?? null,
        at: envelope.timestamp,
      },
    ],
    placeIn(conversationOf(envelope, context, destination), envelope),
  )
}

/** The payload as a JSON object; `undefined` when it is none. */
export function documentOf({ content }: Envelope): JsonObject | undefined {
  return typeof content === 'string' ? parseJsonObject(content) : (content ?? undefined)
}

function reasonOf(envelope: Envelope): string | null {
  const document = documentOf(envelope)
  return document === undefined ? null : (firstText(document, 'reason', 'failReason', 'errorMessage', 'error') ?? null)
}
