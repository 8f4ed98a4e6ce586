/** What a session does between CONNECTED and its first message out, on links in memory and a real database. */
import { beforeEach, describe, expect, it } from 'vitest'
import { ok } from '#common/base/result.ts'
import type { Inbound } from '#common/domain/events.ts'
import type { Dialect } from '#electron/core/ports/dialect.ts'
import { syncRepeatMs } from '#electron/core/missedQuestion.ts'
import { Session, verifyPeriodMs } from '#electron/core/session.ts'
import { verifyConversation } from '#electron/core/verifyConversation.ts'
import { im2Dialect } from '#electron/dialect/im2/dialect.ts'
import { jsonFrame } from '#electron/dialect/jsonFrame.ts'
import { FakeClock, settle } from '#test/fakes/fakeClock.ts'
import { FakeTransport } from '#test/fakes/fakeTransport.ts'
import { type MemoryStore, openMemoryStore } from '#test/fakes/memoryStore.ts'

const profile = { dialect: 'im2', url: 'wss://server/ws', userId: 'alice', deviceId: 'd' } as const
/** A server that numbers messages and can be asked for those that were missed. Its frames are events in JSON. */
const asking: Dialect = {
  ...im2Dialect,
  capabilities: { ...im2Dialect.capabilities, resync: true },
  pulseMs: null,
  afterSubscribing: () => [{ type: 'session.sync' }],
  encode: (command) =>
    command.type === 'session.sync' ? ok(jsonFrame('/app/sync', {})) : im2Dialect.encode(command, profile),
  decode: ({ body }) => {
    const text = new TextDecoder().decode(body)
    if (text === 'throw') throw new TypeError('a defect')
    return { ok: true, inbound: JSON.parse(text) as Inbound }
  },
}

let clock: FakeClock
let transport: FakeTransport
let memory: MemoryStore
let logged: string[]
let session: Session

beforeEach(() => {
  clock = new FakeClock()
  transport = new FakeTransport()
  memory = openMemoryStore('alice')
  logged = []
})

function begin(): Promise<void> {
  const note = (message: string): void => void logged.push(message)
  session = new Session({
    profile,
    dialect: asking,
    store: memory.store,
    transport,
    clock,
    random: { next: () => 0.5, uuid: () => 'id' },
    log: { info: note, warn: note, error: note },
    token: () => 'a.b.c',
    onRefused: () => undefined,
  })
  return session.start()
}

function push(sequence: number): void {
  const conversation = { kind: 'direct', peerId: 'bob' } as const
  const inbound: Inbound = {
    covers: { conversation, sequence: String(sequence) },
    events: [
      {
        type: 'message.received',
        conversation,
        senderId: 'bob',
        serverId: `s${sequence}`,
        clientId: null,
        sequence: String(sequence),
        serverTime: sequence * 1_000_000,
        content: { kind: 'text', text: `message ${sequence}` },
        state: 'sent',
        recalled: false,
      },
    ],
  }
  transport.last.receive({ body: new TextEncoder().encode(JSON.stringify(inbound)) })
}

const asked = (): number => transport.last.sent.filter(({ frame }) => frame.destination === '/app/sync').length
const sends = (): number => transport.last.sent.length - asked()
const holes = () => {
  const page = memory.inside.page('direct:bob', { at: 'newest' }, 200)
  return page.ok ? page.value.holes : []
}
const rows = (): number => {
  const page = memory.inside.page('direct:bob', { at: 'newest' }, 200)
  return page.ok ? page.value.messages.length : 0
}

async function queueOne(): Promise<void> {
  const opened = session.changed(await session.store.openConversation({ kind: 'direct', peerId: 'bob' }, clock.now()))
  await session.store.send({
    conversationId: opened.id,
    content: { kind: 'text', text: 'waits' },
    clientId: 'c1',
    at: clock.now(),
  })
}

