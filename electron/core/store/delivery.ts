/**
 * The queue as the sender works it off: what may go out next, what was written, what was proved, what was refused.
 */
import type { AppError } from '#common/base/errors.ts'
import type { QueuedCommand } from '#common/domain/commands.ts'
import { type Content, plainText, withText } from '#common/domain/content/content.ts'
import type { ConversationRef } from '#common/domain/conversation.ts'
import type { DeliveryProof } from '#common/domain/delivery.ts'
import type { MessageTarget } from '#common/domain/events.ts'
import type { Changed, OutboxEntry } from '../ports/store.ts'
import { createIngestRecord } from './ingestRecord.ts'
import { applyPin, applyRecall, isPending } from './messageRules.ts'
import { proveSent } from './proofs.ts'
import { entryOf, failSend } from './queue.ts'
import type { ConversationRow, MessageRow, OutboxRow, Problem } from './rows.ts'
import { cleanId } from './sequence.ts'
import { placeBehindLast } from './timeline.ts'
import { type UnitOfWork, standingOf } from './unit.ts'

const unchanged: Changed<null> = { value: null, changes: null }

/** The next entry of every lane that is not busy, oldest first. */
export function queueHeads(unit: UnitOfWork, busyLanes: readonly string[], limit: number): OutboxEntry[] {
  const busy = new Set(busyLanes)
  const heads: OutboxEntry[] = []
  for (const row of unit.rows.outbox.heads()) {
    if (heads.length >= limit) break
    const conversation = unit.conversationByKey(row.conversation)
    const message = unit.message(row.message)
    if (message === undefined || busy.has(conversation.id)) continue
    heads.push(toEntry(unit, row, message))
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
export function noteWritten(unit: UnitOfWork, entryId: number, at: number): OutboxEntry | null {
  return unit.write('normal', () => {
    const row = unit.rows.outbox.byId(entryId)
    const message = row && unit.message(row.message)
    if (row === undefined || message === undefined || row.held) return null
    row.attempts++
    row.firstWrittenAt ??= at
    unit.rows.outbox.update(row)
    return toEntry(unit, row, message)
  }).value
}

/** Takes the entry out of the queue, and shows what its command was meant to cause. */
export function settleEntry(unit: UnitOfWork, entryId: number, proof: DeliveryProof, at: number): Changed<null> {
  const entry = unit.rows.outbox.byId(entryId)
  const row = entry && unit.message(entry.message)
  if (entry === undefined || row === undefined) return unchanged
  return unit.write('normal', () => {
    const before = standingOf(row)
    unit.rows.outbox.remove(entryId)
    let changed = false
    if (entry.kind === 'send') {
      changed = proveSent(unit, createIngestRecord(), row, proof)
      if (isPending(row)) placeBehindLast(unit, row, unit.conversationByKey(row.conversation), at)
    } else if (entry.kind === 'recall') {
      changed = row.recalled === null && applyRecall(row, { at: null, by: unit.selfId, reason: null }, unit.selfId)
    } else if (entry.kind === 'pin') {
      changed = applyPin(row, true)
    }
    if (changed) unit.saveMessage(row, before)
    return null
  })
}

/** The server refused, or the trying has ended. What was shown ahead of the server's word is taken back. */
export function failEntry(unit: UnitOfWork, entryId: number, error: AppError): Changed<null> {
  const entry = unit.rows.outbox.byId(entryId)
  const row = entry && unit.message(entry.message)
  if (entry === undefined || row === undefined) return unchanged
  const problem: Problem = { code: error.code, detail: error.detail ?? null }
  return unit.write('normal', () => {
    const before = standingOf(row)
    if (entry.kind === 'send') {
      if (failSend(unit, row, problem) !== null) unit.saveMessage(row, before)
      else unit.rows.outbox.remove(entryId)
      return null
    }
    unit.rows.outbox.remove(entryId)
    if (row.deleted) return null
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
