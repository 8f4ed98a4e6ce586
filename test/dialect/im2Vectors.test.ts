/** Frames written by protoc (test/fixtures/im2/regenerate.sh), and what they mean. */
import { describe, expect, it } from 'vitest'
import type { Inbound, ServerEvent } from '#common/domain/events.ts'
import { dialects } from '#electron/dialect/registry.ts'
import { im2 } from '#proto/gen/im2.js'
import { context, contextOf, fixture, frameOf } from './frames.ts'
import { vectorNames } from './servers/im2.ts'

const at = 1_715_000_000_000
const direct = { kind: 'direct', peerId: 'u2', remoteId: 'c7' } as const
const group = { kind: 'group', groupId: 'g1' } as const
type Received = Extract<ServerEvent, { type: 'message.received' }>

const received = (serverId: string, content: Received['content'], change: Partial<Received> = {}): Received => ({
  type: 'message.received',
  conversation: group,
  senderId: 'u2',
  serverId,
  clientId: null,
  sequence: '42',
  serverTime: at,
  content,
  state: 'sent',
  recalled: false,
  ...change,
})
const text = (words: string): Received['content'] => ({ kind: 'text', text: words })
const inGroup = (...events: ServerEvent[]): Inbound => ({ covers: { conversation: group, sequence: '42' }, events })
const alone = (...events: ServerEvent[]): Inbound => ({ covers: null, events })

const notice = {
  category: null,
  expiresAt: null,
  action: null,
  data: null,
  maintenanceType: null,
  estimatedDuration: null,
  startsAt: null,
  endsAt: null,
  at,
}

