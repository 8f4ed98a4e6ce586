/**
 * What Spring's STOMP servers really do, played by the demo server, and that a session copes: nothing lost, nothing
 * twice, nothing claimed that is not so.
 */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { fruitlessAnswers, shortestRestMs } from '#electron/core/missedQuestion.ts'
import { type LiveSession, startSession } from '#test/fakes/liveSession.ts'
import { expectNoViolations } from '#test/fakes/strict.ts'
import { type DemoServer, type DemoServerOptions, createDemoServer } from '#test/server/server.ts'
import { headerOf } from '#test/server/stompCodec.ts'
import type { DialectName } from '#test/server/types.ts'

const patience = { timeout: 10_000 }
vi.setConfig({ testTimeout: 30_000 })
const both = ['im2', 'xuqm'] as const
let server: DemoServer
const sessions: LiveSession[] = []

afterEach(async () => {
  const faults = sessions.flatMap((session) => session.faults)
  for (const session of sessions.splice(0)) await session.close()
  expectNoViolations(server)
  await server.close()
  expect(faults).toEqual([])
})

async function serve(options: DemoServerOptions = {}): Promise<void> {
  server = await createDemoServer({ dialects: ['im2', 'xuqm'], ...options })
}

async function start(dialect: DialectName, userId: string): Promise<LiveSession> {
  const session = await startSession({ server, dialect, userId })
  sessions.push(session)
  return session
}

async function online(dialect: DialectName, userId: string): Promise<LiveSession> {
  const session = await start(dialect, userId)
  await session.reaches('online')
  return session
}

async function chat(session: LiveSession, peerId: string): Promise<string> {
  const opened = await session.session.store.openConversation({ kind: 'direct', peerId }, Date.now())
  return session.session.changed(opened).id
}

const words = (session: LiveSession, conversationId: string): string[] =>
  session.timeline(conversationId).map(({ content }) => (content.kind === 'text' ? content.text : content.kind))

const sent = (session: LiveSession, conversationId: string): unknown[] =>
  session.timeline(conversationId).map(({ state, proof }) => [state === 'sending', proof])

