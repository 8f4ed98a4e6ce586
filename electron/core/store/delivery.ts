/**
 * The queue as the sender works it off: what may go out next, what was written, what was proved, what was refused.
 */
import type { AppError } from '#common/base/errors.ts'
import type { QueuedCommand } from '#common/domain/commands.ts'
import { type Content, plainText, withText } from '#common/domain/content/content.ts'
import type { ConversationRef } from '#common/domain/conversation.ts'
import type { DeliveryProof } from '#common/domain/delivery.ts'
import type { MessageTarget } from '#common/domain/events.ts'
import type { WriteCause } from '#common/domain/trace.ts'
import type { Changed, HeadsWanted, OutboxEntry, Trying } from '../ports/store.ts'
import { createIngestRecord } from './ingestRecord.ts'
import { applyPin, applyRecall, isPending } from './messageRules.ts'
import { proveSent } from './proofs.ts'
import { entryOf, failSend } from './queue.ts'
import type { ConversationRow, MessageRow, OutboxRow, Problem } from './rows.ts'
import { cleanId } from './sequence.ts'
import { placeBehindLast } from './timeline.ts'
import { noteStep } from './trace.ts'
import { type UnitOfWork, standingOf } from './unit.ts'

const unchanged: Changed<null> = { value: null, changes: null }

/** The next entry of every lane that is not busy: the lanes that have waited longest for their turn first. */
export function queueHeads(
  unit: UnitOfWork,
  busyLanes: readonly string[],
  limit: number,
  { served = [], onlyNamed = false }: HeadsWanted = {},
): OutboxEntry[] {
  const busy = new Set(busyLanes)
  const turns = new Map(served.map((lane, turn) => [lane, turn]))
  const turnOf = (row: OutboxRow): number => turns.get(unit.conversationByKey(row.conversation).id) ?? -1
  const free = unit.rows.outbox.heads(onlyNamed).filter((row) => !busy.has(unit.conversationByKey(row.conversation).id))
  const heads: OutboxEntry[] = []
  for (const row of free.sort((a, b) => turnOf(a) - turnOf(b) || a.id - b.id)) {
    if (heads.length >= limit) break
    const message = unit.message(row.message)
    if (message !== undefined) heads.push(toEntry(unit, row, message))
  }
  return heads
}

function refOf(row: ConversationRow): ConversationRef {
  if (row.kind === 'group') return { kind: 'group', groupId: row.targetId }
  return { kind: 'direct', peerId: row.targetId, ...(row.remoteId !== null && { remoteId: row.remoteId }) }
}

function toEntry(unit: UnitOfWork, row: OutboxRow, message: MessageRow): OutboxEntry {
  const conversation = unit.conversationByKey(row.conversation)
  return {
    id: row.id,
    lane: conversation.id,
    command: commandOf(unit, row, message, conversation),
    attempts: row.attempts,
    firstWrittenAt: row.firstWrittenAt,
    triedMs: row.triedMs,
  }
}

function commandOf(
  unit: UnitOfWork,
  entry: OutboxRow,
  message: MessageRow,
  conversation: ConversationRow,
): QueuedCommand {
  const { composedAt } = entry
  const target = targetOf(message, unit.selfId)
  switch (entry.kind) {
    case 'send':
      return {
        type: 'message.send',
        clientId: message.clientId ?? '',
        conversation: refOf(conversation),
        content: contentSent(unit, message),
        composedAt,
      }
    case 'edit':
      return { type: 'message.edit', target, text: entry.text, reason: '', composedAt }
    case 'recall':
      return { type: 'message.recall', target, reason: '', composedAt }
    case 'delete':
      return { type: 'message.deleteForMe', target, composedAt }
    case 'pin':
      return { type: 'message.pin', target, scope: entry.text === 'everyone' ? 'everyone' : 'me', composedAt }
  }
}

/** A message repeated under its id says the same again, even when an edit of it is waiting already. */
function contentSent(unit: UnitOfWork, message: MessageRow): Content {
  const undo = entryOf(unit, message, 'edit')?.undo
  return undo === undefined || undo === null ? message.content : withText(message.content, undo.text)
}

