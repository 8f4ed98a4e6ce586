import { describe, expect, it } from 'vitest'
import type { Command } from '#common/domain/commands.ts'
import type { ServerEvent } from '#common/domain/events.ts'
import { dialects } from '#electron/dialect/registry.ts'
import { im2 } from '#proto/gen/im2.js'
import { type FrameOptions, context, contextOf, eventOf, eventsOf, fixture, frameOf, jsonFrameOf } from './frames.ts'
import { bodyOf } from './servers/words.ts'

const dialect = dialects.im2
const profile = { dialect: 'im2', url: 'wss://h/ws', userId: 'me', deviceId: 'd1' } as const

const decode = (message: object, options?: FrameOptions): ReturnType<typeof dialect.decode> =>
  dialect.decode(jsonFrameOf(message, options), context)

/** The one event of an event message with this content. */
const told = (type: number, content: object, envelope: object = {}): ServerEvent =>
  eventOf(decode({ type, ...envelope, event: { content: JSON.stringify(content) } }))

const reasonOf = (message: object): string | null => {
  const decoded = decode(message)
  return decoded.ok ? null : decoded.reason
}

describe('im2: where a message belongs', () => {
  const chat = { messageId: 'm', chat: { content: '{"content":"x"}' } }

  it.each([
    ['a known group wins over the parties', { conversationId: 'g1', senderId: 'u2', receiverId: 'me' }, 'group g1'],
    ['from somebody to me', { conversationId: 'c7', senderId: 'u2', receiverId: 'me' }, 'direct u2 c7'],
    ['from me to somebody', { conversationId: 'c7', senderId: 'me', receiverId: 'u2' }, 'direct u2 c7'],
    ['without a conversation id', { senderId: 'u2', receiverId: 'me' }, 'direct u2'],
    ['from me to me', { senderId: 'me', receiverId: 'me' }, 'direct me'],
    ['an unknown conversation without parties', { conversationId: 'g9', senderId: 'u2' }, 'group g9'],
    ['between others', { conversationId: 'g9', senderId: 'u2', receiverId: 'u3' }, 'group g9'],
    ['the group named as receiver too', { conversationId: 'g9', senderId: 'me', receiverId: 'g9' }, 'group g9'],
  ])('%s', (_, envelope, expected) => {
    const event = eventOf(decode({ ...chat, ...envelope }))
    if (event.type !== 'message.received') throw new Error(event.type)
    const { conversation } = event
    const said =
      conversation.kind === 'group'
        ? ['group', conversation.groupId]
        : ['direct', conversation.peerId, ...(conversation.remoteId === undefined ? [] : [conversation.remoteId])]
    expect(said.join(' ')).toBe(expected)
  })

  it('the destination only stands in for a missing conversation id', () => {
    const destination = '/topic/conversation/g5'
    expect(eventOf(decode({ ...chat, senderId: 'u2' }, { destination }))).toMatchObject({
      conversation: { kind: 'group', groupId: 'g5' },
    })
    expect(eventOf(decode({ ...chat, senderId: 'u2', conversationId: 'g1' }, { destination }))).toMatchObject({
      conversation: { kind: 'group', groupId: 'g1' },
    })
    expect(eventOf(decode({ ...chat, senderId: 'u2', receiverId: 'me' }, { destination }))).toMatchObject({
      conversation: { kind: 'direct', peerId: 'u2' },
    })
  })

  it('any destination may carry any type', () => {
    for (const destination of ['/user/queue/message-status', '/topic/system/notifications', '/elsewhere']) {
      expect(eventOf(decode({ ...chat, senderId: 'u2', receiverId: 'me' }, { destination })).type).toBe(
        'message.received',
      )
      const notification = { type: 20, notification: { content: '{"title":"t","content":"c"}' } }
      expect(eventOf(decode(notification, { destination })).type).toBe('notice.received')
    }
  })

  it('the sender is what the envelope says, never what the content claims', () => {
    const content = JSON.stringify({ content: 'x', senderId: 'boss', contentExtra: { senderId: 'boss' } })
    expect(eventOf(decode({ messageId: 'm', senderId: 'u2', receiverId: 'me', chat: { content } }))).toMatchObject({
      senderId: 'u2',
    })
    const recall = { messageId: 'm2', type: 13, senderId: 'u2', conversationId: 'g1' }
    const recallContent = JSON.stringify({ messageId: 'm', operatorId: 'boss' })
    expect(eventOf(decode({ ...recall, chat: { content: recallContent } }))).toMatchObject({ by: 'u2' })
  })

  it('what has no conversation or no sender is kept as undecoded', () => {
    expect(reasonOf({ ...chat, senderId: 'u2' })).toBe('noConversation')
    expect(reasonOf({ ...chat, senderId: 'u2', receiverId: 'u3' })).toBe('noConversation')
    expect(reasonOf({ ...chat, conversationId: 'g1' })).toBe('noSender')
  })
})

