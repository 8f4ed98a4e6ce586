/**
 * Every JSON sample of the two documents, from the very words of the document to what a user would find: one file in
 * test/fixtures/documents, through the dialect, into the rows of the real store.
 */
import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { DialectName } from '#common/domain/account.ts'
import { type OpenAccountStore, openAccountStore } from '#electron/adapters/sqlite/accountStore.ts'
import { dialects } from '#electron/dialect/registry.ts'
import { im2 } from '#proto/gen/im2.js'
import { contextOf, frameOf, sample } from './frames.ts'
import { bodyOf } from './servers/words.ts'

/** Everybody the documents name, in turn, is the one who receives. */
const receiver = '12345'
const at = 1_705_744_800_000

function told(store: OpenAccountStore, dialect: DialectName, body: string | Uint8Array, selfId = receiver): void {
  const decoded = dialects[dialect].decode(frameOf(body), contextOf(selfId, 'g1', 'group_001'))
  if (!decoded.ok) throw new Error(decoded.reason)
  store.ingest([decoded.inbound], at)
}

function opened(selfId = receiver): OpenAccountStore {
  const store = openAccountStore({ file: ':memory:', selfId })
  if (!store.ok) throw new Error(store.error.code)
  return store.value
}

/** An im2 message whose payload is the sample, as its section says it is sent. */
function im2Message(name: string, type: im2.MessageType, change: im2.WebSocketMessage.$Properties = {}): Uint8Array {
  const payload = { content: sample(name) }
  const isChat = type < im2.MessageType.NOTIFICATION_ANNOUNCEMENT
  const isNotification = !isChat && type < im2.MessageType.SYSTEM_CONNECT
  return im2.WebSocketMessage.encode({
    messageId: `of ${name}`,
    type,
    senderId: 'u2',
    conversationId: isChat ? 'g1' : '',
    ...(isChat ? { chat: payload } : isNotification ? { notification: payload } : { event: payload }),
    ...change,
  }).finish()
}

type Outcome = (store: OpenAccountStore) => void

const contents = (store: OpenAccountStore, conversation = 'group:g1'): unknown => {
  const page = store.page(conversation, { at: 'newest' }, 50)
  return page.ok ? page.value.messages.map(({ content }) => content) : page.error
}

const { MessageType } = im2

