/**
 * Admin pushes on a real socket and a real database (section 6.2 of the im2 document): they hold at once, queued rows are
 * looked at again, nothing is cut, and what was changed can be read later.
 */
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { startClient } from '#test/fakes/client.ts'
import { type LiveSession, startSession } from '#test/fakes/liveSession.ts'
import { openMemoryStore } from '#test/fakes/memoryStore.ts'
import { expectNoViolations } from '#test/fakes/strict.ts'
import { type DemoServer, createDemoServer } from '#test/server/server.ts'

const long = (word: string): string => `${word} `.repeat(40).trim()

let server: DemoServer
let alice: LiveSession
let chat: string

beforeEach(async () => {
  server = await createDemoServer({ dialects: ['im2'] })
  alice = await startSession({ server, dialect: 'im2', userId: 'alice' })
  await alice.reaches('online')
  const opened = await alice.session.store.openConversation({ kind: 'direct', peerId: 'bob' }, Date.now())
  chat = alice.session.changed(opened).id
})
afterEach(async () => {
  await alice.close()
  expectNoViolations(server)
  await server.close()
})

const policy = () => alice.inside.snapshot().policy
const problems = () => alice.timeline(chat).map(({ problem }) => problem?.code ?? null)
const sentTexts = () =>
  server.messages('im2').map(({ content }) => (JSON.parse(content) as { content: string }).content)

/** Away, so that what is said is queued. */
async function goOffline(): Promise<void> {
  await server.stop()
  await alice.reaches('offline')
}

async function comeBack(): Promise<void> {
  await server.start()
  alice.session.tryNow()
  await alice.reaches('online')
}

describe('a lowered limit', () => {
  it('holds three long messages that are queued: none is sent or cut, each says why, and a raised limit sends them in order', async () => {
    await goOffline()
    const texts = ['one', 'two', 'three'].map(long)
    for (const text of texts) await alice.says(chat, text)
    server.control.policy({ maxMessageLength: 50, by: 'admin_user', reason: 'quiet week' })
    await comeBack()
    await expect.poll(problems).toEqual(['input.tooLong', 'input.tooLong', 'input.tooLong'])
    expect(alice.timeline(chat).map(({ problem }) => problem?.detail)).toEqual(
      texts.map((text) => `${text.length} > 50`),
    )
    // Something short still goes out past them.
    await alice.says(chat, 'short')
    await expect.poll(sentTexts).toEqual(['short'])
    await expect.poll(() => alice.inside.outboxSize()).toBe(3)

    server.control.policy({ maxMessageLength: 400, by: 'admin_user', reason: 'over' })
    await expect.poll(sentTexts).toEqual(['short', ...texts])
    await expect.poll(problems).toEqual([null, null, null, null])
    expect(server.violations()).toEqual([])
  })

  it('counts code points, not UTF-16 units', async () => {
    server.control.policy({ maxMessageLength: 10 })
    await expect.poll(() => policy().maxMessageLength).toBe(10)
    await alice.says(chat, '🐦'.repeat(10))
    await expect(alice.says(chat, '🐦'.repeat(11))).rejects.toThrow('input.tooLong')
  })

  it('is not undone by an older change that comes late', async () => {
    const change = (limit: number, timestamp: number): unknown =>
      server.control.push({
        userId: 'alice',
        envelope: {
          type: 43,
          payload: 'event',
          timestamp,
          messageId: `change-${limit}`,
          content: JSON.stringify({ configType: 'chat_settings', newConfig: { maxMessageLength: limit } }),
        },
      })
    change(30, Date.now())
    change(900, Date.now() - 60_000)
    await expect.poll(() => alice.inside.policyHistory().length).toBe(2)
    expect(policy().maxMessageLength).toBe(30)
  })
})

describe('read-only', () => {
  it('holds what is queued, tells who and why, and lets it go when it ends', async () => {
    await goOffline()
    await alice.says(chat, 'first')
    await alice.says(chat, 'second')
    server.control.permission({ userId: 'alice', permission: 'read_only', by: 'admin_user', reason: 'audit' })
    await comeBack()
    await expect.poll(problems).toEqual(['message.readOnly', 'message.readOnly'])
    await expect(alice.says(chat, 'third')).rejects.toThrow('message.readOnly')
    // Who changed something else later did not do this.
    server.control.policy({ fileUploadLimit: 1, by: 'somebody', reason: 'else' })
    await expect.poll(() => policy().fileUploadLimit).toBe(1)
    expect(policy()).toMatchObject({ readOnly: true, readOnlyBy: 'admin', readOnlyBecause: 'in force' })
    expect(sentTexts()).toEqual([])

    server.control.permission({ userId: 'alice', permission: 'full_access', by: 'admin_user', reason: 'audit over' })
    await expect.poll(sentTexts).toEqual(['first', 'second'])
    expect(policy()).toMatchObject({ readOnly: false, readOnlyBy: 'admin_user', readOnlyBecause: 'audit over' })
  })

  it('of somebody else is nothing to us', async () => {
    server.control.push({
      userId: 'alice',
      envelope: {
        type: 43,
        payload: 'event',
        messageId: 'theirs',
        content: JSON.stringify({ userId: 'bob', permissionType: 'chat_permission', newPermission: 'read_only' }),
      },
    })
    await alice.says(chat, 'still allowed')
    await expect.poll(sentTexts).toEqual(['still allowed'])
    expect(policy().readOnly).toBe(false)
  })
})

