import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { createDemoServer } from '#test/server/server.ts'
import type { DemoServer } from '#test/server/server.ts'
import { encodeStompFrame } from '#test/server/stompCodec.ts'
import { closeRawClients, im2Message, openRaw, settled, signIn } from './rawClient.ts'

let server: DemoServer

beforeEach(async () => {
  server = await createDemoServer({ dialects: ['im2'] })
})
afterEach(async () => {
  closeRawClients()
  await server.close()
})

const reasons = (): string[] => server.violations().map(({ reason }) => reason)

/** A valid heartbeat of exactly this many bytes, content-length and all. */
function sendFrame(bytes: number): Buffer {
  const frame = (padding: number): Buffer =>
    encodeStompFrame({
      command: 'SEND',
      headers: [
        ['destination', '/app/heartbeat'],
        ['content-type', 'application/json'],
      ],
      body: JSON.stringify({ timestamp: 7, deviceId: 'd'.repeat(padding) }),
    })
  let padding = bytes - frame(0).length
  while (frame(padding).length > bytes) padding -= 1
  return frame(padding)
}

describe('handshake', () => {
  it.each([
    [['v12.stomp', 'v11.stomp'], 'v12.stomp'],
    [['chat', 'v11.stomp'], 'v11.stomp'],
    [['chat'], ''],
  ])('of the sub-protocols %j takes "%s"', async (protocols, chosen) => {
    // ws itself gives up when none of its offers is taken; the header is what the server is asked about.
    const socket = new WebSocket(server.url('im2'), protocols)
    const answered = new Promise<string>((resolve) => {
      socket.on('upgrade', (response) => resolve(response.headers['sec-websocket-protocol'] ?? ''))
      socket.on('error', () => socket.terminate())
    })
    expect(await answered).toBe(chosen)
    socket.terminate()
  })

  it('answers an Origin that is not its own with 403', async () => {
    await expect(openRaw({ url: server.url('im2'), headers: { origin: 'https://evil.example' } })).rejects.toThrow(
      '403',
    )
  })

  it('answers an unknown path with 404', async () => {
    await expect(openRaw({ url: server.url('im2').replace('/ws', '/other') })).rejects.toThrow('404')
  })
})

describe('CONNECT', () => {
  it('names version, its own heart-beats and the user', async () => {
    const client = await signIn(server, 'im2', { userId: 'alice', heartbeat: '3000,4000' })
    expect((await client.command('CONNECTED')).headers).toEqual([
      ['version', '1.2'],
      ['heart-beat', '10000,10000'],
      ['user-name', 'alice'],
    ])
  })

  it.each([[[['accept-version', '1.0,1.1']]], [[]]] as const)('is not answered at all with %j', async (headers) => {
    const client = await openRaw({ url: server.url('im2') })
    client.send('CONNECT', headers)
    // The refusal of a frame before CONNECT proves that the CONNECT before it was read and met with silence.
    client.send('SEND', [['destination', '/app/chat']])
    await client.command('ERROR')
    expect(client.received).toHaveLength(1)
    expect(reasons()).toEqual(['accept-version without 1.2', 'SEND before CONNECT'])
  })

  it('is not answered while the server is deaf', async () => {
    server.control.deafToConnect({ on: true })
    const client = await openRaw({ url: server.url('im2') })
    client.send('CONNECT', [['accept-version', '1.2']])
    client.send('SEND', [['destination', '/app/chat']])
    await client.command('ERROR')
    expect(client.received).toHaveLength(1)
  })

  it('may not come twice', async () => {
    const client = await signIn(server, 'im2', { userId: 'alice' })
    client.send('CONNECT', [['accept-version', '1.2']])
    await client.command('ERROR')
    expect(await client.closed).toBe(1002)
  })

  it('has to come before the time is up', async () => {
    await server.close()
    server = await createDemoServer({ dialects: ['im2'], limits: { connectTimeoutMs: 50 } })
    expect(await (await openRaw({ url: server.url('im2') })).closed).toBe(4500)
  })
})

