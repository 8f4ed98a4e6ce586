import * as v from 'valibot'
import { conversationSchema, personSchema } from './conversation.ts'
import { holeSchema, messageSchema } from './message.ts'
import { noticeSchema, policySchema } from './notice.ts'

/**
 * Everything one transaction changed, as whole rows that replace older ones. `number` grows by exactly one from change
 * set to change set of an account; whoever sees a step other than one has missed something and takes a snapshot.
 */
export const changeSetSchema = v.object({
  number: v.number(),
  conversations: v.array(conversationSchema),
  messages: v.array(messageSchema),
  /** Those of the messages that were not there before, by id. */
  inserted: v.array(v.number()),
  people: v.array(personSchema),
  notices: v.array(noticeSchema),
  policy: v.nullable(policySchema),
  /** The holes of conversations whose known ranges changed: the whole list per conversation. */
  holes: v.array(v.object({ conversationId: v.string(), holes: v.array(holeSchema) })),
})
export type ChangeSet = v.InferOutput<typeof changeSetSchema>