describe('a change that comes while the store cannot take it', () => {
  it('holds at once: nothing that it forbids goes out, and it is recorded once when the store can', async () => {
    const { store, inside } = openMemoryStore('sofia')
    let refused = 0
    let refuses = false
    const full = new Proxy(store, {
      get: (target, name, receiver) => {
        if (name !== 'ingest') return Reflect.get(target, name, receiver) as unknown
        return (...args: Parameters<typeof store.ingest>) => {
          if (!refuses) return store.ingest(...args)
          refused++
          return Promise.reject(new Error('storage.full'))
        }
      },
    })
    const token = server.issueToken('sofia')
    const sofia = await startClient({
      dialect: 'im2',
      userId: 'sofia',
      url: server.url('im2'),
      appKey: server.appKey,
      token: () => token,
      store: full,
    })
    onTestFinished(() => sofia.close())
    await sofia.reaches('online')
    const withBob = await sofia.opens({ person: 'bob' })
    refuses = true
    server.control.permission({ userId: 'sofia', permission: 'read_only', by: 'admin_user', reason: 'audit' })
    await expect.poll(() => refused).toBeGreaterThan(0)
    await sofia.says(withBob, 'nobody may read this')
    refuses = false
    await expect
      .poll(async () => (await sofia.reads(withBob)).map(({ problem }) => problem?.code))
      .toEqual(['message.readOnly'])
    expect(inside.policyHistory().filter(({ reason }) => reason === 'audit')).toHaveLength(1)
    server.control.permission({ userId: 'sofia', permission: 'full_access', by: 'admin_user', reason: 'over' })
    await expect.poll(sentTexts).toEqual(['nobody may read this'])
    const [message] = await sofia.reads(withBob)
    const steps = inside.trace(message?.id ?? 0).map(({ step }) => step)
    expect(steps.indexOf('held')).toBeGreaterThan(-1)
    expect(steps.indexOf('written')).toBeGreaterThan(steps.indexOf('held'))
  })
})

describe('the history of admin pushes', () => {
  it('says what changed from what to what, who did it and why, newest first, once each', async () => {
    server.control.policy({ maxMessageLength: 1000, by: 'admin_user', reason: 'first' })
    await expect.poll(() => alice.inside.policyHistory().length).toBe(1)
    server.control.policy({ fileUploadLimit: 5, by: 'second_admin', reason: '' })
    await expect.poll(() => alice.inside.policyHistory().length).toBe(2)
    server.control.permission({ userId: 'alice', permission: 'read_only', by: 'admin_user', reason: 'audit' })
    await expect.poll(() => alice.inside.policyHistory().length).toBe(3)
    const [third, second, first] = alice.inside.policyHistory()
    expect(first).toMatchObject({
      before: { maxMessageLength: 2000 },
      after: { maxMessageLength: 1000 },
      changedBy: 'admin_user',
      reason: 'first',
    })
    expect(second).toMatchObject({ after: { fileUploadLimit: 5 }, changedBy: 'second_admin', reason: null })
    expect(third).toMatchObject({ before: { readOnly: false }, after: { readOnly: true }, reason: 'audit' })
  })

  it('takes what was in force where the server does not say what it replaced', async () => {
    const bare = (messageId: string, maxMessageLength: number, timestamp: number): unknown =>
      server.control.push({
        userId: 'alice',
        envelope: {
          type: 43,
          payload: 'event',
          messageId,
          timestamp,
          content: JSON.stringify({ configType: 'chat_settings', newConfig: { maxMessageLength } }),
        },
      })
    bare('a', 700, 1_000)
    bare('b', 800, 2_000)
    bare('b', 800, 2_000)
    await expect
      .poll(() =>
        alice.inside.policyHistory().map(({ before, after }) => [before.maxMessageLength, after.maxMessageLength]),
      )
      .toEqual([
        [700, 800],
        [2000, 700],
      ])
  })
})
