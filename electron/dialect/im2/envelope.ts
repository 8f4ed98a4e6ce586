/**
 * `WebSocketMessage` (section 3.1 of the im2 document) in whatever form it came: binary protobuf, protobuf's JSON
 * mapping, or base64 protobuf in a text frame.
 *
 * Promises: never throws; 64-bit numbers stay exact; unknown fields are ignored. Must never guess at protobuf that a
 * server sent as text and so destroyed: that is told by its replaced bytes or by a content-length that disagrees.
 */
import { type Json, type JsonObject, numberOf, objectOf, parseJsonObject, textOf } from '#common/base/json.ts'
import type { Frame } from '#electron/core/ports/transport.ts'
import { im2 } from '#proto/gen/im2.js'
import { maxBodyBytes, maxIdLength, sequenceIn, sequenceOfHalves, textOfBody, timeIn, timeOfHalves } from '../fields.ts'
import { statusNumber, typeLabel, typeNumber } from './wire.ts'

export interface Envelope {
  /** Ids are empty where absent. */
  readonly messageId: string
  readonly senderId: string
  readonly receiverId: string
  readonly conversationId: string
  readonly clientMessageId: string
  /** -1 for a name this schema does not have. */
  readonly type: number
  /** The server's own name or number for the type. */
  readonly label: string
  readonly status: number
  readonly timestamp: number | null
  readonly sequence: string | null
  /** The payload's `content`; null when there is no payload. */
  readonly content: string | JsonObject | null
}

/** Why a body is none: one of our own words. */
type Unreadable = 'tooBig' | 'empty' | 'json' | 'protobuf' | 'damaged' | 'meaningless' | 'idTooLong'

const openBrace = 0x7b

export function readEnvelope(frame: Frame): Envelope | Unreadable {
  const { body } = frame
  if (body.length > maxBodyBytes) return 'tooBig'
  if (body.length === 0) return 'empty'
  const envelope = read(frame, body)
  return typeof envelope === 'string' ? envelope : checked(envelope)
}

function read(frame: Frame, body: Uint8Array): Envelope | Unreadable {
  // No protobuf of this schema begins with a brace: it would be a group of field 15.
  if (body[0] === openBrace) return fromJson(textOfBody(body))
  if (frame.contentType !== null && /json/i.test(frame.contentType)) {
    const envelope = fromJson(textOfBody(body).trim())
    if (typeof envelope !== 'string') return envelope
  }
  if (isBase64(body)) {
    const envelope = fromProtobuf(Buffer.from(textOfBody(body), 'base64'))
    if (typeof envelope !== 'string') return envelope
  }
  const declared = frame.headers['content-length']
  const disagrees = declared !== undefined && Number(declared) !== body.length
  if (disagrees && holdsReplacement(body)) return 'damaged'
  const envelope = fromProtobuf(body)
  if (envelope !== 'protobuf') return envelope
  return disagrees || holdsReplacement(body) ? 'damaged' : 'protobuf'
}

function checked(envelope: Envelope): Envelope | Unreadable {
  const { messageId, senderId, receiverId, conversationId, clientMessageId, content } = envelope
  const longest = Math.max(
    messageId.length,
    senderId.length,
    receiverId.length,
    conversationId.length,
    clientMessageId.length,
  )
  if (longest > maxIdLength) return 'idTooLong'
  // Bytes that mean nothing often decode to a message of defaults.
  return longest === 0 && content === null ? 'meaningless' : envelope
}

function fromProtobuf(bytes: Uint8Array): Envelope | 'protobuf' {
  try {
    const message = im2.WebSocketMessage.decode(bytes)
    const payload = message.chat ?? message.event ?? message.notification ?? message.system
    return {
      messageId: message.messageId,
      senderId: message.senderId,
      receiverId: message.receiverId,
      conversationId: message.conversationId,
      clientMessageId: message.clientMessageId,
      type: message.type,
      label: typeLabel(message.type),
      status: message.status,
      timestamp: timeOfHalves(message.timestamp),
      sequence: sequenceOfHalves(message.sequence),
      content: payload?.content ?? null,
    }
  } catch {
    return 'protobuf'
  }
}

function fromJson(text: string): Envelope | 'json' {
  const root = parseJsonObject(text)
  if (root === undefined) return 'json'
  const type = typeIn(root['type'])
  return {
    messageId: textOf(root['messageId']) ?? '',
    senderId: textOf(root['senderId']) ?? '',
    receiverId: textOf(root['receiverId']) ?? '',
    conversationId: textOf(root['conversationId']) ?? '',
    clientMessageId: textOf(root['clientMessageId']) ?? '',
    type,
    label: type === -1 ? (textOf(root['type']) ?? '') : typeLabel(type),
    status: statusIn(root['status']) ?? 0,
    timestamp: timeIn(root['timestamp']),
    sequence: sequenceIn(root['sequence']),
    content: contentIn(root),
  }
}

function contentIn(root: JsonObject): string | JsonObject | null {
  const payload = root['chat'] ?? root['event'] ?? root['notification'] ?? root['system']
  const carried = objectOf(payload)?.['content'] ?? payload
  return objectOf(carried) ?? textOf(carried) ?? (payload === undefined || payload === null ? null : '')
}

/** Absent is the first value, as protobuf's JSON mapping leaves it out. */
function typeIn(value: Json | undefined): number {
  if (value === undefined || value === null) return 0
  const number = numberOf(value)
  if (number !== undefined) return Number.isInteger(number) ? number : -1
  return typeof value === 'string' ? (typeNumber(value) ?? -1) : -1
}

export function statusIn(value: Json | undefined): number | undefined {
  const number = numberOf(value)
  if (number !== undefined) return number
  return typeof value === 'string' ? statusNumber(value) : undefined
}

/** Letters, digits, `+/-_`, closing `=` and line ends only. Leaves at the first other byte, mostly the very first. */
function isBase64(body: Uint8Array): boolean {
  if (body.length < 4 || !isBase64Byte(body[0] ?? 0)) return false
  for (const byte of body) if (!isBase64Byte(byte) && byte !== 0x3d && byte !== 0x0a && byte !== 0x0d) return false
  return true
}

function isBase64Byte(byte: number): boolean {
  return (
    (byte >= 0x61 && byte <= 0x7a) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x30 && byte <= 0x39) ||
    byte === 0x2b ||
    byte === 0x2f ||
    byte === 0x2d ||
    byte === 0x5f
  )
}

/** U+FFFD in UTF-8: what a byte that is no text became when it was sent as text. */
function holdsReplacement(body: Uint8Array): boolean {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).includes('\ufffd')
}