describe.each<DialectName>(both)('a Spring server that speaks %s', (dialect) => {
  it('answers no receipt: the echo of a message proves it', async () => {
    await serve({ receipts: false, statusEvents: false })
    const alice = await online(dialect, 'alice')
    const conversation = await chat(alice, 'bob')
    await alice.says(conversation, 'heard by whom?')
    await expect.poll(() => sent(alice, conversation), patience).toEqual([[false, 'echo']])
  })

  it('answers receipts, where a broker relay stands behind it: a receipt proves it', async () => {
    await serve({ receipts: true, echo: false, statusEvents: false })
    const alice = await online(dialect, 'alice')
    const conversation = await chat(alice, 'bob')
    await alice.says(conversation, 'signed for')
    await expect.poll(() => sent(alice, conversation), patience).toEqual([[false, 'receipt']])
  })

  it("sends in another order than it stored: the timeline is in the server's order", async () => {
    await serve()
    const alice = await online(dialect, 'alice')
    const texts = Array.from({ length: 30 }, (_, index) => `message ${index}`)
    server.control.reorderPushes({ userId: 'alice', window: texts.length, seed: 7 })
    for (const [index, text] of texts.entries()) {
      server.control.message({ dialect, from: 'bob', to: 'alice', text, serverTime: 1_715_000_000_000 + index })
    }
    await expect.poll(() => words(alice, 'direct:bob'), patience).toEqual(texts)
    const page = alice.inside.page('direct:bob', { at: 'newest' }, 1)
    expect(page.ok && page.value.holes).toEqual([])
  })

  it('works off what comes in by many hands: messages reach it in the order of their writing all the same', async () => {
    await serve()
    const alice = await online(dialect, 'alice')
    const conversation = await chat(alice, 'bob')
    // One in flight at a time: a server that overtakes itself has nothing to overtake.
    server.control.recordWire(true)
    server.control.dropAcks({ userId: 'alice', count: 1 })
    server.control.dropPushes({ userId: 'alice', count: 1 })
    await alice.says(conversation, 'first')
    await alice.says(conversation, 'second')
    await expect.poll(() => sends(), patience).toHaveLength(1)
    server.control.clearFaults()
    server.control.closeSockets({ userId: 'alice', abrupt: true })
    await expect.poll(() => words(alice, conversation).slice(-2), patience).toEqual(['first', 'second'])
    await expect.poll(() => alice.inside.outboxSize(), patience).toBe(0)
    expect(server.messages(dialect)).toHaveLength(2)
  })

  it('loses what follows a SUBSCRIBE too closely: what was missed comes all the same', async () => {
    await serve()
    server.control.message({ dialect, from: 'bob', to: 'alice', text: 'while you were away' })
    server.control.loseSends({ userId: 'alice', count: 1 })
    const alice = await online(dialect, 'alice')
    await expect.poll(() => words(alice, 'direct:bob'), patience).toEqual(['while you were away'])
    const conversation = await chat(alice, 'bob')
    await alice.says(conversation, 'and I am back')
    await expect.poll(() => words(alice, conversation), patience).toEqual(['while you were away', 'and I am back'])
  })

  it('says ERROR late and leaves the socket open: we close it, come back, and say nothing twice', async () => {
    await serve()
    const alice = await online(dialect, 'alice')
    const conversation = await chat(alice, 'bob')
    server.control.dropAcks({ userId: 'alice', count: 1 })
    server.control.dropPushes({ userId: 'alice', count: 1 })
    await alice.says(conversation, 'was it this one?')
    await expect.poll(() => server.messages(dialect), patience).toHaveLength(1)
    const [before] = server.control.sessions()
    const failed = 'Failed to send message to ExecutorSubscribableChannel[clientInboundChannel]'
    const problems: string[] = []
    alice.session.onConnection(({ problem }) => problem !== null && problems.push(problem.code))
    server.control.frame({ userId: 'alice', command: 'ERROR', headers: [['message', failed]] })
    await expect
      .poll(() => server.control.sessions().map(({ sessionId }) => sessionId), patience)
      .not.toContain(before?.sessionId)
    expect(problems).toContain('link.serverError')
    alice.session.tryNow()
    await expect.poll(() => alice.inside.outboxSize(), patience).toBe(0)
    expect(words(alice, conversation)).toEqual(['was it this one?'])
    expect(server.messages(dialect)).toHaveLength(1)
  })

  it('ends a silent session with "Session closed.": no sign-in is asked for, the session is made anew', async () => {
    await serve()
    const alice = await online(dialect, 'alice')
    server.control.frame({ userId: 'alice', command: 'ERROR', headers: [['message', 'Session closed.']] })
    await expect.poll(() => alice.session.connection.failures, patience).toBeGreaterThan(0)
    expect(alice.session.connection.state).not.toBe('rejected')
    alice.session.tryNow()
    await alice.reaches('online')
  })

  it('numbers its frames anew in each session: the same message under another message-id is the same message', async () => {
    await serve({ acknowledge: 'heard' })
    const alice = await online(dialect, 'alice')
    server.control.message({ dialect, from: 'bob', to: 'alice', text: 'once' })
    await expect.poll(() => words(alice, 'direct:bob'), patience).toEqual(['once'])
    server.control.closeSockets({ userId: 'alice', abrupt: true })
    await expect.poll(() => alice.session.connection.failures, patience).toBeGreaterThan(0)
    alice.session.tryNow()
    await alice.reaches('online')
    server.control.message({ dialect, from: 'bob', to: 'alice', text: 'twice' })
    await expect.poll(() => words(alice, 'direct:bob'), patience).toEqual(['once', 'twice'])
  })
})

