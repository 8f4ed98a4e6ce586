/** What a search answers: never markup, never more than is shown. */
import * as v from 'valibot'

/** Hits of one answer; where there are more, that is said and not counted. */
export const hitsPerPage = 50

export const searchOrders = ['newest', 'relevance'] as const
export type SearchOrder = (typeof searchOrders)[number]

export const searchHitSchema = v.object({
  messageId: v.number(),
  /** Null for one the server has not named yet. */
  serverId: v.nullable(v.string()),
  conversationId: v.string(),
  senderId: v.string(),
  kind: v.string(),
  /** Milliseconds since 1970, the server's clock where it has spoken. */
  at: v.number(),
  /** One line; `marked` is what was looked for. Empty for a message without words. */
  parts: v.array(v.object({ text: v.string(), marked: v.boolean() })),
})
export type SearchHit = v.InferOutput<typeof searchHitSchema>

export const searchAnswerSchema = v.object({
  hits: v.array(searchHitSchema),
  /** Where the next page goes on; null at the end. A page may be empty and still go on: little of much was right. */
  cursor: v.nullable(v.number()),
  /** Time inside the database, ms. */
  tookMs: v.number(),
  /** Messages that are not in the index yet, of how many; null once all are. */
  indexing: v.nullable(v.object({ left: v.number(), total: v.number() })),
})
export type SearchAnswer = v.InferOutput<typeof searchAnswerSchema>
