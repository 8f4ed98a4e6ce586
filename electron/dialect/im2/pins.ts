/**
 * Pins. The im2 document has a call to pin (section 8.2) and no word for what comes of it; we read it from a change of
 * the conversation, a group update or a status that says `message_pinned` and names the message.
 */
import type { JsonObject } from '#common/base/json.ts'
import type { ServerEvent } from '#common/domain/events.ts'
import type { DecodeContext } from '#electron/core/ports/dialect.ts'
import { targetOf } from '../decoded.ts'
import { firstText } from '../fields.ts'

const words: ReadonlyMap<string, boolean> = new Map([
  ['message_pinned', true],
  ['pinned', true],
  ['communication.message.pinned', true],
  ['message_unpinned', false],
  ['unpinned', false],
  ['communication.message.unpinned', false],
])

/** `undefined` when the content is about something else; empty when the pin is nobody's business here. */
export function pinEvents(document: JsonObject, { selfId }: DecodeContext): readonly ServerEvent[] | undefined {
  const pinned = ['updateType', 'eventType', 'status']
    .map((name) => words.get((firstText(document, name) ?? '').toLowerCase()))
    .find((known) => known !== undefined)
  if (pinned === undefined) return undefined
  const target = targetOf(firstText(document, 'messageId', 'originalMessageId'), firstText(document, 'clientMessageId'))
  if (target === undefined) return undefined
  const by = firstText(document, 'operatorId', 'updatedBy')
  // Pinned by somebody for himself.
  if (firstText(document, 'pinScope', 'scope') === '0' && by !== undefined && by !== selfId) return []
  return [{ type: 'message.pinned', target, pinned }]
}
