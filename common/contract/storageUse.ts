/** What may be asked about the room an account takes: measured, kept files and messages let go, the database made smaller. */
import * as v from 'valibot'
import { storageUseSchema } from '../domain/storageUse.ts'

const accountId = v.pipe(v.string(), v.minLength(1), v.maxLength(100))
const conversationId = v.pipe(v.string(), v.minLength(1), v.maxLength(600))
const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const size = v.pipe(v.number(), v.minValue(0))

export const storageUseCalls = {
  'storage.use': { input: v.object({ accountId }), output: storageUseSchema },
  /** Files kept for messages go, the messages stay. */
  'storage.clearMedia': {
    input: v.object({
      accountId,
      /** Null: of all chats. */
      conversationId: v.nullable(conversationId),
      /** Of messages older than so many days; null: of any age. */
      olderThanDays: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(36_500))),
    }),
    output: v.object({ files: count, bytes: size }),
  },
  /** The messages of a chat go from this computer with the files kept for them; what waits to be sent and the draft stay. */
  'storage.clearMessages': { input: v.object({ accountId, conversationId }), output: v.object({ messages: count }) },
  /** Answers when it is done. Fails with `storage.full` and the bytes `needed` and `free` where there is no room for it. */
  'storage.compact': { input: v.object({ accountId }), output: v.object({ before: size, after: size }) },
  /** How far the making smaller is; null when none is under way. `share` is 0 to 1, or null where nobody can say yet. */
  'storage.progress': {
    input: v.object({ accountId }),
    output: v.object({ progress: v.nullable(v.object({ share: v.nullable(v.number()) })) }),
  },
} as const
