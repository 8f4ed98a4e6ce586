/**
 * A fault as a named test, run with several seeds and written down for the table of `npm run faults`.
 *
 * The quick set (in `npm test`) takes one fixed seed and leaves out what is marked `whole`; `npm run faults` takes all
 * with seeds of its own and prints the first, by which any run can be repeated.
 */
import { appendFileSync } from 'node:fs'
import { it } from 'vitest'
import { type FaultId, catalogue } from './catalogue.ts'

/** Whether everything is to be run, not only the quick set. */
export const wholeRun = process.env['GODWIT_FAULTS'] === 'whole'
const firstSeed = Number(process.env['GODWIT_FAULTS_SEED'] ?? '1')
const onlyFault = process.env['GODWIT_FAULTS_ONLY']
const reportFile = process.env['GODWIT_FAULTS_REPORT']

export interface Notes {
  /** How long it took the client to notice, ms. */
  detectedAfter(ms: number): void
  /** A figure for the table, in words. */
  add(note: string): void
}

export interface FaultOptions {
  /** Only in the whole run. */
  readonly whole?: boolean
  /** Seeds in the whole run; default 3. */
  readonly runs?: number
  readonly timeoutMs?: number
  /** Why it cannot run here; shown in the title of the skipped test. */
  readonly missing?: string | null
}

/** One line of the report. */
export interface FaultRun {
  readonly id: FaultId
  readonly what: string
  readonly seed: number
  readonly outcome: 'passed' | 'failed' | 'skipped'
  readonly detectedMs: number | null
  readonly notes: readonly string[]
}

export function fault(
  id: FaultId,
  what: string,
  options: FaultOptions,
  run: (seed: number, notes: Notes) => Promise<void>,
): void {
  const { whole = false, runs = 3, timeoutMs = 60_000, missing = null } = options
  if (whole && !wholeRun) return
  if (onlyFault !== undefined && onlyFault !== id) return
  const title = `${id} ${catalogue[id]}: ${what}`
  if (missing !== null) {
    it.skip(`${title} (skipped: ${missing})`, () => undefined)
    write({ id, what, seed: firstSeed, outcome: 'skipped', detectedMs: null, notes: [missing] })
    return
  }
  for (let at = 0; at < (wholeRun ? runs : 1); at++) {
    const seed = firstSeed + at
    it(`${title} (seed ${seed})`, { timeout: timeoutMs }, async () => {
      const notes: string[] = []
      let detectedMs: number | null = null
      let outcome: FaultRun['outcome'] = 'failed'
      try {
        await run(seed, {
          detectedAfter: (ms) => {
            detectedMs = Math.max(detectedMs ?? 0, ms)
          },
          add: (note) => notes.push(note),
        })
        outcome = 'passed'
      } finally {
        write({ id, what, seed, outcome, detectedMs, notes })
      }
    })
  }
}

function write(line: FaultRun): void {
  if (reportFile !== undefined) appendFileSync(reportFile, `${JSON.stringify(line)}\n`)
}
