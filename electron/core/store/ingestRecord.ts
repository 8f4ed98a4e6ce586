import type { DeliveryProof } from '#common/domain/delivery.ts'

/** What a batch has shown besides rows. */
export interface IngestRecord {
  /** Outbox entries that have left the queue. */
  readonly settled: Set<number>
  /** Those of them that the server has shown to have; the others were refused, or have nothing to do any more. */
  readonly proved: Set<number>
  readonly proofs: Set<DeliveryProof>
  /** Frames that claimed the id of a different message; they change nothing. */
  clashes: number
}

export function createIngestRecord(): IngestRecord {
  return { settled: new Set(), proved: new Set(), proofs: new Set(), clashes: 0 }
}
