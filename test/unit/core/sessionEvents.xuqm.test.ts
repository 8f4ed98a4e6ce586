/**
 * The xuqm side of a session (section 2 of our protocol reading): what counts as proof on an echoing and on a silent
 * server, what every frame carries, and what an ERROR frame costs.
 */
import { afterEach, describe, expect, it } from 'vitest'
import { pingPeriodMs } from '#electron/core/watchdog.ts'
import { Connection } from '#electron/core/connection.ts'
import { dialects } from '#electron/dialect/registry.ts'
import { FakeClock } from '#test/fakes/fakeClock.ts'
import { FakeTransport, silentLog } from '#test/fakes/fakeTransport.ts'
import { type LiveSession, startSession } from '#test/fakes/liveSession.ts'
import { expectNoViolations } from '#test/fakes/strict.ts'
import { type DemoServer, type DemoServerOptions, createDemoServer } from '#test/server/server.ts'

let server: DemoServer
const people: LiveSession[] = []

async function serve(options: DemoServerOptions = {}): Promise<void> {
  server = await createDemoServer({ dialects: ['xuqm'], ...options })
  server.control.recordWire(true)
}
async function start(userId: string, token?: () => string): Promise<LiveSession> {
  const session = await startSession({ server, dialect: 'xuqm', userId, ...(token === undefined ? {} : { token }) })
  people.push(session)
  return session
}
async function chatWith(person: LiveSession, peerId: string): Promise<string> {
  const opened = await person.session.store.openConversation({ kind: 'direct', peerId }, Date.now())
  return person.session.changed(opened).id
}
afterEach(async () => {
  for (const person of people.splice(0)) await person.close()
  expectNoViolations(server)
  await server.close()
})

describe('the proof that a message arrived', () => {
  it('is the echo, on a server that echoes', async () => {
    await serve({ echo: true })
    const alice = await start('alice')
    await alice.reaches('online')
    const chat = await chatWith(alice, 'bob')
    await alice.says(chat, 'echoed')
    await expect.poll(() => alice.timeline(chat)[0]).toMatchObject({ state: 'sent', proof: 'echo' })
    expect(alice.inside.outboxSize()).toBe(0)
  })

  it('is the link that proved alive afterwards, on a silent one: sent once, unconfirmed', async () => {
    await serve({ echo: false, statusEvents: false })
    const alice = await start('alice')
    await alice.reaches('online')
    const chat = await chatWith(alice, 'bob')
    await alice.says(chat, 'into the silence')
    await expect.poll(() => alice.timeline(chat)[0]).toMatchObject({ state: 'sent', proof: 'alive' })
    expect(alice.inside.outboxSize()).toBe(0)
    expect(server.messages('xuqm')).toMatchObject([{ duplicates: 0 }])
  }, 30_000)

  it('is asked for again under the same id when the link broke before a silent server could be believed', async () => {
    await serve({ echo: false, statusEvents: false })
    const alice = await start('alice')
    await alice.reaches('online')
    const chat = await chatWith(alice, 'bob')
    await alice.says(chat, 'perhaps lost')
    await expect.poll(() => server.messages('xuqm').length).toBe(1)
    server.control.closeSockets({ userId: 'alice', abrupt: true })
    await expect.poll(() => server.messages('xuqm')[0]?.duplicates, { timeout: 20_000 }).toBe(1)
    expect(server.messages('xuqm')).toHaveLength(1)
  }, 40_000)
})

describe('every frame', () => {
  it('carries the appKey, and the CONNECT agrees on no heart-beats', async () => {
    await serve()
    const alice = await start('alice')
    await alice.reaches('online')
    const chat = await chatWith(alice, 'bob')
    const id = await alice.says(chat, 'said and taken back')
    await expect.poll(() => alice.timeline(chat)[0]?.state).toMatch(/sent|delivered/)
    expect(alice.inside.recall(id, Date.now()).ok).toBe(true)
    alice.session.nudge()
    await expect.poll(() => alice.timeline(chat)[0]?.recalled).not.toBeNull()
    const frames = server.control.wire().map(({ frame }) => frame)
    const sent = frames.filter(({ command }) => command === 'SEND')
    const destinations = new Set(sent.map(({ headers }) => new Map(headers).get('destination')))
    expect(destinations).toEqual(new Set(['/app/chat.sync', '/app/chat.send', '/app/chat.revoke']))
    for (const { body } of sent) expect(JSON.parse(body.toString())).toHaveProperty('appKey', server.appKey)
    const connects = frames.filter(({ command }) => command === 'CONNECT')
    expect(connects.map(({ headers }) => new Map(headers).get('heart-beat'))).toEqual(['0,0'])
  })
})

describe('with heart-beats 0,0', () => {
  it('a silent link is asked by WebSocket pings and given up when none is answered', async () => {
    await serve()
    const clock = new FakeClock()
    const transport = new FakeTransport()
    const profile = {
      dialect: 'xuqm',
      url: 'wss://x.example/ws/im',
      userId: 'alice',
      deviceId: 'd',
      appKey: 'k',
    } as const
    const connection = new Connection({
      transport,
      clock,
      random: { next: () => 0.5, uuid: () => 'id' },
      log: silentLog,
      target: () => dialects.xuqm.link(profile, 'token'),
      readError: (error) => dialects.xuqm.readError(error),
      handler: {
        onConnected: () => undefined,
        onFrame: () => undefined,
        onReceipt: () => undefined,
        onAlive: () => undefined,
        onAnswered: () => undefined,
        onLost: () => undefined,
      },
    })
    connection.start()
    const link = transport.last
    expect(link.options.heartbeat).toEqual({ outgoingMs: 0, incomingMs: 0 })
    link.accept({ outgoingMs: 0, incomingMs: 0 })
    await clock.pass(pingPeriodMs)
    expect(link.pings).toBe(2)
    link.listener.onAlive()
    await clock.pass(pingPeriodMs)
    expect([link.pings, link.ended]).toEqual([3, false])
    await clock.pass(2 * pingPeriodMs)
    expect(link.ended).toBe(true)
    connection.dispose()
  })
})

describe('ERROR Unauthorized', () => {
  it('ends the session without a retry loop; queue and draft wait for the next token and then go', async () => {
    await serve()
    let token = server.issueToken('alice')
    const alice = await start('alice', () => token)
    await alice.reaches('online')
    const chat = await chatWith(alice, 'bob')
    server.control.expireToken({ userId: 'alice' })
    await alice.reaches('rejected')
    expect(alice.session.connection).toMatchObject({ problem: { code: 'session.unauthorized' }, nextTryAt: null })
    await alice.says(chat, 'kept while signed out')
    alice.inside.setDraft(chat, 'half a thou')
    token = server.issueToken('alice')
    alice.session.reconnect()
    await alice.reaches('online')
    await expect.poll(() => alice.timeline(chat)[0]?.state).toMatch(/sent|delivered/)
    expect(alice.inside.snapshot().conversations.find(({ id }) => id === chat)?.draft).toBe('half a thou')
    expect(server.messages('xuqm')).toMatchObject([{ duplicates: 0 }])
  })
})
