/**
 * What an im2 server says beside messages, from its frame to the row or the status a person sees (sections 3.2, 6 and 7
 * of the im2 document), and what we tell it in return. Real socket, real database, demo server.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ContentOf } from '#common/domain/content/content.ts'
import type { Conversation } from '#common/domain/conversation.ts'
import type { Message } from '#common/domain/message.ts'
import { type LiveSession, startSession } from '#test/fakes/liveSession.ts'
import { expectNoViolations } from '#test/fakes/strict.ts'
import { type DemoServer, createDemoServer } from '#test/server/server.ts'

let server: DemoServer
let alice: LiveSession
let bob: LiveSession
let people: LiveSession[]

beforeEach(async () => {
  server = await createDemoServer({ dialects: ['im2'] })
  people = []
  alice = await start('alice')
  bob = await start('bob')
  await Promise.all([alice.reaches('online'), bob.reaches('online')])
  server.control.recordWire(true)
})
afterEach(async () => {
  for (const person of people) await person.close()
  expectNoViolations(server)
  await server.close()
})

async function start(userId: string, token?: () => string): Promise<LiveSession> {
  const session = await startSession({ server, dialect: 'im2', userId, ...(token === undefined ? {} : { token }) })
  people.push(session)
  return session
}

/** Bodies that were sent to this destination, as JSON. */
function told(destination: string): Record<string, unknown>[] {
  return server.control
    .wire()
    .filter(({ frame }) => frame.headers.some(([name, value]) => name === 'destination' && value === destination))
    .map(({ frame }) => JSON.parse(frame.body.toString()) as Record<string, unknown>)
}

async function aliceWrites(text: string): Promise<number> {
  const opened = await alice.session.store.openConversation({ kind: 'direct', peerId: 'bob' }, Date.now())
  const id = await alice.says(alice.session.changed(opened).id, text)
  await expect.poll(() => bobSees(text)?.serverId).toBeTruthy()
  await expect.poll(() => aliceSees(text)?.serverId).toBeTruthy()
  return id
}

const find = (person: LiveSession, chat: string, text: string): Message | undefined =>
  person.timeline(chat).find(({ content }) => content.kind === 'text' && content.text === text)
const aliceSees = (text: string): Message | undefined => find(alice, 'direct:bob', text)
const bobSees = (text: string): Message | undefined => find(bob, 'direct:alice', text)
const group = (person: LiveSession, id: string): Conversation | undefined =>
  person.inside.snapshot().conversations.find((conversation) => conversation.id === id)
const lines = (person: LiveSession, chat: string): ContentOf<'event'>[] =>
  person.timeline(chat).flatMap(({ content }) => (content.kind === 'event' ? [content] : []))
const personOf = (userId: string) => alice.inside.snapshot().people.find((known) => known.userId === userId)

describe('pins', () => {
  const pinned = (person: LiveSession, chat: string): (string | null)[] => {
    const page = person.inside.page(chat, { at: 'newest' }, 10)
    return page.ok ? page.value.pinned.map(({ serverId }) => serverId) : []
  }

  it('for everyone are told with scope 1 and reach the other person', async () => {
    const id = await aliceWrites('keep this')
    const serverId = aliceSees('keep this')?.serverId ?? ''
    const asked = alice.inside.pin(id, 'everyone', Date.now())
    expect(asked.ok).toBe(true)
    alice.session.nudge()
    await expect.poll(() => pinned(alice, 'direct:bob')).toEqual([serverId])
    await expect.poll(() => pinned(bob, 'direct:alice')).toEqual([serverId])
    expect(told('/app/pin-message')).toEqual([
      { messageId: serverId, pinScope: 1, timestamp: expect.any(Number) as number },
    ])
    expect(alice.inside.outboxSize()).toBe(0)
  })

  it('for oneself are told with scope 0 and stay with oneself', async () => {
    await aliceWrites('mine to keep')
    const row = bobSees('mine to keep')
    expect(bob.inside.pin(row?.id ?? 0, 'me', Date.now()).ok).toBe(true)
    bob.session.nudge()
    await expect.poll(() => pinned(bob, 'direct:alice')).toEqual([row?.serverId])
    expect(told('/app/pin-message').map(({ pinScope }) => pinScope)).toEqual([0])
    expect(pinned(alice, 'direct:bob')).toEqual([])
  })

  it('are queued while offline, survive there, and are taken away here without a word to the server', async () => {
    const id = await aliceWrites('pinned in the dark')
    await server.stop()
    await alice.reaches('offline')
    expect(alice.inside.pin(id, 'everyone', Date.now()).ok).toBe(true)
    expect(alice.inside.outboxSize()).toBe(1)
    expect(pinned(alice, 'direct:bob')).toEqual([])
    await server.start()
    alice.session.tryNow()
    await expect.poll(() => pinned(alice, 'direct:bob')).toHaveLength(1)
    expect(alice.inside.pin(id, 'none', Date.now()).ok).toBe(true)
    expect(pinned(alice, 'direct:bob')).toEqual([])
    expect(told('/app/pin-message')).toHaveLength(1)
  })

  it.each([
    ['a group update', { updateType: 'message_pinned', groupId: 'g-release' }, 41],
    ['a status', { status: 'PINNED' }, 42],
  ])('are also read from %s', async (_name, facts, type) => {
    await aliceWrites('said otherwise')
    const messageId = bobSees('said otherwise')?.serverId
    server.control.event({ userId: 'bob', type, content: { ...facts, messageId, operatorId: 'alice', pinScope: 1 } })
    await expect.poll(() => pinned(bob, 'direct:alice')).toEqual([messageId])
  })

  it('of somebody else for himself are nothing to us', async () => {
    await aliceWrites('his own pin')
    const messageId = bobSees('his own pin')?.serverId
    const content = { eventType: 'business.conversation.updated', updateType: 'message_pinned', messageId }
    server.control.event({ userId: 'bob', content: { ...content, operatorId: 'alice', pinScope: 0 } })
    server.control.systemStatus({ status: 'after' })
    await expect.poll(() => bob.session.status.announcement?.number).toBe(1)
    expect(pinned(bob, 'direct:alice')).toEqual([])
  })
})

