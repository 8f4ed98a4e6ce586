/** Who is in which group (sections 6.2 and 7.3 of the im2 document), as events that say the same thing only once. */
import { type Json, type JsonObject, objectOf, textOf } from '#common/base/json.ts'
import type { ConversationRef, Member } from '#common/domain/conversation.ts'
import type { ServerEvent } from '#common/domain/events.ts'
import { firstText, firstTime, stableId } from '../fields.ts'
import type { Envelope } from './envelope.ts'

type Change = Extract<ServerEvent, { type: 'conversation.membership' }>['change']

/** More members than this in one event is no group of people. */
const maxMembers = 10_000

const operators = ['updatedBy', 'operatorId', 'addedBy', 'removedBy', 'invitedBy', 'inviterId', 'by'] as const

export function groupOf(envelope: Envelope, document: JsonObject, ...names: readonly string[]): ConversationRef | null {
  const groupId = firstText(document, ...names) ?? envelope.conversationId
  return groupId === '' ? null : { kind: 'group', groupId }
}

/** One event per person named; none when nobody is. */
export function membershipEvents(
  envelope: Envelope,
  document: JsonObject,
  conversation: ConversationRef,
  change: Change,
): ServerEvent[] {
  const at = timeOfEvent(envelope, document)
  const by = firstText(document, ...operators) ?? null
  const role = firstText(document, 'memberRole', 'newRole', 'role') ?? null
  const people = peopleOf(document)
  return people.map(({ userId, role: own }) => {
    const really = change === 'removed' && by === userId ? 'left' : change
    const facts = ['member', really, conversation.kind, conversationName(conversation), userId, own || role, by, at]
    return {
      type: 'conversation.membership',
      eventId: eventIdOf(envelope, people.length > 1 ? userId : null, facts),
      conversation,
      userId,
      change: really,
      role: own || role,
      by,
      at,
    }
  })
}

export function dismissedEvent(envelope: Envelope, document: JsonObject, conversation: ConversationRef): ServerEvent {
  const at = timeOfEvent(envelope, document)
  const by = firstText(document, ...operators) ?? null
  const eventId = eventIdOf(envelope, null, ['dismissed', conversationName(conversation), by, at])
  return { type: 'conversation.dismissed', eventId, conversation, by, at }
}

/** A conversation's name and, where the event lists them, its members; and what happened to it, where somebody did it. */
export function knownEvent(
  envelope: Envelope,
  document: JsonObject,
  conversation: ConversationRef,
  what: 'created' | 'renamed',
): ServerEvent {
  const info = objectOf(document['info']) ?? objectOf(document['changes']) ?? objectOf(document['newInfo']) ?? {}
  const names = ['groupName', 'conversationName', 'newName', 'name', 'title'] as const
  const title = firstText(document, ...names) ?? firstText(info, ...names) ?? null
  const members = membersIn(document['members'])
  const told = title === null && what === 'renamed' ? {} : toldOf(envelope, document, conversation, what)
  return { type: 'conversation.known', conversation, title, members, ...told }
}

/** A server that tells of a group's creation at every connect tells the same thing each time. */
function toldOf(
  envelope: Envelope,
  document: JsonObject,
  conversation: ConversationRef,
  what: 'created' | 'renamed',
): Pick<Extract<ServerEvent, { type: 'conversation.known' }>, 'told'> {
  if (conversation.kind === 'direct') return {}
  if (what === 'created') {
    const by = firstText(document, 'creatorId', 'createdBy', 'operatorId')
    const at = firstTime(document, 'createTime', 'createdAt')
    return by === undefined || at === null ? {} : { told: { what, eventId: 'created', by, at } }
  }
  const at = timeOfEvent(envelope, document)
  const by = firstText(document, ...operators) ?? null
  const eventId = eventIdOf(envelope, null, ['renamed', conversationName(conversation), by, at])
  return { told: { what, eventId, by, at } }
}

/** Ids, or objects that hold one. */
export function membersIn(value: Json | undefined): Member[] | null {
  if (!Array.isArray(value)) return null
  return (value as readonly Json[]).slice(0, maxMembers).flatMap((entry): Member[] => {
    const object = objectOf(entry)
    const userId = object === undefined ? textOf(entry) : firstText(object, 'userId', 'memberId', 'id')
    const role = object === undefined ? undefined : firstText(object, 'role', 'memberRole')
    return userId === undefined ? [] : [{ userId, role: role ?? 'member' }]
  })
}

/** When it happened, by the server's clock. */
export function timeOfEvent(envelope: Envelope, document: JsonObject): number | null {
  return firstTime(document, 'timestamp', 'joinTime', 'leaveTime', 'updateTime', 'createTime') ?? envelope.timestamp
}

function peopleOf(document: JsonObject): readonly { userId: string; role: string | null }[] {
  const one = firstText(document, 'memberId', 'userId')
  if (one !== undefined) return [{ userId: one, role: null }]
  for (const name of ['memberIds', 'userIds', 'members']) {
    const value = document[name]
    const members = membersIn(value)
    if (members !== null) {
      const named = new Map(members.map((member) => [member.userId, member.role]))
      return [...named].map(([userId, role]) => ({ userId, role: name === 'members' ? role : null }))
    }
  }
  return []
}

function conversationName(conversation: ConversationRef): string {
  return conversation.kind === 'group' ? conversation.groupId : conversation.peerId
}

function eventIdOf(envelope: Envelope, part: string | null, facts: readonly (string | number | null)[]): string {
  if (envelope.messageId === '') return stableId(...facts)
  return part === null ? envelope.messageId : `${envelope.messageId}#${part}`
}
