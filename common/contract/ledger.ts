/** What may be asked about the notification ledger: what was decided, page by page. */
import * as v from 'valibot'
import { ledgerEntrySchema } from '../domain/notification/ledger.ts'

const accountId = v.pipe(v.string(), v.minLength(1), v.maxLength(100))

/** Older decisions are forgotten. */
export const ledgerDays = 30
/** So many decisions are kept at most. */
export const ledgerSize = 2000

const wantedSchema = v.object({
  /** Only what was decided before this one; null: from the newest. */
  before: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1))),
  limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(200)),
  /** Null: of all conversations, and of notices. */
  conversationId: v.nullable(v.pipe(v.string(), v.minLength(1), v.maxLength(600))),
  outcome: v.picklist(['all', 'shown', 'withheld']),
})
export type DecisionsWanted = v.InferOutput<typeof wantedSchema>

/** A decision, with what it was about as it is now. */
export const decisionSchema = v.object({
  ...ledgerEntrySchema.entries,
  /** Of the message; null where there is none. */
  senderId: v.nullable(v.string()),
  /** Of the notice; null where there is none. */
  title: v.nullable(v.string()),
  /** The message or notice is no longer here. */
  gone: v.boolean(),
})
export type Decision = v.InferOutput<typeof decisionSchema>

export const ledgerCalls = {
  /** Newest first. */
  'notifications.decisions': {
    input: v.object({ accountId, ...wantedSchema.entries }),
    output: v.object({
      decisions: v.array(decisionSchema),
      /** `before` of the next page, or null at the end. */
      next: v.nullable(v.number()),
    }),
  },
} as const
