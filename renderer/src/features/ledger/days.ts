import type { Decision } from '#common/contract/ledger.ts'
import { daysBetween } from '../../composables/formats.ts'

export interface LedgerDay {
  /** Of its newest decision: local clock, ms since 1970. */
  readonly at: number
  readonly decisions: readonly Decision[]
}

/** The same decisions in the same order, cut where a local day ends. */
export function byDay(decisions: readonly Decision[]): LedgerDay[] {
  const days: { at: number; decisions: Decision[] }[] = []
  for (const decision of decisions) {
    const day = days.at(-1)
    if (day !== undefined && daysBetween(decision.at, day.at) === 0) day.decisions.push(decision)
    else days.push({ at: decision.at, decisions: [decision] })
  }
  return days
}
