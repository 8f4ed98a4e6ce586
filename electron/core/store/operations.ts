/**
 * Edits, recalls, deletions, pins and statuses as the server tells of them. One whose message is not here waits and is
 * applied when the message comes; of several that wait for one message only the outcome is kept, so that a repeated
 * event takes no room. Who was allowed to do it is the server's business: what it tells has happened.
 */
import { advance } from '#common/domain/delivery.ts'
import type { ServerEvent } from '#common/domain/events.ts'
import { type IngestRecord, withoutLearning } from './ingestRecord.ts'
import {
  applyDelete,
  applyEdit,
  applyPin,
  applyReadElsewhere,
  applyRecall,
  compareEdits,
  compareRecalls,
  isComposedHere,
  isPending,
} from './messageRules.ts'
import { proveSent } from './proofs.ts'
import { dropEdits, dropEntries, failSend } from './queue.ts'
import type { EditFact, MessageRow, OutboxKind, RecallFact } from './rows.ts'
import { cleanId, cleanSequence, cleanTime } from './sequence.ts'
import { placeBehindLast } from './timeline.ts'
import { noteStep } from './trace.ts'
import { absorbTwin } from './twins.ts'
import { type UnitOfWork, standingOf } from './unit.ts'

export type Operation = Extract<
  ServerEvent,
  { type: 'message.edited' | 'message.recalled' | 'message.deleted' | 'message.pinned' | 'message.status' }
>

/** Ids waited for before the oldest operations are dropped. */
export const maxWaitedFor = 10_000
const droppedAtOnce = 1_000

export function applyOperation(unit: UnitOfWork, record: IngestRecord, event: Operation, at: number): void {
  const serverId = cleanId(event.target.serverId)
  const clientId = cleanId(event.target.clientId)
  const row = findTarget(unit, record, serverId, clientId)
  if (row === undefined) {
    if (serverId !== null || clientId !== null) keepWaiting(unit, event, serverId ?? '', clientId ?? '')
    return
  }
  const learned = row.serverId === null && serverId !== null
  change(unit, record, row, event, serverId, at)
  if (learned) applyWaiting(unit, record, row, at)
}

/** Applies what has waited for the row's ids. Call when the row has come or has learned an id. */
export function applyWaiting(unit: UnitOfWork, record: IngestRecord, row: MessageRow, at: number): void {
  const own = row.senderId === unit.selfId
  const { waitedFor } = unit
  if (waitedFor.size === 0) return
  const serverId = row.serverId !== null && waitedFor.has(`s${row.serverId}`) ? row.serverId : null
  const clientId = own && row.clientId !== null && waitedFor.has(`c${row.clientId}`) ? row.clientId : null
  if (serverId === null && clientId === null) return
  for (const waiting of unit.rows.pending.take(serverId, clientId)) {
    if (waiting.serverId !== '') waitedFor.delete(`s${waiting.serverId}`)
    if (waiting.clientId !== '') waitedFor.delete(`c${waiting.clientId}`)
    change(unit, record, row, JSON.parse(waiting.event) as Operation, cleanId(waiting.serverId), at)
  }
}

/** By the server's id, else by the client id, which names our own messages only. Two rows that are one become one. */
function findTarget(
  unit: UnitOfWork,
  record: IngestRecord,
  serverId: string | null,
  clientId: string | null,
): MessageRow | undefined {
  const byServer = serverId === null ? undefined : unit.messageByServerId(serverId)
  const byClient = clientId === null ? undefined : unit.messageByClientId(unit.selfId, clientId)
  if (byServer === undefined || byClient === undefined || byServer.id === byClient.id) return byServer ?? byClient
  if (byServer.senderId !== unit.selfId || byClient.serverId !== null) return byServer
  absorbTwin(unit, record, byClient, byServer)
  return byClient
}

function change(
  unit: UnitOfWork,
  record: IngestRecord,
  row: MessageRow,
  event: Operation,
  serverId: string | null,
  at: number,
): void {
  const before = standingOf(row)
  let changed = false
  const unnamed = row.serverId === null && isComposedHere(row)
  if (row.serverId === null && serverId !== null && unit.messageByServerId(serverId) === undefined) {
    row.serverId = serverId
    changed = true
  }
  if (applyTo(unit, record, row, event)) changed = true
  if (unnamed && row.serverId !== null) noteStep(unit, row, { step: 'identified' })
  if (!changed) return
  if (isPending(row) && row.state !== 'sending' && row.state !== 'failed') {
    placeBehindLast(unit, row, unit.conversationByKey(row.conversation), at)
  }
  unit.saveMessage(row, before)
}

