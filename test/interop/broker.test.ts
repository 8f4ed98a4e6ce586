/**
 * Our transport and our supervisor against a STOMP server that nobody here wrote: RabbitMQ's web STOMP plugin. What it
 * does differently from the demo server (receipts for everything, a socket left open after ERROR) is what it is for.
 */
import { type Server, type Socket, connect as connectSocket, createServer } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { appError } from '#common/base/errors.ts'
import { systemClock, systemRandom } from '#electron/adapters/clock/systemClock.ts'
import { createStompTransport } from '#electron/adapters/stomp/transport.ts'
import { Connection } from '#electron/core/connection.ts'
import {
  type Frame,
  type Link,
  type LinkEnd,
  type LinkOptions,
  type OutboundFrame,
  subscriptionReceipt,
} from '#electron/core/ports/transport.ts'
import { silentLog } from '#test/fakes/fakeTransport.ts'
import { type Broker, brokerIsInstalled, createBroker } from './rabbitmq.ts'

const patience = { timeout: 60_000 }
const beatMs = 2_000

interface Caller {
  readonly link: Link
  readonly frames: Frame[]
  readonly receipts: string[]
  /** How often bytes came in. */
  alive: number
  connected: { heartbeat: LinkOptions['heartbeat']; server: string | null } | null
  end: LinkEnd | null
}

