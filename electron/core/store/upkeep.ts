/** Small changes that the user or the configuration makes, and the check that recounts what is derived. */
import type { Conversation, ConversationRef } from '#common/domain/conversation.ts'
import type { Changed } from '../ports/store.ts'
import { personRow } from './announcements.ts'
import { lastOf, placeOf } from './messageRules.ts'
import type { ConversationRow } from './rows.ts'
import { type UnitOfWork, standingOf } from './unit.ts'

export function openConversation(unit: UnitOfWork, ref: ConversationRef, at: number): Changed<Conversation> {
  const { value, changes } = unit.write('normal', () => {
    const conversation = unit.resolve(ref, at)
    unit.prefer(conversation, { hidden: false, archived: false })
    return conversation
  })
  return { value: unit.toConversation(value), changes }
}

/** Names from a configuration only serve until the server gives its own. */
export function seedAccount(
  unit: UnitOfWork,
  groups: readonly { id: string; name?: string | undefined }[],
  contacts: readonly { userId: string; nickname: string }[],
  at: number,
): Changed<null> {
  return unit.write('normal', () => {
    for (const group of groups) {
      const conversation = unit.resolve({ kind: 'group', groupId: group.id }, at)
      if (group.name === undefined || conversation.title !== null || conversation.kind !== 'group') continue
      conversation.title = group.name
      unit.touchConversation(conversation)
    }
    for (const contact of contacts) {
      const person = personRow(unit, contact.userId)
      if (person.nickname !== null) continue
      person.nickname = contact.nickname
      unit.touchPerson(person)
    }
    return null
  })
}

export function setDraft(unit: UnitOfWork, conversationId: string, draft: string): Changed<null> {
  return unit.write('normal', () => {
    const conversation = unit.conversation(conversationId)
    if (conversation === undefined || conversation.draft === draft) return null
    conversation.draft = draft
    unit.touchConversation(conversation)
    return null
  })
}

/** Everything up to and including the message counts as seen, wherever it came in between. */
export function markRead(unit: UnitOfWork, conversationId: string, upTo: number): Changed<null> {
  return unit.write('normal', () => {
    const conversation = unit.conversation(conversationId)
    const limit = unit.message(upTo)
    if (conversation === undefined || conversation.unread === 0 || limit?.conversation !== conversation.key) return null
    for (const row of unit.rows.messages.unreadUpTo(conversation.key, placeOf(limit))) {
      const before = standingOf(row)
      row.unread = false
      unit.saveMessage(row, before)
    }
    return null
  })
}

export function acknowledgeNotice(unit: UnitOfWork, noticeId: string, at: number): Changed<null> {
  return unit.write('normal', () => {
    const notice = unit.rows.notices.get(noticeId)
    if (notice === undefined || notice.acknowledgedAt !== null) return null
    unit.touchNotice({ ...notice, acknowledgedAt: at, readAt: notice.readAt ?? at, revision: unit.number })
    return null
  })
}

/** Compares every conversation with its messages; answers how many were wrong, now right. */
export function verifyCounters(unit: UnitOfWork): Changed<{ repaired: number }> {
  return unit.write('normal', () => {
    const counted = unit.rows.conversations.recount()
    let repaired = 0
    for (const conversation of unit.allConversations()) {
      const { unread, mentions } = counted.get(conversation.key) ?? { unread: 0, mentions: 0 }
      const countersRight = conversation.unread === unread && conversation.mentions === mentions
      if (countersRight && lastIsRight(unit, conversation)) continue
      conversation.unread = unread
      conversation.mentions = mentions
      unit.loseLast(conversation)
      repaired++
    }
    return { repaired }
  })
}

function lastIsRight(unit: UnitOfWork, conversation: ConversationRow): boolean {
  const [row] = unit.rows.messages.newest(conversation.key, 1)
  if (row === undefined) return conversation.last === null && conversation.lastId === null
  if (conversation.lastId !== row.id) return false
  return JSON.stringify(conversation.last) === JSON.stringify(lastOf(row, unit.selfId))
}
