/**
 * Files that go out with messages, as far as rows tell of them: which wait for the upload endpoint, and what became of
 * their messages. The copies themselves lie with the account's other files.
 */
import { toMessage } from './messageRules.ts'
import type { Message } from '#common/domain/message.ts'
import type { Attachment, Changed } from '../ports/store.ts'
import { entryOf } from './queue.ts'
import type { MessageRow } from './rows.ts'
import { noteStep } from './trace.ts'
import { type UnitOfWork, standingOf } from './unit.ts'

function fateOf(row: MessageRow | undefined): Attachment['fate'] {
  if (row === undefined || row.deleted) return 'gone'
  if (row.state === 'sending') return 'queued'
  return row.state === 'failed' ? 'failed' : 'sent'
}

export function listAttachments(unit: UnitOfWork): Attachment[] {
  const listed: Attachment[] = []
  for (const { message, ...facts } of unit.rows.attachments.all()) {
    const row = unit.message(message)
    const entry = row && entryOf(unit, row, 'send')
    listed.push({
      ...facts,
      messageId: message,
      conversationId: row === undefined ? '' : unit.conversationByKey(row.conversation).id,
      entryId: entry?.id ?? null,
      held: entry?.held ?? false,
      fate: fateOf(row),
    })
  }
  return listed.sort((a, b) => (a.entryId ?? 0) - (b.entryId ?? 0))
}

export function noteTried(unit: UnitOfWork, messageId: number, at: number): void {
  unit.write('normal', () => {
    const row = unit.rows.attachments.of(messageId)
    if (row === undefined || row.firstTriedAt !== null) return
    row.firstTriedAt = at
    unit.rows.attachments.update(row)
  })
}

export function noteUploaded(unit: UnitOfWork, messageId: number, url: string, at: number): Changed<boolean> {
  return unit.writeAt(at, 'normal', () => {
    const file = unit.rows.attachments.of(messageId)
    const row = unit.message(messageId)
    if (file === undefined || row === undefined || row.deleted || !('url' in row.content)) return false
    const before = standingOf(row)
    file.uploaded = true
    unit.rows.attachments.update(file)
    row.content = { ...row.content, url }
    noteStep(unit, row, { step: 'uploaded' })
    unit.saveMessage(row, before)
    return true
  })
}

export function forgetAttachment(unit: UnitOfWork, messageId: number): void {
  unit.write('normal', () => unit.rows.attachments.remove(messageId))
}

export function readMessage(unit: UnitOfWork, messageId: number): Message | null {
  const row = unit.message(messageId)
  return row === undefined ? null : toMessage(row, unit.conversationByKey(row.conversation), unit.selfId)
}
