/**
 * The order of the test files: the longest first, so that none is left to run alone at the end.
 *
 * Vitest takes one project after the other, by name, and in each the largest files first, which are not the longest.
 * What is named here goes before the rest of its group; a name that is missing costs only time.
 */
import { relative, sep } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { projectDir } from './run.ts'

/** What takes more than about fifteen seconds, the longest first. */
const longest = [
  'test/e2e/desktop.e2e.ts',
  'test/e2e/ends.e2e.ts',
  'test/e2e/sockjs.e2e.ts',
  'test/renderer/page.test.ts',
  'test/e2e/accessibility.e2e.ts',
  'test/e2e/chat.e2e.ts',
  'test/e2e/attachments.e2e.ts',
  'test/e2e/ledger.e2e.ts',
  'test/e2e/notifications.e2e.ts',
  'test/e2e/voice.e2e.ts',
  'test/e2e/signIn.e2e.ts',
  'test/e2e/cutLink.e2e.ts',
  'test/unit/host/lifecycle.test.ts',
  'test/faults/links.test.ts',
  'test/unit/core/quirks.test.ts',
  'test/unit/core/session.test.ts',
  'test/faults/clocks.test.ts',
  'test/unit/host/pages.test.ts',
  'test/faults/heartbeats.test.ts',
  'test/faults/bytes.test.ts',
  'test/store/migrationKill.test.ts',
  'test/faults/killed.test.ts',
  'test/interop/broker.test.ts',
  'test/faults/storage.test.ts',
]

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const groupOf = ({ project }: TestSpecification): number => project.config.sequence.groupOrder
    return sorted.toSorted((a, b) => groupOf(a) - groupOf(b) || rank(a) - rank(b))
  }
}

function rank({ moduleId }: TestSpecification): number {
  const place = longest.indexOf(relative(projectDir, moduleId).split(sep).join('/'))
  return place < 0 ? longest.length : place
}
