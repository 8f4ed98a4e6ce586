import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDemoServer } from '#test/server/server.ts'
import type { DemoServer, DemoServerOptions } from '#test/server/server.ts'
import { closeRawClients, im2Message, im2Messages, openRaw, settled, signIn } from './rawClient.ts'
import type { Im2Message, RawClient } from './rawClient.ts'

let server: DemoServer

const start = async (options: DemoServerOptions = {}): Promise<void> => {
  server = await createDemoServer({ dialects: ['im2'], ...options })
}

beforeEach(() => start())
afterEach(async () => {
  closeRawClients()
  await server.close()
})

const queues = [
  '/user/queue/private-messages',
  '/user/queue/message-status',
  '/user/queue/user-status',
  '/topic/system/notifications',
]

async function online(
  userId: string,
  options: { groups?: string[]; deviceId?: string; token?: string } = {},
): Promise<RawClient> {
  const { groups = [], ...rest } = options
  const client = await signIn(server, 'im2', { userId, ...rest })
  client.subscribe(...queues, ...groups.map((group) => `/topic/conversation/${group}`))
  await settled(client, 'im2')
  return client
}

const say = (content: string): string => JSON.stringify({ content, contentExtra: null })

function direct(client: RawClient, receiverId: string, text: string, clientMsgId: string): void {
  client.json('/app/private-message', { receiverId, content: say(text), clientMsgId, timestamp: 1 })
}

function group(client: RawClient, conversationId: string, text: string, clientMsgId: string): void {
  client.json('/app/chat', { conversationId, content: say(text), msgType: 0, clientMsgId, timestamp: 1 })
}

const chats = (client: RawClient): Im2Message[] => im2Messages(client).filter(({ type }) => type < 20)
const texts = (client: RawClient): unknown[] => chats(client).map(({ content }) => content['content'])
const statuses = (client: RawClient): unknown[] =>
  im2Messages(client)
    .filter(({ type, content }) => type === 42 && content['eventType'] === undefined)
    .map(({ content }) => content['status'])

describe('im2 session', () => {
  it('greets a fresh client with its groups, their members and the people it may meet', async () => {
    const alice = await online('alice')
    const hello = await im2Message(alice, ({ type }) => type === 30)
    expect(hello.content).toMatchObject({ sessionId: expect.any(String), serverTime: expect.any(Number) })
    const groups = im2Messages(alice).filter(({ content }) => content['eventType'] === 'business.conversation.created')
    expect(groups.map(({ content }) => content['title'])).toEqual(['产品讨论', 'Release crew', '午饭 Lunch'])
    expect(groups[1]?.content['members']).toContainEqual({ userId: 'bob', nickname: 'Bob Keller', role: 'admin' })
    const profiles = im2Messages(alice).filter(
      ({ content }) => content['eventType'] === 'business.user.profile.updated',
    )
    expect(profiles).toHaveLength(7)
    expect(server.violations()).toEqual([])
  })

  it('sends protobuf as binary WebSocket messages of type application/octet-stream', async () => {
    const alice = await online('alice')
    const pushes = alice.received.filter(({ frame }) => frame.command === 'MESSAGE')
    expect(pushes.length).toBeGreaterThan(0)
    expect(pushes.every(({ binary }) => binary)).toBe(true)
  })

  it.each([
    ['a token that is not x.y.z', { token: 'nonsense' }],
    ['a token signed by somebody else', { token: 'eyJh.eyJz.c2ln' }],
    ['an expired token', { ttlMs: -1 }],
    ['a userId that is not the token’s', { userId: 'bob' }],
    ['no token at all', { header: null }],
  ])('refuses %s with ERROR Unauthorized and closes', async (_, bad) => {
    const token = 'token' in bad ? bad.token : server.issueToken('alice', 'ttlMs' in bad ? { ttlMs: bad.ttlMs } : {})
    const client = await openRaw({ url: server.url('im2') })
    client.send('CONNECT', [
      ['accept-version', '1.2'],
      ['userId', 'userId' in bad ? bad.userId : 'alice'],
      ['deviceId', 'd'],
      ['clientType', 'desktop'],
      ...('header' in bad ? [] : ([['Authorization', `Bearer ${token}`]] as const)),
    ])
    const error = await client.command('ERROR')
    expect(error.headers).toContainEqual(['message', 'Unauthorized'])
    expect(error.body.toString()).toBe('Unauthorized')
    expect(await client.closed).toBe(1002)
    expect(server.violations().map(({ kind }) => kind)).toEqual(['auth'])
  })

  it('answers heart-beat messages with the client’s time and its own', async () => {
    const alice = await online('alice')
    alice.json('/app/heartbeat', { timestamp: 1715000000000, deviceId: 'd' })
    const beat = await im2Message(alice, ({ type, content }) => type === 32 && content['timestamp'] === 1715000000000)
    expect(beat.content['serverTime']).toEqual(expect.any(Number))
  })

  it('lets an expired session renew its token, and ends it when it does not', async () => {
    await server.close()
    await start({ authGraceMs: 100 })
    const alice = await online('alice')
    const bob = await online('bob')
    server.control.expireToken({ userId: 'alice' })
    server.control.expireToken({ userId: 'bob' })
    await im2Message(alice, ({ type, content }) => type === 33 && content['success'] === false)
    alice.json('/app/auth', { token: server.issueToken('alice'), timestamp: 1 })
    await im2Message(alice, ({ type, content }) => type === 33 && content['success'] === true)
    expect((await bob.command('ERROR')).body.toString()).toBe('Unauthorized')
    await bob.closed
    await settled(alice, 'im2')
  })

  it('says why it throws somebody out before it closes', async () => {
    const alice = await online('alice')
    server.control.kick({ userId: 'alice', reason: 'signed in elsewhere' })
    const bye = await im2Message(alice, ({ type }) => type === 31)
    expect(bye.content).toEqual({ reason: 'signed in elsewhere', operator: 'admin', code: 4001 })
    expect(await alice.closed).toBe(1000)
  })
})

