/**
 * One JSON object per frame (section 2 of our protocol reading): messages, and recalls in two forms.
 *
 * Promises: pure and total. A TEXT is the words as they are, even when they look like JSON.
 */
import { type JsonObject, objectOf, parseJsonObject, textOf } from '#common/base/json.ts'
import type { Content } from '#common/domain/content/content.ts'
import type { ConversationRef } from '#common/domain/conversation.ts'
import type { DeliveryState } from '#common/domain/delivery.ts'
import type { DecodeContext, Decoded } from '#electron/core/ports/dialect.ts'
import type { Frame } from '#electron/core/ports/transport.ts'
import { type WireKind, readContent, unsupported } from '../contentDocument.ts'
import { targetOf, undecoded, understood } from '../decoded.ts'
import { firstText, maxBodyBytes, maxIdLength, textOfBody, timeIn } from '../fields.ts'

export const wireKinds: ReadonlyMap<string, WireKind> = new Map<string, WireKind>([
  ['TEXT', 'text'],
  ['IMAGE', 'image'],
  ['FILE', 'file'],
  ['VOICE', 'voice'],
  ['VIDEO', 'video'],
  ['LOCATION', 'location'],
  ['CARD', 'card'],
  ['QUOTE', 'quote'],
  ['FORWARD', 'forward'],
])

const revoked: ReadonlySet<string> = new Set(['REVOKED', 'RECALLED'])
const revokeTypes: ReadonlySet<string> = new Set(['REVOKE', 'RECALL'])
const groupTopic = '/topic/group/'

interface Envelope {
  readonly id: string
  readonly fromId: string
  readonly toId: string
  readonly chatType: string
  readonly msgType: string
  readonly status: string
  readonly content: string | JsonObject
  readonly createdAt: number | null
}

export function decode(frame: Frame, context: DecodeContext): Decoded {
  const { body } = frame
  if (body.length > maxBodyBytes) return undecoded('tooBig')
  if (body.length === 0) return undecoded('empty')
  const root = parseJsonObject(textOfBody(body))
  if (root === undefined) return undecoded('json')
  const envelope = envelopeOf(root, frame.destination)
  if (Math.max(envelope.id.length, envelope.fromId.length, envelope.toId.length) > maxIdLength) {
    return undecoded('idTooLong')
  }
  if (revokeTypes.has(envelope.msgType)) return readRevoke(envelope)
  return readMessage(envelope, context)
}

function envelopeOf(root: JsonObject, destination: string): Envelope {
  const carried = root['content']
  return {
    id: textOf(root['id']) ?? '',
    fromId: textOf(root['fromId']) ?? '',
    toId: textOf(root['toId']) ?? (destination.startsWith(groupTopic) ? destination.slice(groupTopic.length) : ''),
    chatType: word(root, 'chatType'),
    msgType: word(root, 'msgType') || 'TEXT',
    status: word(root, 'status'),
    content: objectOf(carried) ?? textOf(carried) ?? '',
    createdAt: timeIn(root['createdAt']),
  }
}

const word = (root: JsonObject, name: string): string => (textOf(root[name]) ?? '').toUpperCase()

function readMessage(envelope: Envelope, context: DecodeContext): Decoded {
  const { id, fromId, status, createdAt } = envelope
  const target = targetOf(id, undefined)
  // Without an id the next sync would bring it again, and again.
  if (target === undefined) return undecoded('noId')
  const own = fromId === context.selfId
  const recalled = revoked.has(status)
  const conversation = fromId === '' ? undefined : conversationOf(envelope, context)
  const recall = { type: 'message.recalled', target, by: fromId || null, reason: null, at: null } as const
  if (conversation === undefined) {
    if (recalled) return understood([recall])
    return undecoded(fromId === '' ? 'noSender' : 'noConversation')
  }
  if (own && status === 'FAILED') {
    const failed = { serverId: id, clientId: id }
    return understood([{ type: 'message.status', target: failed, state: 'failed', reason: null }])
  }
  const received = {
    type: 'message.received',
    conversation,
    senderId: fromId,
    serverId: id,
    clientId: own ? id : null,
    sequence: null,
    serverTime: createdAt,
    content: recalled ? ({ kind: 'text', text: '' } as const) : contentOf(envelope),
    state: deliveryOf(status),
    recalled,
  } as const
  // Known already, or never seen: both end as a recalled message.
  return understood(recalled ? [received, recall] : [received])
}

function contentOf({ msgType, content }: Envelope): Content {
  const kind = wireKinds.get(msgType)
  if (kind === undefined) return unsupported(msgType, content)
  if (kind === 'text' && typeof content === 'string') return { kind, text: content }
  return content === '' && kind !== 'text' ? unsupported(msgType, content) : readContent(kind, content, msgType)
}

function deliveryOf(status: string): DeliveryState {
  return status === 'DELIVERED' ? 'delivered' : status === 'READ' ? 'read' : 'sent'
}

function conversationOf({ fromId, toId, chatType }: Envelope, context: DecodeContext): ConversationRef | undefined {
  if (toId === '') return undefined
  if (chatType === 'GROUP' || (chatType !== 'SINGLE' && context.isGroup(toId))) return { kind: 'group', groupId: toId }
  if (fromId === context.selfId) return { kind: 'direct', peerId: toId }
  return toId === context.selfId ? { kind: 'direct', peerId: fromId } : undefined
}

/** The content names the message, as a document or as the bare id. */
function readRevoke({ content, fromId, createdAt, id }: Envelope): Decoded {
  const document = typeof content === 'string' ? parseJsonObject(content) : content
  const named =
    document === undefined
      ? typeof content === 'string' && content.length <= maxIdLength
        ? content
        : undefined
      : firstText(document, 'messageId', 'id', 'originalMessageId')
  const target = targetOf(named || id, undefined)
  if (target === undefined) return undecoded('noTarget')
  const reason = document === undefined ? undefined : firstText(document, 'reason')
  return understood([{ type: 'message.recalled', target, by: fromId || null, reason: reason ?? null, at: createdAt }])
}
