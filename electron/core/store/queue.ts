/**
 * What becomes of queued commands: they are settled, refused, dropped with their message, or held back by what the
 * server's administrators allow. Nothing queued is ever cut to fit.
 */
import type { ErrorCode } from '#common/base/errors.ts'
import { type Content, codePoints, plainText } from '#common/domain/content/content.ts'
import type { Policy } from '#common/domain/notice.ts'
import { uploadLimitBytes } from '#common/domain/upload.ts'
import { applyDelete, applyState, eraseDeleted } from './messageRules.ts'
import type { ConversationRow, MessageRow, OutboxKind, OutboxRow, Problem } from './rows.ts'
import { noteStep } from './trace.ts'
import { type UnitOfWork, standingOf } from './unit.ts'

const holdCodes: ReadonlySet<string> = new Set<ErrorCode>([
  'input.tooLong',
  'message.readOnly',
  'message.notMember',
  'attachment.tooBig',
])

/** Code points over the limit; a text cannot have more of them than UTF-16 units, which are free to count. */
export function excessLength(text: string, limit: number): number | null {
  if (text.length <= limit) return null
  const length = codePoints(text)
  return length > limit ? length : null
}

/** The words that count against the limit; a file's name does not. */
export function countedWords(content: Content): string {
  return content.kind === 'file' ? '' : plainText(content)
}

/** Bytes a file has over the limit of the server, as the pair that is told. */
export function excessBytes(policy: Policy, bytes: number): { limit: number; size: number } | null {
  const limit = uploadLimitBytes(policy.fileUploadLimit)
  return limit !== null && bytes > limit ? { limit, size: bytes } : null
}

/** Why this text, with a file of so many bytes still to be uploaded, may not go out there now, or null. */
export function holdReason(
  policy: Policy,
  conversation: ConversationRow,
  text: string,
  bytes: number | null,
): Problem | null {
  if (conversation.membership === 'left') return { code: 'message.notMember', detail: null }
  if (policy.readOnly) return { code: 'message.readOnly', detail: null }
  const length = excessLength(text, policy.maxMessageLength)
  if (length !== null) return { code: 'input.tooLong', detail: `${length} > ${policy.maxMessageLength}` }
  const excess = bytes === null ? null : excessBytes(policy, bytes)
  return excess === null ? null : { code: 'attachment.tooBig', detail: `${excess.size} > ${excess.limit}` }
}

/** Looks again at what is queued, in one conversation or in all, after what is allowed has changed. */
export function recheckQueue(unit: UnitOfWork, conversation: ConversationRow | null): void {
  const reasons = new Map<number, Problem | null>()
  for (const entry of unit.rows.outbox.checked(conversation?.key ?? null)) {
    const row = unit.message(entry.message)
    if (row === undefined) continue
    const text = entry.kind === 'edit' ? entry.text : countedWords(row.content)
    const file = entry.kind === 'send' && row.content.kind !== 'text' ? unit.rows.attachments.of(row.id) : undefined
    const bytes = file === undefined || file.uploaded ? null : file.size
    const reason = holdReason(unit.policy, unit.conversationByKey(entry.conversation), text, bytes)
    const held = reason !== null
    if (entry.held !== held) {
      entry.held = held
      unit.rows.outbox.update(entry)
      noteStep(unit, row, { step: held ? 'held' : 'released', command: entry.kind, ...reason })
    }
    reasons.set(entry.message, reasons.get(entry.message) ?? reason)
  }
  for (const [id, reason] of reasons) {
    const row = unit.message(id)
    if (row !== undefined) showHold(unit, row, reason)
  }
}

function showHold(unit: UnitOfWork, row: MessageRow, reason: Problem | null): void {
  const shown = row.problem
  if (reason === null && (shown === null || !holdCodes.has(shown.code))) return
  if (reason !== null && shown?.code === reason.code && shown.detail === reason.detail) return
  const before = standingOf(row)
  row.problem = reason
  unit.saveMessage(row, before)
}

export function entryOf(unit: UnitOfWork, row: MessageRow, kind: OutboxKind): OutboxRow | undefined {
  return unit.rows.outbox.ofMessage(row.id).find((entry) => entry.kind === kind)
}

/** Takes the message's queued commands of these kinds out of the queue and answers their numbers. */
export function dropEntries(unit: UnitOfWork, row: MessageRow, kinds: readonly OutboxKind[]): number[] {
  const dropped: number[] = []
  for (const entry of unit.rows.outbox.ofMessage(row.id)) {
    if (!kinds.includes(entry.kind)) continue
    unit.rows.outbox.remove(entry.id)
    dropped.push(entry.id)
  }
  return dropped
}

/** Takes the queued edits that say these words out of the queue. */
export function dropEdits(unit: UnitOfWork, row: MessageRow, text: string): number[] {
  const dropped: number[] = []
  for (const entry of unit.rows.outbox.ofMessage(row.id)) {
    if (entry.kind !== 'edit' || entry.text !== text) continue
    unit.rows.outbox.remove(entry.id)
    dropped.push(entry.id)
  }
  return dropped
}

/**
 * The server will not have the message. Edits of it are in its words already; where it was to be recalled or deleted,
 * nothing of it is left to show. Changes the row without writing it; answers the numbers that left the queue, or null
 * when the message had arrived and no failure counts.
 */
export function failSend(unit: UnitOfWork, row: MessageRow, problem: Problem): number[] | null {
  const attempts = entryOf(unit, row, 'send')?.attempts ?? row.attempts
  if (row.state !== 'sending' || !applyState(row, 'failed', problem)) return null
  row.attempts = attempts
  noteStep(unit, row, { step: 'failed', ...problem })
  // Nobody has seen other words of it than those it may still go out with.
  if (row.edited?.unconfirmed === true) row.edited = null
  const dropped = dropEntries(unit, row, ['send', 'edit'])
  const unwanted = dropEntries(unit, row, ['recall', 'delete'])
  if (unwanted.length > 0) applyDelete(row)
  eraseDeleted(row)
  return [...dropped, ...unwanted, ...dropEntries(unit, row, ['pin'])]
}
