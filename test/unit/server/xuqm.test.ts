import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDemoServer } from '#test/server/server.ts'
import type { DemoServer, DemoServerOptions } from '#test/server/server.ts'
import { closeRawClients, jsonMessages, jsonOf, openRaw, settled, signIn } from './rawClient.ts'
import type { RawClient } from './rawClient.ts'

let server: DemoServer
const appKey = 'ak_demo_chat'
const queue = '/user/queue/messages'

const start = async (options: DemoServerOptions = {}): Promise<void> => {
  server = await createDemoServer({ dialects: ['xuqm'], ...options })
}

beforeEach(() => start())
afterEach(async () => {
  closeRawClients()
  await server.close()
})

async function online(userId: string, groups: string[] = []): Promise<RawClient> {
  const client = await signIn(server, 'xuqm', { userId })
  client.subscribe(queue, ...groups.map((group) => `/topic/group/${group}`))
  client.json('/app/chat.sync', { appKey })
  await settled(client, 'xuqm')
  return client
}

function send(client: RawClient, messageId: string, rest: Record<string, unknown> = {}): void {
  client.json('/app/chat.send', {
    appKey,
    messageId,
    toId: 'bob',
    chatType: 'SINGLE',
    msgType: 'TEXT',
    content: 'Hello',
    ...rest,
  })
}

const withId = (client: RawClient, id: string): Promise<unknown> =>
  client.frame((frame) => frame.command === 'MESSAGE' && jsonOf(frame)['id'] === id)

const stored = () => server.messages().filter(({ clientId }) => !clientId.startsWith('mark-'))

