/**
 * Where a message stands in its conversation (see `positionSchema`). Numbered messages stand by their sequence.
 * One the server has timed but not numbered stands after the highest sequence that is not later than it; when a
 * numbered message comes late, those that belong behind it move. The highest such sequence does not depend on the order
 * of arrival, and neither does the timeline.
 */
import { pendingSequence } from '#common/domain/message.ts'
import type { ConversationRow, MessageRow } from './rows.ts'
import { compareSequences } from './sequence.ts'
import { type UnitOfWork, standingOf } from './unit.ts'

/** At the end, in the order of the queue. */
export function placePending(row: MessageRow, outboxId: number): void {
  row.orderSequence = pendingSequence
  row.orderTime = outboxId
}

/** Sets the row's place by what the server said of it; `at` serves where it said nothing. */
export function placeByServer(unit: UnitOfWork, row: MessageRow, conversation: ConversationRow, at: number): void {
  if (row.sequence !== null) {
    row.orderSequence = row.sequence
    row.orderTime = row.serverTime ?? 0
    if (!conversation.numbered) {
      conversation.numbered = true
      unit.noteQuietly(conversation)
    }
  } else if (row.serverTime !== null) {
    const anchor = conversation.numbered ? unit.rows.messages.anchor(conversation.key, row.serverTime) : undefined
    row.orderSequence = anchor ?? '0'
    row.orderTime = row.serverTime
    if (conversation.unnumberedUntil === null || conversation.unnumberedUntil < row.serverTime) {
      conversation.unnumberedUntil = row.serverTime
      unit.noteQuietly(conversation)
    }
  } else placeBehindLast(unit, row, conversation, at)
}

/** For a message the server has without saying when: behind all that is known, until it says more. */
export function placeBehindLast(unit: UnitOfWork, row: MessageRow, conversation: ConversationRow, at: number): void {
  const last = unit.rows.messages.lastConfirmed(conversation.key)
  row.orderSequence = last?.sequence ?? '0'
  row.orderTime = last === undefined ? at : Math.max(last.time + 1, at)
}

/** Call after a message has got a sequence or a time: moves the unnumbered ones that belong behind it. */
export function moveUnnumberedBehind(unit: UnitOfWork, row: MessageRow, conversation: ConversationRow): void {
  const { sequence, serverTime } = row
  if (sequence === null || serverTime === null || compareSequences(sequence, pendingSequence) >= 0) return
  if (conversation.unnumberedUntil === null || serverTime > conversation.unnumberedUntil) return
  for (const moved of unit.rows.messages.unnumberedBefore(conversation.key, sequence, serverTime)) {
    const current = unit.message(moved.id) ?? moved
    const before = standingOf(current)
    current.orderSequence = sequence
    unit.saveMessage(current, before)
  }
}
