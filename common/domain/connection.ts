import * as v from 'valibot'

/** The state proved, never hoped for. `rejected` and `kicked` end the attempts and ask the user. */
export const connectionStates = [
  'offline',
  'connecting',
  'authenticating',
  'syncing',
  'online',
  'rejected',
  'kicked',
] as const
export type ConnectionState = (typeof connectionStates)[number]

export const connectionStatusSchema = v.object({
  state: v.picklist(connectionStates),
  /** Failures in a row since the link was last stable. */
  failures: v.number(),
  /** When the next try is due, milliseconds since 1970 local clock; null when none is planned. */
  nextTryAt: v.nullable(v.number()),
  /** Why there is no link now, as an error code; null when there is no trouble. */
  problem: v.nullable(v.object({ code: v.string(), detail: v.nullable(v.string()) })),
  /** The server's own words: who ended the session and why. Shown as inert text. */
  words: v.nullable(v.string()),
})
export type ConnectionStatus = v.InferOutput<typeof connectionStatusSchema>