const expected: Readonly<Record<string, Inbound>> = {
  'chat-text-direct': {
    covers: { conversation: direct, sequence: '41' },
    events: [received('m1', text('Hello World'), { conversation: direct, clientId: 'k1', sequence: '41' })],
  },
  'chat-text-own-echo': {
    covers: { conversation: direct, sequence: '43' },
    events: [
      received('m2', text('mine'), {
        conversation: direct,
        senderId: 'me',
        clientId: 'k2',
        sequence: '43',
        state: 'delivered',
      }),
    ],
  },
  'chat-text-group': inGroup(received('m3', { kind: 'text', text: '@all', mentions: ['*', 'me'] })),
  'chat-text-plain': inGroup(received('m4', text('{not json <b>'))),
  'chat-sequence-above-2-53': {
    covers: { conversation: group, sequence: '9007199254740993' },
    events: [received('m5', text('x'), { sequence: '9007199254740993' })],
  },
  // No date lies that far: the time stamp is none, and is not rounded into one.
  'chat-sequence-greatest': {
    covers: { conversation: group, sequence: '9223372036854775807' },
    events: [received('m6', text('x'), { sequence: '9223372036854775807', serverTime: null })],
  },
  'chat-sequence-negative': alone(received('m7', text('x'), { sequence: null, serverTime: null })),
  'chat-image': inGroup(
    received('m8', {
      kind: 'image',
      caption: '图片描述',
      url: 'https://example.com/image.jpg',
      width: 800,
      height: 600,
      size: 1_024_000,
      format: 'JPEG',
    }),
  ),
  'chat-file': inGroup(
    received('m9', {
      kind: 'file',
      name: '文件名.pdf',
      url: 'https://example.com/file.pdf',
      size: 2_048_000,
      mime: 'application/pdf',
      extension: 'pdf',
    }),
  ),
  'chat-voice': inGroup(
    received('m10', {
      kind: 'voice',
      caption: '',
      url: 'https://example.com/v.ogg',
      duration: 12.5,
      size: 4096,
      format: 'OGG',
    }),
  ),
  'chat-video': inGroup(
    received('m11', {
      kind: 'video',
      caption: 'clip',
      url: 'https://example.com/v.mp4',
      duration: 60,
      size: 9000,
      format: 'MP4',
      width: 640,
      height: 360,
      thumbnailUrl: 'https://example.com/t.jpg',
    }),
  ),
  'chat-location': inGroup(
    received('m12', {
      kind: 'location',
      latitude: 31.2304,
      longitude: 121.4737,
      address: '上海市',
      title: '人民广场',
    }),
  ),
  'chat-card': inGroup(
    received('m13', { kind: 'card', userId: 'u9', nickname: '老王', avatar: 'https://example.com/a.png' }),
  ),
  'chat-edit': inGroup({
    type: 'message.edited',
    target: { serverId: 'm3' },
    text: '新的内容',
    by: 'u2',
    reason: '错字',
    at,
    sequence: '42',
  }),
  'chat-quote': inGroup(
    received('m15', {
      kind: 'quote',
      text: '回复内容',
      quotedId: '12345',
      quotedText: '被引用的消息内容',
      quotedSenderId: '67890',
    }),
  ),
  'chat-forward': inGroup(
    received('m16', { kind: 'forward', text: '转发的内容', originalId: '12345', reason: '转发原因' }),
  ),
  'chat-recall': inGroup({
    type: 'message.recalled',
    target: { serverId: 'm3' },
    by: 'u2',
    reason: '用户撤回',
    at,
  }),
  'chat-status-recalled': inGroup(received('m18', text(''), { recalled: true }), {
    type: 'message.recalled',
    target: { serverId: 'm18' },
    by: null,
    reason: null,
    at: null,
  }),
  'chat-status-edited': inGroup(received('m19', text('second version')), {
    type: 'message.edited',
    target: { serverId: 'm19' },
    text: 'second version',
    by: 'u2',
    reason: null,
    at: null,
    sequence: '42',
  }),
  'chat-status-deleted': inGroup({ type: 'message.deleted', target: { serverId: 'm20' } }),
  'chat-status-failed-own': alone({
    type: 'message.status',
    target: { serverId: 'm21', clientId: 'k21' },
    state: 'failed',
    reason: 'sensitive word',
  }),
  'chat-type-unknown': inGroup(received('m22', { kind: 'unsupported', label: '77', raw: 'whatever it is' })),
  'notification-announcement': alone({
    type: 'notice.received',
    notice: {
      ...notice,
      id: 'n1',
      kind: 'announcement',
      title: '系统公告',
      content: '系统将于今晚进行维护升级',
      priority: 'high',
      category: 'maintenance',
      expiresAt: Date.parse('2024-01-20T23:59:59Z'),
    },
  }),
  'notification-alert': alone({
    type: 'notice.received',
    notice: {
      ...notice,
      id: 'n2',
      kind: 'alert',
      title: '新消息提醒',
      content: '您有3条未读消息',
      priority: 'medium',
      action: 'view_messages',
      data: '{"conversationId":"12345"}',
    },
  }),
  'notification-promotion': alone({
    type: 'notice.received',
    notice: { ...notice, id: 'n3', kind: 'promotion', title: '新功能', content: '试试看', priority: 'low' },
  }),
  'notification-maintenance': alone({
    type: 'notice.received',
    notice: {
      ...notice,
      id: 'n4',
      kind: 'maintenance',
      title: '系统维护',
      content: '系统将于22:00-24:00进行维护',
      priority: 'high',
      maintenanceType: 'scheduled',
      estimatedDuration: '2小时',
    },
  }),
  'system-connect': alone({ type: 'session.greeted', serverTime: at }),
  'system-disconnect': alone({ type: 'session.kicked', by: 'admin', reason: 'signed in elsewhere' }),
  'system-heartbeat': alone({ type: 'session.pulse', echoed: 1_714_999_999_000, serverTime: at }),
  'system-auth': alone({ type: 'session.authenticated', accepted: false, reason: 'token expired' }),
  'system-status': alone({ type: 'session.status', text: '维护中' }),
  'event-user-status': alone({ type: 'person.presence', userId: 'u2', online: false, at }),
  'event-group-update': alone({
    type: 'conversation.membership',
    eventId: 'e2',
    conversation: { kind: 'group', groupId: '12345' },
    userId: '67890',
    change: 'joined',
    role: 'member',
    by: 'admin_user',
    at: Date.parse('2024-01-20T10:00:00Z'),
  }),
  'event-message-status': alone({
    type: 'message.status',
    target: { serverId: 'm2', clientId: 'k2' },
    state: 'read',
    reason: null,
  }),
  'event-config-change': alone({
    type: 'policy.changed',
    eventId: 'e4',
    maxMessageLength: 2000,
    fileUploadLimit: 20,
    readOnly: null,
    before: { maxMessageLength: 1000, fileUploadLimit: 10, readOnly: null },
    changedBy: 'admin_user',
    reason: '提升用户体验',
    at,
  }),
  // About somebody else.
  'event-user-permissions': alone(),
  'event-bus-login': alone({
    type: 'person.presence',
    userId: '12345',
    online: true,
    at: Date.parse('2024-01-20T10:00:00Z'),
  }),
  'event-bus-recalled': alone({
    type: 'message.recalled',
    target: { serverId: 'msg_001' },
    by: '12345',
    reason: '用户撤回',
    at: Date.parse('2024-01-20T10:00:00Z'),
  }),
  'event-bus-group-created': alone({
    type: 'conversation.known',
    conversation: { kind: 'group', groupId: 'group_001' },
    title: '技术交流群',
    members: null,
    told: { what: 'created', eventId: 'created', by: '12345', at: Date.parse('2024-01-20T10:00:00Z') },
  }),
  'future-fields': inGroup(received('m30', text('Hello World'))),
}

