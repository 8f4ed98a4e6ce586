import { type DeliveryProof, type DeliveryState, advance } from '#common/domain/delivery.ts'
import type { IngestRecord } from './ingestRecord.ts'
import { applyProof, applyState, eraseDeleted, isComposedHere } from './messageRules.ts'
import { dropEntries } from './queue.ts'
import type { MessageRow } from './rows.ts'
import { noteStep } from './trace.ts'
import type { UnitOfWork } from './unit.ts'

/**
 * The server has shown that it has our message: its place in the queue is given up and its state moves forward. A
 * failure turns out to have been none. Changes the row without writing or placing it.
 */
export function proveSent(
  unit: UnitOfWork,
  record: IngestRecord,
  row: MessageRow,
  proof: DeliveryProof,
  state: DeliveryState = 'sent',
): boolean {
  const composedHere = isComposedHere(row)
  if (row.state === 'sending') {
    for (const id of dropEntries(unit, row, ['send'])) {
      record.settled.add(id)
      record.proved.add(id)
    }
  }
  const advanced = applyState(row, advance('sent', state), null)
  eraseDeleted(row)
  if (!composedHere) return advanced
  const better = applyProof(row, proof)
  if (better) noteStep(unit, row, { step: 'proved', proof, serverTime: proof === 'echo' ? row.serverTime : null })
  if (advanced && (row.state === 'delivered' || row.state === 'read')) noteStep(unit, row, { step: row.state })
  return better || advanced
}
