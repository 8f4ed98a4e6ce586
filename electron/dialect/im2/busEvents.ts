/** The sixteen events of the server's bus (section 7.1 of the im2 document). An unknown one is kept as undecoded. */
import { type JsonObject, objectOf, textOf } from '#common/base/json.ts'
import type { ConversationRef } from '#common/domain/conversation.ts'
import type { MessageTarget, ServerEvent } from '#common/domain/events.ts'
import type { DecodeContext, Decoded } from '#electron/core/ports/dialect.ts'
import { directWith, targetOf, undecoded, understood } from '../decoded.ts'
import { firstText, firstTime, sequenceIn } from '../fields.ts'
import { contentOfType, messageTypeIn, newWords } from './chat.ts'
import type { Envelope } from './envelope.ts'
import { groupOf, knownEvent, membersIn, membershipEvents, timeOfEvent } from './membership.ts'
import { conversationOf, placeOfEvent } from './place.ts'
import { pinEvents } from './pins.ts'
import { presenceOf } from './presence.ts'

interface Told {
  readonly envelope: Envelope
  readonly document: JsonObject
  readonly context: DecodeContext
}

/** An empty list other than `irrelevant`: the event lacks what it is about. */
type Reader = (told: Told) => readonly ServerEvent[]

/** Understood, and nothing to us. */
const irrelevant: readonly ServerEvent[] = []

const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['business.user.login', (told) => presence(told, true, 'loginTime')],
  ['business.user.logout', (told) => presence(told, false, 'logoutTime')],
  ['business.user.status.changed', (told) => presence(told, presenceOf(told.document), 'changeTime')],
  ['business.user.profile.updated', profile],
  ['business.conversation.created', (told) => known(told, conversationNamed(told), 'created')],
  ['business.conversation.updated', (told) => known(told, conversationNamed(told), 'renamed')],
  ['business.conversation.member.added', (told) => member(told, conversationNamed(told), 'joined')],
  ['business.conversation.member.removed', (told) => member(told, conversationNamed(told), 'removed')],
  ['business.group.created', (told) => known(told, groupNamed(told), 'created')],
  ['business.group.updated', (told) => known(told, groupNamed(told), 'renamed')],
  ['business.group.member.joined', (told) => member(told, groupNamed(told), 'joined')],
  ['business.group.member.left', (told) => member(told, groupNamed(told), groupLeave(told))],
  ['communication.message.sent', sent],
  ['communication.message.recalled', recalled],
  ['communication.message.edited', edited],
  ['communication.message.deleted', deleted],
])

/** All that are understood. */
export const busEventTypes: readonly string[] = [...readers.keys()]

export function readBusEvent(
  eventType: string,
  envelope: Envelope,
  document: JsonObject,
  context: DecodeContext,
): Decoded {
  const pins = pinEvents(document, context)
  if (pins !== undefined) {
    const told = { envelope, document, context }
    const conversation = eventType.startsWith('business.conversation.') ? conversationNamed(told) : null
    return understood([...pins, ...known(told, conversation, 'renamed')], placeOfEvent(envelope, context))
  }
  const reader = readers.get(eventType)
  if (reader === undefined) return undecoded('eventUnknown')
  const events = reader({ envelope, document, context })
  return events.length === 0 && events !== irrelevant
    ? undecoded('eventContent')
    : understood(events, placeOfEvent(envelope, context))
}

function presence({ envelope, document }: Told, online: boolean | undefined, timeField: string): ServerEvent[] {
  const userId = firstText(document, 'userId')
  if (userId === undefined || online === undefined) return []
  const at = firstTime(document, timeField, 'timestamp') ?? envelope.timestamp
  return [{ type: 'person.presence', userId, online, at }]
}

function profile({ document }: Told): ServerEvent[] {
  const userId = firstText(document, 'userId')
  const nested = objectOf(document['profile']) ?? objectOf(document['changes']) ?? {}
  const names = ['nickname', 'nickName', 'displayName', 'name'] as const
  const nickname = firstText(document, ...names) ?? firstText(nested, ...names) ?? null
  const avatar = firstText(document, 'avatar', 'avatarUrl') ?? firstText(nested, 'avatar', 'avatarUrl') ?? null
  if (userId === undefined || (nickname === null && avatar === null)) return []
  return [{ type: 'person.profile', userId, nickname, avatar }]
}

