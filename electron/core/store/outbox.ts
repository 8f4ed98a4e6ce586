/**
 * What the user asks for: send, edit, recall, delete, try again, take back. Each is checked first and then becomes one
 * transaction on stable storage: message row and queue entry together, before anybody is told that it worked.
 */
import { type Result, fail, ok } from '#common/base/result.ts'
import type { PinScope } from '#common/domain/commands.ts'
import { type Content, plainText, withText } from '#common/domain/content/content.ts'
import type { Changed, SendRequest } from '../ports/store.ts'
import { applyDelete, applyLocalEdit, applyPin, sameContent } from './messageRules.ts'
import { countedWords, dropEntries, entryOf, excessBytes, excessLength, holdReason, recheckQueue } from './queue.ts'
import type { ConversationRow, MessageRow, OutboxKind, OutboxRow } from './rows.ts'
import { placePending } from './timeline.ts'
import { noteStep } from './trace.ts'
import { type UnitOfWork, standingOf } from './unit.ts'

const unchanged: Changed<null> = { value: null, changes: null }
const hasWords: ReadonlySet<Content['kind']> = new Set(['text', 'quote', 'forward'])

/** Refuses what may not go out there now. */
function checkWords(unit: UnitOfWork, conversation: ConversationRow, content: Content): Result<null> {
  const text = countedWords(content)
  if (hasWords.has(content.kind) && text.trim() === '') return fail('input.empty')
  const limit = unit.policy.maxMessageLength
  const length = excessLength(text, limit)
  if (length !== null) return fail('input.tooLong', undefined, { limit, length })
  const reason = holdReason(unit.policy, conversation, text, null)
  if (reason === null) return ok(null)
  return fail(reason.code === 'message.notMember' ? 'message.notMember' : 'message.readOnly')
}

export function sendMessage(unit: UnitOfWork, request: SendRequest): Result<Changed<{ messageId: number }>> {
  const { content, clientId, at, attachment } = request
  const conversation = unit.conversation(request.conversationId)
  if (conversation === undefined) return fail('conversation.unknown')
  if (content.kind === 'event' || content.kind === 'unsupported') return fail('message.notSupported')
  // Asked twice with one id, it is one message.
  const known = unit.messageByClientId(unit.selfId, clientId)
  if (known !== undefined) return ok({ value: { messageId: known.id }, changes: null })
  const checked = checkWords(unit, conversation, content)
  if (!checked.ok) return checked
  const excess = attachment === undefined ? null : excessBytes(unit.policy, attachment.size)
  if (excess !== null) return fail('attachment.tooBig', undefined, excess)
  return ok(
    unit.writeAt(at, 'full', () => {
      const row = composedRow(unit, conversation, request)
      const entryId = unit.nextOutboxId()
      placePending(row, entryId)
      if (!unit.insertMessage(row, conversation)) throw new Error('a message with this client id has come meanwhile')
      unit.rows.outbox.insert(entry(entryId, row, 'send', at))
      noteStep(unit, row, { step: 'stored' })
      if (attachment !== undefined) {
        unit.rows.attachments.insert({ ...attachment, message: row.id, uploaded: false, firstTriedAt: null })
      }
      return { messageId: row.id }
    }),
  )
}

function composedRow(unit: UnitOfWork, conversation: ConversationRow, request: SendRequest): MessageRow {
  return {
    id: 0,
    conversation: conversation.key,
    serverId: null,
    clientId: request.clientId,
    senderId: unit.selfId,
    content: request.content,
    sequence: null,
    serverTime: null,
    localTime: request.at,
    orderSequence: '0',
    orderTime: 0,
    state: 'sending',
    proof: null,
    edited: null,
    recalled: null,
    problem: null,
    attempts: 0,
    deleted: false,
    pinned: false,
    unread: false,
    mentioned: false,
    revision: 0,
  }
}

function entry(id: number, row: MessageRow, kind: OutboxKind, composedAt: number): OutboxRow {
  return {
    id,
    conversation: row.conversation,
    message: row.id,
    kind,
    text: '',
    undo: null,
    held: false,
    composedAt,
    attempts: 0,
    firstWrittenAt: null,
    triedMs: 0,
  }
}

/** A visible message of ours. */
function ownRow(unit: UnitOfWork, messageId: number): Result<MessageRow> {
  const row = unit.message(messageId)
  if (row === undefined || row.deleted || row.content.kind === 'event') return fail('message.unknown')
  return row.senderId === unit.selfId ? ok(row) : fail('message.notYours')
}

/** Not proved to be with the server and not on its way: what is done to it stays here. */
function isStillHere(row: MessageRow, send: OutboxRow | undefined): boolean {
  return row.state === 'failed' || (row.state === 'sending' && (send === undefined || send.attempts === 0))
}

export function editMessage(unit: UnitOfWork, messageId: number, text: string, at: number): Result<Changed<null>> {
  const found = ownRow(unit, messageId)
  if (!found.ok) return found
  const row = found.value
  if (row.recalled !== null) return fail('message.recalled')
  const content = withText(row.content, text)
  if (plainText(content) !== text) return fail('message.notSupported')
  const conversation = unit.conversationByKey(row.conversation)
  const checked = checkWords(unit, conversation, content)
  if (!checked.ok) return checked
  if (sameContent(content, row.content)) return ok(unchanged)
  return ok(
    unit.writeAt(at, 'full', () => {
      const before = standingOf(row)
      if (isStillHere(row, entryOf(unit, row, 'send'))) {
        row.content = content
        noteStep(unit, row, { step: 'changed' })
        unit.saveMessage(row, before)
        recheckQueue(unit, conversation)
        return null
      }
      queueEdit(unit, row, text, at)
      applyLocalEdit(row, text)
      row.problem = null
      unit.saveMessage(row, before)
      // What was held back may fit now, or is still held and has to say so.
      recheckQueue(unit, conversation)
      return null
    }),
  )
}

