import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDemoServer } from '#test/server/server.ts'
import type { DemoServer } from '#test/server/server.ts'
import { closeRawClients, im2Message, im2Messages, openRaw, settled, signIn } from './rawClient.ts'
import type { RawClient } from './rawClient.ts'

let server: DemoServer
let bob: RawClient

async function online(userId: string): Promise<RawClient> {
  const client = await signIn(server, 'im2', { userId })
  client.subscribe('/user/queue/private-messages', '/user/queue/message-status')
  await settled(client, 'im2')
  return client
}

beforeEach(async () => {
  server = await createDemoServer()
  bob = await online('bob')
})
afterEach(async () => {
  closeRawClients()
  await server.close()
})

const texts = (client: RawClient): unknown[] =>
  im2Messages(client)
    .filter(({ type }) => type === 0)
    .map(({ content }) => content['content'])

const fromAlice = (...list: string[]): void => {
  for (const text of list) server.control.message({ from: 'alice', to: 'bob', text })
}

async function call(name: string, input: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${server.origin}/control/${name}`, { method: 'POST', headers, body: JSON.stringify(input) })
}

describe('faults', () => {
  it('drop the next pushes, which stay owed until the next subscription', async () => {
    server.control.dropPushes({ userId: 'bob', count: 2 })
    fromAlice('a', 'b', 'c')
    await settled(bob, 'im2')
    expect(texts(bob)).toEqual(['c'])
    await bob.disconnect()
    expect(texts(await online('bob')).slice(0, 2)).toEqual(['a', 'b'])
  })

  it('lose pushes for good when told so', async () => {
    server.control.dropPushes({ count: 1, lost: true })
    fromAlice('a', 'b')
    await bob.disconnect()
    expect(texts(await online('bob'))).not.toContain('a')
  })

  it('double pushes', async () => {
    server.control.doublePushes({ userId: 'bob', count: 1, times: 3 })
    fromAlice('a', 'b')
    await settled(bob, 'im2')
    expect(texts(bob)).toEqual(['a', 'a', 'a', 'b'])
  })

  it('reorder pushes within a window, the same way for the same seed', async () => {
    const letters = ['a', 'b', 'c', 'd', 'e', 'f']
    server.control.reorderPushes({ userId: 'bob', window: 6, seed: 3 })
    fromAlice(...letters.slice(0, 5))
    await settled(bob, 'im2')
    expect(texts(bob)).toEqual([])
    fromAlice('f')
    await settled(bob, 'im2')
    expect(texts(bob)).not.toEqual(letters)
    expect(texts(bob).toSorted()).toEqual(letters)
    server.control.clearFaults()
    fromAlice('g')
    await settled(bob, 'im2')
    expect(texts(bob).at(-1)).toBe('g')
  })

  it('delay pushes', async () => {
    server.control.delayPushes({ userId: 'bob', delayMs: 20 })
    fromAlice('late')
    await im2Message(bob, ({ content }) => content['content'] === 'late')
  })

  it('swallow acknowledgements: stored, pushed to the other side, not a word to the sender until it asks again', async () => {
    const alice = await online('alice')
    server.control.dropAcks({ userId: 'alice', count: 1 })
    const message = {
      receiverId: 'bob',
      content: JSON.stringify({ content: 'x' }),
      clientMsgId: 'c-1',
      timestamp: 1,
    }
    alice.json('/app/private-message', message)
    await im2Message(bob, ({ clientMessageId }) => clientMessageId === 'c-1')
    await settled(alice, 'im2')
    const about = (): number => im2Messages(alice).filter(({ clientMessageId }) => clientMessageId === 'c-1').length
    expect(about()).toBe(0)
    alice.json('/app/private-message', message)
    await settled(alice, 'im2')
    expect(about()).toBe(3)
    expect(server.messages('im2')).toMatchObject([{ duplicates: 1 }])
  })

  it('stall a session in both directions, and let it go on without loss', async () => {
    expect(server.control.stall({ userId: 'bob' })).toBe(1)
    fromAlice('held')
    bob.json('/app/heartbeat', { timestamp: 1, deviceId: 'd' })
    const alice = await online('alice')
    await settled(alice, 'im2')
    expect(texts(bob)).toEqual([])
    server.control.resume({ userId: 'bob' })
    await settled(bob, 'im2')
    expect(texts(bob)).toEqual(['held'])
  })

  it('skew the server’s clock', async () => {
    server.control.skewClock({ ms: 3_600_000 })
    const before = Date.now()
    fromAlice('from the future')
    const message = await im2Message(bob, ({ type }) => type === 0)
    expect(Number(message.timestamp)).toBeGreaterThanOrEqual(before + 3_600_000)
  })

  it('refuse handshakes with a status for as often as asked', async () => {
    server.control.refuse({ status: 429, retryAfterSeconds: 7, count: 1 })
    await expect(openRaw({ url: server.url('im2') })).rejects.toThrow('429')
    await openRaw({ url: server.url('im2') })
  })

  it('close sockets with a code, or without a word', async () => {
    const alice = await online('alice')
    server.control.closeSockets({ userId: 'bob', code: 4500 })
    server.control.closeSockets({ userId: 'alice', abrupt: true })
    expect(await bob.closed).toBe(4500)
    expect(await alice.closed).toBe(1006)
  })

  it('cut off a client that does not read with 4500', async () => {
    bob.pause()
    for (let n = 0; n < 200; n++) {
      server.control.raw({ userId: 'bob', text: '\n'.repeat(100_000) })
    }
    bob.resume()
    expect(await bob.closed).toBe(4500)
  })
})

describe('injection', () => {
  it('sends any envelope, event, frame or bytes to chosen sessions', async () => {
    const { control } = server
    expect(control.push({ userId: 'bob', envelope: { type: 99, content: 'not JSON', sequence: '42' } })).toBe(1)
    expect(control.event({ userId: 'bob', content: { eventType: 'business.unknown' } })).toBe(1)
    expect(control.frame({ userId: 'bob', command: 'RECEIPT', headers: [['receipt-id', 'x:y']] })).toBe(1)
    expect(control.raw({ userId: 'bob', text: 'ERROR\nmessage:raw\n\n\0' })).toBe(1)
    expect(control.raw({ userId: 'bob', base64: Buffer.from('ERROR\nmessage:binary\n\n\0').toString('base64') })).toBe(
      1,
    )
    expect(control.push({ userId: 'nobody', envelope: {} })).toBe(0)
    await bob.frame((frame) => frame.headers.some(([, value]) => value === 'binary'))
    expect(bob.received.at(-1)?.binary).toBe(true)
    const odd = bob.received.slice(-5).map(({ frame }) => frame.command)
    expect(odd).toEqual(['MESSAGE', 'MESSAGE', 'RECEIPT', 'ERROR', 'ERROR'])
    const injected = bob.received.at(-5)
    expect(injected?.frame.body.includes('not JSON')).toBe(true)
  })

  it('records the wire only while asked to', async () => {
    server.control.recordWire(true)
    await settled(bob, 'im2')
    expect(server.control.wire().map(({ frame }) => frame.command)).toEqual(['SEND'])
    server.control.recordWire(false)
    await settled(bob, 'im2')
    expect(server.control.wire()).toEqual([])
  })
})

describe('control over HTTP', () => {
  it('does what the calls do, and lists what is stored as JSON lines', async () => {
    expect((await call('message', { from: 'alice', to: 'bob', text: '你好' })).status).toBe(200)
    expect((await call('message', { dialect: 'xuqm', from: 'alice', to: 'bob', text: 'x' })).status).toBe(200)
    await im2Message(bob, ({ content }) => content['content'] === '你好')
    const text = await (await fetch(`${server.origin}/control/messages?dialect=im2`)).text()
    const rows = text.trimEnd().split('\n')
    expect(rows).toHaveLength(1)
    expect(JSON.parse(rows[0] ?? '')).toMatchObject({
      dialect: 'im2',
      conversationId: 'c_alice_bob',
      conversationKind: 'direct',
      members: ['alice', 'bob'],
      senderId: 'alice',
      receiverId: 'bob',
      sequence: '1',
      msgType: 0,
      content: '{"content":"你好","contentExtra":null}',
      state: 'normal',
      editedContent: null,
      duplicates: 0,
    })
  })

  it('lists sessions and violations', async () => {
    bob.json('/app/nowhere', {})
    await settled(bob, 'im2')
    const sessions = await (await fetch(`${server.origin}/control/sessions`)).json()
    expect(sessions).toMatchObject([{ dialect: 'im2', userId: 'bob', deviceId: 'bob-desktop', transport: 'websocket' }])
    const violations = await (await fetch(`${server.origin}/control/violations`)).json()
    expect(violations).toMatchObject([{ userId: 'bob', kind: 'protocol', reason: 'unknown destination' }])
  })

  it('says what is wrong with a call', async () => {
    expect((await call('message', { from: 'alice' })).status).toBe(400)
    expect((await call('dropPushes', { count: 'many' })).status).toBe(400)
    expect((await call('nonsense', {})).status).toBe(404)
    expect((await call('__proto__', {})).status).toBe(404)
    expect(await (await call('addMember', { groupId: 'none', userId: 'bob' })).json()).toEqual({
      error: 'no group none',
    })
  })

  it('is closed to web pages', async () => {
    expect((await call('clearFaults', {}, { origin: 'https://evil.example' })).status).toBe(403)
  })

  it('stops for a while and comes back by itself', async () => {
    await call('stop', { forMs: 50 })
    expect(await bob.closed).toBe(1001)
    await expect
      .poll(() =>
        fetch(`${server.origin}/control/sessions`).then(
          (r) => r.status,
          () => 0,
        ),
      )
      .toBe(200)
  })
})
