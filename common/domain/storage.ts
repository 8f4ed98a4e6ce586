/** What can be wrong with an account's messages on this computer, and what a repair of them has saved. */
import * as v from 'valibot'

export const storageTroubleSchema = v.object({
  /** An error code: `storage.…`, or `account.secretUnavailable`. */
  code: v.string(),
  /** For engineers; null where the code says all. */
  detail: v.nullable(v.string()),
  /** The account does not run until something is done; else it runs and goes on by itself. */
  stopped: v.boolean(),
  /** A repair is worth trying: what can be read is saved, and the old file is kept. */
  repairable: v.boolean(),
})
export type StorageTrouble = v.InferOutput<typeof storageTroubleSchema>

const count = v.pipe(v.number(), v.integer(), v.minValue(0))

export const repairReportSchema = v.object({
  /** Messages and changes that still wait to be sent. */
  queued: count,
  drafts: count,
  conversations: count,
  messages: count,
  /** False when some messages could not be read. */
  whole: v.boolean(),
  /** Name of the old file, beside the new one. */
  keptAs: v.string(),
})
export type RepairReport = v.InferOutput<typeof repairReportSchema>