describe('frames', () => {
  it('closes 1009 on a text WebSocket message of more than 16,640 characters, and takes one of just that', async () => {
    const client = await signIn(server, 'im2', { userId: 'alice' })
    client.bytes(sendFrame(16_640).toString())
    client.subscribe('/user/queue/private-messages')
    await settled(client, 'im2')
    client.bytes(sendFrame(16_641).toString())
    expect(await client.closed).toBe(1009)
  })

  it('counts text in characters, not in bytes', async () => {
    const client = await signIn(server, 'im2', { userId: 'alice' })
    client.subscribe('/user/queue/private-messages')
    client.bytes(
      encodeStompFrame({
        command: 'SEND',
        headers: [
          ['destination', '/app/heartbeat'],
          ['content-type', 'application/json'],
        ],
        body: JSON.stringify({ timestamp: 7, deviceId: '字'.repeat(200), pad: '字'.repeat(16_000) }),
      }).toString(),
    )
    await settled(client, 'im2')
    expect(reasons()).toEqual(['unexpected field pad'])
  })

  it('closes 1009 on a binary WebSocket message of more than 8,192 bytes', async () => {
    const client = await signIn(server, 'im2', { userId: 'alice' })
    client.bytes(sendFrame(8193))
    expect(await client.closed).toBe(1009)
  })

  it('takes one frame spread over several messages, up to 65,536 bytes and no further', async () => {
    const client = await signIn(server, 'im2', { userId: 'alice' })
    client.subscribe('/user/queue/private-messages')
    const exact = sendFrame(65_536)
    for (let at = 0; at < exact.length; at += 8192) client.bytes(exact.subarray(at, at + 8192))
    await settled(client, 'im2')
    expect(reasons()).toEqual(['deviceId is not an id'])
    const more = sendFrame(65_537)
    for (let at = 0; at < more.length; at += 8192) client.bytes(more.subarray(at, at + 8192))
    await client.command('ERROR')
    expect(await client.closed).toBe(1002)
  })

  it('reads frames byte by byte and several in one message', async () => {
    const client = await signIn(server, 'im2', { userId: 'alice' })
    const subscribe = encodeStompFrame({
      command: 'SUBSCRIBE',
      headers: [
        ['id', 'a'],
        ['destination', '/user/queue/private-messages'],
      ],
    })
    for (const byte of subscribe) client.bytes(Buffer.of(byte))
    const beat = sendFrame(200)
    client.bytes(Buffer.concat([Buffer.from('\n'), beat, beat]))
    await settled(client, 'im2')
    expect(server.violations()).toEqual([])
    expect(client.received.filter(({ frame }) => frame.body.includes('"timestamp":7'))).toHaveLength(2)
  })

  it.each([
    ['bytes that are no frame', 'HELLO\n\n\0', /unknown command/],
    ['a SUBSCRIBE without an id', 'SUBSCRIBE\ndestination:/user/queue/user-status\n\n\0', /without id/],
    ['a SEND without a destination', 'SEND\n\n{}\0', /without destination/],
    ['an escape that does not exist', 'SEND\ndestination:/app/\\x\n\n{}\0', /undefined escape/],
  ])('answers %s with ERROR and closes 1002', async (_, text, reason) => {
    const client = await signIn(server, 'im2', { userId: 'alice' })
    client.bytes(text)
    await client.command('ERROR')
    expect(await client.closed).toBe(1002)
    expect(reasons()).toEqual([expect.stringMatching(reason)])
  })

  it('keeps subscribing twice, and reports it', async () => {
    const client = await signIn(server, 'im2', { userId: 'alice' })
    client.subscribe('/user/queue/private-messages', '/user/queue/private-messages')
    await settled(client, 'im2')
    expect(reasons()).toEqual(['destination subscribed twice'])
    const ids = client.received.map(({ frame }) => frame.headers.find(([name]) => name === 'message-id')?.[1])
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('answers DISCONNECT’s receipt and closes normally', async () => {
    const client = await signIn(server, 'im2', { userId: 'alice' })
    client.send('DISCONNECT', [['receipt', 'r']])
    expect((await client.command('RECEIPT')).headers).toEqual([['receipt-id', 'r']])
    expect(await client.closed).toBe(1000)
    expect(server.violations()).toEqual([])
  })

  it('never puts a token into the violations', async () => {
    const token = server.issueToken('alice')
    const client = await signIn(server, 'im2', { userId: 'alice', token })
    client.send('ACK', [['Authorization', `Bearer ${token}`]])
    client.bytes(`SEND\ndestination:${token}\n\n\0`)
    client.json('/app/heartbeat', {})
    client.subscribe('/user/queue/private-messages')
    await settled(client, 'im2')
    expect(reasons()).toHaveLength(3)
    expect(JSON.stringify(server.violations().map(({ reason }) => reason))).not.toContain(token)
  })
})

describe('heart-beats', () => {
  beforeEach(async () => {
    await server.close()
    server = await createDemoServer({ dialects: ['im2'], heartbeat: [40, 40] })
  })

  it('come from the server when both sides want them', async () => {
    const client = await signIn(server, 'im2', { userId: 'alice', heartbeat: '0,40' })
    await expect.poll(() => client.heartbeats, { interval: 5 }).toBeGreaterThan(2)
  })

  it('are missed by the server after three intervals: ERROR and close', async () => {
    const client = await signIn(server, 'im2', { userId: 'alice', heartbeat: '40,0' })
    expect((await client.command('ERROR')).headers).toContainEqual(['message', 'Session closed.'])
    expect(await client.closed).toBe(1002)
    expect(client.heartbeats).toBe(0)
  })
})

describe('stopping and starting', () => {
  it('closes with 1001, refuses connections, and comes back on the same port with what it knew', async () => {
    server.control.message({ from: 'alice', to: 'bob', text: 'kept' })
    const url = server.url('im2')
    const client = await signIn(server, 'im2', { userId: 'alice' })
    await server.stop()
    expect(await client.closed).toBe(1001)
    await expect(openRaw({ url })).rejects.toThrow('ECONNREFUSED')
    await server.start()
    expect(server.url('im2')).toBe(url)
    const bob = await signIn(server, 'im2', { userId: 'bob' })
    bob.subscribe('/user/queue/private-messages')
    expect((await im2Message(bob, ({ type }) => type === 0)).content['content']).toBe('kept')
  })
})