function applyTo(unit: UnitOfWork, record: IngestRecord, row: MessageRow, event: Operation): boolean {
  const own = row.senderId === unit.selfId
  if (event.type === 'message.status') {
    if (own) return applyStatus(unit, record, row, event)
    return event.state === 'read' && applyReadElsewhere(row, unit.conversationByKey(row.conversation))
  }
  // The server speaks of a message of ours, so it has it.
  const unproved = own && (row.state === 'sending' || row.state === 'failed')
  const proved = unproved && proveSent(unit, withoutLearning(record), row, 'status')
  switch (event.type) {
    case 'message.edited': {
      if (own) settle(unit, record, row, 'edit', dropEdits(unit, row, event.text), event.at)
      const changed = applyEdit(row, { ...editFactOf(event), text: event.text }, unit.selfId)
      if (changed && own) row.problem = null
      return changed || proved
    }
    case 'message.recalled':
      if (own) {
        settle(unit, record, row, 'recall', dropEntries(unit, row, ['recall']), event.at)
        for (const id of dropEntries(unit, row, ['edit', 'pin'])) record.settled.add(id)
      }
      return applyRecall(row, recallFactOf(event), unit.selfId) || proved
    case 'message.deleted':
      settle(unit, record, row, 'delete', dropEntries(unit, row, ['delete']), null)
      for (const id of dropEntries(unit, row, ['edit', 'recall', 'pin'])) record.settled.add(id)
      return applyDelete(row) || proved
    case 'message.pinned':
      if (event.pinned) settle(unit, record, row, 'pin', dropEntries(unit, row, ['pin']), null)
      return applyPin(row, event.pinned) || proved
  }
}

/** A command of ours came back as the event it was meant to cause. */
function settle(
  unit: UnitOfWork,
  record: IngestRecord,
  row: MessageRow,
  command: OutboxKind,
  entries: readonly number[],
  serverTime: number | null,
): void {
  if (entries.length === 0) return
  record.proofs.add('echo')
  for (const id of entries) {
    record.settled.add(id)
    record.proved.add(id)
  }
  noteStep(unit, row, { step: 'proved', command, proof: 'echo', serverTime: cleanTime(serverTime) })
}

function applyStatus(
  unit: UnitOfWork,
  record: IngestRecord,
  row: MessageRow,
  event: Extract<Operation, { type: 'message.status' }>,
): boolean {
  if (event.state === 'sending') return false
  if (event.state !== 'failed') {
    if (isComposedHere(row)) record.proofs.add('status')
    return proveSent(unit, record, row, 'status', event.state)
  }
  // A refusal teaches nothing about how this server shows what it accepts.
  const failed = failSend(unit, row, { code: 'message.refused', detail: event.reason })
  for (const id of failed ?? []) record.settled.add(id)
  return failed !== null
}

function editFactOf(event: Extract<Operation, { type: 'message.edited' }>): EditFact {
  return { at: cleanTime(event.at), reason: event.reason, sequence: cleanSequence(event.sequence) }
}

function recallFactOf(event: Extract<Operation, { type: 'message.recalled' }>): RecallFact {
  return { at: cleanTime(event.at), by: event.by, reason: event.reason }
}

function keepWaiting(unit: UnitOfWork, event: Operation, serverId: string, clientId: string): void {
  const { pending } = unit.rows
  const known = pending.get(serverId, clientId, event.type)
  const outcome = known === undefined ? event : outcomeOf(JSON.parse(known.event) as Operation, event)
  const text = JSON.stringify(outcome)
  if (known !== undefined && known.event === text) return
  if (unit.waitedFor.size >= maxWaitedFor) {
    pending.dropOldest(droppedAtOnce)
    unit.forgetWaitedFor()
  }
  pending.put({ serverId, clientId, type: event.type, event: text })
  if (serverId !== '') unit.waitedFor.add(`s${serverId}`)
  if (clientId !== '') unit.waitedFor.add(`c${clientId}`)
}

/** One operation that does what both would do, in either order. */
function outcomeOf(known: Operation, next: Operation): Operation {
  if (known.type === 'message.edited' && next.type === 'message.edited') {
    const byFacts = compareEdits({ ...editFactOf(next), text: next.text }, { ...editFactOf(known), text: known.text })
    return byFacts > 0 ? next : known
  }
  if (known.type === 'message.recalled' && next.type === 'message.recalled') {
    return compareRecalls(recallFactOf(next), recallFactOf(known)) > 0 ? next : known
  }
  if (known.type === 'message.status' && next.type === 'message.status') {
    return advance(known.state, next.state) === known.state ? known : next
  }
  return next
}
