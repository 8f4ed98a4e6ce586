/** What is read: the whole account as a window starts with it, and pages of one conversation. */
import { type Result, fail, ok } from '#common/base/result.ts'
import type { Snapshot, TimelinePage } from '#common/contract/calls.ts'
import type { PageStart } from '../ports/store.ts'
import { holesOf } from './askedHoles.ts'
import { placeOf, toMessage } from './messageRules.ts'
import type { ConversationRow, MessageRow, Place } from './rows.ts'
import { cleanId } from './sequence.ts'
import { type UnitOfWork, toPerson } from './unit.ts'

const noticesShown = 200
const pinnedShown = 50

export function takeSnapshot(unit: UnitOfWork): Omit<Snapshot, 'connection' | 'session' | 'uploads'> {
  unit.loadAllMembers()
  return {
    asOf: unit.meta.changeNumber,
    conversations: Array.from(unit.allConversations(), (row) => unit.toConversation(row)),
    people: unit.rows.people.all().map(toPerson),
    notices: unit.rows.notices.latest(noticesShown),
    policy: unit.policy,
  }
}

/** At most `limit` visible messages, oldest first. */
export function readPage(
  unit: UnitOfWork,
  conversationId: string,
  from: PageStart,
  limit: number,
): Result<TimelinePage> {
  const conversation = unit.conversation(conversationId)
  if (conversation === undefined) return fail('conversation.unknown')
  const found = rowsFrom(unit, conversation, from, limit)
  if (found === undefined) return fail('message.unknown')
  const { rows, target } = found
  const first = rows[0]
  const last = rows.at(-1)
  const { messages } = unit.rows
  const { key } = conversation
  // An empty page has nothing of its own to look from.
  const start = 'position' in from ? placeFrom(from) : null
  const older = first === undefined ? start : placeOf(first)
  const newer = last === undefined ? start : placeOf(last)
  return ok({
    messages: rows.map((row) => toMessage(row, conversation, unit.selfId)),
    hasOlder: older !== null && messages.before(key, older, 1).length > 0,
    hasNewer: newer !== null && messages.after(key, newer, 1).length > 0,
    pinned: messages.pinned(key, pinnedShown).map((row) => toMessage(row, conversation, unit.selfId)),
    holes: holesOf(unit.rows, conversation),
    target: target?.id ?? null,
  })
}

function placeFrom(from: Extract<PageStart, { position: unknown }>): Place {
  const { sequence, time, id } = from.position
  return { sequence, time, tie: id }
}

function rowsFrom(
  unit: UnitOfWork,
  conversation: ConversationRow,
  from: PageStart,
  limit: number,
): { readonly rows: MessageRow[]; readonly target: MessageRow | undefined } | undefined {
  const { messages } = unit.rows
  const { key } = conversation
  const next = (rows: MessageRow[]) => ({ rows, target: undefined })
  const around = (middle: MessageRow) => {
    const place = placeOf(middle)
    const older = messages.before(key, place, Math.floor(limit / 2)).reverse()
    return { rows: [...older, middle, ...messages.after(key, place, limit - older.length - 1)], target: middle }
  }
  const named = (row: MessageRow | undefined) =>
    row === undefined || row.deleted || row.conversation !== key ? undefined : around(row)
  switch (from.at) {
    case 'newest':
      return next(messages.newest(key, limit).reverse())
    case 'before':
      return next(messages.before(key, placeFrom(from), limit).reverse())
    case 'after':
      return next(messages.after(key, placeFrom(from), limit))
    case 'around': {
      const serverId = cleanId(from.serverId)
      return named(serverId === null ? undefined : messages.byServerId(serverId))
    }
    case 'message':
      return named(messages.byId(from.messageId))
    case 'time': {
      const found = messages.notBefore(key, from.time)
      return found === undefined ? next(messages.newest(key, limit).reverse()) : around(found)
    }
    case 'unread': {
      const newest = messages.newest(key, limit).reverse()
      const target = messages.unread(key, 'all', 1)[0]
      if (target === undefined) return next(newest)
      return newest.some(({ id }) => id === target.id) ? { rows: newest, target } : around(target)
    }
  }
}