describe('a Spring server', () => {
  it('answers nothing at all: a message counts as sent, unconfirmed, once the link has shown life afterwards', async () => {
    await serve({ receipts: false, echo: false, statusEvents: false })
    const alice = await online('xuqm', 'alice')
    const conversation = await chat(alice, 'bob')
    await alice.says(conversation, 'into the silence')
    await expect.poll(() => server.messages('xuqm'), patience).toHaveLength(1)
    expect(sent(alice, conversation)).toEqual([[true, null]])
    await expect
      .poll(() => {
        server.control.raw({ userId: 'alice', text: '\n' })
        return sent(alice, conversation)
      }, patience)
      .toEqual([[false, 'alive']])
    expect(server.messages('xuqm')).toHaveLength(1)
  })

  it.each<DialectName>(both)(
    'finds the client too slow in the middle of a sync: it goes on where it stopped: %s',
    async (dialect) => {
      await serve()
      const texts = Array.from({ length: 60 }, (_, index) => `message ${index}`)
      for (const [index, text] of texts.entries()) {
        server.control.message({ dialect, from: 'bob', to: 'alice', text, serverTime: 1_715_000_000_000 + index })
      }
      // What was queued for a slow client is gone with its session: only the newest got through.
      server.control.dropPushes({ userId: 'alice', count: 10_000 })
      server.control.recordWire(true)
      const alice = await online(dialect, 'alice')
      // A later SUBSCRIBE would bring what is still owed: all of them stand, her three groups' too where she is told of them.
      const subscribed = () => server.control.wire().filter(({ frame }) => frame.command === 'SUBSCRIBE')
      await expect.poll(() => subscribed().length, patience).toBe(dialect === 'im2' ? 7 : 1)
      server.control.clearFaults()
      const problems: string[] = []
      alice.session.onConnection(({ problem }) => problem !== null && problems.push(problem.code))
      server.control.message({ dialect, from: 'bob', to: 'alice', text: 'the newest' })
      await expect.poll(() => words(alice, 'direct:bob'), patience).toEqual(['the newest'])
      server.control.closeSockets({ userId: 'alice', code: 4500 })
      await expect.poll(() => problems, patience).toContain('link.tooSlow')
      alice.session.tryNow()
      await expect.poll(() => words(alice, 'direct:bob'), patience).toEqual([...texts, 'the newest'])
    },
  )

  it('finds the client too slow at every sync, and never comes further: what is written here goes out all the same', async () => {
    // Less than one breath of what it has to say; and it begins anew each time.
    await serve({ limits: { burstBytes: 4_096 } })
    for (let index = 0; index < 60; index++) {
      server.control.message({ dialect: 'xuqm', from: 'bob', to: 'alice', text: `${index} ${'x'.repeat(1_000)}` })
    }
    const alice = await start('xuqm', 'alice')
    const tries: (string | null)[] = []
    alice.session.onConnection(({ state, problem }) => {
      if (state !== 'offline') return
      tries.push(problem?.code ?? null)
      alice.session.tryNow()
    })
    const conversation = await chat(alice, 'sofia')
    await alice.says(conversation, 'can anybody hear me?')
    await alice.reaches('online')
    expect(tries.slice(0, fruitlessAnswers)).toEqual(Array.from({ length: fruitlessAnswers }, () => 'link.tooSlow'))
    expect(alice.session.status.missedRestsUntil).toBeGreaterThan(Date.now() + shortestRestMs / 2)
    await expect.poll(() => alice.timeline(conversation).map(({ state }) => state), patience).not.toContain('sending')
    // What was said before the break is here, and what is said now arrives.
    expect(words(alice, 'direct:bob').length).toBeGreaterThan(0)
    server.control.message({ dialect: 'xuqm', from: 'bob', to: 'alice', text: 'live' })
    await expect.poll(() => words(alice, 'direct:bob'), patience).toContain('live')
  })

  it.each<DialectName>(both)(
    'subscribes before it asks, each destination once, with ids of its own: %s',
    async (dialect) => {
      await serve()
      server.control.recordWire(true)
      const alice = await online(dialect, 'alice')
      await alice.session.store.openConversation({ kind: 'group', groupId: 'g-product' }, Date.now())
      await alice.session.refreshGroups()
      const frames = (): readonly { command: string; destination: string | undefined }[] =>
        server.control
          .wire()
          .map(({ frame }) => ({ command: frame.command, destination: headerOf(frame, 'destination') }))
      const topic = dialect === 'im2' ? '/topic/conversation/g-product' : '/topic/group/g-product'
      await expect.poll(() => frames().map(({ destination }) => destination), patience).toContain(topic)
      const subscriptions = frames().filter(({ command }) => command === 'SUBSCRIBE')
      expect(new Set(subscriptions.map(({ destination }) => destination)).size).toBe(subscriptions.length)
      const base = dialect === 'im2' ? '/user/queue/private-messages' : '/user/queue/messages'
      const order = frames().map(({ command, destination }) => `${command} ${destination ?? ''}`)
      const question = dialect === 'im2' ? 'SEND /app/heartbeat' : 'SEND /app/chat.sync'
      expect(order.indexOf(`SUBSCRIBE ${base}`)).toBeGreaterThan(0)
      expect(order.indexOf(question)).toBeGreaterThan(order.indexOf(`SUBSCRIBE ${base}`))
    },
  )
})

/** Message bodies that came over the wire. */
function sends(): unknown[] {
  const messages = new Set(['/app/private-message', '/app/chat', '/app/chat.send'])
  return server.control.wire().filter(({ frame }) => messages.has(headerOf(frame, 'destination') ?? ''))
}