describe('im2 frames written by protoc', () => {
  it('have an expectation each', () => {
    expect(Object.keys(expected).sort()).toEqual([...vectorNames].sort())
  })

  it.each(vectorNames)('%s decodes to what it says', (name) => {
    const frame = frameOf(fixture(`im2/${name}.bin`), { contentType: 'application/octet-stream' })
    expect(dialects.im2.decode(frame, context)).toEqual({ ok: true, inbound: expected[name] })
  })

  it.each(vectorNames)('%s means the same as base64 in a text frame', (name) => {
    const frame = frameOf(fixture(`im2/${name}.bin`).toString('base64'))
    expect(dialects.im2.decode(frame, context)).toEqual({ ok: true, inbound: expected[name] })
  })

  it.each([
    ['enum names and decimal strings', { enums: String, longs: String }],
    ['enum numbers and decimal strings', { longs: String }],
  ])('all mean the same as JSON with %s', (_, options) => {
    for (const name of vectorNames) {
      const message = im2.WebSocketMessage.toObject(im2.WebSocketMessage.decode(fixture(`im2/${name}.bin`)), options)
      const frame = frameOf(JSON.stringify(message), { contentType: 'application/json' })
      expect([name, dialects.im2.decode(frame, context)]).toEqual([name, { ok: true, inbound: expected[name] }])
    }
  })

  it('64-bit integers above 2^53 are exact on the wire', () => {
    const message = im2.WebSocketMessage.decode(fixture('im2/chat-sequence-greatest.bin'))
    expect(message.sequence.toString()).toBe('9223372036854775807')
    expect(message.timestamp.toString()).toBe('9007199254740993')
  })

  it('the permissions of the document apply to the user they name', () => {
    const frame = frameOf(fixture('im2/event-user-permissions.bin'))
    expect(dialects.im2.decode(frame, contextOf('12345'))).toEqual({
      ok: true,
      inbound: alone({
        type: 'policy.changed',
        eventId: 'e5',
        maxMessageLength: null,
        fileUploadLimit: null,
        readOnly: false,
        before: { maxMessageLength: null, fileUploadLimit: null, readOnly: true },
        changedBy: 'admin_user',
        reason: '用户升级',
        at,
      }),
    })
  })
})
