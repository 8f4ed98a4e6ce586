/** The demo server is strict, and a test in which a client of ours broke a rule of the documents has failed. */
import { expect } from 'vitest'
import type { DemoServer } from '#test/server/server.ts'

/** Refusals by policy and by token are what some tests are about; what the documents do not allow never is. */
export function expectNoViolations(server: Pick<DemoServer, 'violations'>): void {
  expect(server.violations().filter(({ kind }) => kind === 'protocol')).toEqual([])
}