/** An edit that was never written is replaced by the next one; it has nothing to tell any more. */
function queueEdit(unit: UnitOfWork, row: MessageRow, text: string, at: number): void {
  const { outbox } = unit.rows
  noteStep(unit, row, { step: 'stored', command: 'edit' })
  const replaced = outbox.ofMessage(row.id).find((known) => known.kind === 'edit' && known.attempts === 0)
  if (replaced !== undefined) {
    replaced.text = text
    replaced.held = false
    outbox.update(replaced)
    return
  }
  const undo = { text: plainText(row.content), edited: row.edited }
  outbox.insert({ ...entry(unit.nextOutboxId(), row, 'edit', at), text, undo })
}

export function recallMessage(unit: UnitOfWork, messageId: number, at: number): Result<Changed<null>> {
  if (isRemoved(unit, messageId)) return ok(unchanged)
  const found = ownRow(unit, messageId)
  if (!found.ok) return found
  const row = found.value
  if (row.recalled !== null || entryOf(unit, row, 'recall') !== undefined) return ok(unchanged)
  return ok(
    unit.writeAt(at, 'full', () => {
      if (isStillHere(row, entryOf(unit, row, 'send'))) removeHere(unit, row)
      else enqueue(unit, row, 'recall', at)
      return null
    }),
  )
}

/** A message of ours that is gone from here: asked a second time, taking it back has nothing to do. */
function isRemoved(unit: UnitOfWork, messageId: number): boolean {
  const row = unit.message(messageId)
  return row !== undefined && row.deleted && row.senderId === unit.selfId
}

function enqueue(unit: UnitOfWork, row: MessageRow, kind: OutboxKind, at: number, text = ''): void {
  unit.rows.outbox.insert({ ...entry(unit.nextOutboxId(), row, kind, at), text })
  noteStep(unit, row, { step: 'stored', command: kind })
}

/** It never left: nothing of it remains. */
export function removeHere(unit: UnitOfWork, row: MessageRow): void {
  const before = standingOf(row)
  dropEntries(unit, row, ['send', 'edit', 'recall', 'delete', 'pin'])
  applyDelete(row)
  unit.saveMessage(row, before)
}

export function deleteMessage(
  unit: UnitOfWork,
  messageId: number,
  tellServer: boolean,
  at: number,
): Result<Changed<null>> {
  const row = unit.message(messageId)
  if (row === undefined) return fail('message.unknown')
  if (row.deleted) return ok(unchanged)
  return ok(
    unit.write('full', () => {
      const own = row.senderId === unit.selfId && row.content.kind !== 'event'
      if (own && isStillHere(row, entryOf(unit, row, 'send'))) {
        removeHere(unit, row)
        return null
      }
      const before = standingOf(row)
      if (tellServer && row.content.kind !== 'event') {
        enqueue(unit, row, 'delete', at)
      }
      // A message on its way keeps its words until it has gone.
      if (row.state === 'sending') row.deleted = true
      else applyDelete(row)
      unit.saveMessage(row, before)
      return null
    }),
  )
}

/** One pin of a message is queued at a time: a later one widens or narrows what was not yet written. */
export function pinMessage(
  unit: UnitOfWork,
  messageId: number,
  pin: PinScope | 'none',
  at: number,
): Result<Changed<null>> {
  const row = unit.message(messageId)
  if (row === undefined || row.deleted || row.content.kind === 'event') return fail('message.unknown')
  if (row.recalled !== null) return fail('message.recalled')
  if (pin === 'none') return ok(unpinHere(unit, row))
  const queued = entryOf(unit, row, 'pin')
  return ok(
    unit.writeAt(at, 'full', () => {
      if (queued !== undefined && queued.attempts === 0) {
        queued.text = pin
        unit.rows.outbox.update(queued)
      } else enqueue(unit, row, 'pin', at, pin)
      return null
    }),
  )
}

function unpinHere(unit: UnitOfWork, row: MessageRow): Changed<null> {
  return unit.write('normal', () => {
    const before = standingOf(row)
    dropEntries(unit, row, ['pin'])
    if (applyPin(row, false)) unit.saveMessage(row, before)
    return null
  })
}

export function retryMessage(unit: UnitOfWork, messageId: number, at: number): Result<Changed<null>> {
  const found = ownRow(unit, messageId)
  if (!found.ok) return found
  const row = found.value
  if (row.state !== 'failed') return ok(unchanged)
  return ok(
    unit.writeAt(at, 'full', () => {
      const before = standingOf(row)
      // The place of a message that failed is still its number in the queue.
      unit.rows.outbox.insert({ ...entry(row.orderTime, row, 'send', row.localTime), attempts: row.attempts })
      row.state = 'sending'
      row.problem = null
      row.attempts = 0
      noteStep(unit, row, { step: 'retried' })
      unit.saveMessage(row, before)
      recheckQueue(unit, unit.conversationByKey(row.conversation))
      return null
    }),
  )
}

export function cancelMessage(unit: UnitOfWork, messageId: number): Result<Changed<null>> {
  if (isRemoved(unit, messageId)) return ok(unchanged)
  const found = ownRow(unit, messageId)
  if (!found.ok) return found
  const row = found.value
  const send = entryOf(unit, row, 'send')
  const attempts = row.state === 'failed' ? row.attempts : send?.attempts
  if (attempts !== 0) return fail('message.refused', 'it was written to the server already')
  return ok(
    unit.write('full', () => {
      removeHere(unit, row)
      return null
    }),
  )
}
