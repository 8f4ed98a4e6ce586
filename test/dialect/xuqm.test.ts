import { describe, expect, it } from 'vitest'
import type { Command } from '#common/domain/commands.ts'
import { dialects } from '#electron/dialect/registry.ts'
import { context, contextOf, eventOf, eventsOf, frameOf, jsonFrameOf, sample } from './frames.ts'
import { bodyOf } from './servers/words.ts'

const dialect = dialects.xuqm
const profile = {
  dialect: 'xuqm',
  url: 'wss://dev.xuqinmin.com/ws/im',
  userId: 'me',
  appKey: 'ak_demo_chat',
  deviceId: 'd1',
} as const

const message = {
  id: 'm1',
  fromId: 'u2',
  toId: 'me',
  chatType: 'SINGLE',
  msgType: 'TEXT',
  content: 'Hello',
  status: 'SENT',
  createdAt: 1_715_000_000_000,
}
const decode = (change: object, destination?: string): ReturnType<typeof dialect.decode> =>
  dialect.decode(jsonFrameOf({ ...message, ...change }, destination === undefined ? {} : { destination }), context)

describe('xuqm: messages', () => {
  it("the document's own sample", () => {
    expect(dialect.decode(frameOf(sample('xuqm-message')), contextOf('user_001'))).toEqual({
      ok: true,
      inbound: {
        covers: null,
        events: [
          {
            type: 'message.received',
            conversation: { kind: 'direct', peerId: 'user_002' },
            senderId: 'user_002',
            serverId: '...',
            clientId: null,
            sequence: null,
            serverTime: 1_715_000_000_000,
            content: { kind: 'text', text: 'Hello' },
            state: 'sent',
            recalled: false,
          },
        ],
      },
    })
  })

  it.each([
    [{}, { kind: 'direct', peerId: 'u2' }],
    [
      { fromId: 'me', toId: 'u3' },
      { kind: 'direct', peerId: 'u3' },
    ],
    [
      { chatType: 'GROUP', toId: 'g9' },
      { kind: 'group', groupId: 'g9' },
    ],
    [
      { chatType: 'group', toId: 'g9', fromId: 'me' },
      { kind: 'group', groupId: 'g9' },
    ],
    [
      { chatType: undefined, toId: 'g1' },
      { kind: 'group', groupId: 'g1' },
    ],
    [{ chatType: 'ROOM' }, { kind: 'direct', peerId: 'u2' }],
  ])('%j belongs to %j', (change, conversation) => {
    expect(eventOf(decode(change))).toMatchObject({ conversation })
  })

  it('the destination only stands in for a missing receiver', () => {
    const destination = '/topic/group/g5'
    expect(eventOf(decode({ chatType: 'GROUP', toId: undefined }, destination))).toMatchObject({
      conversation: { groupId: 'g5' },
    })
    expect(eventOf(decode({ chatType: 'GROUP', toId: 'g9' }, destination))).toMatchObject({
      conversation: { groupId: 'g9' },
    })
  })

  it('an id names an own message for its sender only', () => {
    expect(eventOf(decode({ fromId: 'me', toId: 'u2' }))).toMatchObject({ serverId: 'm1', clientId: 'm1' })
    expect(eventOf(decode({}))).toMatchObject({ serverId: 'm1', clientId: null })
  })

  it('ids that are numbers stay exact', () => {
    const body = JSON.stringify(message).replace('"m1"', '1715000000000000001')
    expect(eventOf(dialect.decode(frameOf(body), context))).toMatchObject({ serverId: '1715000000000000001' })
  })

  it('a text is what was typed, even when it looks like a document', () => {
    for (const content of ['{"content":"x"}', '<b>', '', ' ', 'null', '123']) {
      expect(eventOf(decode({ content }))).toMatchObject({ content: { kind: 'text', text: content } })
    }
  })

  it.each([
    ['IMAGE', sample('im2-4.2-image'), 'image'],
    ['file', sample('im2-4.2-file'), 'file'],
    ['VOICE', '{"content":"","contentExtra":{"url":"https://e/v","duration":3}}', 'voice'],
    ['VIDEO', '{"content":"","contentExtra":{"url":"https://e/v"}}', 'video'],
    ['LOCATION', '{"contentExtra":{"latitude":1,"longitude":2}}', 'location'],
    ['CARD', '{"contentExtra":{"userId":"u9"}}', 'card'],
    ['QUOTE', sample('im2-4.2-quote'), 'quote'],
    ['FORWARD', sample('im2-4.2-forward'), 'forward'],
    ['CUSTOM', '{"a":1}', 'unsupported'],
    ['STICKER', 'x', 'unsupported'],
    ['QUOTE', 'broken {json', 'text'],
    ['IMAGE', '', 'unsupported'],
  ])('%s %s is a message of kind %s', (msgType, content, kind) => {
    expect(eventOf(decode({ msgType, content }))).toMatchObject({ content: { kind } })
  })

  it('contents may come as objects', () => {
    expect(eventOf(decode({ msgType: 'CARD', content: { userId: 'u9' } }))).toMatchObject({
      content: { kind: 'card', userId: 'u9' },
    })
    expect(eventOf(decode({ msgType: 'CUSTOM', content: { a: 1 } }))).toMatchObject({
      content: { kind: 'unsupported', label: 'CUSTOM', raw: '{"a":1}' },
    })
  })

  it.each([
    ['SENT', 'sent'],
    ['DELIVERED', 'delivered'],
    ['read', 'read'],
    ['WHATEVER', 'sent'],
    [undefined, 'sent'],
  ])('status %j is %s', (status, state) => {
    expect(eventOf(decode({ fromId: 'me', toId: 'u2', status }))).toMatchObject({ state })
  })

  it('an own message that failed is told as such', () => {
    expect(eventOf(decode({ fromId: 'me', toId: 'u2', status: 'FAILED' }))).toEqual({
      type: 'message.status',
      target: { serverId: 'm1', clientId: 'm1' },
      state: 'failed',
      reason: null,
    })
    expect(eventOf(decode({ status: 'FAILED' })).type).toBe('message.received')
  })

  it.each([
    [{ id: undefined }, 'noId'],
    [{ fromId: '' }, 'noSender'],
    [{ toId: 'u3' }, 'noConversation'],
    [{ toId: '' }, 'noConversation'],
    [{ fromId: 'x'.repeat(600) }, 'idTooLong'],
  ])('%j is undecoded: %s', (change, reason) => {
    expect(decode(change)).toEqual({ ok: false, reason })
  })

  it.each(['', 'Hello', '[]', '{', '{"id":1', '"text"'])('%j is undecoded', (body) => {
    expect(dialect.decode(frameOf(body), context).ok).toBe(false)
  })
})

