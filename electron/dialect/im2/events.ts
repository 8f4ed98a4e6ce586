/**
 * Types 40–43 (sections 6 and 7 of the im2 document). The content decides: a content with `eventType` is an event of
 * the server's bus whatever the type, one with `configType` or `permissionType` a change of policy.
 */
import type { JsonObject } from '#common/base/json.ts'
import type { ServerEvent } from '#common/domain/events.ts'
import type { DecodeContext, Decoded } from '#electron/core/ports/dialect.ts'
import { undecoded, understood } from '../decoded.ts'
import { firstText, firstTime } from '../fields.ts'
import { readBusEvent } from './busEvents.ts'
import { documentOf } from './chat.ts'
import type { Envelope } from './envelope.ts'
import { dismissedEvent, groupOf, knownEvent, membershipEvents } from './membership.ts'
import { pinEvents } from './pins.ts'
import { placeOfEvent } from './place.ts'
import { isPolicy, readPolicy } from './policy.ts'
import { presenceOf } from './presence.ts'
import { readStatus } from './statuses.ts'
import { MessageType } from './wire.ts'

export function readEvent(envelope: Envelope, context: DecodeContext): Decoded {
  const document = documentOf(envelope)
  if (document === undefined) {
    return envelope.type === MessageType.EVENT_MESSAGE_STATUS_CHANGE
      ? readStatus(envelope, {}, context)
      : undecoded('eventContent')
  }
  const eventType = firstText(document, 'eventType')
  if (eventType !== undefined) return readBusEvent(eventType, envelope, document, context)
  if (isPolicy(document)) return readPolicy(envelope, document, context)
  const pins = pinEvents(document, context)
  if (pins !== undefined) return understood(pins, placeOfEvent(envelope, context))
  switch (envelope.type) {
    case MessageType.EVENT_USER_STATUS_CHANGE:
      return readPresence(envelope, document)
    case MessageType.EVENT_GROUP_UPDATE:
      return readGroupUpdate(envelope, document, context)
    case MessageType.EVENT_MESSAGE_STATUS_CHANGE:
      return readStatus(envelope, document, context)
    default:
      return undecoded('eventUnknown')
  }
}

function readPresence(envelope: Envelope, document: JsonObject): Decoded {
  const userId = firstText(document, 'userId') ?? envelope.senderId
  const online = presenceOf(document)
  if (userId === '' || online === undefined) return undecoded('eventContent')
  const at = firstTime(document, 'timestamp', 'changeTime') ?? envelope.timestamp
  return understood([{ type: 'person.presence', userId, online, at }])
}

function readGroupUpdate(envelope: Envelope, document: JsonObject, context: DecodeContext): Decoded {
  const conversation = groupOf(envelope, document, 'groupId', 'conversationId')
  if (conversation === null) return undecoded('noConversation')
  const member = (change: 'joined' | 'left' | 'removed' | 'role'): ServerEvent[] =>
    membershipEvents(envelope, document, conversation, change)
  const eventsOf: Readonly<Record<string, () => ServerEvent[]>> = {
    member_added: () => member('joined'),
    member_joined: () => member('joined'),
    member_removed: () => member('removed'),
    member_left: () => member('left'),
    member_role_changed: () => member('role'),
    info_updated: () => [knownEvent(envelope, document, conversation, 'renamed')],
    dismissed: () => [dismissedEvent(envelope, document, conversation)],
  }
  const updateType = (firstText(document, 'updateType') ?? '').toLowerCase()
  const events = Object.hasOwn(eventsOf, updateType) ? eventsOf[updateType]?.() : undefined
  if (events === undefined) return undecoded('eventUnknown')
  return events.length === 0 ? undecoded('eventContent') : understood(events, placeOfEvent(envelope, context))
}