describe('deleting', () => {
  it('for oneself is told to the server with scope 0, and the other person keeps the message', async () => {
    const id = await aliceWrites('only I forget')
    const serverId = aliceSees('only I forget')?.serverId
    expect(alice.inside.deleteForMe(id, alice.session.capabilities.deleteForMe, Date.now()).ok).toBe(true)
    alice.session.nudge()
    await expect
      .poll(() => told('/app/delete-message'))
      .toEqual([{ messageId: serverId, deleteScope: 0, deleteReason: '', timestamp: expect.any(Number) as number }])
    await expect.poll(() => alice.inside.outboxSize()).toBe(0)
    expect(aliceSees('only I forget')).toBeUndefined()
    expect(bobSees('only I forget')).toBeDefined()
  })
})

describe('heart-beats', () => {
  it('give the round trip, and how far the clock of the server is from ours', async () => {
    server.control.skewClock({ ms: 90_000 })
    const sofia = await start('sofia')
    await expect.poll(() => sofia.session.status.pulse).not.toBeNull()
    const { roundTripMs, clockOffsetMs } = sofia.session.status.pulse ?? {}
    expect(roundTripMs).toBeGreaterThanOrEqual(0)
    expect(Math.abs((clockOffsetMs ?? 0) - 90_000)).toBeLessThan(5_000)
    expect(sofia.session.status.greetedAt).not.toBeNull()
  })
})

describe('STATUS', () => {
  it('is kept until the next one replaces it', async () => {
    server.control.systemStatus({ status: 'degraded', message: '<b>slow</b> today' })
    await expect.poll(() => alice.session.status.announcement).toEqual({ number: 1, text: '<b>slow</b> today' })
    server.control.systemStatus({ status: 'ok', message: 'fast again' })
    await expect.poll(() => alice.session.status.announcement).toEqual({ number: 2, text: 'fast again' })
  })
})

describe('a token', () => {
  it('is renewed on the live connection: no reconnecting, and the new one counts', async () => {
    const states: string[] = []
    alice.session.onConnection(({ state }) => states.push(state))
    const before = server.control.sessions().find(({ userId }) => userId === 'alice')?.sessionId
    const fresh = server.issueToken('alice')
    expect(await alice.session.renewToken(fresh)).toEqual({ ok: true, value: null })
    expect(told('/app/auth')).toEqual([{ token: fresh, timestamp: expect.any(Number) as number }])
    await aliceWrites('still the same connection')
    expect(states).toEqual([])
    expect(server.control.sessions().find(({ userId }) => userId === 'alice')?.sessionId).toBe(before)
  })

  it('that the server refuses leaves the connection as it was', async () => {
    expect(await alice.session.renewToken(server.issueToken('bob'))).toMatchObject({
      ok: false,
      error: { code: 'session.unauthorized' },
    })
    expect(alice.session.connection.state).toBe('online')
    await aliceWrites('with the old token')
    server.control.clearViolations()
  })

  it('cannot be renewed where nothing is connected', async () => {
    await server.stop()
    await alice.reaches('offline')
    expect(await alice.session.renewToken('a.b.c')).toMatchObject({ ok: false, error: { code: 'link.offline' } })
    await server.start()
  })

  it('that has run out ends the session, queue and all kept, until there is another', async () => {
    let token = server.issueToken('sofia')
    const sofia = await start('sofia', () => token)
    await sofia.reaches('online')
    server.control.expireToken({ userId: 'sofia' })
    await sofia.reaches('rejected')
    expect(sofia.session.connection.problem?.code).toBe('session.tokenExpired')
    const opened = await sofia.session.store.openConversation({ kind: 'direct', peerId: 'bob' }, Date.now())
    await sofia.says(sofia.session.changed(opened).id, 'waits for a token')
    expect(sofia.inside.outboxSize()).toBe(1)
    token = server.issueToken('sofia')
    sofia.session.reconnect()
    await expect.poll(() => find(bob, 'direct:sofia', 'waits for a token')).toBeDefined()
  })

  it('that ends soon is asked for in time, and no longer once it was renewed', async () => {
    const sofia = await start('sofia', () => server.issueToken('sofia', { ttlMs: 4_000 }))
    await expect.poll(() => sofia.session.status.tokenEndsAt).not.toBeNull()
    expect(await sofia.session.renewToken(server.issueToken('sofia'))).toMatchObject({ ok: true })
    expect(sofia.session.status.tokenEndsAt).toBeNull()
  })
})