describe('im2: unknown types', () => {
  it.each([7, 14, 19, 50, 99, -3, 2_147_483_647])('%i in a conversation is an unsupported message', (type) => {
    const message = { messageId: 'm', type, senderId: 'u2', receiverId: 'me', chat: { content: 'raw' } }
    expect(eventOf(decode(message))).toMatchObject({
      type: 'message.received',
      content: { kind: 'unsupported', label: String(type), raw: 'raw' },
    })
  })

  it('a name this schema does not have is kept as the label', () => {
    const message = { messageId: 'm', type: 'CHAT_STICKER', senderId: 'u2', receiverId: 'me', chat: { content: 'r' } }
    expect(eventOf(decode(message))).toMatchObject({ content: { kind: 'unsupported', label: 'CHAT_STICKER' } })
  })

  it('a future notification, system or event type is no chat message unless it names a conversation', () => {
    for (const type of [24, 35, 44, 49]) {
      const message = { messageId: 'm', type, senderId: 'system', receiverId: 'me', event: { content: '{}' } }
      expect(reasonOf(message)).toBe('typeUnknown')
      expect(eventOf(decode({ ...message, conversationId: 'g1' }))).toMatchObject({
        content: { kind: 'unsupported' },
      })
    }
  })

  it('keeps at most 16 KiB of what it does not know, cut between characters', () => {
    const content = '汉'.repeat(10_000)
    const event = eventOf(decode({ messageId: 'm', type: 9, senderId: 'u2', receiverId: 'me', chat: { content } }))
    if (event.type !== 'message.received' || event.content.kind !== 'unsupported') throw new Error(event.type)
    expect(Buffer.byteLength(event.content.raw)).toBe(16_383)
    expect(event.content.raw).toBe('汉'.repeat(5_461))
  })
})