describe('after a connect', () => {
  it('subscriptions come first, then the question for what was missed, then the queue', async () => {
    await begin()
    await queueOne()
    transport.last.accept()
    expect(transport.last.subscriptions.size).toBeGreaterThan(0)
    expect([asked(), sends()]).toEqual([1, 0])
    for (let index = 0; index < 30; index++) {
      push(1 + index)
      await clock.pass(100)
      expect(sends()).toBe(0)
    }
    expect(session.connection.state).toBe('syncing')
    await clock.pass(2_000)
    expect(session.connection.state).toBe('online')
    expect([asked(), sends()]).toEqual([2, 1])
    expect(rows()).toBe(31)
    await session.close()
  })

  it('a push that comes before the sync has ended is kept', async () => {
    await begin()
    transport.last.accept()
    push(9)
    for (let sequence = 1; sequence < 9; sequence++) push(sequence)
    await clock.pass(5_000)
    expect(rows()).toBe(9)
    expect(holes()).toEqual([])
    await session.close()
  })

  it('a second reconnect at once asks again', async () => {
    await begin()
    transport.last.accept()
    push(1)
    transport.last.end('link.closed')
    session.tryNow()
    transport.last.accept()
    expect(asked()).toBe(1)
    transport.last.end('link.closed')
    session.tryNow()
    transport.last.accept()
    expect(asked()).toBe(1)
    await clock.pass(syncRepeatMs)
    expect(asked()).toBe(2)
    expect(transport.links).toHaveLength(3)
    await session.close()
  })

  it('the account is not called up to date while the store still works on what came', async () => {
    let release = (): void => undefined
    const stalled = new Promise<void>((resolve) => (release = resolve))
    const { store } = memory
    memory = {
      ...memory,
      store: new Proxy(store, {
        get: (target, name) =>
          name === 'ingest'
            ? async (...args: Parameters<typeof store.ingest>) => {
                await stalled
                return target.ingest(...args)
              }
            : Reflect.get(target, name),
      }),
    }
    await begin()
    transport.last.accept()
    push(1)
    await clock.pass(15_000)
    expect(session.connection.state).toBe('syncing')
    release()
    await clock.pass(1_000)
    expect(session.connection.state).toBe('online')
    await session.close()
  })
})

describe('a frame that trips a defect', () => {
  it('costs only itself, and is kept and told', async () => {
    await begin()
    transport.last.accept()
    push(1)
    transport.last.receive({ body: new TextEncoder().encode('throw') })
    push(2)
    await clock.pass(5_000)
    expect(rows()).toBe(2)
    expect(logged).toContain('frame quarantined')
    await session.close()
  })
})

describe('a hole', () => {
  it('is asked for again, marked when nothing came, and the mark outlives the session', async () => {
    await begin()
    transport.last.accept()
    push(1)
    push(5)
    await clock.pass(5_000)
    expect(holes()).toEqual([{ after: '1', before: '5', count: '3' }])
    const answer = session.askAgain('direct:bob')
    await clock.pass(2_000)
    const marked = { after: '1', before: '5', count: '3', askedAt: expect.any(Number) as number }
    expect(await answer).toEqual({ ok: true, value: [marked] })
    push(9)
    await clock.pass(2_000)
    const fresh = { after: '5', before: '9', count: '3' }
    expect(holes()).toEqual([marked, fresh])
    session.dispose()
    await begin()
    expect(holes()).toEqual([marked, fresh])
    await session.close()
  })

  it('is gone when the question brings the messages', async () => {
    await begin()
    transport.last.accept()
    push(1)
    push(4)
    await clock.pass(5_000)
    const answer = session.askAgain('direct:bob')
    await settle()
    push(2)
    push(3)
    await clock.pass(2_000)
    expect(await answer).toEqual({ ok: true, value: [] })
    await session.close()
  })

  it('is what a check of the chat counts, after asking the server, and without it', async () => {
    await begin()
    transport.last.accept()
    push(1)
    push(5)
    await clock.pass(5_000)
    const checked = verifyConversation(session, 'direct:bob')
    await clock.pass(2_000)
    expect(await checked).toEqual({ ok: true, value: { messages: 2, missing: '3', server: 'asked', recounted: 0 } })
    transport.last.end('link.closed')
    expect(await verifyConversation(session, 'direct:bob')).toMatchObject({
      value: { missing: '3', server: 'unreachable' },
    })
    expect(await verifyConversation(session, 'direct:nobody')).toMatchObject({
      error: { code: 'conversation.unknown' },
    })
    await session.close()
  })

  it('cannot be asked for while there is no link', async () => {
    await begin()
    expect(await session.askAgain('direct:bob')).toMatchObject({ ok: false, error: { code: 'link.offline' } })
    await session.close()
  })
})

describe('what is derived', () => {
  it('is counted at the start and once a day, and that is told', async () => {
    await begin()
    await clock.pass(1)
    expect(logged.filter((line) => line === 'derived counts are right')).toHaveLength(1)
    await clock.pass(verifyPeriodMs)
    expect(logged.filter((line) => line === 'derived counts are right')).toHaveLength(2)
    await session.close()
  })
})
