/**
 * `npm run faults`: every fault with several seeds, then the table of what was seen.
 *
 *     npm run faults [-- --seed N] [--only F12]
 *
 * The seed is printed; the same seed repeats a run. Exit code 0 only when every fault passed or was skipped with its
 * reason.
 */
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runNode, toolPath } from '../../build/scripts/run.ts'
import { type FaultId, catalogue } from './catalogue.ts'
import type { FaultRun } from './fault.ts'

const { values } = parseArgs({ options: { seed: { type: 'string' }, only: { type: 'string' } } })
const seed = values.seed ?? String(Math.floor(Math.random() * 1_000_000))
const reportFile = join(mkdtempSync(join(tmpdir(), 'godwit-faults-')), 'report.jsonl')
console.log(`seed ${seed}`)

const env = {
  GODWIT_FAULTS: 'whole',
  GODWIT_FAULTS_SEED: seed,
  GODWIT_FAULTS_REPORT: reportFile,
  ...(values.only !== undefined && { GODWIT_FAULTS_ONLY: values.only }),
}
// With one fault alone, most files have nothing to run.
const only = values.only === undefined ? [] : ['--passWithNoTests']
const code = await runNode(toolPath('vitest'), ['run', '--project', 'faults', '--project', 'appFaults', ...only], {
  env,
})
const rows = table(existsSync(reportFile) ? readFileSync(reportFile, 'utf8') : '')
for (const row of rows) console.log(row)
console.log(`seed ${seed}`)
process.exitCode = code

/** One row per fault: runs, the longest time until it was noticed, and the outcome. */
function table(report: string): string[] {
  const runs = report
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as FaultRun)
  const rows = ['| fault | what | runs | noticed after | result |', '|---|---|---|---|---|']
  for (const id of Object.keys(catalogue) as FaultId[]) {
    const own = runs.filter((run) => run.id === id)
    const detected = own.flatMap(({ detectedMs }) => (detectedMs === null ? [] : [detectedMs]))
    const count = (outcome: FaultRun['outcome']): number => own.filter((run) => run.outcome === outcome).length
    const result = [
      `${count('passed')} passed`,
      ...(count('failed') > 0 ? [`${count('failed')} FAILED`] : []),
      ...(count('skipped') > 0 ? [`${count('skipped')} skipped`] : []),
      ...new Set(own.flatMap(({ notes }) => notes)),
    ]
    const noticed = detected.length === 0 ? '' : `${Math.round(Math.max(...detected))} ms`
    if (values.only === undefined || own.length > 0) {
      rows.push(`| ${id} | ${catalogue[id]} | ${own.length} | ${noticed} | ${result.join('; ')} |`)
    }
  }
  return rows
}