describe('im2 messages', () => {
  it('echoes a direct message with its client id and reports sent and delivered', async () => {
    const [alice, bob] = [await online('alice'), await online('bob')]
    direct(alice, 'bob', 'hello 鲍勃', 'c-1')
    const [echo, copy] = await Promise.all([
      im2Message(alice, ({ type }) => type === 0),
      im2Message(bob, ({ type }) => type === 0),
    ])
    expect(echo).toMatchObject({
      clientMessageId: 'c-1',
      senderId: 'alice',
      receiverId: 'bob',
      conversationId: 'c_alice_bob',
      sequence: '1',
    })
    expect(copy.messageId).toBe(echo.messageId)
    await settled(alice, 'im2')
    expect(statuses(alice)).toEqual([2, 3])
    expect(server.violations()).toEqual([])
  })

  it('reaches every connected device of both people', async () => {
    const phone = await online('alice', { deviceId: 'phone' })
    const desk = await online('alice', { deviceId: 'desk' })
    const bob = await online('bob')
    direct(phone, 'bob', 'one', 'c-1')
    for (const client of [phone, desk, bob])
      await im2Message(client, ({ clientMessageId }) => clientMessageId === 'c-1')
  })

  it('numbers each conversation from 1 and keeps 64-bit numbers exact', async () => {
    const bob = await online('bob', { groups: ['g-release'] })
    server.control.message({ from: 'alice', group: 'g-release', text: 'one' })
    server.control.skipSequences({ conversationId: 'g-release', count: '9007199254740991' })
    server.control.message({ from: 'alice', group: 'g-release', text: 'two' })
    server.control.message({ from: 'alice', to: 'bob', text: 'three' })
    await settled(bob, 'im2')
    expect(chats(bob).map(({ sequence }) => sequence)).toEqual(['1', '9007199254740993', '1'])
  })

  it('stores a repeated client id once, and says so again each time', async () => {
    const [alice, bob] = [await online('alice'), await online('bob')]
    for (let n = 0; n < 3; n++) direct(alice, 'bob', 'once', 'c-1')
    await settled(alice, 'im2')
    await settled(bob, 'im2')
    expect(texts(bob)).toEqual(['once'])
    expect(new Set(chats(alice).map(({ messageId }) => messageId)).size).toBe(1)
    expect(chats(alice)).toHaveLength(3)
    expect(server.messages()).toMatchObject([{ clientId: 'c-1', duplicates: 2, sequence: '1' }])
    expect(server.violations()).toEqual([])
  })

  it('tells a group’s members only, and refuses others the topic with ERROR', async () => {
    const [alice, bob] = [await online('alice', { groups: ['g-product'] }), await online('bob')]
    group(alice, 'g-product', 'inside', 'c-1')
    await im2Message(alice, ({ clientMessageId }) => clientMessageId === 'c-1')
    bob.subscribe('/topic/conversation/g-product')
    expect((await bob.command('ERROR')).headers).toContainEqual(['message', 'Not a member of g-product'])
    expect(texts(bob)).toEqual([])
  })

  it('keeps what was sent while a device was away, group and direct, until its subscription stands', async () => {
    server.control.message({ from: 'alice', to: 'bob', text: 'direct' })
    server.control.message({ from: 'alice', group: 'g-release', text: 'in the group' })
    const bob = await online('bob')
    expect(texts(bob)).toEqual(['direct'])
    bob.subscribe('/topic/conversation/g-release')
    await settled(bob, 'im2')
    expect(texts(bob)).toEqual(['direct', 'in the group'])
    const other = await online('bob', { deviceId: 'other' })
    expect(texts(other)).toEqual(['direct'])
  })

  it('owes a device what was written to it and never confirmed by another sign of life', async () => {
    const bob = await online('bob')
    bob.pause()
    server.control.message({ from: 'alice', to: 'bob', text: 'into the void' })
    bob.terminate()
    await bob.closed
    const again = await online('bob')
    expect(texts(again)).toEqual(['into the void'])
  })

  it('forgets after the write alone where it is told to', async () => {
    await server.close()
    await start({ acknowledge: 'written' })
    const bob = await online('bob')
    server.control.message({ from: 'alice', to: 'bob', text: 'once only' })
    await im2Message(bob, ({ type }) => type === 0)
    bob.terminate()
    await bob.closed
    expect(texts(await online('bob'))).toEqual([])
  })

  it('tells a sender who was away what became of the message', async () => {
    const alice = await online('alice')
    direct(alice, 'bob', 'later', 'c-1')
    await im2Message(alice, ({ content }) => content['status'] === 2)
    await alice.disconnect()
    await online('bob')
    const again = await online('alice')
    expect(statuses(again)).toEqual([3])
  })

  it('refuses what it must with a FAILED status that names the client id and the reason', async () => {
    server.control.policy({ maxMessageLength: 5 })
    server.control.permission({ userId: 'zhang.wei', permission: 'read_only' })
    const [bob, zhang] = [await online('bob'), await online('zhang.wei')]
    group(bob, 'g-product', 'hi', 'not-member')
    direct(bob, 'alice', '六个汉字太长', 'too-long')
    direct(bob, 'alice', '五个字👍🏽', 'fits')
    direct(bob, 'nobody', 'hi', 'no-such-user')
    direct(zhang, 'bob', 'hi', 'read-only')
    await settled(bob, 'im2')
    await settled(zhang, 'im2')
    const failed = [...im2Messages(bob), ...im2Messages(zhang)].filter(({ content }) => content['status'] === 5)
    expect(failed.map(({ content }) => [content['clientMessageId'], content['reason']])).toEqual([
      ['not-member', 'not a member'],
      ['too-long', 'text is longer than 5 characters'],
      ['no-such-user', 'receiver or conversation is unknown'],
      ['read-only', 'account is read-only'],
    ])
    expect(server.messages().map(({ clientId }) => clientId)).toEqual(['fits'])
    expect(server.violations().map(({ kind }) => kind)).toEqual(['policy', 'policy', 'policy', 'policy'])
  })

  it.each([
    ['a missing client id', { receiverId: 'bob', content: say('x'), timestamp: 1 }, 'clientMsgId is missing'],
    [
      'a time that is no number',
      { receiverId: 'bob', content: say('x'), clientMsgId: 'c', timestamp: '1' },
      'timestamp is not a number',
    ],
    [
      'plain text for content',
      { receiverId: 'bob', content: 'x', clientMsgId: 'c', timestamp: 1 },
      'content is not a JSON document',
    ],
    [
      'an image without its url',
      { receiverId: 'bob', content: say('x'), msgType: 1, clientMsgId: 'c', timestamp: 1 },
      'contentExtra is missing in a message of kind image',
    ],
    [
      'a type that cannot be sent',
      { receiverId: 'bob', content: say('x'), msgType: 43, clientMsgId: 'c', timestamp: 1 },
      'msgType 43 cannot be sent',
    ],
  ])('reports %s and stores nothing', async (_, body, reason) => {
    const alice = await online('alice')
    alice.json('/app/private-message', body)
    await settled(alice, 'im2')
    expect(server.violations().map((violation) => violation.reason)).toEqual([reason])
    expect(server.messages()).toEqual([])
  })

  it('reports fields no document knows, and takes the message all the same', async () => {
    const alice = await online('alice')
    alice.json('/app/private-message', {
      receiverId: 'bob',
      content: say('x'),
      clientMsgId: 'c',
      timestamp: 1,
      mood: 'good',
    })
    await im2Message(alice, ({ type }) => type === 0)
    expect(server.violations().map(({ reason }) => reason)).toEqual(['unexpected field mood'])
  })

  it('meets an unknown destination with silence', async () => {
    const alice = await online('alice')
    const before = alice.received.length
    alice.json('/app/typing', {})
    await settled(alice, 'im2')
    expect(alice.received).toHaveLength(before + 1)
    expect(server.violations().map(({ reason }) => reason)).toEqual(['unknown destination'])
  })

  it('is silent altogether without echo: no copy, no status', async () => {
    await server.close()
    await start({ echo: false })
    const [alice, bob] = [await online('alice'), await online('bob')]
    direct(alice, 'bob', 'hello', 'c-1')
    await im2Message(bob, ({ type }) => type === 0)
    await settled(alice, 'im2')
    expect(texts(alice)).toEqual([])
    expect(statuses(alice)).toEqual([])
  })

  it('answers receipts only where it stands in for a broker relay', async () => {
    const plain = await online('alice')
    plain.json('/app/heartbeat', { timestamp: 1, deviceId: 'd' }, [['receipt', 'r-1']])
    await settled(plain, 'im2')
    expect(plain.received.some(({ frame }) => frame.command === 'RECEIPT')).toBe(false)
    await server.close()
    await start({ receipts: true })
    const relayed = await online('alice')
    relayed.json('/app/heartbeat', { timestamp: 1, deviceId: 'd' }, [['receipt', 'r-1']])
    expect((await relayed.command('RECEIPT')).headers).toContainEqual(['receipt-id', 'r-1'])
  })

  it.each(['json', 'base64'] as const)('can write its bodies as %s', async (form) => {
    await server.close()
    await start({ im2Body: form })
    const alice = await signIn(server, 'im2', { userId: 'alice' })
    alice.subscribe('/user/queue/private-messages')
    const text = (await alice.command('MESSAGE')).body.toString()
    expect(alice.received.every(({ binary }) => !binary)).toBe(true)
    if (form === 'json') expect(JSON.parse(text)).toMatchObject({ type: 30, system: { content: expect.any(String) } })
    else expect(Buffer.from(text, 'base64').includes('serverTime')).toBe(true)
  })
})

