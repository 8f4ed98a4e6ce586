import type { DeliveryProof } from '#common/domain/delivery.ts'

/** What a batch has shown besides rows. */
export interface IngestRecord {
  /** Outbox entries that have left the queue. */
  readonly settled: Set<number>
  readonly proofs: Set<DeliveryProof>
  /** Frames that claimed the id of a different message; they change nothing. */
  clashes: number
}

export function createIngestRecord(): IngestRecord {
  return { settled: new Set(), proofs: new Set(), clashes: 0 }
}
