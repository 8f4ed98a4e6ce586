/**
 * `npm test`: everything — the checks beside the tests of the source, then the faults and the tests of the built app.
 *
 * Promises: the last line is exactly `N passed, N failed`, with `, N skipped` when there are any, counted from Vitest's
 * own results; a check that failed and a run that died count as one failure each; the exit code is 0 only when nothing
 * failed and something passed.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { preflight } from './preflight.ts'
import { runNode, toolPath } from './run.ts'
import { runSteps, staticSteps } from './steps.ts'
import { addTallies, countVitestResults, summaryLine, type Tally } from './tally.ts'

/** Much of it waits: there is room for the checks. */
const besideChecks = ['!build', '!e2e', '!faults', '!appFaults', '!desktop', '!page', '!packages']
/** What needs the machine for itself, or the built app; one that does not build costs all of this. */
const afterwards = ['build', 'e2e', 'faults', 'appFaults', 'desktop', 'page', 'packages']

async function runVitest(projects: readonly string[], folder: string, name: string): Promise<Tally> {
  const resultsFile = join(folder, `${name}.json`)
  const args = [
    'run',
    ...projects.flatMap((project) => ['--project', project]),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${resultsFile}`,
  ]
  // Hundreds of processes load the same code: what one has compiled (and stripped of types), the next takes from here.
  const code = await runNode(toolPath('vitest'), args, { env: { NODE_COMPILE_CACHE: join(folder, 'compiled') } })
  let results: string | undefined
  try {
    results = readFileSync(resultsFile, 'utf8')
  } catch (error) {
    console.error(`Vitest wrote no results: ${String(error)}`)
  }
  return countVitestResults(results, code)
}

async function main(): Promise<Tally> {
  if (!preflight()) return { passed: 0, failed: 1, skipped: 0 }

  const folder = mkdtempSync(join(tmpdir(), 'godwit-test-'))
  try {
    const [failedSteps, first] = await Promise.all([
      runSteps(staticSteps, { inBackground: true }),
      runVitest(besideChecks, folder, 'source'),
    ])
    if (failedSteps.length > 0) console.error(`Failed checks: ${failedSteps.join(', ')}`)
    const second = await runVitest(afterwards, folder, 'app')
    return addTallies({ passed: 0, failed: failedSteps.length, skipped: 0 }, addTallies(first, second))
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
  }
}

const total = await main()
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1
console.log(summaryLine(total))