describe('im2 operations', () => {
  async function sent(): Promise<{ alice: RawClient; bob: RawClient; messageId: string }> {
    const [alice, bob] = [await online('alice'), await online('bob')]
    direct(alice, 'bob', 'first', 'c-1')
    const { messageId } = await im2Message(alice, ({ type }) => type === 0)
    return { alice, bob, messageId }
  }

  it('sends an edit to both sides as a message of its own, next in the sequence', async () => {
    const { alice, bob, messageId } = await sent()
    alice.json('/app/edit-message', { messageId, newContent: say('second'), editReason: 'typo', timestamp: 1 })
    for (const client of [alice, bob]) {
      const edit = await im2Message(client, ({ type }) => type === 10)
      expect(edit).toMatchObject({ sequence: '2', conversationId: 'c_alice_bob' })
      expect(edit.messageId).not.toBe(messageId)
      expect(edit.content).toEqual({ messageId, newContent: say('second'), editReason: 'typo' })
      await im2Message(client, ({ content }) => content['eventType'] === 'communication.message.edited')
    }
    expect(server.messages()).toMatchObject([{ state: 'normal', editedContent: say('second') }])
  })

  it('recalls for everyone with the message and the event, and never sends the recalled text afterwards', async () => {
    const { alice, bob, messageId } = await sent()
    alice.json('/app/delete-message', { messageId, deleteScope: 1, deleteReason: 'oops', timestamp: 1 })
    const recall = await im2Message(bob, ({ type }) => type === 13)
    expect(recall.content).toEqual({ messageId, operatorId: 'alice', reason: 'oops' })
    await im2Message(bob, ({ content }) => content['eventType'] === 'communication.message.recalled')
    const late = await online('bob', { deviceId: 'late' })
    expect(chats(late).map(({ type, status, sequence }) => [type, status, sequence])).toEqual([
      [0, 6, '1'],
      [13, 0, '2'],
    ])
    expect(late.received.some(({ frame }) => frame.body.includes('first'))).toBe(false)
    expect(server.messages()).toMatchObject([{ state: 'recalled' }])
  })

  it('deletes for one person without anybody else noticing', async () => {
    const { alice, bob, messageId } = await sent()
    bob.json('/app/delete-message', { messageId, deleteScope: 0, deleteReason: '', timestamp: 1 })
    const gone = await im2Message(bob, ({ content }) => content['eventType'] === 'communication.message.deleted')
    expect(gone.content).toMatchObject({ messageId, deleteScope: 0 })
    await settled(alice, 'im2')
    expect(im2Messages(alice).some(({ content }) => content['deleteScope'] !== undefined)).toBe(false)
    expect(server.messages()).toMatchObject([{ state: 'normal', deletedFor: ['bob'] }])
  })

  it('repeats an operation that comes again without taking a new number', async () => {
    const { alice, messageId } = await sent()
    for (let n = 0; n < 2; n++) {
      alice.json('/app/edit-message', { messageId, newContent: say('second'), editReason: '', timestamp: 1 })
    }
    direct(alice, 'bob', 'next', 'c-2')
    await settled(alice, 'im2')
    expect(chats(alice).map(({ type, sequence }) => [type, sequence])).toEqual([
      [0, '1'],
      [10, '2'],
      [10, '2'],
      [0, '3'],
    ])
  })

  it('refuses to edit, recall or pin what is not one’s own or not there', async () => {
    const { bob, messageId } = await sent()
    bob.json('/app/edit-message', { messageId, newContent: say('x'), editReason: '', timestamp: 1 })
    bob.json('/app/delete-message', { messageId, deleteScope: 1, deleteReason: '', timestamp: 1 })
    bob.json('/app/pin-message', { messageId: 'm_none', pinScope: 0, timestamp: 1 })
    await settled(bob, 'im2')
    const refusals = im2Messages(bob).filter(({ content }) => content['status'] === 5)
    expect(refusals.map(({ content }) => [content['operation'], content['reason']])).toEqual([
      ['edit', 'only the sender may edit'],
      ['delete', 'only the sender or a group administrator may recall'],
      ['pin', 'message is unknown'],
    ])
  })

  it('pins for everyone as a change of the conversation', async () => {
    const { alice, bob, messageId } = await sent()
    bob.json('/app/pin-message', { messageId, pinScope: 1, timestamp: 1 })
    const pinned = await im2Message(alice, ({ content }) => content['updateType'] === 'message_pinned')
    expect(pinned.content).toMatchObject({ messageId, operatorId: 'bob', pinScope: 1 })
  })
})

