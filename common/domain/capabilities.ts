import * as v from 'valibot'

/** What a server can do, as values, so that nothing asks which server it is. */
export const capabilitiesSchema = v.object({
  edit: v.boolean(),
  recall: v.boolean(),
  /** Telling the server that a message is deleted for us; without it deletion is local. */
  deleteForMe: v.boolean(),
  pin: v.boolean(),
  presence: v.boolean(),
  notices: v.boolean(),
  /** Messages of a conversation are numbered, so that holes can be seen. */
  sequences: v.boolean(),
  /** What is done to a message can be told only by the server's own id of it. */
  needsServerId: v.boolean(),
  /** The server can be asked, at any time, for messages that did not come. */
  resync: v.boolean(),
  /** A new token can be given on the live connection. */
  renewal: v.boolean(),
  /** Server asks for a pace: messages per second. */
  sendRate: v.number(),
})
export type Capabilities = v.InferOutput<typeof capabilitiesSchema>