/** A client id names a message only together with its sender, so it is told for our own alone. */
function targetOf(message: MessageRow, selfId: string): MessageTarget {
  const serverId = cleanId(message.serverId)
  const clientId = message.senderId === selfId ? message.clientId : null
  return { ...(serverId !== null && { serverId }), ...(clientId !== null && { clientId }) }
}

/** The entry as it is now, counted as written; null when it is gone or may not go out any more. */
export function noteWritten(unit: UnitOfWork, entryId: number, at: number, trying?: Trying): OutboxEntry | null {
  return unit.writeAt(at, 'normal', () => {
    const row = unit.rows.outbox.byId(entryId)
    const message = row && unit.message(row.message)
    if (row === undefined || message === undefined || row.held) return null
    const cause = row.attempts === 0 ? null : (trying?.cause ?? whyAgain(unit, message))
    row.attempts++
    row.firstWrittenAt ??= at
    row.triedMs += trying?.triedMs ?? 0
    unit.rows.outbox.update(row)
    const code = cause === null ? null : (trying?.code ?? null)
    noteStep(unit, message, { step: 'written', command: row.kind, number: row.attempts, cause, code })
    return toEntry(unit, row, message)
  }).value
}

/** Nobody who is running knows why: the user wanted it, or whoever wrote it before has ended. */
function whyAgain(unit: UnitOfWork, message: MessageRow): WriteCause {
  return unit.rows.trace.of(message.id).at(-1)?.step === 'retried' ? 'retried' : 'restarted'
}

/** Takes the entry out of the queue, and shows what its command was meant to cause. */
export function settleEntry(unit: UnitOfWork, entryId: number, proof: DeliveryProof, at: number): Changed<null> {
  const entry = unit.rows.outbox.byId(entryId)
  const row = entry && unit.message(entry.message)
  if (entry === undefined || row === undefined) return unchanged
  return unit.writeAt(at, 'normal', () => {
    const before = standingOf(row)
    unit.rows.outbox.remove(entryId)
    let changed = false
    if (entry.kind === 'send') {
      changed = proveSent(unit, createIngestRecord(), row, proof)
      if (isPending(row)) placeBehindLast(unit, row, unit.conversationByKey(row.conversation), at)
    } else {
      noteStep(unit, row, { step: 'proved', command: entry.kind, proof })
    }
    if (entry.kind === 'recall') {
      changed = row.recalled === null && applyRecall(row, { at: null, by: unit.selfId, reason: null }, unit.selfId)
    } else if (entry.kind === 'pin') {
      changed = applyPin(row, true)
    }
    if (changed) unit.saveMessage(row, before)
    return null
  })
}

/** The server refused, or the trying has ended. What was shown ahead of the server's word is taken back. */
export function failEntry(unit: UnitOfWork, entryId: number, error: AppError, at: number): Changed<null> {
  const entry = unit.rows.outbox.byId(entryId)
  const row = entry && unit.message(entry.message)
  if (entry === undefined || row === undefined) return unchanged
  const problem: Problem = { code: error.code, detail: error.detail ?? null }
  return unit.writeAt(at, 'normal', () => {
    const before = standingOf(row)
    if (entry.kind === 'send') {
      if (failSend(unit, row, problem) !== null) unit.saveMessage(row, before)
      else unit.rows.outbox.remove(entryId)
      return null
    }
    unit.rows.outbox.remove(entryId)
    if (row.deleted) return null
    noteStep(unit, row, { step: 'failed', command: entry.kind, ...problem })
    if (entry.kind === 'edit') takeBackEdit(unit, row, entry)
    row.problem = problem
    unit.saveMessage(row, before)
    return null
  })
}

/** A later edit that is still queued falls back to what this one has replaced. */
function takeBackEdit(unit: UnitOfWork, row: MessageRow, entry: OutboxRow): void {
  if (entry.undo === null) return
  const next = unit.rows.outbox.ofMessage(row.id).find((other) => other.kind === 'edit')
  if (next !== undefined) {
    next.undo = entry.undo
    unit.rows.outbox.update(next)
  } else if (plainText(row.content) === entry.text) {
    row.content = withText(row.content, entry.undo.text)
    row.edited = entry.undo.edited
  }
}