/** Sample → what it comes as, and what is there afterwards. */
const samples: Readonly<Record<string, readonly [im2.MessageType, Outcome]>> = {
  'im2-4.2-text': [
    MessageType.CHAT_TEXT,
    (store) => expect(contents(store)).toEqual([{ kind: 'text', text: 'Hello World' }]),
  ],
  'im2-4.2-image': [
    MessageType.CHAT_IMAGE,
    (store) =>
      expect(contents(store)).toEqual([
        {
          kind: 'image',
          caption: '图片描述',
          url: 'https://example.com/image.jpg',
          width: 800,
          height: 600,
          size: 1_024_000,
          format: 'JPEG',
        },
      ]),
  ],
  'im2-4.2-file': [
    MessageType.CHAT_FILE,
    (store) =>
      expect(contents(store)).toEqual([
        {
          kind: 'file',
          name: '文件名.pdf',
          url: 'https://example.com/file.pdf',
          size: 2_048_000,
          mime: 'application/pdf',
          extension: 'pdf',
        },
      ]),
  ],
  'im2-4.2-quote': [
    MessageType.CHAT_QUOTE,
    (store) =>
      expect(contents(store)).toEqual([
        {
          kind: 'quote',
          text: '回复内容',
          quotedId: '12345',
          quotedText: '被引用的消息内容',
          quotedSenderId: '67890',
        },
      ]),
  ],
  'im2-4.2-forward': [
    MessageType.CHAT_FORWARD,
    (store) =>
      expect(contents(store)).toEqual([
        { kind: 'forward', text: '转发的内容', originalId: '12345', reason: '转发原因' },
      ]),
  ],
  'im2-5.2-announcement': [
    MessageType.NOTIFICATION_ANNOUNCEMENT,
    (store) =>
      expect(store.snapshot().notices).toMatchObject([
        {
          kind: 'announcement',
          title: '系统公告',
          content: '系统将于今晚进行维护升级',
          priority: 'high',
          category: 'maintenance',
          expiresAt: Date.parse('2024-01-20T23:59:59Z'),
          acknowledgedAt: null,
        },
      ]),
  ],
  'im2-5.2-alert': [
    MessageType.NOTIFICATION_ALERT,
    (store) =>
      expect(store.snapshot().notices).toMatchObject([
        {
          kind: 'alert',
          title: '新消息提醒',
          content: '您有3条未读消息',
          priority: 'medium',
          action: 'view_messages',
          data: '{"conversationId":"12345"}',
        },
      ]),
  ],
  'im2-5.2-maintenance': [
    MessageType.NOTIFICATION_MAINTENANCE,
    (store) =>
      expect(store.snapshot().notices).toMatchObject([
        {
          kind: 'maintenance',
          title: '系统维护',
          content: '系统将于22:00-24:00进行维护',
          priority: 'high',
          maintenanceType: 'scheduled',
          estimatedDuration: '2小时',
        },
      ]),
  ],
  'im2-6.2-config-change': [
    MessageType.EVENT_SYSTEM_CONFIG_CHANGE,
    (store) => {
      expect(store.snapshot().policy).toMatchObject({ maxMessageLength: 2000, fileUploadLimit: 20, readOnly: false })
      expect(store.policyHistory()).toMatchObject([{ changedBy: 'admin_user', reason: '提升用户体验' }])
    },
  ],
  'im2-6.2-group-update': [
    MessageType.EVENT_GROUP_UPDATE,
    (store) =>
      expect(store.snapshot().conversations).toMatchObject([
        { id: 'group:12345', membership: 'member', members: [{ userId: '67890', role: 'member' }] },
      ]),
  ],
  'im2-6.2-user-permissions': [
    MessageType.EVENT_SYSTEM_CONFIG_CHANGE,
    (store) => {
      expect(store.snapshot().policy).toMatchObject({ readOnly: false })
      expect(store.policyHistory()).toMatchObject([{ changedBy: 'admin_user', reason: '用户升级' }])
    },
  ],
  'im2-7.3-user-login': [
    MessageType.EVENT_USER_STATUS_CHANGE,
    (store) => expect(store.snapshot().people).toMatchObject([{ userId: '12345', online: true }]),
  ],
  'im2-7.3-message-recalled': [
    MessageType.EVENT_MESSAGE_STATUS_CHANGE,
    (store) => {
      // The recall came first; its message is recalled when it comes.
      const late = im2Message('im2-4.2-text', MessageType.CHAT_TEXT, { messageId: 'msg_001' })
      told(store, 'im2', late)
      const page = store.page('group:g1', { at: 'newest' }, 1)
      expect(page.ok && page.value.messages).toMatchObject([
        { serverId: 'msg_001', recalled: { by: '12345', reason: '用户撤回' }, content: { text: '' } },
      ])
    },
  ],
  'im2-7.3-group-created': [
    MessageType.EVENT_GROUP_UPDATE,
    (store) => {
      expect(store.snapshot().conversations).toMatchObject([
        { id: 'group:group_001', title: '技术交流群', membership: 'member' },
      ])
      expect(store.groups()).toEqual(['group_001'])
    },
  ],
}

