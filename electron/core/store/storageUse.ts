/**
 * What the messages of an account take up, and the letting go of them.
 *
 * Promises: what is erased leaves every count, the search and the last line of its conversation with the same
 * transaction, and no repetition of the server's brings it back; what waits to be sent or to be tried again, what is to
 * be done to a message on the server, and drafts stay. Must never tell a server.
 */
import { type Result, fail, ok } from '#common/base/result.ts'
import type { Changed, StoredMessage, UsePart } from '../ports/store.ts'
import { applyDelete } from './messageRules.ts'
import { type UnitOfWork, standingOf } from './unit.ts'

export function measureUse(unit: UnitOfWork, after: number, limit: number): UsePart {
  const { last, amounts } = unit.rows.storage.use(after, limit)
  return {
    last,
    chats: amounts.map(({ conversation, count, bytes }) => ({
      conversationId: unit.conversationByKey(conversation).id,
      count,
      bytes,
    })),
  }
}

export function readStored(unit: UnitOfWork, ids: readonly number[]): StoredMessage[] {
  return unit.rows.storage.facts(ids).map(({ id, conversation, kind, at, gone, settled }) => ({
    id,
    conversationId: unit.conversationByKey(conversation).id,
    kind,
    at,
    gone,
    settled,
  }))
}

/** Answers how many it were. */
export function eraseMessages(unit: UnitOfWork, conversationId: string): Result<Changed<number>> {
  const conversation = unit.conversation(conversationId)
  if (conversation === undefined) return fail('conversation.unknown')
  return ok(
    unit.write('full', () => {
      let erased = 0
      const { storage, messages, conversations } = unit.rows
      // One by one, so that whoever keeps files hears of each.
      const settled = new Set(storage.settledFiles(conversation.key))
      for (const row of messages.withFiles(conversation.key)) {
        if (!settled.has(row.id)) continue
        const before = standingOf(row)
        applyDelete(row)
        unit.saveMessage(row, before)
        erased++
      }
      erased += storage.erase(conversation.key, unit.number)
      if (erased === 0) return 0
      const left = conversations.recount().get(conversation.key)
      conversation.unread = left?.unread ?? 0
      conversation.mentions = left?.mentions ?? 0
      unit.loseLast(conversation)
      return erased
    }),
  )
}