describe('xuqm server', () => {
  it('carries a message to both sides exactly in the document’s form', async () => {
    const [alice, bob] = [await online('alice'), await online('bob')]
    send(alice, 'm-1')
    for (const client of [alice, bob]) {
      await withId(client, 'm-1')
      expect(jsonMessages(client)).toEqual([
        {
          id: 'm-1',
          fromId: 'alice',
          toId: 'bob',
          chatType: 'SINGLE',
          msgType: 'TEXT',
          content: 'Hello',
          status: 'SENT',
          createdAt: expect.any(Number),
        },
      ])
      expect(client.received.every(({ binary }) => !binary)).toBe(true)
    }
    expect(stored()).toMatchObject([{ serverId: 'm-1', clientId: 'm-1', sequence: null, msgType: 'TEXT' }])
    expect(server.violations()).toEqual([])
  })

  it('uses the group’s topic where it is subscribed, the personal queue where it is not, never both', async () => {
    const listening = await online('alice', ['g-product'])
    const unaware = await online('lin.mei')
    const outside = await online('bob')
    send(listening, 'm-1', { toId: 'g-product', chatType: 'GROUP' })
    await withId(unaware, 'm-1')
    for (const client of [listening, unaware, outside]) await settled(client, 'xuqm')
    const destinations = (client: RawClient): unknown[] =>
      client.received
        .filter(({ frame }) => frame.command === 'MESSAGE' && jsonOf(frame)['id'] === 'm-1')
        .map(({ frame }) => frame.headers.find(([name]) => name === 'destination')?.[1])
    expect(destinations(listening)).toEqual(['/topic/group/g-product'])
    expect(destinations(unaware)).toEqual([queue])
    expect(destinations(outside)).toEqual([])
  })

  it('delivers missed messages only when asked to sync, in order, and each once', async () => {
    for (const text of ['one', 'two', 'three']) server.control.message({ from: 'alice', to: 'bob', text })
    const bob = await signIn(server, 'xuqm', { userId: 'bob' })
    bob.subscribe(queue)
    await settled(bob, 'xuqm')
    expect(jsonMessages(bob)).toEqual([])
    for (let n = 0; n < 2; n++) bob.json('/app/chat.sync', { appKey })
    await settled(bob, 'xuqm')
    expect(jsonMessages(bob).map(({ content }) => content)).toEqual(['one', 'two', 'three'])
  })

  it('has nothing to say to a sync that came before the subscription', async () => {
    server.control.message({ from: 'alice', to: 'bob', text: 'missed' })
    const bob = await signIn(server, 'xuqm', { userId: 'bob' })
    bob.json('/app/chat.sync', { appKey })
    bob.subscribe(queue)
    await settled(bob, 'xuqm')
    expect(jsonMessages(bob)).toEqual([])
    bob.json('/app/chat.sync', { appKey })
    await settled(bob, 'xuqm')
    expect(jsonMessages(bob)).toHaveLength(1)
  })

  it('stores a repeated message id once, and echoes it again', async () => {
    const alice = await online('alice')
    for (let n = 0; n < 3; n++) send(alice, 'm-1')
    await settled(alice, 'xuqm')
    expect(jsonMessages(alice).map(({ id }) => id)).toEqual(['m-1', 'm-1', 'm-1'])
    expect(stored()).toMatchObject([{ duplicates: 2 }])
  })

  it('revokes with a frame of the same id and no content, now and for those who were away', async () => {
    const alice = await online('alice')
    send(alice, 'm-1')
    await withId(alice, 'm-1')
    alice.json('/app/chat.revoke', { appKey, messageId: 'm-1' })
    await alice.frame((frame) => frame.command === 'MESSAGE' && jsonOf(frame)['status'] === 'REVOKED')
    const bob = await online('bob')
    expect(jsonMessages(bob).length).toBeGreaterThan(0)
    for (const frame of jsonMessages(bob)) expect(frame).toMatchObject({ id: 'm-1', status: 'REVOKED', content: '' })
    expect(stored()).toMatchObject([{ state: 'recalled', content: 'Hello' }])
  })

  it('lets nobody revoke what another one wrote', async () => {
    const [alice, bob] = [await online('alice'), await online('bob')]
    send(alice, 'm-1')
    await withId(bob, 'm-1')
    bob.json('/app/chat.revoke', { appKey, messageId: 'm-1' })
    await settled(bob, 'xuqm')
    expect(stored()).toMatchObject([{ state: 'normal' }])
    expect(server.violations().map(({ reason }) => reason)).toEqual(['only the sender may revoke'])
  })

  it.each([
    ['a stranger to the group', { toId: 'g-release', chatType: 'GROUP' }, 'not a member'],
    ['an unknown receiver', { toId: 'nobody' }, 'receiver or conversation is unknown'],
    ['a text over the limit', { content: '长'.repeat(2001) }, 'text is longer than 2000 characters'],
    ['a wrong appKey', { appKey: 'ak_other' }, 'appKey is unknown'],
    ['an unknown kind', { msgType: 'DANCE' }, 'msgType DANCE cannot be sent'],
    ['an unknown chat type', { chatType: 'CROWD' }, 'chatType is neither SINGLE nor GROUP'],
    ['an id that is not a string', { messageId: 7 }, 'messageId is not an id'],
  ])('answers %s with FAILED and the reason', async (_, fields, reason) => {
    const chen = await online('chen.yu')
    send(chen, 'm-1', fields)
    await settled(chen, 'xuqm')
    expect(stored()).toEqual([])
    expect(server.violations().map((violation) => violation.reason)).toEqual([reason])
    if (!('messageId' in fields)) expect(jsonMessages(chen)).toMatchObject([{ id: 'm-1', status: 'FAILED', reason }])
  })

  it.each([
    ['no token in the URL', (url: string) => url, (token: string) => token],
    ['another token in CONNECT', (url: string, token: string) => `${url}?token=${token}`, () => 'a.b.c'],
    ['a wrong token', (url: string) => `${url}?token=a.b.c`, () => 'a.b.c'],
  ])('refuses %s with ERROR Unauthorized', async (_, target, header) => {
    const token = server.issueToken('alice')
    const client = await openRaw({ url: target(server.url('xuqm'), token) })
    client.send('CONNECT', [
      ['accept-version', '1.2'],
      ['heart-beat', '0,0'],
      ['host', 'localhost'],
      ['Authorization', `Bearer ${header(token)}`],
    ])
    const error = await client.command('ERROR')
    expect(error.headers).toContainEqual(['message', 'Unauthorized'])
    expect(error.body.toString()).toBe('Unauthorized')
    expect(await client.closed).toBe(1002)
  })

  it('ends a session at once when its token expires', async () => {
    const alice = await online('alice')
    expect(server.control.expireToken({ userId: 'alice' })).toBe(1)
    expect((await alice.command('ERROR')).body.toString()).toBe('Unauthorized')
    expect(await alice.closed).toBe(1002)
  })

  it('ends a session when its token’s time is over', async () => {
    const alice = await signIn(server, 'xuqm', {
      userId: 'alice',
      token: server.issueToken('alice', { ttlMs: 150 }),
    })
    expect((await alice.command('ERROR')).body.toString()).toBe('Unauthorized')
  })

  it('reports a CONNECT that is not the document’s', async () => {
    const token = server.issueToken('alice')
    const client = await openRaw({ url: `${server.url('xuqm')}?token=${token}` })
    client.send('CONNECT', [
      ['accept-version', '1.2'],
      ['heart-beat', '5000,5000'],
      ['Authorization', `Bearer ${token}`],
    ])
    expect((await client.command('CONNECTED')).headers).toContainEqual(['heart-beat', '0,0'])
    expect(server.violations().map(({ reason }) => reason)).toEqual([
      'CONNECT without host',
      'CONNECT heart-beat is not 0,0',
    ])
  })

  it('keeps 3000 missed messages in order through a connection lost half-way', async () => {
    for (let n = 0; n < 3000; n++) server.control.message({ from: 'alice', to: 'bob', text: `${n} ${'x'.repeat(200)}` })
    const first = await signIn(server, 'xuqm', { userId: 'bob' })
    first.subscribe(queue)
    first.json('/app/chat.sync', { appKey })
    await first.frame((frame) => frame.command === 'MESSAGE' && String(jsonOf(frame)['content']).startsWith('500 '))
    first.terminate()
    await first.closed
    const second = await online('bob')
    await second.frame((frame) => frame.command === 'MESSAGE' && String(jsonOf(frame)['content']).startsWith('2999 '))
    const numbers = [first, second].map((client) =>
      jsonMessages(client).map(({ content }) => Number(String(content).split(' ')[0])),
    )
    expect(new Set(numbers.flat()).size).toBe(3000)
    for (const list of numbers) expect(list).toEqual(list.toSorted((a, b) => a - b))
  })
})