const groupNamed = ({ envelope, document }: Told): ConversationRef | null =>
  groupOf(envelope, document, 'groupId', 'conversationId')

/** A conversation of two is told by its type; with whom, by its other member. */
function conversationNamed({ envelope, document, context }: Told): ConversationRef | null {
  const type = (firstText(document, 'conversationType', 'type') ?? '').toLowerCase()
  if (!['direct', 'private', 'single'].includes(type)) return groupOf(envelope, document, 'conversationId', 'groupId')
  const members = membersIn(document['members']) ?? membersIn(document['memberIds']) ?? []
  const peer =
    members.find(({ userId }) => userId !== context.selfId)?.userId ?? firstText(document, 'peerId', 'targetId')
  return peer === undefined ? null : directWith(peer, firstText(document, 'conversationId') ?? envelope.conversationId)
}

function known(
  { envelope, document }: Told,
  conversation: ConversationRef | null,
  what: 'created' | 'renamed',
): ServerEvent[] {
  return conversation === null ? [] : [knownEvent(envelope, document, conversation, what)]
}

function member(
  { envelope, document }: Told,
  conversation: ConversationRef | null,
  change: 'joined' | 'left' | 'removed',
): ServerEvent[] {
  return conversation === null ? [] : membershipEvents(envelope, document, conversation, change)
}

function groupLeave({ document }: Told): 'left' | 'removed' {
  const by = firstText(document, 'operatorId', 'removedBy', 'updatedBy')
  return by === undefined || by === firstText(document, 'memberId', 'userId') ? 'left' : 'removed'
}

function targetIn(document: JsonObject): MessageTarget | undefined {
  return targetOf(
    firstText(document, 'messageId', 'originalMessageId'),
    firstText(document, 'clientMessageId', 'clientMsgId'),
  )
}

/** With sender and content it is the message itself; else only the word that the server has it. */
function sent(told: Told): ServerEvent[] {
  const { envelope, document, context } = told
  const target = targetIn(document)
  if (target === undefined) return []
  const senderId = firstText(document, 'senderId')
  const carried = objectOf(document['content']) ?? textOf(document['content'])
  const message: Envelope = {
    ...envelope,
    messageId: target.serverId ?? '',
    clientMessageId: target.clientId ?? '',
    senderId: senderId ?? '',
    receiverId: firstText(document, 'receiverId') ?? '',
    conversationId: firstText(document, 'conversationId') ?? envelope.conversationId,
    timestamp: timeOfEvent(envelope, document),
  }
  const conversation = senderId === undefined ? undefined : conversationOf(message, context, '')
  if (senderId === undefined || carried === undefined || conversation === undefined) {
    return [{ type: 'message.status', target, state: 'sent', reason: null }]
  }
  return [
    {
      type: 'message.received',
      conversation,
      senderId,
      serverId: target.serverId ?? null,
      clientId: target.clientId ?? null,
      sequence: sequenceIn(document['sequence']),
      serverTime: message.timestamp,
      content: contentOfType(messageTypeIn(document), carried),
      state: 'sent',
      recalled: false,
    },
  ]
}

function recalled({ envelope, document }: Told): ServerEvent[] {
  const target = targetIn(document)
  if (target === undefined) return []
  const by = firstText(document, 'operatorId') ?? null
  const reason = firstText(document, 'reason') ?? null
  return [{ type: 'message.recalled', target, by, reason, at: timeOfEvent(envelope, document) }]
}

function edited({ envelope, document }: Told): ServerEvent[] {
  const target = targetIn(document)
  const text = newWords(document)
  if (target === undefined || text === undefined) return []
  return [
    {
      type: 'message.edited',
      target,
      text,
      by: firstText(document, 'operatorId', 'editorId') ?? null,
      reason: firstText(document, 'editReason', 'reason') ?? null,
      at: timeOfEvent(envelope, document),
      sequence: envelope.sequence,
    },
  ]
}

/** Deleted for everyone is a recall; deleted by somebody for himself is nothing to us. */
function deleted(told: Told): readonly ServerEvent[] {
  const { document, context } = told
  const target = targetIn(document)
  if (target === undefined) return []
  const scope = firstText(document, 'deleteScope', 'scope')
  if (scope === '1') return recalled(told)
  const by = firstText(document, 'operatorId')
  if (scope === '0' && by !== undefined && by !== context.selfId) return irrelevant
  return [{ type: 'message.deleted', target }]
}
