/**
 * What the user decides about a conversation as a whole, and which messages stand behind its badge.
 *
 * Promises: a deleted conversation keeps no word that was said in it, and no repetition of the server's brings one back;
 * the messages behind a badge are exactly those it counts. Must never tell a server.
 */
import { type Result, fail, ok } from '#common/base/result.ts'
import type { Waiting } from '#common/contract/calls.ts'
import type { Preferences } from '#common/domain/conversation.ts'
import type { Message } from '#common/domain/message.ts'
import { forgetMode } from '../draftMode.ts'
import type { Changed } from '../ports/store.ts'
import { applyDelete, toMessage } from './messageRules.ts'
import { removeHere } from './outbox.ts'
import type { ConversationRow } from './rows.ts'
import { type UnitOfWork, standingOf } from './unit.ts'

export function prefer(
  unit: UnitOfWork,
  conversationId: string,
  { alias, ...others }: Partial<Preferences>,
): Result<Changed<null>> {
  const conversation = unit.conversation(conversationId)
  if (conversation === undefined) return fail('conversation.unknown')
  const name = alias?.trim()
  const named = alias === undefined ? {} : { alias: name === undefined || name === '' ? null : name }
  return ok(
    unit.write('normal', () => {
      unit.prefer(conversation, { ...others, ...named })
      return null
    }),
  )
}

/** What was decided about its name and its noise stays. */
export function deleteConversation(unit: UnitOfWork, conversationId: string): Result<Changed<null>> {
  const conversation = unit.conversation(conversationId)
  if (conversation === undefined) return fail('conversation.unknown')
  return ok(
    unit.write('full', () => {
      takeBack(unit, conversation)
      eraseFiles(unit, conversation)
      unit.rows.messages.eraseAll(conversation.key, unit.number)
      conversation.unread = 0
      conversation.mentions = 0
      conversation.draft = ''
      forgetMode(unit.rows.facts, conversation.id)
      unit.rows.ledger.forget(conversation.id)
      unit.loseLast(conversation)
      unit.prefer(conversation, { hidden: true, pinned: false, archived: false, markedUnread: false })
      return null
    }),
  )
}

/** What was never written to a server is not sent any more; what is on its way keeps its words until it has gone. */
function takeBack(unit: UnitOfWork, conversation: ConversationRow): void {
  for (const entry of unit.rows.outbox.checked(conversation.key)) {
    const row = entry.kind === 'send' ? unit.message(entry.message) : undefined
    if (row === undefined || row.deleted) continue
    if (entry.attempts === 0) {
      removeHere(unit, row)
      continue
    }
    const before = standingOf(row)
    row.deleted = true
    unit.saveMessage(row, before)
  }
}

/** One by one, so that whoever keeps files hears of each. */
function eraseFiles(unit: UnitOfWork, conversation: ConversationRow): void {
  for (const row of unit.rows.messages.withFiles(conversation.key)) {
    if (row.state === 'sending') continue
    const before = standingOf(row)
    applyDelete(row)
    unit.saveMessage(row, before)
  }
}

export function readUnread(
  unit: UnitOfWork,
  conversationId: string,
  only: 'all' | 'mentions',
  limit: number,
): Message[] {
  const conversation = unit.conversation(conversationId)
  if (conversation === undefined) return []
  return unit.rows.messages
    .unread(conversation.key, only, limit)
    .map((row) => toMessage(row, conversation, unit.selfId))
}

export function readWaiting(unit: UnitOfWork, mentionLimit: number): Waiting[] {
  const waiting: Waiting[] = []
  for (const { id, unread, mentions } of unit.allConversations()) {
    const [first] = unread === 0 ? [] : readUnread(unit, id, 'all', 1)
    if (first === undefined) continue
    waiting.push({
      conversationId: id,
      first,
      mentions: mentions === 0 ? [] : readUnread(unit, id, 'mentions', mentionLimit),
    })
  }
  return waiting
}

export function markSeen(unit: UnitOfWork, messageIds: readonly number[]): Changed<null> {
  return unit.write('normal', () => {
    for (const id of messageIds) {
      const row = unit.message(id)
      if (row?.unread !== true) continue
      const before = standingOf(row)
      row.unread = false
      unit.saveMessage(row, before)
    }
    return null
  })
}