describe('im2 membership and administration', () => {
  it('tells members who joins, and gives the new one what it needs to subscribe', async () => {
    const [bob, sofia] = [await online('bob'), await online('sofia')]
    server.control.addGroup({ groupId: 'g-new', name: '新群', members: [{ userId: 'bob', role: 'owner' }] })
    server.control.addMember({ groupId: 'g-new', userId: 'sofia' })
    const joined = await im2Message(bob, ({ content }) => content['updateType'] === 'member_added')
    expect(joined.content).toMatchObject({
      groupId: 'g-new',
      memberId: 'sofia',
      memberRole: 'member',
      updatedBy: 'bob',
    })
    await im2Message(
      sofia,
      ({ content }) => content['eventType'] === 'business.conversation.created' && content['groupId'] === 'g-new',
    )
    sofia.subscribe('/topic/conversation/g-new')
    group(bob, 'g-new', 'welcome', 'c-1')
    await im2Message(sofia, ({ clientMessageId }) => clientMessageId === 'c-1')
  })

  it('stops serving a removed member, who learns of it even when it was away', async () => {
    const bob = await online('bob', { groups: ['g-release'] })
    await bob.disconnect()
    server.control.removeMember({ groupId: 'g-release', userId: 'bob' })
    server.control.message({ from: 'alice', group: 'g-release', text: 'without bob' })
    const again = await online('bob')
    await im2Message(
      again,
      ({ content }) => content['updateType'] === 'member_removed' && content['memberId'] === 'bob',
    )
    const titles = im2Messages(again).filter(({ content }) => content['eventType'] === 'business.conversation.created')
    expect(titles.map(({ content }) => content['groupId'])).toEqual(['g-lunch'])
    expect(texts(again)).toEqual([])
  })

  it('pushes policy and permissions in the document’s forms, and repeats what is in force to a later client', async () => {
    const alice = await online('alice')
    server.control.policy({ maxMessageLength: 100, by: 'admin_user', reason: 'test' })
    const change = await im2Message(alice, ({ content }) => content['configType'] === 'chat_settings')
    expect(change).toMatchObject({ type: 43 })
    expect(change.content).toMatchObject({
      oldConfig: { maxMessageLength: 2000, fileUploadLimit: 20 },
      newConfig: { maxMessageLength: 100, fileUploadLimit: 20 },
      changedBy: 'admin_user',
      reason: 'test',
    })
    server.control.permission({ userId: 'alice', permission: 'read_only' })
    const mute = await im2Message(alice, ({ content }) => content['configType'] === 'user_permissions')
    expect(mute.content).toMatchObject({
      userId: 'alice',
      permissionType: 'chat_permission',
      oldPermission: 'full_access',
      newPermission: 'read_only',
    })
    const later = await online('alice', { deviceId: 'later' })
    expect(im2Messages(later).flatMap(({ content }) => content['configType'] ?? [])).toEqual([
      'chat_settings',
      'user_permissions',
    ])
  })

  it('announces people coming and going, once per person', async () => {
    const alice = await online('alice')
    const desk = await online('bob', { deviceId: 'desk' })
    const phone = await online('bob', { deviceId: 'phone' })
    await desk.disconnect()
    await phone.disconnect()
    await im2Message(alice, ({ content }) => content['eventType'] === 'business.user.logout')
    const changes = im2Messages(alice).flatMap(({ content }) => {
      const eventType = String(content['eventType'])
      return eventType.startsWith('business.user.log') ? [eventType] : []
    })
    expect(changes).toEqual(['business.user.login', 'business.user.logout'])
  })

  it('sends notices and the server’s state to everybody who listens', async () => {
    const alice = await online('alice')
    server.control.notify({ title: '系统公告', content: '维护', priority: 'high' })
    server.control.systemStatus({ status: 'degraded', message: 'slow' })
    const notice = await im2Message(alice, ({ type }) => type === 20)
    expect(notice.content).toMatchObject({ title: '系统公告', content: '维护', priority: 'high' })
    await im2Message(alice, ({ type }) => type === 34)
  })
})
