import * as v from 'valibot'
import { contentSchema } from './content/content.ts'
import { deliveryProofs, deliveryStates } from './delivery.ts'

/**
 * Where a message stands in its conversation: by the server's `sequence` where it has one, else the server's time,
 * then its id. A message the server has not numbered is placed after the highest sequence not later than its time; one
 * still on its way stands at the end (`pendingSequence`). The local clock never decides between two known messages.
 */
export const positionSchema = v.object({
  /** Decimal int64, never a JavaScript number. */
  sequence: v.pipe(v.string(), v.regex(/^\d{1,19}$/)),
  /** Milliseconds since 1970 by the server's clock; for a pending message its number in the queue. */
  time: v.number(),
  id: v.string(),
})
export type Position = v.InferOutput<typeof positionSchema>

/** The largest int64: after everything the server has numbered. */
export const pendingSequence = '9223372036854775807'

/** Negative, zero or positive, as sort functions want it. */
export function comparePositions(a: Position, b: Position): number {
  if (a.sequence.length !== b.sequence.length) return a.sequence.length - b.sequence.length
  if (a.sequence !== b.sequence) return a.sequence < b.sequence ? -1 : 1
  if (a.time !== b.time) return a.time - b.time
  return a.id === b.id ? 0 : a.id < b.id ? -1 : 1
}

export const messageSchema = v.object({
  /** Local row id: the message's name inside this account, constant for ever. */
  id: v.number(),
  conversationId: v.string(),
  serverId: v.nullable(v.string()),
  clientId: v.nullable(v.string()),
  senderId: v.string(),
  outgoing: v.boolean(),
  content: contentSchema,
  position: positionSchema,
  /** Decimal int64 as the server gave it, or null. */
  sequence: v.nullable(v.string()),
  /** Milliseconds since 1970 by the server's clock, or null before the server has spoken. */
  serverTime: v.nullable(v.number()),
  /** When it was composed or received here, local clock, for display and diagnostics only. */
  localTime: v.number(),
  state: v.picklist(deliveryStates),
  proof: v.nullable(v.picklist(deliveryProofs)),
  /** Error code and engineers' detail of a failed or waiting message. */
  problem: v.nullable(v.object({ code: v.string(), detail: v.nullable(v.string()) })),
  edited: v.nullable(v.object({ at: v.nullable(v.number()), reason: v.nullable(v.string()) })),
  recalled: v.nullable(
    v.object({ at: v.nullable(v.number()), by: v.nullable(v.string()), reason: v.nullable(v.string()) }),
  ),
  /** Deleted for us: the renderer drops the row. */
  deleted: v.boolean(),
  pinned: v.boolean(),
  /** From somebody else and not yet seen. */
  unread: v.boolean(),
  /** Number of the change that last touched the row; the higher one is the truth. */
  revision: v.number(),
})
export type Message = v.InferOutput<typeof messageSchema>

/** Messages the server numbered that never came: those strictly between the two sequences. */
export const holeSchema = v.object({
  after: v.string(),
  before: v.string(),
  count: v.string(),
  /** When the server was last asked for them and sent none, ms since 1970 local clock; absent when it was not asked. */
  askedAt: v.exactOptional(v.number()),
})
export type Hole = v.InferOutput<typeof holeSchema>
