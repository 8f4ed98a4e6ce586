/**
 * Which version ran here last and whether it came up, so that one that does not can be left again.
 *
 * A version is settled once it has run; until then every start of it counts, and the copies of the databases from before
 * it are kept. Nothing here compares versions: the one that ran before is the way back, newer or not.
 */
import * as v from 'valibot'

const version = v.pipe(v.string(), v.minLength(1), v.maxLength(100))

export const versionRecordSchema = v.object({
  /** What was started last. */
  version,
  settled: v.boolean(),
  /** Starts of it that did not settle it, with the one under way. */
  starts: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** What ran well before it. */
  before: v.nullable(version),
  /** What was handed to the system to be put in place when the program ended. `back`: because this one fails. */
  installing: v.nullable(v.object({ version, back: v.boolean() })),
})
export type VersionRecord = v.InferOutput<typeof versionRecordSchema>

export interface Start {
  /** What is to be written before anything that may fail. */
  readonly record: VersionRecord
  /** Another version ran last. */
  readonly isOther: boolean
  /** The user chose to leave the other one for this. */
  readonly isWayBack: boolean
  /** What was to take the last one's place and did not; null: nothing. */
  readonly notInstalled: string | null
  /** Where to go: this version failed to come up `failuresBorne` times. Null: no reason, or no way. */
  readonly wayBack: string | null
}

/** A new version may fail so often before the way back is offered. */
export const failuresBorne = 2

/** `last`: null at the very first start, and where nothing can be read. */
export function judgeStart(last: VersionRecord | null, running: string): Start {
  if (last === null) return start({ version: running, settled: false, starts: 1, before: null, installing: null })
  const { installing } = last
  const notInstalled = installing !== null && installing.version !== running ? installing.version : null
  if (last.version === running) {
    const starts = last.settled ? 0 : last.starts + 1
    const failing = starts > failuresBorne
    return {
      ...start({ ...last, starts, installing: null }),
      notInstalled,
      wayBack: failing ? last.before : null,
    }
  }
  const ranWell = last.settled ? last.version : last.before
  const before = ranWell === running ? null : ranWell
  return {
    ...start({ version: running, settled: false, starts: 1, before, installing: null }),
    isOther: true,
    isWayBack: installing?.back === true && notInstalled === null,
    notInstalled,
  }
}

function start(record: VersionRecord): Start {
  return { record, isOther: false, isWayBack: false, notInstalled: null, wayBack: null }
}
