/** The session on real sockets and real SQLite against the demo server: sending, and what bad input does to it. */
import { createServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectTimeoutMs } from '#electron/core/connection.ts'
import { type LiveSession, type LiveSessionOptions, startSession } from '#test/fakes/liveSession.ts'
import { expectNoViolations } from '#test/fakes/strict.ts'
import { type DemoServer, createDemoServer } from '#test/server/server.ts'
import { headerOf } from '#test/server/stompCodec.ts'
import type { DialectName } from '#test/server/types.ts'

const patience = { timeout: 10_000 }
let server: DemoServer
let sessions: LiveSession[]

beforeEach(async () => {
  server = await createDemoServer({ dialects: ['im2', 'xuqm'] })
  sessions = []
})
afterEach(async () => {
  for (const session of sessions) await session.close()
  for (const session of sessions) expect(session.faults).toEqual([])
  expectNoViolations(server)
  await server.close()
})

async function start(
  dialect: DialectName,
  userId: string,
  more: Pick<LiveSessionOptions, 'token' | 'url'> = {},
): Promise<LiveSession> {
  const session = await startSession({ server, dialect, userId, ...more })
  sessions.push(session)
  return session
}

async function chatWithBob(alice: LiveSession): Promise<string> {
  const opened = await alice.session.store.openConversation({ kind: 'direct', peerId: 'bob' }, Date.now())
  return alice.session.changed(opened).id
}

const words = (messages: LiveSession, conversationId: string): string[] =>
  messages.timeline(conversationId).map(({ content }) => (content.kind === 'text' ? content.text : content.kind))

