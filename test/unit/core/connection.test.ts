import { describe, expect, it } from 'vitest'
import { farewellBackoff } from '#common/base/backoff.ts'
import { appError } from '#common/base/errors.ts'
import { Connection, connectTimeoutMs, stableAfterMs } from '#electron/core/connection.ts'
import { FakeClock } from '#test/fakes/fakeClock.ts'
import { FakeTransport, silentLog } from '#test/fakes/fakeTransport.ts'

function setUp({ random = 0.5 } = {}) {
  const clock = new FakeClock()
  const transport = new FakeTransport()
  const heard: string[] = []
  const connection = new Connection({
    transport,
    clock,
    random: { next: () => random, uuid: () => 'id' },
    log: silentLog,
    target: () => ({ url: 'wss://server', connectHeaders: {}, heartbeat: { outgoingMs: 10_000, incomingMs: 10_000 } }),
    readError: ({ message }) => appError(message === 'Unauthorized' ? 'session.unauthorized' : 'link.protocol'),
    handler: {
      onConnected: () => heard.push('connected'),
      onFrame: () => heard.push('frame'),
      onReceipt: () => heard.push('receipt'),
      onAlive: () => undefined,
      onAnswered: () => undefined,
      onLost: () => heard.push('lost'),
    },
  })
  const states: string[] = []
  connection.onChanged(({ state }) => states.push(state))
  return { clock, transport, connection, heard, states }
}

