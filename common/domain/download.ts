import * as v from 'valibot'

/**
 * Where the file of a message stands on its way to this computer; a message without one here has nothing fetched.
 * `waiting` for its turn, `retrying` after a cut that may pass, `paused` by the user or by the end of the program,
 * `failed` until somebody asks again, `kept` when it is here whole. What came stays in all of them.
 */
export const downloadSchema = v.object({
  messageId: v.number(),
  state: v.picklist(['waiting', 'running', 'retrying', 'paused', 'failed', 'kept']),
  /** Bytes. */
  received: v.number(),
  /** Null while nobody has said how many there are. */
  total: v.nullable(v.number()),
  /** Error code of the last failure, or null. */
  problem: v.nullable(v.string()),
})
export type Download = v.InferOutput<typeof downloadSchema>
