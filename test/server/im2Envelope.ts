/**
 * `WebSocketMessage` (section 3 of the im2 document) from the server's side, in the forms a server may choose to write
 * it. The schema is read from `proto/im2.proto` at run time by reflection: nothing the client uses is used here, so one
 * mistake cannot hide itself on both sides.
 */
import { fileURLToPath } from 'node:url'
import protobuf from 'protobufjs'
import type { OutboundBody } from './types.ts'

export const im2Type = {
  text: 0,
  image: 1,
  file: 2,
  voice: 3,
  video: 4,
  location: 5,
  card: 6,
  edit: 10,
  quote: 11,
  forward: 12,
  recall: 13,
  announcement: 20,
  alert: 21,
  promotion: 22,
  maintenance: 23,
  connect: 30,
  disconnect: 31,
  heartbeat: 32,
  auth: 33,
  systemStatus: 34,
  userStatusChange: 40,
  groupUpdate: 41,
  messageStatusChange: 42,
  systemConfigChange: 43,
} as const

export const im2Status = {
  normal: 0,
  sending: 1,
  sent: 2,
  delivered: 3,
  read: 4,
  failed: 5,
  recalled: 6,
  edited: 7,
  deleted: 8,
} as const

export type PayloadField = 'chat' | 'notification' | 'system' | 'event'

export interface Envelope {
  readonly messageId: string
  readonly type: number
  readonly status?: number
  readonly senderId?: string
  readonly receiverId?: string
  readonly conversationId?: string
  readonly clientMessageId?: string
  readonly version?: string
  readonly deviceId?: string
  readonly source?: string
  /** Unix milliseconds. */
  readonly timestamp?: number
  /** Decimal: 64 bits do not fit a JavaScript number. */
  readonly sequence?: string
  /** Taken from the type's group when not given. */
  readonly payload?: PayloadField
  /** A JSON document, or whatever a test wants in its place. */
  readonly content?: string
}

/** `protobuf` is the documented form; the other two are what liberal clients must take as well. */
export type Im2BodyForm = 'protobuf' | 'json' | 'base64'

export type EncodeIm2 = (envelope: Envelope, form: Im2BodyForm) => OutboundBody

export async function loadIm2Encoder(): Promise<EncodeIm2> {
  const root = await protobuf.load(fileURLToPath(new URL('../../proto/im2.proto', import.meta.url)))
  const schema = root.lookupType('im2.WebSocketMessage')
  return (envelope, form) => {
    const { payload, content, ...fields } = envelope
    const object = {
      ...fields,
      ...(content === undefined ? {} : { [payload ?? payloadOf(envelope.type)]: { content } }),
    }
    if (form === 'json') {
      return { contentType: 'application/json', bytes: Buffer.from(JSON.stringify(object)), binary: false }
    }
    const bytes = Buffer.from(schema.encode(schema.fromObject(object)).finish())
    if (form === 'base64') {
      return { contentType: 'text/plain', bytes: Buffer.from(bytes.toString('base64')), binary: false }
    }
    return { contentType: 'application/octet-stream', bytes, binary: true }
  }
}

function payloadOf(type: number): PayloadField {
  if (type >= 20 && type < 30) return 'notification'
  if (type >= 30 && type < 40) return 'system'
  if (type >= 40 && type < 50) return 'event'
  return 'chat'
}
