/** Where a window can be sent from outside: by a notification, a link, the tray. */
import * as v from 'valibot'

export const placeSchema = v.variant('kind', [
  /** At one of its messages; null: at its usual place. */
  v.object({ kind: v.literal('conversation'), conversationId: v.string(), messageId: v.nullable(v.number()) }),
  v.object({ kind: v.literal('notice'), noticeId: v.string() }),
  /** What administrators changed. */
  v.object({ kind: v.literal('changes') }),
  v.object({ kind: v.literal('catchUp') }),
  v.object({ kind: v.literal('account') }),
])
export type Place = v.InferOutput<typeof placeSchema>
