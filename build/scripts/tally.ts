/** Counts what Vitest's JSON results say, and writes the line that closes `npm test`. */

/** How many tests ended how. */
export interface Tally {
  passed: number
  failed: number
  skipped: number
}

interface VitestResults {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests: number
  testResults: { status: string; assertionResults: { status: string }[] }[]
}

/**
 * The tally of one Vitest run.
 *
 * A file that failed without a failed test of its own (it does not load, a hook threw) counts as one failure, as does
 * a run that exited non-zero, or wrote no results, without saying which test failed.
 */
export function countVitestResults(json: string | undefined, exitCode: number): Tally {
  if (json === undefined) return { passed: 0, failed: 1, skipped: 0 }
  const results = JSON.parse(json) as VitestResults
  const brokenFiles = results.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  )
  const failed = results.numFailedTests + brokenFiles.length
  return {
    passed: results.numPassedTests,
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: results.numPendingTests + results.numTodoTests,
  }
}

/** The sum of two tallies. */
export function addTallies(one: Tally, other: Tally): Tally {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
  }
}

/** `N passed, N failed`, and `, N skipped` when there are any. */
export function summaryLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