describe('im2: bodies', () => {
  const message = { messageId: 'm', senderId: 'u2', conversationId: 'g1', chat: { content: '{"content":"x"}' } }
  const bytes = im2.WebSocketMessage.encode({
    ...message,
    sequence: im2.WebSocketMessage.decode(fixture('im2/chat-text-direct.bin')).sequence,
  }).finish()

  it('JSON numbers above 2^53 are exact as well', () => {
    const body = JSON.stringify(message).replace(/\}$/, ',"sequence":9007199254740993,"timestamp":1715000000000}')
    expect(dialect.decode(frameOf(body), context)).toMatchObject({
      inbound: { covers: { sequence: '9007199254740993' }, events: [{ sequence: '9007199254740993' }] },
    })
  })

  it.each([['0'], [''], ['-4'], ['1.5'], ['9223372036854775808'], ['abc'], [-1], [0], [1.5], [null], [true], [{}]])(
    'the sequence %j is none',
    (sequence) => {
      expect(decode({ ...message, sequence })).toMatchObject({
        inbound: { covers: null, events: [{ sequence: null }] },
      })
    },
  )

  it.each([
    ['007', '7'],
    ['9223372036854775807', '9223372036854775807'],
    [12, '12'],
  ])('the sequence %j is %j', (sequence, expected) => {
    expect(decode({ ...message, sequence })).toMatchObject({ inbound: { covers: { sequence: expected } } })
  })

  it('protobuf is told by itself, whatever the content type claims', () => {
    for (const contentType of [null, 'application/json', 'text/plain', 'application/octet-stream']) {
      expect(dialect.decode(frameOf(bytes, { contentType }), context)).toMatchObject({ ok: true })
    }
  })

  it('base64 may be wrapped, unpadded, or of the URL alphabet', () => {
    const base64 = Buffer.from(bytes).toString('base64')
    for (const body of [
      base64.replace(/(.{20})/g, '$1\r\n'),
      base64.replace(/=+$/, ''),
      Buffer.from(bytes).toString('base64url'),
    ]) {
      expect(dialect.decode(frameOf(body), context)).toMatchObject({ ok: true })
    }
  })

  it('protobuf that a server sent as text is damaged, not guessed at', () => {
    const original = Buffer.from([...bytes, 0x58, 0xff, 0xff, 0xfe, 0xa0, 0xc0, 0x31])
    const asText = Buffer.from(original.toString('utf8'))
    expect(asText.length).toBeGreaterThan(original.length)
    expect(dialect.decode(frameOf(asText, { length: original.length }), context)).toEqual({
      ok: false,
      reason: 'damaged',
    })
    expect(dialect.decode(frameOf(asText), context)).toEqual({ ok: false, reason: 'damaged' })
  })

  it('a wrong content-length alone costs nothing', () => {
    expect(dialect.decode(frameOf(bytes, { length: 3 }), context)).toMatchObject({ ok: true })
    expect(decode(message, { length: 3 })).toMatchObject({ ok: true })
  })

  it('a replacement character that somebody wrote is a character', () => {
    const frame = frameOf(
      im2.WebSocketMessage.encode({ ...message, chat: { content: '{"content":"a\ufffdb"}' } }).finish(),
    )
    expect(eventOf(dialect.decode(frame, context))).toMatchObject({ content: { text: 'a\ufffdb' } })
  })

  it.each([
    ['', 'empty'],
    ['{}', 'meaningless'],
    ['{"foo":1}', 'meaningless'],
    ['{"messageId":', 'json'],
    ['[1,2]', 'protobuf'],
    ['hello world', 'protobuf'],
    [Buffer.from([0xf8, 0x06, 0x01]), 'meaningless'],
    [Buffer.from([0x0a, 0xff]), 'protobuf'],
    [Buffer.from([0x00]), 'protobuf'],
  ])('%j is undecoded: %s', (body, reason) => {
    expect(dialect.decode(frameOf(body), context)).toEqual({ ok: false, reason })
  })

  it('an id that is no name but a text is refused', () => {
    expect(reasonOf({ ...message, senderId: 'x'.repeat(513) })).toBe('idTooLong')
  })

  it('contents may come as objects, and payloads under any name', () => {
    expect(eventOf(decode({ ...message, chat: { content: { content: 'object' } } }))).toMatchObject({
      content: { kind: 'text', text: 'object' },
    })
    const { chat, ...rest } = message
    expect(eventOf(decode({ ...rest, event: chat }))).toMatchObject({ content: { kind: 'text', text: 'x' } })
  })
})

