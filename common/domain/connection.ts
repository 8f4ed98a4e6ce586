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
  /** The server's own words: why it ended the session. Shown as inert text. */
  words: v.nullable(v.string()),
  /** Who ended it, by the server's word; null where nobody is named. */
  endedBy: v.nullable(v.string()),
})
export type ConnectionStatus = v.InferOutput<typeof connectionStatusSchema>

/** The server does not let this user follow it; `reason`: the server's words, shown as inert text. */
const refusedGroupSchema = v.object({ groupId: v.string(), reason: v.string() })
export type RefusedGroup = v.InferOutput<typeof refusedGroupSchema>

/** What the running session has learned beside rows: replaced as a whole, and gone with the program. */
export const sessionStatusSchema = v.object({
  /** Medians of the last answered heart-beats; null where this server answers none. */
  pulse: v.nullable(
    v.object({
      roundTripMs: v.number(),
      /** Server's clock less ours, ms; null where the server does not tell its time. */
      clockOffsetMs: v.nullable(v.number()),
    }),
  ),
  /** When the server greeted us, by its own clock. */
  greetedAt: v.nullable(v.number()),
  /** What the server last announced about itself. `number` grows with each, so that a dismissed one stays away. */
  announcement: v.nullable(v.object({ number: v.number(), text: v.string() })),
  /** When the token ends, ms since 1970, once it is time to ask the person for a new one. */
  tokenEndsAt: v.nullable(v.number()),
  /** Groups that are left out for now. */
  refusedGroups: v.array(refusedGroupSchema),
  /**
   * The server breaks off each time it is asked for what was missed: it is not asked again before then, ms since 1970.
   * Null where it answers as it should.
   */
  missedRestsUntil: v.nullable(v.number()),
})
export type SessionStatus = v.InferOutput<typeof sessionStatusSchema>

export const quietSession: SessionStatus = {
  pulse: null,
  greetedAt: null,
  announcement: null,
  tokenEndsAt: null,
  refusedGroups: [],
  missedRestsUntil: null,
}
