import type { DeliveryProof } from '#common/domain/delivery.ts'

/** What a batch has shown besides rows. */
export interface IngestRecord {
  /** Outbox entries that have left the queue. */
  readonly settled: Set<number>
  /** Those of them by which the server has shown how it proves; the others were refused, or have nothing to do any more. */
  readonly proved: Set<number>
  readonly proofs: Set<DeliveryProof>
  /** Frames that claimed the id of a different message; they change nothing. */
  clashes: number
}

/**
 * The same record for what says of a message only by chance that the server has it, as when somebody takes it back:
 * that settles the message, and says nothing of how the next one will be proved.
 */
export function withoutLearning(record: IngestRecord): IngestRecord {
  return { ...record, proved: new Set(), proofs: new Set() }
}

export function createIngestRecord(): IngestRecord {
  return { settled: new Set(), proved: new Set(), proofs: new Set(), clashes: 0 }
}