describe('im2: statuses', () => {
  const own = { messageId: 'm', clientMessageId: 'k', senderId: 'me', receiverId: 'u2', chat: { content: 'x' } }

  it.each([
    ['MESSAGE_NORMAL', 'sent'],
    ['MESSAGE_SENDING', 'sent'],
    ['MESSAGE_SENT', 'sent'],
    ['MESSAGE_DELIVERED', 'delivered'],
    ['MESSAGE_READ', 'read'],
    [99, 'sent'],
  ])('an own message with %s shows that the server has it: %s', (status, state) => {
    expect(eventOf(decode({ ...own, status }))).toMatchObject({ type: 'message.received', clientId: 'k', state })
  })

  it("somebody else's failed message is a message", () => {
    expect(eventOf(decode({ ...own, senderId: 'u2', receiverId: 'me', status: 5 }))).toMatchObject({
      type: 'message.received',
      state: 'sent',
    })
  })

  it.each([
    [0, 'sent'],
    ['SENDING', 'sending'],
    ['MESSAGE_SENT', 'sent'],
    [3, 'delivered'],
    ['4', 'read'],
    ['read', 'read'],
  ])('a status event says %j: %s', (status, state) => {
    expect(told(42, { messageId: 'm', status })).toEqual({
      type: 'message.status',
      target: { serverId: 'm' },
      state,
      reason: null,
    })
  })

  it('a failure comes with the words of the server', () => {
    expect(told(42, { clientMsgId: 'k', status: 'FAILED', reason: 'blocked' })).toEqual({
      type: 'message.status',
      target: { clientId: 'k' },
      state: 'failed',
      reason: 'blocked',
    })
  })

  it('the envelope names the message and the status where the content does not', () => {
    expect(told(42, {}, { messageId: 'm', clientMessageId: 'k', status: 'MESSAGE_READ' })).toEqual({
      type: 'message.status',
      target: { serverId: 'm', clientId: 'k' },
      state: 'read',
      reason: null,
    })
    expect(eventOf(decode({ type: 42, messageId: 'm', status: 3 }))).toMatchObject({ state: 'delivered' })
    expect(told(42, { messageId: 'm', status: 3 }, { messageId: 'event-1' })).toMatchObject({
      target: { serverId: 'm' },
    })
  })

  it('facts about the content are facts', () => {
    expect(told(42, { messageId: 'm', status: 6, operatorId: 'u2', reason: 'r' })).toMatchObject({
      type: 'message.recalled',
      by: 'u2',
      reason: 'r',
    })
    expect(told(42, { messageId: 'm', status: 'EDITED', newContent: '' })).toMatchObject({
      type: 'message.edited',
      text: '',
    })
    expect(told(42, { messageId: 'm', status: 8 }).type).toBe('message.deleted')
  })

  it('several receipts may come at once', () => {
    const events = eventsOf(
      decode({ type: 42, event: { content: JSON.stringify({ messageIds: ['a', 2, null], status: 4 }) } }),
    )
    expect(events.map((event) => 'target' in event && event.target)).toEqual([{ serverId: 'a' }, { serverId: '2' }])
  })

  it.each([
    [{ status: 4 }, 'noTarget'],
    [{ messageId: 'm', status: 'BLESSED' }, 'statusUnknown'],
    [{ messageId: 'm', status: 7 }, 'statusUnknown'],
  ])('%j is undecoded: %s', (content, reason) => {
    expect(reasonOf({ type: 42, event: { content: JSON.stringify(content) } })).toBe(reason)
  })
})

describe('im2: edits and recalls', () => {
  const envelope = { messageId: 'e', senderId: 'u2', conversationId: 'g1', sequence: 9 }
  const chat = (content: unknown): object => ({ chat: { content: JSON.stringify(content) } })

  it('either name of the target and of the new words will do', () => {
    for (const content of [
      { messageId: 'm', newContent: 'w' },
      { originalMessageId: 'm', content: 'w' },
    ]) {
      expect(eventOf(decode({ ...envelope, type: 10, ...chat(content) }))).toMatchObject({
        type: 'message.edited',
        target: { serverId: 'm' },
        text: 'w',
        sequence: '9',
      })
    }
  })

  it('fill their place in the numbering', () => {
    for (const type of [10, 13]) {
      expect(decode({ ...envelope, type, ...chat({ messageId: 'm', newContent: 'w' }) })).toMatchObject({
        inbound: { covers: { conversation: { kind: 'group', groupId: 'g1' }, sequence: '9' } },
      })
    }
  })

  it('what names no target is undecoded, the frame’s own id is not taken for it', () => {
    expect(reasonOf({ ...envelope, type: 10, ...chat({ newContent: 'w' }) })).toBe('noTarget')
    expect(reasonOf({ ...envelope, type: 10, ...chat({ messageId: 'm' }) })).toBe('noTarget')
    expect(reasonOf({ ...envelope, type: 13, ...chat({}) })).toBe('noTarget')
    expect(reasonOf({ ...envelope, type: 13, chat: { content: 'm' } })).toBe('noTarget')
  })
})