describe('the samples of the im2 document', () => {
  it.each(Object.keys(samples))('%s', (name) => {
    const [type, expectOutcome] = samples[name] ?? []
    if (type === undefined || expectOutcome === undefined) throw new Error(name)
    const store = opened()
    told(store, 'im2', im2Message(name, type))
    expectOutcome(store)
    store.close()
  })

  it('take effect once, however often they come', () => {
    const store = opened()
    const all = (): void => {
      for (const [name, [type]] of Object.entries(samples)) told(store, 'im2', im2Message(name, type))
    }
    all()
    const before = JSON.stringify([contents(store), store.snapshot().notices.length, store.policyHistory().length])
    all()
    expect(JSON.stringify([contents(store), store.snapshot().notices.length, store.policyHistory().length])).toBe(
      before,
    )
    store.close()
  })

  it('the permission that was taken away before it was given back', () => {
    const store = opened()
    const taken = sample('im2-6.2-user-permissions')
      .replace('"newPermission": "full_access"', '"newPermission": "read_only"')
      .replace('"oldPermission": "read_only"', '"oldPermission": "full_access"')
    const message = (messageId: string, content: string): Uint8Array =>
      im2.WebSocketMessage.encode({ messageId, type: 43, senderId: 'system', event: { content } }).finish()
    told(store, 'im2', message('p1', taken))
    expect(store.snapshot().policy.readOnly).toBe(true)
    told(store, 'im2', message('p2', sample('im2-6.2-user-permissions')))
    expect(store.snapshot().policy.readOnly).toBe(false)
    store.close()
  })
})

describe('the samples of the xuqm document', () => {
  const profile = {
    dialect: 'xuqm',
    url: 'wss://h/ws/im',
    userId: 'user_002',
    appKey: 'ak_demo_chat',
    deviceId: 'd',
  } as const

  it('xuqm-message', () => {
    const store = opened('user_001')
    told(store, 'xuqm', sample('xuqm-message'), 'user_001')
    const page = store.page('direct:user_002', { at: 'newest' }, 10)
    expect(page.ok && page.value.messages).toMatchObject([
      { senderId: 'user_002', content: { kind: 'text', text: 'Hello' }, serverTime: 1_715_000_000_000, unread: true },
    ])
    expect(store.snapshot().conversations).toMatchObject([{ id: 'direct:user_002', unread: 1 }])
    store.close()
  })

  it('xuqm-send: what our own queue says for such a message, and the row it proves when it comes back', () => {
    const store = opened('user_001')
    const chat = store.openConversation({ kind: 'direct', peerId: 'user_002' }, at).value
    const content = { kind: 'text', text: 'Hello' } as const
    expect(store.send({ conversationId: chat.id, content, clientId: '...', at }).ok).toBe(true)
    const [entry] = store.outboxHeads([], 1)
    if (entry === undefined) throw new Error('nothing queued')
    const frame = dialects.xuqm.encode(entry.command, { ...profile, userId: 'user_001' })
    expect(frame).toMatchObject({ ok: true, value: { destination: '/app/chat.send' } })
    if (!frame.ok) return
    expect(bodyOf(frame.value)).toEqual(JSON.parse(sample('xuqm-send')))
    const echo = sample('xuqm-message').replace(
      '"fromId":"user_002","toId":"user_001"',
      '"fromId":"user_001","toId":"user_002"',
    )
    told(store, 'xuqm', echo, 'user_001')
    expect(store.outboxSize()).toBe(0)
    store.close()
  })

  it.each([
    [
      'xuqm-revoke',
      '/app/chat.revoke',
      { type: 'message.recall', target: { serverId: '...' }, reason: '', composedAt: at },
    ],
    ['xuqm-sync', '/app/chat.sync', { type: 'session.sync' }],
  ] as const)('%s', (name, destination, command) => {
    const frame = dialects.xuqm.encode(command, profile)
    expect(frame).toMatchObject({ ok: true, value: { destination } })
    if (frame.ok) expect(bodyOf(frame.value)).toEqual(JSON.parse(sample(name)))
  })
})

it('no sample is left out', () => {
  const files = readdirSync(new URL('../fixtures/documents', import.meta.url)).map((name) =>
    name.replace(/\.json$/, ''),
  )
  const xuqm = ['xuqm-message', 'xuqm-revoke', 'xuqm-send', 'xuqm-sync']
  expect([...Object.keys(samples), ...xuqm].sort()).toEqual(files.sort())
})