describe('people', () => {
  it.each([
    [{ eventType: 'business.user.login' }, true],
    [{ eventType: 'business.user.logout' }, false],
    [{ eventType: 'business.user.status.changed', status: 'offline' }, false],
    [{ eventType: 'business.user.status.changed', status: 'busy' }, true],
  ])('%j sets presence', async (facts, online) => {
    const say = (content: object): unknown =>
      server.control.event({ userId: 'alice', type: 40, content: { userId: 'chen.yu', ...content } })
    say({ eventType: 'business.user.status.changed', status: online ? 'offline' : 'online' })
    await expect.poll(() => personOf('chen.yu')?.online).toBe(!online)
    say({ ...facts, timestamp: Date.now() + 60_000 })
    await expect.poll(() => personOf('chen.yu')?.online).toBe(online)
  })

  it('are called what their profile says', async () => {
    server.control.updateProfile({ userId: 'chen.yu', nickname: '陈雨 (QA)' })
    await expect.poll(() => personOf('chen.yu')?.nickname).toBe('陈雨 (QA)')
  })
})

describe('groups', () => {
  it('appear when they are created, with who created them, and are not created anew at each connect', async () => {
    server.control.addGroup({
      groupId: 'g-new',
      name: 'Fresh',
      members: [{ userId: 'bob', role: 'owner' }, { userId: 'alice' }],
    })
    await expect.poll(() => group(alice, 'group:g-new')).toMatchObject({ title: 'Fresh', members: [{}, {}] })
    server.control.closeSockets({ userId: 'alice' })
    await alice.reaches('offline')
    alice.session.tryNow()
    await alice.reaches('online')
    expect(lines(alice, 'group:g-new')).toEqual([{ kind: 'event', event: 'group.created', by: 'bob' }])
  })

  it('change their name, with a line that says who did it', async () => {
    server.control.renameGroup({ groupId: 'g-release', name: 'Release team', by: 'bob' })
    await expect.poll(() => group(alice, 'group:g-release')?.title).toBe('Release team')
    expect(lines(alice, 'group:g-release')).toContainEqual({
      kind: 'event',
      event: 'group.renamed',
      by: 'bob',
      detail: 'Release team',
    })
  })

  it('gain and lose people, and roles change: counted and told', async () => {
    const before = group(alice, 'group:g-release')?.members.length ?? 0
    server.control.addMember({ groupId: 'g-release', userId: 'chen.yu', by: 'bob' })
    await expect.poll(() => group(alice, 'group:g-release')?.members.length).toBe(before + 1)
    server.control.setRole({ groupId: 'g-release', userId: 'chen.yu', role: 'admin', by: 'alice' })
    await expect
      .poll(() => group(alice, 'group:g-release')?.members.find(({ userId }) => userId === 'chen.yu')?.role)
      .toBe('admin')
    server.control.removeMember({ groupId: 'g-release', userId: 'chen.yu', by: 'bob' })
    await expect.poll(() => group(alice, 'group:g-release')?.members.length).toBe(before)
    const told = lines(alice, 'group:g-release').filter(({ userId }) => userId === 'chen.yu')
    expect(told.map(({ event }) => event).sort()).toEqual(['member.joined', 'member.removed', 'member.role'])
    expect(told).toContainEqual(expect.objectContaining({ event: 'member.joined', by: 'bob' }))
    expect(told).toContainEqual(expect.objectContaining({ event: 'member.role', detail: 'admin' }))
    expect(told).toContainEqual(expect.objectContaining({ event: 'member.removed', by: 'bob' }))
  })

  it('that we were removed from take nothing more, and hold what was queued', async () => {
    server.control.removeMember({ groupId: 'g-lunch', userId: 'alice', by: 'zhang.wei' })
    await expect.poll(() => group(alice, 'group:g-lunch')?.membership).toBe('left')
    await expect(alice.says('group:g-lunch', 'too late')).rejects.toThrow('message.notMember')
    server.control.addMember({ groupId: 'g-lunch', userId: 'alice', by: 'zhang.wei' })
    await expect.poll(() => group(alice, 'group:g-lunch')?.membership).toBe('member')
    await alice.says('group:g-lunch', 'back again')
  })

  it('that were dismissed take nothing more and say so', async () => {
    server.control.dismissGroup({ groupId: 'g-lunch', by: 'zhang.wei' })
    await expect.poll(() => group(alice, 'group:g-lunch')?.membership).toBe('left')
    expect(lines(alice, 'group:g-lunch')).toContainEqual({ kind: 'event', event: 'group.dismissed', by: 'zhang.wei' })
  })
})

