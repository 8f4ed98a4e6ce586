/** The sixteen events of section 7.1 of the im2 document, and what each does. */
import { describe, expect, it } from 'vitest'
import type { ServerEvent } from '#common/domain/events.ts'
import { busEventTypes } from '#electron/dialect/im2/busEvents.ts'
import { dialects } from '#electron/dialect/registry.ts'
import { context, eventsOf, jsonFrameOf } from './frames.ts'

const decode = (content: object, envelope: object = {}): ReturnType<typeof dialects.im2.decode> =>
  dialects.im2.decode(
    jsonFrameOf({ type: 'EVENT_GROUP_UPDATE', ...envelope, event: { content: JSON.stringify(content) } }),
    context,
  )

const at = Date.parse('2024-01-20T10:00:00Z')
const time = '2024-01-20T10:00:00Z'

const cases: readonly [string, object, readonly Partial<ServerEvent>[]][] = [
  [
    'business.user.login',
    { userId: 'u2', loginTime: time },
    [{ type: 'person.presence', userId: 'u2', online: true, at }],
  ],
  [
    'business.user.logout',
    { userId: 'u2', logoutTime: time },
    [{ type: 'person.presence', userId: 'u2', online: false, at }],
  ],
  [
    'business.user.status.changed',
    { userId: 'u2', oldStatus: 'online', newStatus: 'offline' },
    [{ type: 'person.presence', userId: 'u2', online: false }],
  ],
  [
    'business.user.profile.updated',
    { userId: 'u2', profile: { nickname: '小明', avatar: 'https://e/a.png' } },
    [{ type: 'person.profile', userId: 'u2', nickname: '小明', avatar: 'https://e/a.png' }],
  ],
  [
    'business.conversation.created',
    { conversationId: 'c1', name: 'n', members: [{ userId: 'u2', role: 'owner' }, 'me', 3] },
    [
      {
        type: 'conversation.known',
        conversation: { kind: 'group', groupId: 'c1' },
        title: 'n',
        members: [
          { userId: 'u2', role: 'owner' },
          { userId: 'me', role: 'member' },
          { userId: '3', role: 'member' },
        ],
      },
    ],
  ],
  [
    'business.conversation.updated',
    { conversationId: 'c1', conversationName: 'n2' },
    [{ type: 'conversation.known', title: 'n2', members: null }],
  ],
  [
    'business.conversation.member.added',
    { conversationId: 'c1', userIds: ['u5', 'u6'], operatorId: 'u2' },
    [
      { type: 'conversation.membership', userId: 'u5', change: 'joined', by: 'u2' },
      { type: 'conversation.membership', userId: 'u6', change: 'joined', by: 'u2' },
    ],
  ],
  [
    'business.conversation.member.removed',
    { conversationId: 'c1', memberId: 'u5', removedBy: 'u2' },
    [{ type: 'conversation.membership', userId: 'u5', change: 'removed', by: 'u2' }],
  ],
  [
    'business.group.created',
    { groupId: 'g7', groupName: 'n', creatorId: 'u2', memberCount: 1 },
    [{ type: 'conversation.known', conversation: { kind: 'group', groupId: 'g7' }, title: 'n', members: null }],
  ],
  [
    'business.group.updated',
    { groupId: 'g7', changes: { groupName: 'n2' } },
    [{ type: 'conversation.known', title: 'n2' }],
  ],
  [
    'business.group.member.joined',
    { groupId: 'g7', userId: 'u5', memberRole: 'admin', joinTime: time },
    [{ type: 'conversation.membership', userId: 'u5', change: 'joined', role: 'admin', at }],
  ],
  [
    'business.group.member.left',
    { groupId: 'g7', userId: 'u5' },
    [{ type: 'conversation.membership', userId: 'u5', change: 'left' }],
  ],
  [
    'communication.message.sent',
    { messageId: 'm', clientMessageId: 'k', senderId: 'u2', content: 'x' },
    [{ type: 'message.status', target: { serverId: 'm', clientId: 'k' }, state: 'sent', reason: null }],
  ],
  [
    'communication.message.recalled',
    { messageId: 'm', operatorId: 'u2', reason: 'r', timestamp: time },
    [{ type: 'message.recalled', target: { serverId: 'm' }, by: 'u2', reason: 'r', at }],
  ],
  [
    'communication.message.edited',
    { messageId: 'm', newContent: 'w', operatorId: 'u2', editReason: 'r', timestamp: time },
    [{ type: 'message.edited', target: { serverId: 'm' }, text: 'w', by: 'u2', reason: 'r', at, sequence: null }],
  ],
  [
    'communication.message.deleted',
    { messageId: 'm', operatorId: 'me' },
    [{ type: 'message.deleted', target: { serverId: 'm' } }],
  ],
]

describe('im2 bus events', () => {
  it('are the sixteen of the document, each with a case here', () => {
    expect(busEventTypes).toHaveLength(16)
    expect(cases.map(([eventType]) => eventType).sort()).toEqual([...busEventTypes].sort())
  })

  it.each(cases)('%s', (eventType, content, expected) => {
    expect(eventsOf(decode({ eventType, ...content }))).toMatchObject(expected)
  })

  it.each(cases)('%s without what it is about is undecoded, and never throws', (eventType) => {
    expect(decode({ eventType })).toEqual({ ok: false, reason: 'eventContent' })
  })

  it('come under any event type', () => {
    for (const type of [40, 41, 42, 43]) {
      expect(eventsOf(decode({ eventType: 'business.user.login', userId: 'u2' }, { type }))).toHaveLength(1)
    }
  })

  it.each(['business.user.teleported', '__proto__', 'constructor', ''])('%j is undecoded', (eventType) => {
    expect(decode({ eventType, userId: 'u2' })).toMatchObject({ ok: false })
  })

  it('leaving by another hand is being removed', () => {
    const content = { eventType: 'business.group.member.left', groupId: 'g7', userId: 'u5', operatorId: 'u2' }
    expect(eventsOf(decode(content))).toMatchObject([{ change: 'removed', by: 'u2' }])
    expect(eventsOf(decode({ ...content, operatorId: 'u5' }))).toMatchObject([{ change: 'left' }])
  })

  it('deleted for everyone is recalled, deleted by another for himself is nothing to us', () => {
    const content = { eventType: 'communication.message.deleted', messageId: 'm', operatorId: 'u2' }
    expect(eventsOf(decode({ ...content, deleteScope: 1 }))).toMatchObject([{ type: 'message.recalled', by: 'u2' }])
    expect(eventsOf(decode({ ...content, deleteScope: 0, operatorId: 'me' }))).toMatchObject([
      { type: 'message.deleted' },
    ])
    expect(decode({ ...content, deleteScope: 0 })).toMatchObject({ ok: true, inbound: { events: [] } })
  })

  it('a conversation of two is with the other one', () => {
    const content = {
      eventType: 'business.conversation.created',
      conversationId: 'c9',
      conversationType: 'PRIVATE',
      members: ['me', 'u2'],
    }
    expect(eventsOf(decode(content))).toMatchObject([
      { conversation: { kind: 'direct', peerId: 'u2', remoteId: 'c9' } },
    ])
    expect(decode({ ...content, members: [] })).toEqual({ ok: false, reason: 'eventContent' })
  })
})
