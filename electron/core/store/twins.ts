import { plainText, withText } from '#common/domain/content/content.ts'
import type { IngestRecord } from './ingestRecord.ts'
import { applyDelete, applyEdit, applyPin, applyRecall, editedWords } from './messageRules.ts'
import { proveSent } from './proofs.ts'
import type { MessageRow } from './rows.ts'
import { noteStep } from './trace.ts'
import { type UnitOfWork, standingOf } from './unit.ts'

/**
 * The server has told of our own message without its client id, so that it looked like one from another device; now it
 * is known to be the one composed here. `kept` takes over what the server said; the other stays as an empty, hidden row.
 */
export function absorbTwin(unit: UnitOfWork, record: IngestRecord, kept: MessageRow, twin: MessageRow): void {
  const { serverId, sequence, serverTime, orderSequence, orderTime, state, edited, recalled, pinned, deleted } = twin
  const { content } = twin
  const words = editedWords(twin)

  const twinBefore = standingOf(twin)
  twin.serverId = null
  twin.clientId = null
  twin.sequence = null
  twin.serverTime = null
  applyDelete(twin)
  unit.saveMessage(twin, twinBefore)

  const before = standingOf(kept)
  kept.serverId = serverId
  if (kept.conversation === twin.conversation) {
    kept.sequence = sequence
    kept.serverTime = serverTime
    kept.orderSequence = orderSequence
    kept.orderTime = orderTime
  }
  kept.content = kept.edited === null ? content : withText(content, plainText(kept.content))
  proveSent(unit, record, kept, 'echo', state)
  noteStep(unit, kept, { step: 'identified', serverTime })
  if (edited !== null) applyEdit(kept, { ...edited, text: words }, unit.selfId)
  if (recalled !== null) applyRecall(kept, recalled, unit.selfId)
  if (pinned) applyPin(kept, true)
  if (deleted) applyDelete(kept)
  unit.saveMessage(kept, before)
}
