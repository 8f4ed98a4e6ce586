/**
 * `npm test`: everything — the checks, then every test project, the end-to-end one alone at the end.
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

// The second run is of what needs the built app, or the machine for itself; an app that does not build costs only that.
const runs: readonly (readonly string[])[] = [
  ['!build', '!e2e', '!appFaults', '!desktop', '!page', '!packages'],
  ['build', 'e2e', 'appFaults', 'desktop', 'page', 'packages'],
]

async function runVitest(projects: readonly string[], resultsFile: string): Promise<Tally> {
  const code = await runNode(toolPath('vitest'), [
    'run',
    ...projects.flatMap((name) => ['--project', name]),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${resultsFile}`,
  ])
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

  const failedSteps = await runSteps(staticSteps)
  if (failedSteps.length > 0) console.error(`Failed checks: ${failedSteps.join(', ')}`)
  let total: Tally = { passed: 0, failed: failedSteps.length, skipped: 0 }

  const resultsDir = mkdtempSync(join(tmpdir(), 'godwit-test-'))
  try {
    for (const [index, projects] of runs.entries()) {
      total = addTallies(total, await runVitest(projects, join(resultsDir, `${index}.json`)))
    }
  } finally {
    rmSync(resultsDir, { recursive: true, force: true })
  }
  return total
}

const total = await main()
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1
console.log(summaryLine(total))
