import { describe, expect, it } from 'vitest'
import { addTallies, countVitestResults, summaryLine } from '../../../build/scripts/tally.ts'

interface FakeFile {
  status: string
  assertionResults: { status: string }[]
}

function results(counts: {
  passed?: number
  failed?: number
  pending?: number
  todo?: number
  files?: FakeFile[]
}): string {
  return JSON.stringify({
    numPassedTests: counts.passed ?? 0,
    numFailedTests: counts.failed ?? 0,
    numPendingTests: counts.pending ?? 0,
    numTodoTests: counts.todo ?? 0,
    testResults: counts.files ?? [],
  })
}

describe('the tally of a Vitest run', () => {
  it('counts tests that passed, failed and were skipped or planned', () => {
    expect(countVitestResults(results({ passed: 5, failed: 2, pending: 3, todo: 1 }), 1)).toEqual({
      passed: 5,
      failed: 2,
      skipped: 4,
    })
  })

  it('counts a file that does not load as one failure', () => {
    const broken = { status: 'failed', assertionResults: [] }
    expect(countVitestResults(results({ passed: 5, files: [broken] }), 1).failed).toBe(1)
  })

  it('does not count a file again for its failed tests', () => {
    const file = { status: 'failed', assertionResults: [{ status: 'failed' }] }
    expect(countVitestResults(results({ failed: 1, files: [file] }), 1).failed).toBe(1)
  })

  it('counts a run that ended badly without a failed test as one failure', () => {
    expect(countVitestResults(results({ passed: 5 }), 1)).toEqual({ passed: 5, failed: 1, skipped: 0 })
  })

  it('counts a run without results as one failure, whatever its exit code', () => {
    expect(countVitestResults(undefined, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 })
  })
})

describe('the closing line', () => {
  it('names what passed and what failed', () => {
    expect(summaryLine({ passed: 12, failed: 0, skipped: 0 })).toBe('12 passed, 0 failed')
  })

  it('names what was skipped when there is something', () => {
    expect(summaryLine({ passed: 12, failed: 1, skipped: 2 })).toBe('12 passed, 1 failed, 2 skipped')
  })

  it('sums runs', () => {
    const one = { passed: 1, failed: 2, skipped: 3 }
    expect(summaryLine(addTallies(one, { passed: 10, failed: 20, skipped: 30 }))).toBe(
      '11 passed, 22 failed, 33 skipped',
    )
  })
})