describe('xuqm: recalls', () => {
  it.each(['REVOKED', 'RECALLED', 'revoked'])(
    'a frame with the status %s recalls its id, seen before or not',
    (status) => {
      expect(eventsOf(decode({ status, content: 'secret' }))).toEqual([
        expect.objectContaining({
          type: 'message.received',
          serverId: 'm1',
          recalled: true,
          content: { kind: 'text', text: '' },
        }),
        { type: 'message.recalled', target: { serverId: 'm1' }, by: 'u2', reason: null, at: null },
      ])
    },
  )

  it('whatever else such a frame carries', () => {
    expect(eventsOf(decode({ status: 'REVOKED', msgType: 'STICKER', content: { a: [1] } }))).toHaveLength(2)
    const bare = jsonFrameOf({ id: 'm1', status: 'REVOKED' })
    expect(eventOf(dialect.decode(bare, context))).toMatchObject({
      type: 'message.recalled',
      target: { serverId: 'm1' },
      by: null,
    })
  })

  it.each([['{"messageId":"m0","reason":"typo"}'], ['{"id":"m0"}'], ['m0'], [{ messageId: 'm0' }]])(
    'a REVOKE message names the message by %j',
    (content) => {
      expect(eventOf(decode({ id: 'r1', msgType: 'REVOKE', content }))).toMatchObject({
        type: 'message.recalled',
        target: { serverId: 'm0' },
        by: 'u2',
        at: message.createdAt,
      })
    },
  )

  it('a REVOKE message that names nothing else means its own id', () => {
    expect(eventOf(decode({ msgType: 'REVOKE', content: '' }))).toMatchObject({ target: { serverId: 'm1' } })
    expect(decode({ id: '', msgType: 'REVOKE', content: '' })).toEqual({ ok: false, reason: 'noTarget' })
  })
})