describe('im2: notices', () => {
  const notification = (content: string, more: object = {}): ServerEvent =>
    eventOf(decode({ type: 'NOTIFICATION_ALERT', timestamp: 5, ...more, notification: { content } }))

  it.each([
    ['urgent', 'urgent'],
    ['HIGH', 'high'],
    ['critical', 'urgent'],
    ['whatever', 'medium'],
    [undefined, 'medium'],
    [3, 'medium'],
  ])('priority %j counts as %s', (priority, expected) => {
    expect(notification(JSON.stringify({ title: 't', content: 'c', priority }))).toMatchObject({
      notice: { priority: expected },
    })
  })

  it('expiry is a date or ms, and nonsense is none', () => {
    for (const [expiresAt, expected] of [
      ['2024-01-20T23:59:59Z', 1_705_795_199_000],
      [1_705_795_199_000, 1_705_795_199_000],
      ['soon', null],
      [0, null],
    ]) {
      expect(notification(JSON.stringify({ title: 't', expiresAt }))).toMatchObject({
        notice: { expiresAt: expected },
      })
    }
  })

  it('a maintenance may give its times in fields; an end that is not after the start is none; others have none', () => {
    const times = (fields: object, type: string) => notification(JSON.stringify({ title: 't', ...fields }), { type })
    const [from, to] = ['2026-11-21T22:00:00Z', '2026-11-22T00:00:00Z'] as const
    const expected = { notice: { startsAt: Date.parse(from), endsAt: Date.parse(to) } }
    expect(times({ startTime: from, endTime: to }, 'NOTIFICATION_MAINTENANCE')).toMatchObject(expected)
    expect(times({ data: { startsAt: Date.parse(from), endsAt: to } }, 'NOTIFICATION_MAINTENANCE')).toMatchObject(
      expected,
    )
    expect(times({ startTime: to, endTime: from }, 'NOTIFICATION_MAINTENANCE')).toMatchObject({
      notice: { startsAt: Date.parse(to), endsAt: null },
    })
    expect(times({ startTime: from, endTime: to }, 'NOTIFICATION_ANNOUNCEMENT')).toMatchObject({
      notice: { startsAt: null, endsAt: null },
    })
  })

  it('plain text is the text of the notice', () => {
    expect(notification('just words')).toMatchObject({ notice: { title: '', content: 'just words' } })
  })

  it('without an id, the same facts are the same notice, and others another', () => {
    const idOf = (event: ServerEvent): string => (event.type === 'notice.received' ? event.notice.id : '')
    const id = idOf(notification('{"title":"t"}'))
    expect(id).toMatch(/^#\S{20,}$/)
    expect(idOf(notification('{"title":"t"}'))).toBe(id)
    expect(idOf(notification('{"title":"u"}'))).not.toBe(id)
    expect(idOf(notification('{"title":"t"}', { messageId: 'n' }))).toBe('n')
  })
})

describe('im2: the session', () => {
  const system = (type: number, content: string | object, more: object = {}): ServerEvent =>
    eventOf(decode({ type, timestamp: 7, ...more, system: { content } }))

  it('a kick tells who and why, or in plain words', () => {
    expect(system(31, { reason: 'r', kickedBy: 'admin' })).toEqual({ type: 'session.kicked', by: 'admin', reason: 'r' })
    expect(system(31, 'signed in elsewhere')).toEqual({
      type: 'session.kicked',
      by: null,
      reason: 'signed in elsewhere',
    })
    expect(eventOf(decode({ type: 31, senderId: 's' }))).toEqual({ type: 'session.kicked', by: null, reason: null })
  })

  it.each([
    [{ success: true }, 0, true],
    [{ success: 'false' }, 0, false],
    [{ accepted: false }, 0, false],
    [{ code: 200 }, 0, true],
    [{ code: 401 }, 0, false],
    [{ error: 'bad token' }, 0, false],
    [{}, 0, true],
    [{}, 'MESSAGE_FAILED', false],
  ])('the answer to a token %j with status %j means %j', (content, status, accepted) => {
    expect(system(33, content, { status })).toMatchObject({ type: 'session.authenticated', accepted })
  })

  it('a heart-beat returns our time stamp where the server does', () => {
    expect(system(32, { clientTimestamp: 5, serverTime: 9 })).toEqual({
      type: 'session.pulse',
      echoed: 5,
      serverTime: 9,
    })
    expect(system(32, 'pong')).toEqual({ type: 'session.pulse', echoed: null, serverTime: 7 })
  })

  it('a status is a line of text', () => {
    expect(system(34, 'x'.repeat(5000))).toEqual({ type: 'session.status', text: 'x'.repeat(2000) })
    expect(reasonOf({ type: 34, senderId: 's', system: { content: '{}' } })).toBe('noText')
  })
})

describe('im2: admin pushes', () => {
  it('limits change by themselves, without each other', () => {
    expect(told(43, { configType: 'chat_settings', newConfig: { maxMessageLength: '500' } })).toMatchObject({
      type: 'policy.changed',
      maxMessageLength: 500,
      fileUploadLimit: null,
      readOnly: null,
    })
    expect(told(43, { configType: 'chat_settings', newConfig: { fileUploadLimit: 0.5 } })).toMatchObject({
      maxMessageLength: null,
      fileUploadLimit: 0.5,
    })
  })

  it.each([
    [43, { permissionType: 'chat_permission', newPermission: 'read_only' }, true],
    [40, { permissionType: 'chat_permission', newPermission: 'FULL_ACCESS', userId: 'me' }, false],
    [43, { configType: 'user_permissions', newConfig: { permission: 'read_only' } }, true],
    [43, { configType: 'user_permissions', newConfig: { userId: 'me', chat_permission: 'full_access' } }, false],
    [
      43,
      {
        configType: 'user_permissions',
        newConfig: { permissionType: 'chat_permission', newPermission: 'read_only' },
      },
      true,
    ],
  ])('type %i %j: read only %j', (type, content, readOnly) => {
    expect(told(type, content)).toMatchObject({ type: 'policy.changed', readOnly, maxMessageLength: null })
  })

  it('what is about somebody else changes nothing', () => {
    for (const content of [
      { permissionType: 'chat_permission', newPermission: 'read_only', userId: 'u2' },
      { configType: 'user_permissions', newConfig: { userId: 'u2', permission: 'read_only' } },
    ]) {
      expect(eventsOf(decode({ type: 43, event: { content: JSON.stringify(content) } }))).toEqual([])
    }
  })

  it.each([
    [{ configType: 'theme', newConfig: { maxMessageLength: 5 } }],
    [{ configType: 'chat_settings', newConfig: { maxMessageLength: 0 } }],
    [{ configType: 'chat_settings', newConfig: null }],
    [{ permissionType: 'chat_permission', newPermission: 'god' }],
    [{ permissionType: 'door_permission', newPermission: 'read_only' }],
  ])('%j is undecoded', (content) => {
    expect(reasonOf({ type: 43, event: { content: JSON.stringify(content) } })).toBe('configUnknown')
  })
})

describe('im2: groups', () => {
  const update = (content: object, more: object = {}): readonly ServerEvent[] =>
    eventsOf(decode({ type: 41, ...more, event: { content: JSON.stringify({ groupId: 'g1', ...content }) } }))

  it.each([
    ['member_added', { updatedBy: 'a' }, { change: 'joined', by: 'a' }],
    ['member_removed', { updatedBy: 'a' }, { change: 'removed', by: 'a' }],
    ['member_removed', { updatedBy: 'u5' }, { change: 'left', by: 'u5' }],
    ['member_left', {}, { change: 'left', by: null }],
    ['member_role_changed', { newRole: 'admin' }, { change: 'role', role: 'admin' }],
    ['MEMBER_ADDED', {}, { change: 'joined' }],
  ])('%s %j', (updateType, more, expected) => {
    expect(update({ updateType, memberId: 'u5', ...more })).toMatchObject([
      { type: 'conversation.membership', userId: 'u5', conversation: { groupId: 'g1' }, ...expected },
    ])
  })

  it('a new name and a dismissal', () => {
    expect(update({ updateType: 'info_updated', groupName: 'n' })).toMatchObject([
      { type: 'conversation.known', title: 'n', members: null },
    ])
    expect(update({ updateType: 'info_updated', newInfo: { name: 'n' } })).toMatchObject([{ title: 'n' }])
    expect(update({ updateType: 'dismissed', updatedBy: 'a' })).toMatchObject([
      { type: 'conversation.dismissed', by: 'a' },
    ])
  })

  it('several members are several events, each with an id of its own that repeats do not change', () => {
    const ids = (messageId: string): string[] =>
      update({ updateType: 'member_added', memberIds: ['a', 'b'] }, { messageId }).map((event) =>
        'eventId' in event ? event.eventId : '',
      )
    expect(ids('e1')).toEqual(['e1#a', 'e1#b'])
    expect(new Set(ids('')).size).toBe(2)
    expect(ids('')).toEqual(ids(''))
  })

  it('an update fills its place in the numbering of a known group, not of a chat with "system"', () => {
    const content = JSON.stringify({ groupId: 'g1', updateType: 'dismissed' })
    const place = (envelope: object): unknown => {
      const decoded = decode({ type: 41, sequence: 3, event: { content }, ...envelope })
      return decoded.ok ? decoded.inbound.covers : decoded.reason
    }
    expect(place({ conversationId: 'g1' })).toEqual({ conversation: { kind: 'group', groupId: 'g1' }, sequence: '3' })
    expect(place({ senderId: 'system', receiverId: 'me' })).toBeNull()
  })

  it.each([
    [{ updateType: 'constructor', groupId: 'g1' }, 'eventUnknown'],
    [{ updateType: 'member_added', groupId: 'g1' }, 'eventContent'],
    [{ updateType: 'dismissed' }, 'noConversation'],
  ])('%j is undecoded: %s', (content, reason) => {
    expect(reasonOf({ type: 41, event: { content: JSON.stringify(content) } })).toBe(reason)
  })
})

describe('im2: commands', () => {
  const at = 1_715_000_000_000
  const written = (command: Command): [string, Record<string, unknown>] => {
    const encoded = dialect.encode(command, profile)
    if (!encoded.ok) throw new Error(encoded.error.code)
    return [encoded.value.destination, bodyOf(encoded.value)]
  }
  const direct = { kind: 'direct', peerId: 'u2', remoteId: 'c7' } as const
  const group = { kind: 'group', groupId: 'g1' } as const
  const quote = { kind: 'quote', text: 't', quotedId: 'q', quotedText: 'qt', quotedSenderId: 'u3' } as const
  const quoted = '{"content":"t","quotedMessageId":"q","quotedContent":"qt","quotedSenderId":"u3"}'

  it('a text to a group, as section 8.1 prints it', () => {
    expect(
      written({
        type: 'message.send',
        clientId: 'k',
        conversation: group,
        content: { kind: 'text', text: 'Hello World' },
        composedAt: at,
      }),
    ).toEqual([
      '/app/chat',
      {
        conversationId: 'g1',
        content: '{"content":"Hello World","contentExtra":null}',
        msgType: 0,
        clientMsgId: 'k',
        timestamp: at,
      },
    ])
  })

  it('a text to a person has no msgType, anything else has', () => {
    const send = { type: 'message.send', clientId: 'k', conversation: direct, composedAt: at } as const
    expect(written({ ...send, content: { kind: 'text', text: 'x', mentions: ['u2'] } })).toEqual([
      '/app/private-message',
      {
        receiverId: 'u2',
        content: '{"content":"x","contentExtra":{"mentions":["u2"]}}',
        clientMsgId: 'k',
        timestamp: at,
      },
    ])
    expect(written({ ...send, content: quote })).toEqual([
      '/app/private-message',
      { receiverId: 'u2', content: quoted, msgType: 11, clientMsgId: 'k', timestamp: at },
    ])
  })

  it('edit, recall and deletion, as section 8.2 prints them', () => {
    const target = { serverId: 's1' }
    expect(written({ type: 'message.edit', target, text: 'n', reason: 'r', composedAt: at })).toEqual([
      '/app/edit-message',
      { messageId: 's1', newContent: 'n', editReason: 'r', timestamp: at },
    ])
    expect(written({ type: 'message.recall', target, reason: 'r', composedAt: at })).toEqual([
      '/app/delete-message',
      { messageId: 's1', deleteScope: 1, deleteReason: 'r', timestamp: at },
    ])
    expect(written({ type: 'message.deleteForMe', target, composedAt: at })).toEqual([
      '/app/delete-message',
      { messageId: 's1', deleteScope: 0, deleteReason: '', timestamp: at },
    ])
  })

  it('need the id the server gave', () => {
    const target = { clientId: 'k' }
    for (const command of [
      { type: 'message.edit', target, text: '', reason: '', composedAt: at },
      { type: 'message.recall', target, reason: '', composedAt: at },
      { type: 'message.deleteForMe', target, composedAt: at },
    ] as const) {
      expect(dialect.encode(command, profile)).toMatchObject({ ok: false, error: { code: 'message.unknown' } })
    }
  })

  it('heart-beat and renewal, as section 8.3 prints them', () => {
    expect(written({ type: 'session.pulse', at })).toEqual(['/app/heartbeat', { timestamp: at, deviceId: 'd1' }])
    expect(written({ type: 'session.renew', token: 'a.b.c', at })).toEqual([
      '/app/auth',
      { token: 'a.b.c', timestamp: at },
    ])
  })
})

describe('im2: connecting', () => {
  it('says who and what it is in CONNECT', () => {
    expect(dialect.link({ ...profile, url: 'wss://im.example.org:8443/ws?old=1#x' }, 'a.b.c')).toEqual({
      url: 'wss://im.example.org:8443/ws',
      connectHeaders: {
        host: 'im.example.org',
        Authorization: 'Bearer a.b.c',
        userId: 'me',
        deviceId: 'd1',
        clientType: 'desktop',
      },
      heartbeat: { outgoingMs: 10_000, incomingMs: 10_000 },
    })
  })

  it('takes tokens of the form of the document only', () => {
    for (const token of ['a.b.c', 'a-_.b.', 'eyJ.eyJ.x_y-z']) {
      expect(dialect.checkCredentials(profile, token).ok).toBe(true)
    }
    for (const token of ['abc', 'a.b', 'a.b.c.d', '.b.c', 'a b.c.d', 'ä.b.c']) {
      expect(dialect.checkCredentials(profile, token)).toMatchObject({ error: { code: 'account.tokenMalformed' } })
    }
  })

  it('beats every 30 seconds, as section 10.1 says', () => {
    expect(dialect.pulseMs).toBe(30_000)
  })

  it('subscribes what section 2.3 lists', () => {
    const all = [...dialect.baseSubscriptions(), dialect.groupSubscription('c1')]
    expect(all.map(({ destination }) => destination).sort()).toEqual([
      '/topic/conversation/c1',
      '/topic/system/notifications',
      '/user/queue/message-status',
      '/user/queue/private-messages',
      '/user/queue/user-status',
    ])
  })

  it('presence: everything but offline is online', () => {
    expect(told(40, { userId: 'u2', status: 'away' })).toMatchObject({ online: true })
    expect(told(40, { userId: 'u2', status: 'OFFLINE' })).toMatchObject({ online: false })
    expect(told(40, { userId: 'u2', online: false })).toMatchObject({ online: false })
    expect(told(40, { status: 'online' }, { senderId: 'u3' })).toMatchObject({ userId: 'u3', online: true })
    expect(reasonOf({ type: 40, senderId: 'u3', event: { content: '{}' } })).toBe('eventContent')
  })

  it('permissions are about the user who is signed in', () => {
    const frame = jsonFrameOf({
      type: 43,
      event: { content: '{"permissionType":"chat_permission","newPermission":"read_only","userId":"u9"}' },
    })
    expect(eventOf(dialect.decode(frame, contextOf('u9')))).toMatchObject({ readOnly: true })
  })
})
