/**
 * The run of one version of the program: counted before anything that may fail, settled once a page has stood for a
 * while. Until then the copies of the databases from before it are kept, and a version that keeps failing offers the way
 * back (`startVersion.ts`).
 */
import type { Disposable } from '#common/base/disposable.ts'
import { readVersionRecord, writeVersionRecord } from '#electron/adapters/updater/versionFile.ts'
import type { Clock, Log } from '#electron/core/ports/platform.ts'
import { type Start, judgeStart } from '#electron/core/updates/versionRecord.ts'

/** A page that has stood so long has shown that this version comes up. */
const settledAfterMs = 10_000

export interface VersionRun extends Disposable {
  readonly start: Start
  /** This version has not proved itself yet: what was copied before it is kept. */
  readonly keepsCopies: boolean
  /** A page is there and has asked for what it shows. */
  noteShown(): void
  /** The system is about to put another version in this one's place. */
  noteInstalling(version: string, how: { readonly back: boolean }): void
  /** Ends as its user wanted: nothing failed, though it was short. */
  noteEnd(): void
}

export interface VersionRunOptions {
  readonly file: string
  /** Version of this program. */
  readonly running: string
  readonly clock: Pick<Clock, 'after'>
  readonly log: Log
}

export function beginVersion({ file, running, clock, log }: VersionRunOptions): VersionRun {
  const last = readVersionRecord(file)
  const start = judgeStart(last, running)
  let { record } = start
  const keep = (next: typeof record): void => {
    record = next
    writeVersionRecord(file, record, log)
  }
  // The ordinary start of an ordinary day writes nothing.
  if (JSON.stringify(record) !== JSON.stringify(last)) keep(record)
  if (start.isOther) log.info('another version ran last', { before: last?.version })
  if (start.notInstalled !== null) log.warn('version not installed', { version: start.notInstalled })
  let timer: Disposable | null = null
  return {
    start,
    keepsCopies: !record.settled,
    noteShown() {
      if (record.settled || timer !== null) return
      timer = clock.after(settledAfterMs, () => keep({ ...record, settled: true, starts: 0 }))
    },
    noteInstalling: (version, { back }) => keep({ ...record, installing: { version, back } }),
    noteEnd() {
      if (!record.settled && timer !== null) keep({ ...record, starts: Math.max(0, record.starts - 1) })
    },
    dispose: () => timer?.dispose(),
  }
}
