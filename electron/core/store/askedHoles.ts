/**
 * Which holes the server was asked for in vain. Kept as a fact, one per conversation: everything missing below a
 * sequence was asked for at a time. A hole that opens later is a new one, and so is none that a message has closed.
 */
import { parseJsonObject } from '#common/base/json.ts'
import type { Hole } from '#common/domain/message.ts'
import { holesBetween } from './ranges.ts'
import type { ConversationRow, StoreRows } from './rows.ts'

const keyOf = (conversationId: string): string => `holes.asked:${conversationId}`

/** What to write down once the answer is in, as key and value of a fact; null when nothing is missing. */
export function askedFact(conversationId: string, holes: readonly Hole[], at: number): [string, string] | null {
  const newest = holes.reduce((top, { before }) => (BigInt(before) > top ? BigInt(before) : top), 0n)
  return holes.length === 0 ? null : [keyOf(conversationId), JSON.stringify({ upTo: newest.toString(), at })]
}

/** The holes of a conversation, oldest first, with what is known about asking for them. */
export function holesOf(rows: Pick<StoreRows, 'ranges' | 'facts'>, { key, id }: ConversationRow): Hole[] {
  const holes = holesBetween(rows.ranges.all(key))
  if (holes.length === 0) return holes
  const asked = readAsked(rows.facts.read(keyOf(id)))
  if (asked === null) return holes
  return holes.map((hole) => (BigInt(hole.before) <= asked.upTo ? { ...hole, askedAt: asked.at } : hole))
}

function readAsked(text: string | null): { upTo: bigint; at: number } | null {
  const { upTo, at } = (text === null ? undefined : parseJsonObject(text)) ?? {}
  return typeof upTo === 'string' && /^\d{1,19}$/.test(upTo) && typeof at === 'number'
    ? { upTo: BigInt(upTo), at }
    : null
}
