/**
 * Our own messages stand in the order in which they were composed, because that is the order in which they went out. One
 * that the server has without having said when stands at a place we gave it; it gives way when another is given its
 * true place. The local clock, which may be wrong by hours, never decides between two of ours.
 */
import { comparePlaces, isComposedHere, isPending, placeOf } from './messageRules.ts'
import type { ConversationRow, MessageRow, Place } from './rows.ts'
import { type UnitOfWork, standingOf } from './unit.ts'

/** Neighbours looked at: places of our own making are few, and near. */
const lookedAt = 50

function isPlacedByUs(unit: UnitOfWork, row: MessageRow): boolean {
  const isOwn = row.senderId === unit.selfId && isComposedHere(row) && !isPending(row)
  return isOwn && row.serverTime === null && row.sequence === null
}

/** Call when the server has given the row its place; `before` is the one it had, or null when it was on its way. */
export function keepComposedOrder(
  unit: UnitOfWork,
  row: MessageRow,
  conversation: ConversationRow,
  before: Place | null,
): void {
  if (row.senderId !== unit.selfId || !isComposedHere(row)) return
  const { messages } = unit.rows
  const place = placeOf(row)
  const earlier = messages
    .after(conversation.key, place, lookedAt)
    .filter((other) => other.id < row.id && isPlacedByUs(unit, other))
  for (const [at, other] of earlier.entries()) move(unit, other, place, at - earlier.length)
  if (before === null || comparePlaces(before, place) >= 0) return
  const later = messages
    .after(conversation.key, before, lookedAt)
    .filter((other) => other.id > row.id && isPlacedByUs(unit, other) && comparePlaces(placeOf(other), place) < 0)
  for (const [at, other] of later.entries()) move(unit, other, place, at + 1)
}

function move(unit: UnitOfWork, found: MessageRow, beside: Place, by: number): void {
  const row = unit.message(found.id) ?? found
  const before = standingOf(row)
  row.orderSequence = beside.sequence
  row.orderTime = beside.time + by
  unit.saveMessage(row, before)
}
