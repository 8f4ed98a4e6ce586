/** How much the store holds, for diagnostics. */
import type { StoreCounts } from '../ports/store.ts'
import { quarantinedFact } from './ingest.ts'
import type { StoreRows } from './rows.ts'

export function readCounts(rows: StoreRows, whole: boolean): StoreCounts {
  const { undecoded, holes, conversations } = rows.counts.few()
  return {
    queued: rows.outbox.size(),
    undecoded,
    quarantined: Number(rows.facts.read(quarantinedFact) ?? 0) || 0,
    holes,
    conversations,
    messages: whole ? rows.counts.messages() : null,
  }
}
