import type { JsonObject } from '#common/base/json.ts'
import type { OutboundFrame } from '#electron/core/ports/transport.ts'

/** What both servers want of us: JSON in a text frame, said to be JSON. */
export function jsonFrame(destination: string, body: JsonObject): OutboundFrame {
  return { destination, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}
