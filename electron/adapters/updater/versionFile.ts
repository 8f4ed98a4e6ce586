/** The version record on the disk: small, and apart from the databases, which a new version may be unable to open. */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import * as v from 'valibot'
import { parseJson } from '#common/base/json.ts'
import type { Log } from '#electron/core/ports/platform.ts'
import { type VersionRecord, versionRecordSchema } from '#electron/core/updates/versionRecord.ts'

/** Null where there is none, or none that can be read. */
export function readVersionRecord(file: string): VersionRecord | null {
  try {
    const parsed = v.safeParse(versionRecordSchema, parseJson(readFileSync(file, 'utf8')))
    return parsed.success ? parsed.output : null
  } catch {
    return null
  }
}

/** Whole or not at all. A disk that takes nothing keeps nobody from starting. */
export function writeVersionRecord(file: string, record: VersionRecord, log: Log): void {
  const unfinished = `${file}.tmp`
  try {
    const descriptor = openSync(unfinished, 'w', 0o600)
    try {
      writeFileSync(descriptor, JSON.stringify(record))
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    renameSync(unfinished, file)
  } catch (error) {
    log.warn('version record not written', { error: error instanceof Error ? error.name : 'unknown' })
  }
}
