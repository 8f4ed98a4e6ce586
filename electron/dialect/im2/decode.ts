/**
 * From a frame to events: by the message's own type, never by its destination (section 1.1 of our protocol reading).
 *
 * Promises: pure and total; a type this program does not know is an `unsupported` message where it belongs to a
 * conversation, and kept as undecoded elsewhere.
 */
import type { DecodeContext, Decoded } from '#electron/core/ports/dialect.ts'
import type { Frame } from '#electron/core/ports/transport.ts'
import { undecoded } from '../decoded.ts'
import { readChat } from './chat.ts'
import { type Envelope, readEnvelope } from './envelope.ts'
import { readEvent } from './events.ts'
import { readNotice } from './notices.ts'
import { readSystem } from './system.ts'
import { MessageType } from './wire.ts'

export function decode(frame: Frame, context: DecodeContext): Decoded {
  const envelope = readEnvelope(frame)
  return typeof envelope === 'string' ? undecoded(envelope) : route(envelope, context, frame.destination)
}

function route(envelope: Envelope, context: DecodeContext, destination: string): Decoded {
  const { type } = envelope
  if (type < MessageType.NOTIFICATION_ANNOUNCEMENT) return readChat(envelope, context, destination)
  if (type <= MessageType.NOTIFICATION_MAINTENANCE) return readNotice(envelope)
  if (type >= MessageType.SYSTEM_CONNECT && type <= MessageType.SYSTEM_STATUS) return readSystem(envelope)
  if (type >= MessageType.EVENT_USER_STATUS_CHANGE && type <= MessageType.EVENT_SYSTEM_CONFIG_CHANGE) {
    return readEvent(envelope, context)
  }
  // A notification, system or event type of the future is no chat message, unless its conversation is named.
  if (type < 50 && envelope.conversationId === '') return undecoded('typeUnknown')
  return readChat(envelope, context, destination)
}
