/** Type 42 (section 3.3 of the im2 document): how far messages got, and facts about their contents. */
import { type Json, type JsonObject, textOf } from '#common/base/json.ts'
import type { DeliveryState } from '#common/domain/delivery.ts'
import type { MessageTarget, ServerEvent } from '#common/domain/events.ts'
import type { DecodeContext, Decoded } from '#electron/core/ports/dialect.ts'
import { targetOf, undecoded, understood } from '../decoded.ts'
import { firstText, firstTime } from '../fields.ts'
import { newWords } from './chat.ts'
import { type Envelope, statusIn } from './envelope.ts'
import { placeOfEvent } from './place.ts'
import { MessageStatus } from './wire.ts'

const deliveries: ReadonlyMap<number, DeliveryState> = new Map([
  // The server speaks of the message, so it has it.
  [MessageStatus.MESSAGE_NORMAL, 'sent'],
  [MessageStatus.MESSAGE_SENDING, 'sending'],
  [MessageStatus.MESSAGE_SENT, 'sent'],
  [MessageStatus.MESSAGE_DELIVERED, 'delivered'],
  [MessageStatus.MESSAGE_READ, 'read'],
  [MessageStatus.MESSAGE_FAILED, 'failed'],
] as const)

/** More receipts in one event than this are refused. */
const maxTargets = 1000

export function readStatus(envelope: Envelope, document: JsonObject, context: DecodeContext): Decoded {
  const status = document['status'] === undefined ? envelope.status : statusIn(document['status'])
  const targets = targetsOf(envelope, document)
  if (targets.length === 0) return undecoded('noTarget')
  if (status === undefined) return undecoded('statusUnknown')
  const events = targets.flatMap((target) => statusEvent(status, target, envelope, document) ?? [])
  return events.length === 0 ? undecoded('statusUnknown') : understood(events, placeOfEvent(envelope, context))
}

function statusEvent(
  status: number,
  target: MessageTarget,
  envelope: Envelope,
  document: JsonObject,
): ServerEvent | undefined {
  const reason = firstText(document, 'reason', 'failReason', 'errorMessage', 'error') ?? null
  const by = firstText(document, 'operatorId') ?? null
  const at = firstTime(document, 'timestamp') ?? envelope.timestamp
  if (status === MessageStatus.MESSAGE_RECALLED) return { type: 'message.recalled', target, by, reason, at }
  if (status === MessageStatus.MESSAGE_DELETED) return { type: 'message.deleted', target }
  if (status === MessageStatus.MESSAGE_EDITED) {
    const text = newWords(document)
    if (text === undefined) return undefined
    return { type: 'message.edited', target, text, by, reason, at, sequence: envelope.sequence }
  }
  const state = deliveries.get(status)
  return state === undefined
    ? undefined
    : { type: 'message.status', target, state, reason: state === 'failed' ? reason : null }
}

/** The content names the message; where it names none, the envelope does. */
function targetsOf(envelope: Envelope, document: JsonObject): readonly MessageTarget[] {
  const listed = document['messageIds']
  if (Array.isArray(listed)) {
    return (listed as readonly Json[]).slice(0, maxTargets).flatMap((id) => targetOf(textOf(id), undefined) ?? [])
  }
  const target =
    targetOf(firstText(document, 'messageId'), firstText(document, 'clientMessageId', 'clientMsgId')) ??
    targetOf(envelope.messageId, envelope.clientMessageId)
  return target === undefined ? [] : [target]
}
