/**
 * Ingest: a batch of decoded frames becomes one transaction and one change set. Live pushes, a sync and the overlap
 * after a reconnect take this one path.
 *
 * Promises: the same frames in any order and any number end in the same rows. A frame that trips a defect in here is
 * set aside among the undecoded ones and counted, and the rest of its batch goes through. Must never answer before the
 * transaction is committed.
 */
import { type Inbound, type ServerEvent, isSessionEvent } from '#common/domain/events.ts'
import type { Changed, IngestOutcome } from '../ports/store.ts'
import { takeNotice, takePolicy, takePresence, takeProfile } from './announcements.ts'
import { type IngestRecord, createIngestRecord } from './ingestRecord.ts'
import { changeMembership, dismissConversation, knowConversation } from './membership.ts'
import { applyOperation } from './operations.ts'
import { receiveMessage } from './received.ts'
import { cleanSequence } from './sequence.ts'
import { isStorageError } from './storageError.ts'
import type { UnitOfWork } from './unit.ts'

/** Facts that count what was set aside, for diagnostics. */
export const clashesFact = 'store.clashes'
export const quarantinedFact = 'store.quarantined'

export function ingestBatch(unit: UnitOfWork, batch: readonly Inbound[], at: number): Changed<IngestOutcome> {
  const bad = new Map<Inbound, string>()
  for (;;) {
    let current: Inbound | undefined
    try {
      return unit.writeAt(at, 'normal', () => {
        const record = createIngestRecord()
        for (const inbound of batch) {
          if (bad.has(inbound)) continue
          current = inbound
          take(unit, record, inbound, at)
        }
        current = undefined
        count(unit, clashesFact, record.clashes)
        setAside(unit, bad, at)
        const { settled, proved, proofs } = record
        return { settled: [...settled], proved: [...proved], proofs: [...proofs], groups: unit.changedGroupIds() }
      })
    } catch (error) {
      // A broken disk is the caller's affair; a defect met by one frame must not cost the others.
      if (isStorageError(error) || current === undefined) throw error
      bad.set(current, error instanceof Error ? error.message : String(error))
    }
  }
}

function take(unit: UnitOfWork, record: IngestRecord, inbound: Inbound, at: number): void {
  if (inbound.covers !== null) {
    const sequence = cleanSequence(inbound.covers.sequence)
    if (sequence !== null) unit.coverSequence(unit.resolve(inbound.covers.conversation, at).key, sequence)
  }
  for (const event of inbound.events) takeEvent(unit, record, event, at)
}

function takeEvent(unit: UnitOfWork, record: IngestRecord, event: ServerEvent, at: number): void {
  if (isSessionEvent(event)) return
  switch (event.type) {
    case 'message.received':
      return receiveMessage(unit, record, event, at)
    case 'message.edited':
    case 'message.recalled':
    case 'message.deleted':
    case 'message.pinned':
    case 'message.status':
      return applyOperation(unit, record, event, at)
    case 'person.presence':
      return takePresence(unit, event)
    case 'person.profile':
      return takeProfile(unit, event)
    case 'conversation.known':
      return knowConversation(unit, event, at)
    case 'conversation.membership':
      return changeMembership(unit, event, at)
    case 'conversation.dismissed':
      return dismissConversation(unit, event, at)
    case 'notice.received':
      return takeNotice(unit, event)
    case 'policy.changed':
      return takePolicy(unit, event, at)
  }
}

function count(unit: UnitOfWork, fact: string, more: number): void {
  if (more === 0) return
  const known = Number(unit.rows.facts.read(fact) ?? '0')
  unit.rows.facts.write(fact, String((Number.isSafeInteger(known) ? known : 0) + more))
}

function setAside(unit: UnitOfWork, bad: ReadonlyMap<Inbound, string>, at: number): void {
  if (bad.size === 0) return
  count(unit, quarantinedFact, bad.size)
  const frames = Array.from(bad, ([inbound, reason]) => ({
    destination: inbound.events.map((event) => event.type).join(' '),
    contentType: null,
    reason: `not stored: ${reason}`,
    body: textOf(inbound),
  }))
  unit.rows.undecoded.keep(frames, at)
}

function textOf(inbound: Inbound): string {
  try {
    return JSON.stringify(inbound)
  } catch (error) {
    return `no JSON: ${String(error)}`
  }
}