describe.each<DialectName>(['im2', 'xuqm'])('a session on %s', (dialect) => {
  it('sends what was queued before the server was there, once and in order', async () => {
    await server.stop()
    const alice = await start(dialect, 'alice')
    const chat = await chatWithBob(alice)
    const texts = ['one', 'two', 'three', 'four', 'five']
    for (const text of texts) await alice.says(chat, text)
    await server.start()
    await expect.poll(() => alice.timeline(chat).map(({ state }) => state), patience).not.toContain('sending')
    expect(server.messages(dialect).map(({ duplicates }) => duplicates)).toEqual([0, 0, 0, 0, 0])
    expect(words(alice, chat)).toEqual(texts)
    const bob = await start(dialect, 'bob')
    await expect.poll(() => words(bob, 'direct:alice'), patience).toEqual(texts)
  })

  it('repeats under the same id what was written to a link that broke before the proof', async () => {
    const alice = await start(dialect, 'alice')
    await alice.reaches('online')
    const chat = await chatWithBob(alice)
    server.control.dropAcks({ userId: 'alice', count: 1 })
    server.control.dropPushes({ userId: 'alice', count: 1 })
    await alice.says(chat, 'unproved')
    await expect.poll(() => server.messages(dialect).length, patience).toBe(1)
    server.control.closeSockets({ userId: 'alice', abrupt: true })
    await expect.poll(() => alice.timeline(chat)[0]?.state, patience).toMatch(/^(sent|delivered)$/)
    expect(server.messages(dialect)).toHaveLength(1)
    expect(alice.timeline(chat)).toHaveLength(1)
    expect(alice.inside.outboxSize()).toBe(0)
  })

  it('shows a push that came three times once', async () => {
    const alice = await start(dialect, 'alice')
    const bob = await start(dialect, 'bob')
    await Promise.all([alice.reaches('online'), bob.reaches('online')])
    server.control.doublePushes({ userId: 'alice', count: 1, times: 3 })
    await bob.says('direct:alice', 'seen once').catch(async () => {
      const opened = await bob.session.store.openConversation({ kind: 'direct', peerId: 'alice' }, Date.now())
      await bob.says(bob.session.changed(opened).id, 'seen once')
    })
    await expect.poll(() => words(alice, 'direct:bob'), patience).toEqual(['seen once'])
    expect(alice.inside.snapshot().conversations.find(({ id }) => id === 'direct:bob')?.unread).toBe(1)
  })

  it('numbers its change sets without a gap', async () => {
    const alice = await start(dialect, 'alice')
    await alice.reaches('online')
    const chat = await chatWithBob(alice)
    for (let index = 0; index < 5; index++) await alice.says(chat, `message ${index}`)
    await expect.poll(() => alice.timeline(chat).map(({ state }) => state), patience).not.toContain('sending')
    const numbers = alice.changes.map(({ number }) => number)
    expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index))
  })

  it('without a token does not ask the server, and says what is missing', async () => {
    const alice = await start(dialect, 'alice', { token: () => null })
    await alice.reaches('rejected')
    expect(alice.session.connection.problem?.code).toBe('session.tokenMissing')
    expect(server.control.sessions()).toEqual([])
  })

  it('ends at a refused token, keeping what is queued', async () => {
    const alice = await start(dialect, 'alice', { token: 'aaaaaaaa.bbbbbbbb.cccccccc' })
    const chat = await chatWithBob(alice)
    await alice.says(chat, 'waits for a good token')
    await alice.reaches('rejected')
    expect(alice.session.connection.problem?.code).toBe('session.unauthorized')
    expect(alice.inside.outboxSize()).toBe(1)
  })

  it.each(['words', 'receipt', 'bare'] as const)(
    'leaves out a group that the server does not let it follow, stays with the rest, and says so: ERROR with %s',
    async (refusals) => {
      await server.close()
      server = await createDemoServer({ dialects: ['im2', 'xuqm'], refusals })
      server.control.addGroup({ groupId: 'g-closed', name: 'Closed', members: [{ userId: 'bob' }] })
      const alice = await start(dialect, 'alice')
      const links: string[] = []
      alice.session.onConnection(({ state }) => state === 'syncing' && links.push(state))
      for (const groupId of ['g-closed', 'g-product']) {
        alice.session.changed(await alice.session.store.openConversation({ kind: 'group', groupId }, Date.now()))
      }
      await alice.session.refreshGroups()
      await expect
        .poll(() => alice.session.status.refusedGroups, patience)
        .toEqual([
          {
            groupId: 'g-closed',
            reason: refusals === 'words' ? 'Not a member of g-closed' : 'Failed to handle the frame',
          },
        ])
      await alice.reaches('online')
      const found = links.length
      expect(found).toBeLessThan(refusals === 'bare' ? 6 : 4)
      const bob = await start(dialect, 'bob')
      const opened = await bob.session.store.openConversation({ kind: 'direct', peerId: 'alice' }, Date.now())
      await bob.says(bob.session.changed(opened).id, 'still reachable?')
      await expect.poll(() => words(alice, 'direct:bob'), patience).toEqual(['still reachable?'])
      server.control.message({ dialect, from: 'lin.mei', group: 'g-product', text: 'and here?' })
      await expect.poll(() => words(alice, 'group:g-product').at(-1), patience).toBe('and here?')
      expect(links).toHaveLength(found)
    },
    30_000,
  )

  it('survives every kind of rubbish, and the next good frame arrives', async () => {
    const alice = await start(dialect, 'alice')
    await alice.reaches('online')
    const queue = dialect === 'im2' ? '/user/queue/private-messages' : '/user/queue/messages'
    const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`
    const message = (body: string, headers: readonly string[] = []): string =>
      ['MESSAGE', `destination:${queue}`, 'message-id:x-1', 'subscription:sub-x', ...headers, '', `${body}\0`].join(
        '\n',
      )
    const rubbish = [
      message('this is no message at all'),
      message('{"half":'),
      message(deep, ['content-type:application/json']),
      message('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
      message(
        '{"id":"odd","fromId":"bob","toId":"alice","chatType":"SINGLE","msgType":"HOLOGRAM","content":"?","status":"SENT","createdAt":1}',
      ),
      message('x'.repeat(100_000)),
      'NONSENSE\n\n\0',
      '\n\n\n',
    ]
    for (const text of rubbish) server.control.raw({ userId: 'alice', text })
    server.control.raw({ userId: 'alice', base64: Buffer.from([0xff, 0xfe, 0x00, 0x01]).toString('base64') })
    const bob = await start(dialect, 'bob')
    const opened = await bob.session.store.openConversation({ kind: 'direct', peerId: 'alice' }, Date.now())
    await bob.says(bob.session.changed(opened).id, 'still there?')
    await expect.poll(() => words(alice, 'direct:bob').at(-1), patience).toBe('still there?')
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })

  it('loses no later frame to a wrong content-length', async () => {
    const alice = await start(dialect, 'alice')
    await alice.reaches('online')
    for (const length of ['5', '99999', '-1', 'many']) {
      server.control.raw({
        userId: 'alice',
        text: `MESSAGE\ndestination:/user/queue/messages\nmessage-id:x\nsubscription:s\ncontent-length:${length}\n\nnot five\0`,
      })
    }
    const bob = await start(dialect, 'bob')
    const opened = await bob.session.store.openConversation({ kind: 'direct', peerId: 'alice' }, Date.now())
    await bob.says(bob.session.changed(opened).id, 'after the lie')
    await expect.poll(() => words(alice, 'direct:bob'), patience).toEqual(['after the lie'])
  })

  it('ends the link at a 5 MiB frame, says so, and comes back', async () => {
    const alice = await start(dialect, 'alice')
    await alice.reaches('online')
    const problems: string[] = []
    alice.session.onConnection(({ problem }) => problem !== null && problems.push(problem.code))
    server.control.raw({ userId: 'alice', text: `MESSAGE\ndestination:/q\n\n${'x'.repeat(5 * 1024 * 1024)}\0` })
    await expect.poll(() => problems, patience).toContain('link.tooBig')
    await alice.reaches('online')
  })
})

describe('a group that was left out', () => {
  it('is followed at once when the user is taken in', async () => {
    server.control.addGroup({ groupId: 'g-closed', name: 'Closed', members: [{ userId: 'bob' }] })
    const alice = await start('im2', 'alice')
    alice.session.changed(
      await alice.session.store.openConversation({ kind: 'group', groupId: 'g-closed' }, Date.now()),
    )
    await alice.session.refreshGroups()
    await expect.poll(() => alice.session.status.refusedGroups.length, patience).toBe(1)
    await alice.reaches('online')
    server.control.addMember({ groupId: 'g-closed', userId: 'alice' })
    await expect.poll(() => alice.session.status.refusedGroups, patience).toEqual([])
    server.control.message({ dialect: 'im2', from: 'bob', group: 'g-closed', text: 'welcome' })
    await expect.poll(() => words(alice, 'group:g-closed').at(-1), patience).toBe('welcome')
    expect(alice.session.connection.failures).toBeLessThan(3)
  })
})

describe('a command that the server cannot bear', () => {
  it.each<DialectName>(['im2', 'xuqm'])(
    'is written twice, and then fails with its words; what follows goes out: %s',
    async (dialect) => {
      const alice = await start(dialect, 'alice')
      await alice.reaches('online')
      const chat = await chatWithBob(alice)
      server.control.recordWire(true)
      const receipts = (): string[] =>
        server.control.wire().flatMap(({ frame }) => {
          const receipt = headerOf(frame, 'receipt')
          return frame.command === 'SEND' && frame.body.includes('poison') && receipt !== undefined ? [receipt] : []
        })
      server.control.loseSends({ userId: 'alice', count: 100 })
      await alice.says(chat, 'poison')
      for (let times = 1; times <= 2; times++) {
        await expect.poll(() => receipts().length, patience).toBe(times)
        server.control.frame({
          userId: 'alice',
          command: 'ERROR',
          headers: [
            ['message', 'No converter for this'],
            ['receipt-id', receipts().at(-1) ?? ''],
          ],
        })
      }
      await expect
        .poll(() => alice.timeline(chat).map(({ state, problem }) => [state, problem]), patience)
        .toEqual([['failed', { code: 'message.refused', detail: 'No converter for this' }]])
      server.control.clearFaults()
      const harmless = await alice.says(chat, 'harmless')
      await expect
        .poll(() => alice.timeline(chat).find(({ id }) => id === harmless)?.state, patience)
        .toMatch(/^(sent|delivered)$/)
      expect(receipts()).toHaveLength(2)
      expect(alice.session.status.refusedGroups).toEqual([])
    },
  )
})

describe('a session whose server never answers', () => {
  it('keeps saying that it is connecting, and never that it is online', async () => {
    expect(connectTimeoutMs).toBeLessThanOrEqual(30_000)
    const mute = createServer(() => undefined)
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
    const address = mute.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const alice = await start('im2', 'alice', { url: `ws://127.0.0.1:${port}/ws` })
    expect(alice.session.connection.state).toBe('connecting')
    await alice.session.store.openConversation({ kind: 'direct', peerId: 'bob' }, Date.now())
    await alice.says('direct:bob', 'kept meanwhile')
    expect(alice.inside.outboxSize()).toBe(1)
    mute.close()
  })
})

describe('an unknown kind of message', () => {
  it('is kept as what it is: shown as unsupported, in its place', async () => {
    const alice = await start('im2', 'alice')
    await alice.reaches('online')
    server.control.push({
      userId: 'alice',
      destination: '/user/queue/private-messages',
      envelope: { type: 19, senderId: 'bob', receiverId: 'alice', messageId: 'odd-1', content: '{"x":1}' },
    })
    await expect.poll(() => alice.timeline('direct:bob')[0]?.content.kind, patience).toBe('unsupported')
  })
})

describe('a kick', () => {
  it('ends the session with who and why, and is not answered by reconnecting', async () => {
    const alice = await start('im2', 'alice')
    await alice.reaches('online')
    server.control.kick({ userId: 'alice', reason: 'shift is over', operator: 'admin_user' })
    await alice.reaches('kicked')
    expect(alice.session.connection).toMatchObject({
      words: 'shift is over',
      endedBy: 'admin_user',
      nextTryAt: null,
    })
    await expect.poll(() => server.control.sessions(), patience).toEqual([])
  })
})