describe('communication.message.sent', () => {
  const event = { eventType: 'communication.message.sent', messageId: 'bus-1', conversationId: 'g-release' }

  it('with a content is the message', async () => {
    server.control.event({
      userId: 'alice',
      content: { ...event, senderId: 'sofia', msgType: 0, content: '{"content":"by the bus"}' },
    })
    await expect.poll(() => find(alice, 'group:g-release', 'by the bus')?.senderId).toBe('sofia')
  })

  it('and the message itself are one message', async () => {
    const row = server.control.message({ from: 'bob', group: 'g-release', text: 'told twice' })
    server.control.event({
      userId: 'alice',
      content: { ...event, messageId: row.serverId, senderId: 'bob', content: '{"content":"told twice"}' },
    })
    server.control.systemStatus({ status: 'after' })
    await expect.poll(() => alice.session.status.announcement).not.toBeNull()
    await expect.poll(() => find(alice, 'group:g-release', 'told twice')).toBeDefined()
    const texts = alice.timeline('group:g-release').map(({ content }) => ('text' in content ? content.text : ''))
    expect(texts.filter((text) => text === 'told twice')).toHaveLength(1)
  })

  it('without a content only proves ours', async () => {
    server.control.event({ userId: 'alice', content: { ...event, messageId: 'nobody-knows' } })
    server.control.systemStatus({ status: 'after' })
    await expect.poll(() => alice.session.status.announcement).not.toBeNull()
    expect(alice.timeline('group:g-release').filter(({ content }) => content.kind !== 'event')).toEqual([])
  })
})

describe('the nine statuses', () => {
  const status = (serverId: string, value: number, more: object = {}): unknown =>
    server.control.event({ userId: 'alice', type: 42, content: { messageId: serverId, status: value, ...more } })

  it('move our message forward only', async () => {
    await aliceWrites('watched')
    const serverId = aliceSees('watched')?.serverId ?? ''
    status(serverId, 4)
    await expect.poll(() => aliceSees('watched')?.state).toBe('read')
    for (const earlier of [0, 1, 2, 3, 5]) status(serverId, earlier)
    status(serverId, 7, { newContent: 'watched, edited' })
    await expect.poll(() => aliceSees('watched, edited')?.state).toBe('read')
    status(serverId, 6, { operatorId: 'alice', reason: 'gone' })
    await expect.poll(() => aliceSees('watched, edited')?.recalled?.reason).toBe('gone')
    expect(aliceSees('watched, edited')?.state).toBe('read')
    status(serverId, 8)
    await expect.poll(() => aliceSees('watched, edited')).toBeUndefined()
  })

  it('FAILED says why in the message, and trying again keeps its id', async () => {
    const opened = await alice.session.store.openConversation({ kind: 'direct', peerId: 'nobody' }, Date.now())
    const chat = alice.session.changed(opened).id
    const id = await alice.says(chat, 'to nobody')
    await expect.poll(() => alice.timeline(chat)[0]?.state).toBe('failed')
    const clientId = alice.timeline(chat)[0]?.clientId
    expect(alice.timeline(chat)[0]?.problem).toEqual({
      code: 'message.refused',
      detail: 'receiver or conversation is unknown',
    })
    server.control.addUser({ userId: 'nobody', nickname: 'Somebody' })
    expect(alice.inside.retry(id, Date.now()).ok).toBe(true)
    alice.session.nudge()
    await expect.poll(() => alice.timeline(chat)[0]?.state).toMatch(/sent|delivered/)
    expect(alice.timeline(chat)[0]).toMatchObject({ clientId, problem: null })
  })
})
