/** What the program uses and does, as numbers for whoever looks after it. */
import * as v from 'valibot'

const count = v.nullable(v.number())

export const meterReadingSchema = v.object({
  /** Monotonic clock, ms. Rates are differences of two readings. */
  at: v.number(),
  /** Bytes. */
  memory: v.object({
    /** Of main. */
    main: v.number(),
    heap: v.number(),
    /** Of all processes of the program; null where the system does not say. */
    whole: v.nullable(v.number()),
  }),
  /** Of the last calls of all accounts' stores, waiting in the queue included; null before the first. */
  database: v.object({ calls: v.number(), p50Ms: v.nullable(v.number()), p99Ms: v.nullable(v.number()) }),
  /** STOMP frames since the start, all accounts. */
  framesIn: v.number(),
  framesOut: v.number(),
  /** Of one account; all null while its store is not to be had. */
  queued: count,
  undecoded: count,
  quarantined: count,
  holes: count,
})
export type MeterReading = v.InferOutput<typeof meterReadingSchema>

export const databaseCheckSchema = v.object({
  ms: v.number(),
  /** Conversations whose derived counts were wrong, and are right now. */
  repaired: v.number(),
  messages: v.number(),
  conversations: v.number(),
  queued: v.number(),
  undecoded: v.number(),
  quarantined: v.number(),
  holes: v.number(),
  /** Sizes on disk: the database with its log, and the account's files. */
  databaseBytes: v.number(),
  filesBytes: v.number(),
})
export type DatabaseCheck = v.InferOutput<typeof databaseCheckSchema>

export const versionsSchema = v.object({
  program: v.string(),
  /** By name, as they call themselves: `electron`, `chrome`, `node`, `v8`. */
  parts: v.array(v.object({ name: v.string(), version: v.string() })),
  system: v.string(),
  /** False: Chromium's sandbox was turned off at the start. */
  sandboxed: v.boolean(),
})
export type Versions = v.InferOutput<typeof versionsSchema>
