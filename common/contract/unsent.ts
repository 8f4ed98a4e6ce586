/** Files and recordings a page holds and has not sent: handed to main before the page begins anew, and given back. */
import * as v from 'valibot'
import { maxAddedBytes } from '../domain/upload.ts'

const bytes = v.pipe(
  v.instance(Uint8Array),
  v.check((given) => given.byteLength <= maxAddedBytes, 'too many bytes'),
)
const type = v.pipe(v.string(), v.maxLength(200))

export const unsentSchema = v.object({
  accountId: v.pipe(v.string(), v.minLength(1), v.maxLength(100)),
  conversationId: v.pipe(v.string(), v.minLength(1), v.maxLength(600)),
  what: v.variant('kind', [
    v.object({ kind: v.literal('file'), name: v.pipe(v.string(), v.maxLength(1000)), type, bytes }),
    v.object({
      kind: v.literal('voice'),
      type,
      bytes,
      seconds: v.pipe(v.number(), v.minValue(0), v.maxValue(3600)),
      /** How loud it was along the way, 0 to 1. */
      levels: v.pipe(v.array(v.number()), v.maxLength(10_000)),
    }),
  ]),
})
export type Unsent = v.InferOutput<typeof unsentSchema>

export const unsentCalls = {
  /** Kept in memory, for this window alone, until it is asked for or the window is gone. */
  'unsent.keep': { input: unsentSchema, output: v.object({}) },
  /** The first that was kept, which main then has no longer; null when there is none. */
  'unsent.take': { input: v.object({}), output: v.object({ next: v.nullable(unsentSchema) }) },
} as const