describe('the connection supervisor', () => {
  it('reports each state only when it is proved', () => {
    const { connection, transport, states } = setUp()
    connection.start()
    transport.last.accept()
    expect(connection.status.state).toBe('syncing')
    connection.synced()
    expect(states).toEqual(['connecting', 'authenticating', 'syncing', 'online'])
    expect(transport.last.options.connectTimeoutMs).toBe(connectTimeoutMs)
  })

  it('uses a new link for every attempt and hears nothing of an old one', async () => {
    const { connection, transport, clock, heard } = setUp()
    connection.start()
    const first = transport.last
    first.accept()
    first.end('link.closed')
    await clock.pass(60_000)
    expect(transport.links.length).toBeGreaterThan(1)
    first.listener.onFrame({ destination: '', contentType: null, headers: {}, body: new Uint8Array() })
    expect(heard).toEqual(['connected', 'lost'])
  })

  it('never gives up, and never waits longer than the cap allows', async () => {
    const { connection, transport, clock } = setUp({ random: 0.999 })
    connection.start()
    const waits: number[] = []
    for (let attempt = 0; attempt < 40; attempt++) {
      transport.last.end('link.refused')
      waits.push((connection.status.nextTryAt ?? 0) - clock.now())
      await clock.pass(300_000)
    }
    expect(transport.links).toHaveLength(41)
    expect(waits.slice(0, 4)).toEqual([499, 999, 1998, 3996])
    expect(Math.max(...waits.slice(0, 12))).toBeLessThanOrEqual(30_000)
    expect(Math.max(...waits)).toBeLessThanOrEqual(300_000)
    expect(Math.max(...waits)).toBeGreaterThan(30_000)
  })

  it('waits at least as long as the server asked for', () => {
    const { connection, transport, clock } = setUp({ random: 0 })
    connection.start()
    transport.last.end('link.httpTooMany', null, 42_000)
    expect((connection.status.nextTryAt ?? 0) - clock.now()).toBe(42_000)
  })

  it('counts failures until a link was stable for a minute, not merely until it was connected', async () => {
    const { connection, transport, clock } = setUp({ random: 0 })
    connection.start()
    for (let drop = 0; drop < 200; drop++) {
      transport.last.accept()
      transport.last.end('link.closed')
      expect(connection.status.failures).toBe(drop + 1)
      await clock.pass(1)
    }
    const stable = transport.last
    stable.accept()
    const answering = clock.every(5_000, () => stable.listener.onAlive())
    await clock.pass(stableAfterMs)
    answering.dispose()
    expect(connection.status.failures).toBe(0)
  })

  it('asks a silent link by a ping and drops it after two intervals', async () => {
    const { connection, transport, clock } = setUp()
    connection.start()
    const link = transport.last
    link.accept()
    await clock.pass(19_999)
    expect(link.pings).toBe(2)
    expect(link.ended).toBe(false)
    await clock.pass(1)
    expect(link.ended).toBe(true)
    expect(connection.status.problem?.code).toBe('link.silent')
  })

  it('keeps a link whose pongs come, whatever the wall clock does', async () => {
    const { connection, transport, clock } = setUp()
    connection.start()
    const link = transport.last
    link.accept({ outgoingMs: 0, incomingMs: 0 })
    for (let minute = 0; minute < 60; minute++) {
      clock.jump(minute % 2 === 0 ? 3_600_000 : -3_600_000)
      await clock.pass(20_000)
      link.listener.onAlive()
    }
    expect(link.ended).toBe(false)
  })

  it('ends at an authorisation refusal instead of trying for ever, and starts again when asked', async () => {
    const { connection, transport, clock } = setUp()
    connection.start()
    transport.last.end('link.protocol', { message: 'Unauthorized', body: '' })
    expect(connection.status.state).toBe('rejected')
    await clock.pass(3_600_000)
    connection.tryNow()
    expect(transport.links).toHaveLength(1)
    connection.start()
    expect(transport.links).toHaveLength(2)
  })

  it('says who sent the user away, and stays away', async () => {
    const { connection, transport, clock } = setUp()
    connection.start()
    transport.last.accept()
    connection.end('kicked', appError('session.kicked'), 'admin: shift is over')
    expect(connection.status).toMatchObject({ state: 'kicked', words: 'admin: shift is over', nextTryAt: null })
    await clock.pass(3_600_000)
    expect(transport.links).toHaveLength(1)
  })

  it('tries at once when the user, a wake-up or the network asks', async () => {
    const { connection, transport, clock } = setUp({ random: 0.999 })
    connection.start()
    transport.last.end('link.refused')
    connection.tryNow()
    expect(transport.links).toHaveLength(2)
    transport.last.accept()
    connection.renew()
    await clock.pass(0)
    expect(transport.links).toHaveLength(3)
    expect(transport.links[1]?.ended).toBe(true)
  })

  it('stays inside the back-off envelope when 200 links end right after CONNECTED', async () => {
    const { connection, transport, clock } = setUp({ random: 0.999 })
    connection.start()
    const from = clock.monotonic()
    const waits: number[] = []
    for (let drop = 0; drop < 200; drop++) {
      transport.last.accept()
      connection.synced()
      transport.last.end('link.closed')
      waits.push((connection.status.nextTryAt ?? 0) - clock.now())
      await clock.pass(waits.at(-1) ?? 0)
    }
    expect(transport.links).toHaveLength(201)
    waits.forEach((wait, drop) => expect(wait).toBeLessThanOrEqual(Math.min(300_000, 500 * 2 ** drop)))
    expect(waits.slice(10, 60).every((wait) => wait > 29_000)).toBe(true)
    const anHourIn = waits.findIndex((_, drop) => waits.slice(0, drop).reduce((sum, ms) => sum + ms, 0) > 3_600_000)
    expect(waits[anHourIn + 1]).toBeGreaterThan(30_000)
    expect(clock.monotonic() - from).toBeGreaterThan(3_600_000)
  })

  it('comes back at a random time after a good-bye to everybody, and keeps its place among the others from then on', async () => {
    const { clock, transport, connection } = setUp()
    connection.start()
    transport.last.accept()
    transport.last.end('link.serverStopping')
    const waits: number[] = []
    for (let attempt = 0; attempt < 4; attempt++) {
      const from = clock.monotonic()
      const links = transport.links.length
      while (transport.links.length === links) await clock.pass(100)
      waits.push(Math.round((clock.monotonic() - from) / 100) * 100)
      transport.last.end('link.refused')
    }
    expect(waits).toEqual([0.5 * farewellBackoff.spreadMs, farewellBackoff.spreadMs, 30_000, 30_000])
    connection.dispose()
  })

  it('takes a server that is gone where it was for one that left everybody, and nothing else', () => {
    const { clock, transport, connection } = setUp()
    const wait = (): number => (connection.status.nextTryAt ?? Infinity) - clock.now()
    connection.start()
    transport.last.end('link.refused')
    expect(wait()).toBe(250)
    connection.tryNow()
    transport.last.accept()
    transport.last.end('link.closed')
    expect(wait()).toBe(500)
    connection.tryNow()
    transport.last.end('link.unreachable')
    expect(wait()).toBe(1_000)
    connection.tryNow()
    transport.last.end('link.refused')
    expect(wait()).toBe(0.5 * farewellBackoff.spreadMs)
    connection.tryNow()
    transport.last.accept()
    transport.last.end('link.closed')
    expect(wait()).toBe(0.5 * 8_000)
  })

  it('starts over when the user begins again after an end, however long ago that was', async () => {
    const { connection, transport, clock } = setUp({ random: 0.999 })
    connection.start()
    for (let drop = 0; drop < 8; drop++) {
      transport.last.end('link.refused')
      await clock.pass(300_000)
    }
    connection.end('rejected', appError('session.unauthorized'), null)
    await clock.pass(7_200_000)
    connection.start()
    transport.last.end('link.refused')
    expect((connection.status.nextTryAt ?? 0) - clock.now()).toBe(499)
  })

  it('does not count a link given up after sleep as a failure', () => {
    const { connection, transport } = setUp()
    connection.start()
    transport.last.accept()
    connection.renew()
    expect(connection.status).toMatchObject({ state: 'connecting', failures: 0 })
  })

  it('lets the user, but no wake-up and no network, overrule what the server asked for', async () => {
    const { connection, transport, clock } = setUp({ random: 0 })
    connection.start()
    transport.last.end('link.httpTooMany', null, 60_000)
    connection.renew()
    connection.networkChanged(null)
    await clock.pass(59_999)
    expect(transport.links).toHaveLength(1)
    await clock.pass(1)
    expect(transport.links).toHaveLength(2)
    transport.last.end('link.httpTooMany', null, 60_000)
    connection.tryNow()
    expect(transport.links).toHaveLength(3)
  })

  it('drops the link whose address is gone, and asks any other when the network is a new one', async () => {
    const { connection, transport, clock } = setUp()
    connection.start()
    const first = transport.last
    first.localAddress = '192.0.2.7'
    first.accept()
    first.listener.onPong?.()
    connection.networkChanged(new Set(['192.0.2.7', '10.0.0.1']))
    expect(first).toMatchObject({ pings: 2, ended: false })
    first.listener.onPong?.()
    await clock.pass(6_000)
    expect(first.ended).toBe(false)
    connection.networkChanged(new Set(['10.0.0.1']))
    expect(first.ended).toBe(true)
    expect(transport.links).toHaveLength(2)
    transport.last.accept()
    transport.last.listener.onPong?.()
    connection.networkChanged(null)
    await clock.pass(6_000)
    expect(transport.links[1]?.ended).toBe(true)
  })

  it('tries at once when a network comes while it waits', () => {
    const { connection, transport } = setUp({ random: 0.999 })
    connection.start()
    transport.last.end('link.offline')
    connection.networkChanged(new Set(['10.0.0.1']))
    expect(transport.links).toHaveLength(2)
  })

  it.each([3_600_000, -3_600_000, 3e11, -3e11])(
    'shows a true moment of the next try after the wall clock was set by %i ms',
    async (ms) => {
      const { connection, transport, clock } = setUp({ random: 0 })
      connection.start()
      transport.last.end('link.httpTooMany', null, 120_000)
      await clock.pass(20_000)
      clock.jump(ms)
      await clock.pass(5_000)
      expect((connection.status.nextTryAt ?? 0) - clock.now()).toBeGreaterThan(90_000)
      expect((connection.status.nextTryAt ?? 0) - clock.now()).toBeLessThan(100_000)
      await clock.pass(96_000)
      expect(transport.links).toHaveLength(2)
    },
  )

  it('tries at once after a sleep that nobody told of', async () => {
    const { connection, transport, clock } = setUp({ random: 0.999 })
    connection.start()
    for (let drop = 0; drop < 8; drop++) {
      connection.tryNow()
      transport.last.end('link.refused')
    }
    const tries = transport.links.length
    await clock.pass(1_000)
    clock.jump(8 * 3_600_000)
    await clock.pass(5_000)
    expect(transport.links).toHaveLength(tries + 1)
  })

  it('holds back the next link as well while nothing more can be taken', async () => {
    const { connection, transport, clock } = setUp()
    connection.start()
    transport.last.accept()
    connection.hold(true)
    expect(transport.last.paused).toBe(true)
    transport.last.end('link.closed')
    await clock.pass(60_000)
    transport.last.accept()
    expect(transport.last.paused).toBe(true)
    connection.hold(false)
    expect(transport.last.paused).toBe(false)
  })

  it('leaves no timer behind', async () => {
    const { connection, transport, clock } = setUp()
    connection.start()
    transport.last.accept()
    connection.dispose()
    await clock.pass(0)
    expect(clock.pending).toBe(0)
  })
})
