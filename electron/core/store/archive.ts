/**
 * What an archive takes from the store, and what the store takes from an archive.
 *
 * Promises: what is written is what is visible, in the order of the timeline; taking the same archive any number of
 * times ends in the same rows; a message that is here, deleted or not, stays as it is. Must never put anything into the
 * queue, bring back what was deleted, or show a conversation that the user has put away.
 */
import { type Result, fail, ok } from '#common/base/result.ts'
import type { ConversationRef } from '#common/domain/conversation.ts'
import { type Position, pendingSequence } from '#common/domain/message.ts'
import type { ArchivedConversation, ArchivedMessage, ArchivedPerson, KnownRange } from '../archive/format.ts'
import type { ArchivePart, TakenPart } from '../ports/store.ts'
import { personRow } from './announcements.ts'
import { placeOf, sameContent } from './messageRules.ts'
import type { ConversationRow, MessageRow } from './rows.ts'
import { moveUnnumberedBehind, placeBehindLast, placeByServer } from './timeline.ts'
import type { UnitOfWork } from './unit.ts'

/** Before everything. */
const start = { sequence: '0', time: Number.MIN_SAFE_INTEGER, tie: '' }

export function readArchivePart(
  unit: UnitOfWork,
  conversationId: string,
  from: Position | null,
  limit: number,
): Result<ArchivePart> {
  const conversation = unit.conversation(conversationId)
  if (conversation === undefined) return fail('conversation.unknown')
  const place = from === null ? start : { sequence: from.sequence, time: from.time, tie: from.id }
  const rows = unit.rows.messages.after(conversation.key, place, limit)
  const last = rows.length < limit ? undefined : rows.at(-1)
  const end = last && placeOf(last)
  return ok({
    messages: rows.map(toArchived),
    next: end === undefined ? null : { sequence: end.sequence, time: end.time, id: end.tie },
    known: end === undefined ? knownRanges(unit, conversation) : null,
  })
}

function knownRanges(unit: UnitOfWork, { key }: ConversationRow): KnownRange[] {
  return unit.rows.ranges.all(key).map(({ first, last }) => ({ first: first.toString(), last: last.toString() }))
}

function toArchived(row: MessageRow): ArchivedMessage {
  return {
    id: row.id,
    serverId: row.serverId,
    clientId: row.clientId,
    senderId: row.senderId,
    content: row.content,
    sequence: row.sequence,
    serverTime: row.serverTime,
    localTime: row.localTime,
    place: { sequence: row.orderSequence, time: row.orderTime },
    state: row.state,
    proof: row.proof,
    edited: row.edited,
    recalled: row.recalled,
    problem: row.problem,
    attempts: row.attempts,
    pinned: row.pinned,
    unread: row.unread,
    mentioned: row.mentioned,
  }
}

export function takeArchived(
  unit: UnitOfWork,
  archived: ArchivedConversation,
  people: readonly ArchivedPerson[],
  messages: readonly ArchivedMessage[],
  at: number,
): TakenPart {
  return unit.writeAt(at, 'normal', () => {
    takePeople(unit, people)
    const conversation = takeConversation(unit, archived, at)
    for (const { first, last } of archived.known) {
      const range = { first: BigInt(first), last: BigInt(last) }
      if (range.first <= range.last) unit.coverRange(conversation.key, range)
    }
    const added: { archived: number; messageId: number }[] = []
    const left = { known: 0, deleted: 0, unsent: 0 }
    for (const message of messages) {
      const row = fromArchived(message, conversation)
      const outcome = take(unit, row, conversation, at)
      if (outcome === 'added') added.push({ archived: message.id, messageId: row.id })
      else left[outcome]++
    }
    return { added, ...left }
  }).value
}

/** A name serves only where the server has given none. */
function takePeople(unit: UnitOfWork, people: readonly ArchivedPerson[]): void {
  for (const { userId, nickname } of people) {
    const person = personRow(unit, userId)
    if (nickname === null || person.nickname !== null) continue
    person.nickname = nickname
    unit.touchPerson(person)
  }
}

/** One that is here is newer than any archive of it. */
function takeConversation(unit: UnitOfWork, archived: ArchivedConversation, at: number): ConversationRow {
  const { kind, targetId, remoteId, title, membership, members } = archived
  const ref: ConversationRef =
    kind === 'group' ? { kind, groupId: targetId } : { kind, peerId: targetId, ...(remoteId !== null && { remoteId }) }
  const known = unit.conversation(`${kind}:${targetId}`)
  if (known !== undefined) return known
  const conversation = unit.resolve(ref, at)
  if (kind === 'direct') return conversation
  conversation.title = title
  unit.setMembership(conversation, membership, null)
  for (const { userId, role } of members) {
    const row = { userId, role, present: true, changedAt: null }
    unit.members(conversation.key).push(row)
    unit.rows.members.put(conversation.key, row)
  }
  return conversation
}

function take(
  unit: UnitOfWork,
  row: MessageRow,
  conversation: ConversationRow,
  at: number,
): 'added' | 'known' | 'deleted' | 'unsent' {
  if (row.state === 'sending' || row.state === 'failed') return 'unsent'
  const known = findKnown(unit, row)
  if (known !== undefined) return known.deleted ? 'deleted' : 'known'
  if (row.sequence !== null) unit.coverSequence(conversation.key, row.sequence)
  // What the server said of it places it among what has come since.
  if (row.sequence !== null || row.serverTime !== null) placeByServer(unit, row, conversation, at)
  // A place at the end belongs to what waits for the server, and no archive has any of it.
  else if (row.orderSequence === pendingSequence) placeBehindLast(unit, row, conversation, at)
  const { preferences } = conversation
  if (!unit.insertMessage(row, conversation)) return 'known'
  unit.prefer(conversation, preferences)
  moveUnnumberedBehind(unit, row, conversation)
  return 'added'
}

function findKnown(unit: UnitOfWork, row: MessageRow): MessageRow | undefined {
  const byServer = row.serverId === null ? undefined : unit.messageByServerId(row.serverId)
  if (byServer !== undefined) return byServer
  if (row.clientId !== null) return unit.messageByClientId(row.senderId, row.clientId)
  return row.serverId === null ? sameAtItsPlace(unit, row) : undefined
}

/** A message without any name is known by where it stands and what it says. */
function sameAtItsPlace(unit: UnitOfWork, row: MessageRow): MessageRow | undefined {
  const before = { sequence: row.orderSequence, time: row.orderTime - 1, tie: '\u{10ffff}' }
  return unit.rows.messages
    .after(row.conversation, before, 50)
    .find(
      (other) =>
        other.orderTime === row.orderTime &&
        other.serverId === null &&
        other.clientId === null &&
        other.senderId === row.senderId &&
        other.localTime === row.localTime &&
        sameContent(other.content, row.content),
    )
}

function fromArchived(message: ArchivedMessage, conversation: ConversationRow): MessageRow {
  const { place, id: _, ...facts } = message
  return {
    ...facts,
    id: 0,
    conversation: conversation.key,
    orderSequence: place.sequence,
    orderTime: place.time,
    deleted: false,
    revision: 0,
  }
}