describe('xuqm: commands', () => {
  const written = (command: Command): [string, unknown] => {
    const encoded = dialect.encode(command, profile)
    if (!encoded.ok) throw new Error(encoded.error.code)
    return [encoded.value.destination, bodyOf(encoded.value)]
  }

  it("the document's own samples, word for word but for the ids", () => {
    const send = written({
      type: 'message.send',
      clientId: '...',
      conversation: { kind: 'direct', peerId: 'user_002' },
      content: { kind: 'text', text: 'Hello' },
      composedAt: 1,
    })
    expect(send).toEqual(['/app/chat.send', JSON.parse(sample('xuqm-send'))])
    const revoke = written({ type: 'message.recall', target: { serverId: '...' }, reason: 'r', composedAt: 1 })
    expect(revoke).toEqual(['/app/chat.revoke', JSON.parse(sample('xuqm-revoke'))])
    expect(written({ type: 'session.sync' })).toEqual(['/app/chat.sync', JSON.parse(sample('xuqm-sync'))])
  })

  it('a quote to a group is a document as text', () => {
    expect(
      written({
        type: 'message.send',
        clientId: 'k',
        conversation: { kind: 'group', groupId: 'g1' },
        content: { kind: 'quote', text: 't', quotedId: 'q', quotedText: 'qt', quotedSenderId: 'u3' },
        composedAt: 1,
      }),
    ).toEqual([
      '/app/chat.send',
      {
        appKey: 'ak_demo_chat',
        messageId: 'k',
        toId: 'g1',
        chatType: 'GROUP',
        msgType: 'QUOTE',
        content: '{"content":"t","quotedMessageId":"q","quotedContent":"qt","quotedSenderId":"u3"}',
      },
    ])
  })

  it('a message can be recalled by the id we made', () => {
    expect(written({ type: 'message.recall', target: { clientId: 'k' }, reason: '', composedAt: 1 })).toEqual([
      '/app/chat.revoke',
      { appKey: 'ak_demo_chat', messageId: 'k' },
    ])
  })

  it('nothing is written without the key of the application', () => {
    const { appKey: _, ...keyless } = profile
    expect(dialect.encode({ type: 'session.sync' }, keyless)).toMatchObject({
      error: { code: 'account.appKeyMissing' },
    })
    expect(dialect.checkCredentials(keyless, 'sig')).toMatchObject({ error: { code: 'account.appKeyMissing' } })
  })
})

describe('xuqm: connecting', () => {
  it('carries the token in the address, encoded, and in CONNECT', () => {
    expect(dialect.link({ ...profile, url: `${profile.url}?token=old` }, 'a+b/c=&d')).toEqual({
      url: 'wss://dev.xuqinmin.com/ws/im?token=a%2Bb%2Fc%3D%26d',
      connectHeaders: { host: 'dev.xuqinmin.com', Authorization: 'Bearer a+b/c=&d' },
      heartbeat: { outgoingMs: 0, incomingMs: 0 },
    })
  })

  it('subscribes what the document lists, then asks for what was missed', () => {
    expect(dialect.baseSubscriptions().map(({ destination }) => destination)).toEqual(['/user/queue/messages'])
    expect(dialect.groupSubscription('g1').destination).toBe('/topic/group/g1')
    expect(dialect.afterSubscribing()).toEqual([{ type: 'session.sync' }])
  })
})