describe('RabbitMQ over web STOMP', { skip: !brokerIsInstalled() }, () => {
  let broker: Broker
  const callers: Caller[] = []
  const faults: unknown[] = []
  const transport = createStompTransport({ onFault: (fault) => faults.push(fault) })
  const undo: (() => unknown)[] = []

  beforeAll(async () => {
    broker = await createBroker()
    await broker.start()
  })
  afterAll(() => broker.dispose())
  afterEach(async () => {
    for (const { link } of callers.splice(0)) link.drop(appError('link.closed'))
    for (const step of undo.splice(0)) await step()
    expect(faults.splice(0)).toEqual([])
  })

  const optionsFor = (change: Partial<LinkOptions> = {}): LinkOptions => ({
    url: broker.url,
    connectHeaders: { host: '/', login: 'guest', passcode: 'guest' },
    heartbeat: { outgoingMs: beatMs, incomingMs: beatMs },
    connectTimeoutMs: 20_000,
    ...change,
  })

  function call(change?: Partial<LinkOptions>): Caller {
    const state: Omit<Caller, 'link'> = { frames: [], receipts: [], alive: 0, connected: null, end: null }
    const link = transport.open(optionsFor(change), {
      onOpen: () => undefined,
      onConnected: (info) => (caller.connected = info),
      onFrame: (frame) => caller.frames.push(frame),
      onReceipt: (id) => caller.receipts.push(id),
      onAlive: () => caller.alive++,
      onEnd: (end) => (caller.end = end),
    })
    const caller: Caller = Object.assign(state, { link })
    callers.push(caller)
    return caller
  }

  async function connected(change?: Partial<LinkOptions>): Promise<Caller> {
    const caller = call(change)
    await expect.poll(() => caller.connected, patience).not.toBeNull()
    return caller
  }

  const text = (destination: string, body: string): OutboundFrame => ({
    destination,
    headers: { 'content-type': 'text/plain' },
    body,
  })

  const bodies = ({ frames }: Caller): string[] => frames.map(({ body }) => Buffer.from(body).toString())

  it('answers CONNECT with version, name and the heart-beats both agree on', async () => {
    const { connected: info } = await connected()
    expect(info).toMatchObject({ heartbeat: { outgoingMs: beatMs, incomingMs: beatMs } })
    expect(info?.server).toMatch(/^RabbitMQ\//)
  })

  it('refuses a wrong password with an ERROR that reaches us in words', async () => {
    const stranger = call({ connectHeaders: { host: '/', login: 'guest', passcode: 'wrong' } })
    await expect.poll(() => stranger.end, patience).not.toBeNull()
    expect(stranger.connected).toBeNull()
    expect(stranger.end?.serverError?.message).toMatch(/Bad CONNECT/i)
  })

  it.each(['/topic/interop.news', '/queue/interop.work'])(
    'delivers on %s what was sent there, as it was',
    async (to) => {
      const sender = await connected()
      const receiver = await connected()
      receiver.link.subscribe('sub-1', to)
      // Every subscription asks for a receipt: after it, the subscription stands.
      await expect.poll(() => receiver.receipts, patience).toEqual([subscriptionReceipt('sub-1')])
      const words = ['plain', '中文 🙂', 'a:b\\n "c"', 'line\nline']
      for (const word of words) expect(sender.link.send(text(to, word), null)).toBe(true)
      await expect.poll(() => bodies(receiver), patience).toEqual(words)
      expect(receiver.frames[0]).toMatchObject({ destination: to, contentType: 'text/plain' })
      expect(receiver.frames[0]?.headers['subscription']).toBe('sub-1')
    },
  )

  it('takes binary bodies that were cut over several WebSocket messages, and returns every byte', async () => {
    const both = await connected()
    both.link.subscribe('sub-1', '/queue/interop.bytes')
    const body = Uint8Array.from({ length: 30_000 }, (_, index) => (index * 7) % 256)
    const headers = { 'content-type': 'application/octet-stream' }
    both.link.send({ destination: '/queue/interop.bytes', headers, body }, null)
    await expect.poll(() => both.frames.length, patience).toBe(1)
    expect(Buffer.from(both.frames[0]?.body ?? []).equals(Buffer.from(body))).toBe(true)
  })

  it('answers every receipt that was asked for, in order', async () => {
    const caller = await connected()
    const ids = Array.from({ length: 50 }, (_, index) => `receipt-${index}`)
    for (const id of ids) caller.link.send(text('/topic/interop.receipts', id), id)
    await expect.poll(() => caller.receipts, patience).toEqual(ids)
  })

  it('brings nothing more after unsubscribing', async () => {
    const caller = await connected()
    caller.link.subscribe('sub-1', '/topic/interop.leave')
    caller.link.send(text('/topic/interop.leave', 'before'), null)
    await expect.poll(() => bodies(caller), patience).toEqual(['before'])
    caller.link.unsubscribe('sub-1')
    caller.link.send(text('/topic/interop.leave', 'after'), 'sent')
    await expect.poll(() => caller.receipts, patience).toEqual([subscriptionReceipt('sub-1'), 'sent'])
    expect(bodies(caller)).toEqual(['before'])
  })

  it('keeps a silent link by heart-beats, in both directions', async () => {
    const caller = await connected()
    const before = caller.alive
    // After three beats of its own, a server that had missed ours would have ended the link.
    await expect.poll(() => caller.alive - before, patience).toBeGreaterThanOrEqual(3)
    caller.link.send(text('/topic/interop.beat', 'x'), 'still there')
    await expect.poll(() => caller.receipts, patience).toEqual(['still there'])
    expect(caller.end).toBeNull()
  })

  it('leaves the socket open after an ERROR, and we close it', async () => {
    const witness = await relay(broker.port)
    undo.push(() => witness.close())
    const caller = await connected({ url: `ws://127.0.0.1:${witness.port}/ws` })
    caller.link.send(text('/no-such-kind/of-destination', 'x'), null)
    await expect.poll(() => caller.end, patience).not.toBeNull()
    expect(caller.end).toMatchObject({ problem: { code: 'link.protocol' }, retryAfterMs: null })
    expect(caller.end?.serverError?.message).toMatch(/destination/i)
    await expect.poll(() => witness.firstToLeave(), patience).toBe('client')
  })

  it('says good-bye with a DISCONNECT that is answered', async () => {
    const caller = await connected()
    caller.link.close()
    await expect.poll(() => caller.end?.problem.code, patience).toBe('link.closed')
    expect(caller.end?.problem.data?.['closeCode']).toBe(1000)
  })

  it('is not read while paused, and a burst arrives whole and in order afterwards', async () => {
    const reader = await connected()
    reader.link.subscribe('sub-1', '/topic/interop.burst')
    reader.link.send(text('/topic/interop.burst', 'first'), null)
    await expect.poll(() => bodies(reader), patience).toEqual(['first'])
    reader.link.pause()
    const writer = await connected()
    const filling = 'x'.repeat(1000)
    const burst = Array.from({ length: 3000 }, (_, index) => `${index} ${filling}`)
    for (const body of burst) writer.link.send(text('/topic/interop.burst', body), null)
    writer.link.send(text('/topic/interop.burst', 'last'), 'all written')
    await expect.poll(() => writer.receipts, patience).toEqual(['all written'])
    expect(reader.frames).toHaveLength(1)
    reader.link.resume()
    await expect.poll(() => reader.frames.length, patience).toBe(burst.length + 2)
    expect(bodies(reader)).toEqual(['first', ...burst, 'last'])
    expect(reader.end).toBeNull()
  })

  it('ends the link when it stops; the supervisor tells, waits, and is connected again after its restart', async () => {
    const states: string[] = []
    const received: string[] = []
    const connection = new Connection({
      transport,
      clock: systemClock,
      random: systemRandom,
      log: silentLog,
      target: () => optionsFor(),
      readError: () => appError('link.protocol'),
      handler: {
        onConnected: (link) => {
          link.subscribe('sub-1', '/topic/interop.again')
          link.send(text('/topic/interop.again', 'hello'), null)
        },
        onFrame: ({ body }) => received.push(Buffer.from(body).toString()),
        onReceipt: () => undefined,
        onAlive: () => undefined,
        onAnswered: () => undefined,
        onLost: () => undefined,
      },
    })
    undo.push(() => connection.dispose())
    connection.onChanged(({ state }) => states.push(state))
    connection.start()
    await expect.poll(() => received, patience).toEqual(['hello'])

    await broker.stop()
    await expect.poll(() => connection.status, patience).toMatchObject({ state: 'offline' })
    expect(connection.status.problem).not.toBeNull()

    await broker.start()
    connection.tryNow()
    await expect.poll(() => received, patience).toEqual(['hello', 'hello'])
    expect(states).not.toContain('rejected')
  })
})

interface Relay {
  readonly port: number
  /** Who closed the connection that ended first; null while none did. */
  firstToLeave(): 'client' | 'server' | null
  close(): void
}

/** Passes bytes on in both directions and sees who hangs up first. */
async function relay(target: number): Promise<Relay> {
  let first: 'client' | 'server' | null = null
  const sockets: Socket[] = []
  const server: Server = createServer((client) => {
    const upstream = connectSocket(target, '127.0.0.1')
    sockets.push(client, upstream)
    const leaves = (who: 'client' | 'server', other: Socket) => (): void => {
      first ??= who
      other.destroy()
    }
    for (const [socket, other, who] of [
      [client, upstream, 'client'],
      [upstream, client, 'server'],
    ] as const) {
      socket.on('end', leaves(who, other)).on('close', leaves(who, other)).on('error', leaves(who, other))
      socket.on('data', (bytes) => other.write(bytes))
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    firstToLeave: () => first,
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
