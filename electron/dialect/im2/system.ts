/** Types 30–34 (section 3.2 of the im2 document; their contents are our reading): events of the running session. */
import type { JsonObject } from '#common/base/json.ts'
import { numberOf } from '#common/base/json.ts'
import type { Decoded } from '#electron/core/ports/dialect.ts'
import { undecoded, understood } from '../decoded.ts'
import { firstText, firstTime } from '../fields.ts'
import { documentOf } from './chat.ts'
import type { Envelope } from './envelope.ts'
import { MessageStatus, MessageType } from './wire.ts'

/** The server's words are a line, not a page. */
const maxWords = 2000

export function readSystem(envelope: Envelope): Decoded {
  const document = documentOf(envelope) ?? {}
  const plain = typeof envelope.content === 'string' && documentOf(envelope) === undefined ? envelope.content : ''
  const words = (...names: readonly string[]): string | null =>
    (firstText(document, ...names) ?? plain).slice(0, maxWords) || null
  const serverTime = firstTime(document, 'serverTime') ?? envelope.timestamp
  switch (envelope.type) {
    case MessageType.SYSTEM_CONNECT:
      return understood([{ type: 'session.greeted', serverTime }])
    case MessageType.SYSTEM_DISCONNECT: {
      const by = firstText(document, 'operator', 'operatorId', 'kickedBy', 'by')?.slice(0, maxWords) ?? null
      return understood([{ type: 'session.kicked', by, reason: words('reason', 'message', 'content') }])
    }
    case MessageType.SYSTEM_HEARTBEAT: {
      const echoed = firstTime(document, 'clientTimestamp', 'clientTime', 'echo', 'timestamp')
      return understood([{ type: 'session.pulse', echoed, serverTime }])
    }
    case MessageType.SYSTEM_AUTH: {
      const accepted = acceptance(document) ?? envelope.status !== MessageStatus.MESSAGE_FAILED
      return understood([{ type: 'session.authenticated', accepted, reason: words('reason', 'message', 'error') }])
    }
    case MessageType.SYSTEM_STATUS: {
      const text = words('message', 'content', 'text', 'status')
      return text === null ? undecoded('noText') : understood([{ type: 'session.status', text }])
    }
    default:
      return undecoded('typeUnknown')
  }
}

/** `undefined` when the content does not say. */
function acceptance(document: JsonObject): boolean | undefined {
  for (const name of ['accepted', 'success', 'authenticated', 'ok', 'valid']) {
    const value = document[name]
    if (typeof value === 'boolean') return value
    if (typeof value === 'string' && /^(true|false)$/i.test(value)) return /^true$/i.test(value)
  }
  const code = numberOf(document['code'])
  if (code !== undefined) return code === 0 || code === 200
  return document['error'] === undefined || document['error'] === null ? undefined : false
}
