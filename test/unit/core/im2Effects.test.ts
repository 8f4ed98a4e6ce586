/**
 * What an im2 server can tell a session that is online, and what is different afterwards: each event, notification,
 * status and administrative push over a real socket into real rows; and what the session says to each destination.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Snapshot } from '#common/contract/calls.ts'
import type { Message } from '#common/domain/message.ts'
import { type LiveSession, startSession } from '#test/fakes/liveSession.ts'
import { expectNoViolations } from '#test/fakes/strict.ts'
import { type DemoServer, createDemoServer } from '#test/server/server.ts'
import { headerOf } from '#test/server/stompCodec.ts'

const patience = { timeout: 4_000 }
const chatId = 'direct:bob'
let server: DemoServer
let alice: LiveSession

beforeAll(async () => {
  server = await createDemoServer({ dialects: ['im2'] })
  server.control.recordWire(true)
  // A server refuses the topics of groups it does not know.
  for (const groupId of ['c-9', 'g-9', 'g-7']) {
    server.control.addGroup({ groupId, name: 'as it was', members: [{ userId: 'alice' }] })
  }
  alice = await startSession({ server, dialect: 'im2', userId: 'alice' })
  await alice.reaches('online')
})
afterAll(async () => {
  await alice.close()
  expectNoViolations(server)
  await server.close()
  expect(alice.faults).toEqual([])
})

type Facts = Omit<Snapshot, 'connection' | 'session' | 'uploads'>
type Look = (facts: Facts) => unknown

const facts = (): Facts => alice.inside.snapshot()
const person =
  (id: string): Look =>
  ({ people }) =>
    people.find(({ userId }) => userId === id)
const conversation =
  (id: string): Look =>
  ({ conversations }) =>
    conversations.find((each) => each.id === id)
const members =
  (id: string): Look =>
  ({ conversations }) =>
    conversations.find((each) => each.id === id)?.members.map(({ userId, role }) => `${userId} ${role}`)

function byText(text: string): Message | undefined {
  return alice.timeline(chatId).find(({ content }) => content.kind === 'text' && content.text === text)
}

function byServerId(id: string): Message | undefined {
  return alice.timeline(chatId).find(({ serverId }) => serverId === id)
}

/** From Bob, and here already. */
async function fromBob(text: string): Promise<string> {
  const { serverId } = server.control.message({ from: 'bob', to: 'alice', text })
  await expect.poll(() => byServerId(serverId), patience).toBeDefined()
  return serverId
}

/** From us, and the server has it. */
async function fromUs(text: string): Promise<{ id: number; serverId: string }> {
  const opened = await alice.session.store.openConversation({ kind: 'direct', peerId: 'bob' }, Date.now())
  await alice.says(alice.session.changed(opened).id, text)
  await expect.poll(() => byText(text)?.serverId ?? null, patience).not.toBeNull()
  const { id = 0, serverId } = byText(text) ?? {}
  return { id, serverId: serverId ?? '' }
}

describe('an event of the bus about people and conversations', () => {
  it.each<[string, object, Look, unknown]>([
    ['business.user.login', { userId: 'zoe' }, person('zoe'), { online: true }],
    ['business.user.logout', { userId: 'zoe' }, person('zoe'), { online: false }],
    ['business.user.status.changed', { userId: 'zoe', newStatus: 'busy' }, person('zoe'), { online: true }],
    ['business.user.profile.updated', { userId: 'zoe', nickname: 'Zoë' }, person('zoe'), { nickname: 'Zoë' }],
    [
      'business.conversation.created',
      { conversationId: 'c-9', name: 'New', members: ['alice', 'zoe'] },
      conversation('group:c-9'),
      { title: 'New', membership: 'member' },
    ],
    [
      'business.conversation.updated',
      { conversationId: 'c-9', name: 'Newer' },
      conversation('group:c-9'),
      { title: 'Newer' },
    ],
    [
      'business.conversation.member.added',
      { conversationId: 'c-9', memberId: 'yan' },
      members('group:c-9'),
      ['alice member', 'zoe member', 'yan member'],
    ],
    [
      'business.conversation.member.removed',
      { conversationId: 'c-9', memberId: 'yan', operatorId: 'zoe' },
      members('group:c-9'),
      ['alice member', 'zoe member'],
    ],
    ['business.group.created', { groupId: 'g-9', groupName: 'Club' }, conversation('group:g-9'), { title: 'Club' }],
    ['business.group.updated', { groupId: 'g-9', groupName: 'Klub' }, conversation('group:g-9'), { title: 'Klub' }],
    [
      'business.group.member.joined',
      { groupId: 'g-9', userId: 'yan' },
      members('group:g-9'),
      ['alice member', 'yan member'],
    ],
    ['business.group.member.left', { groupId: 'g-9', userId: 'yan' }, members('group:g-9'), ['alice member']],
  ])('%s', async (eventType, content, look, expected) => {
    server.control.event({ userId: 'alice', content: { eventType, ...content } })
    const outcome = expect.poll(() => look(facts()), patience)
    await (Array.isArray(expected) ? outcome.toEqual(expected) : outcome.toMatchObject(expected as object))
  })
})

describe('an event of the bus about a message', () => {
  const tell = (eventType: string, content: object): unknown =>
    server.control.event({ userId: 'alice', type: 42, content: { eventType, ...content } })

  it('communication.message.sent: the server has it', async () => {
    server.control.dropAcks({ userId: 'alice', count: 1 })
    server.control.dropPushes({ userId: 'alice', count: 1 })
    const id = await alice.says(await opened(), 'told by the bus')
    await expect
      .poll(() => server.messages().some(({ content }) => content.includes('told by the bus')), patience)
      .toBe(true)
    expect(byText('told by the bus')?.state).toBe('sending')
    const row = server.messages().find(({ content }) => content.includes('told by the bus'))
    tell('communication.message.sent', { messageId: row?.serverId, clientMessageId: row?.clientId })
    await expect.poll(() => byText('told by the bus')?.state, patience).toBe('sent')
    expect(byText('told by the bus')).toMatchObject({ id, serverId: row?.serverId })
    server.control.clearFaults()
  })

  it('communication.message.recalled: its words are gone', async () => {
    const serverId = await fromBob('to be recalled')
    tell('communication.message.recalled', { messageId: serverId, operatorId: 'bob', reason: 'slip' })
    await expect.poll(() => byServerId(serverId)?.recalled, patience).toMatchObject({ by: 'bob', reason: 'slip' })
    expect(byText('to be recalled')).toBeUndefined()
  })

  it('communication.message.edited: it has the new words', async () => {
    const serverId = await fromBob('to be edited')
    tell('communication.message.edited', { messageId: serverId, newContent: 'edited', editReason: 'typo' })
    await expect
      .poll(() => byServerId(serverId), patience)
      .toMatchObject({ content: { text: 'edited' }, edited: { reason: 'typo' } })
  })

  it('communication.message.deleted: it is not shown any more', async () => {
    const serverId = await fromBob('to be deleted')
    tell('communication.message.deleted', { messageId: serverId, operatorId: 'alice', deleteScope: 0 })
    await expect.poll(() => byServerId(serverId), patience).toBeUndefined()
  })
})

async function opened(): Promise<string> {
  const chat = await alice.session.store.openConversation({ kind: 'direct', peerId: 'bob' }, Date.now())
  return alice.session.changed(chat).id
}

describe('a notification', () => {
  it.each(['announcement', 'alert', 'promotion', 'maintenance'] as const)(
    'of type %s is in the centre',
    async (type) => {
      server.control.notify({ userId: 'alice', type, title: `a ${type}`, content: 'words', priority: 'high' })
      const found: Look = ({ notices }) => notices.find(({ title }) => title === `a ${type}`)
      await expect
        .poll(() => found(facts()), patience)
        .toMatchObject({ kind: type, content: 'words', priority: 'high' })
    },
  )
})

describe('an update of a group', () => {
  it.each<[string, object, Look, unknown]>([
    ['member_added', { memberId: 'yan', memberRole: 'admin' }, members('group:g-7'), ['alice member', 'yan admin']],
    [
      'member_role_changed',
      { memberId: 'yan', memberRole: 'owner' },
      members('group:g-7'),
      ['alice member', 'yan owner'],
    ],
    ['member_removed', { memberId: 'yan', updatedBy: 'zoe' }, members('group:g-7'), ['alice member']],
    ['info_updated', { groupName: 'Seven' }, conversation('group:g-7'), { title: 'Seven', membership: 'member' }],
    ['dismissed', { updatedBy: 'zoe' }, conversation('group:g-7'), { membership: 'left' }],
  ])('%s', async (updateType, content, look, expected) => {
    server.control.event({ userId: 'alice', type: 41, content: { groupId: 'g-7', updateType, ...content } })
    const outcome = expect.poll(() => look(facts()), patience)
    await (Array.isArray(expected) ? outcome.toEqual(expected) : outcome.toMatchObject(expected as object))
  })
})

describe('a change of policy', () => {
  it('chat_settings sets the limits at once, and says who and why', async () => {
    server.control.policy({ maxMessageLength: 20, fileUploadLimit: 3, by: 'root', reason: 'spam' })
    await expect
      .poll(() => facts().policy, patience)
      .toMatchObject({ maxMessageLength: 20, fileUploadLimit: 3, changedBy: 'root', reason: 'spam' })
    server.control.policy({ maxMessageLength: 2000, fileUploadLimit: 20 })
    await expect.poll(() => facts().policy, patience).toMatchObject({ maxMessageLength: 2000 })
  })

  it('user_permissions takes away the word, and gives it back', async () => {
    server.control.permission({ userId: 'alice', permission: 'read_only', by: 'root', reason: 'night' })
    await expect.poll(() => facts().policy.readOnly, patience).toBe(true)
    server.control.permission({ userId: 'alice', permission: 'full_access' })
    await expect.poll(() => facts().policy.readOnly, patience).toBe(false)
    expect(alice.inside.policyHistory().map(({ changedBy }) => changedBy)).toContain('root')
  })
})

describe('a status of one of our messages', () => {
  const status = (serverId: string, value: number): unknown =>
    server.control.event({ userId: 'alice', type: 42, content: { messageId: serverId, status: value } })

  it('moves forward from sent to delivered to read, and never back', async () => {
    const { serverId } = await fromUs('on its way')
    for (const [value, state] of [
      [3, 'delivered'],
      [4, 'read'],
    ] as const) {
      status(serverId, value)
      await expect.poll(() => byServerId(serverId)?.state, patience).toBe(state)
    }
    for (const value of [0, 1, 2, 3, 5]) status(serverId, value)
    const later = await fromBob('after the late ones')
    expect(byServerId(later)).toBeDefined()
    expect(byServerId(serverId)?.state).toBe('read')
  })

  it('failed: the message says why', async () => {
    server.control.permission({ userId: 'alice', permission: 'read_only' })
    await expect.poll(() => facts().policy.readOnly, patience).toBe(true)
    server.control.event({
      userId: 'alice',
      type: 43,
      content: { permissionType: 'chat_permission', newPermission: 'full_access', userId: 'alice' },
    })
    await expect.poll(() => facts().policy.readOnly, patience).toBe(false)
    // The server's own list still says read-only.
    await alice.says(await opened(), 'refused by the server')
    await expect.poll(() => byText('refused by the server')?.state, patience).toBe('failed')
    expect(byText('refused by the server')?.problem?.detail).toContain('read-only')
    server.control.permission({ userId: 'alice', permission: 'full_access' })
    await expect.poll(() => facts().policy, patience).toMatchObject({ readOnly: false })
  })
})

describe('what the session says', () => {
  const said = (destination: string): Record<string, unknown>[] =>
    server.control
      .wire()
      .filter(({ frame }) => frame.command === 'SEND' && headerOf(frame, 'destination') === destination)
      .map(({ frame }) => JSON.parse(frame.body.toString()) as Record<string, unknown>)
  const last = (destination: string) => (): unknown => said(destination).at(-1)

  it('/app/private-message carries a text to one person', async () => {
    await fromUs('a private word')
    expect(said('/app/private-message').at(-1)).toMatchObject({
      receiverId: 'bob',
      content: expect.stringContaining('a private word') as string,
    })
  })

  it('/app/chat carries a text to a group', async () => {
    const group = facts().conversations.find(
      ({ kind, members: list }) => kind === 'group' && list.some(({ userId }) => userId === 'bob'),
    )
    if (group === undefined) throw new Error('no group with Bob')
    await alice.says(group.id, 'a word to all')
    await expect.poll(last('/app/chat'), patience).toMatchObject({ conversationId: group.targetId, msgType: 0 })
  })

  it('/app/edit-message changes the words', async () => {
    const { id, serverId } = await fromUs('worng')
    expect((await alice.session.store.edit(id, 'wrong', Date.now())).ok).toBe(true)
    alice.session.nudge()
    await expect.poll(last('/app/edit-message'), patience).toMatchObject({ messageId: serverId })
    await expect
      .poll(() => server.messages().find((row) => row.serverId === serverId)?.editedContent, patience)
      .toContain('wrong')
  })

  it('/app/delete-message takes it back for everyone (1) and away for me (0)', async () => {
    const recalled = await fromUs('to take back')
    expect((await alice.session.store.recall(recalled.id, Date.now())).ok).toBe(true)
    alice.session.nudge()
    await expect
      .poll(last('/app/delete-message'), patience)
      .toMatchObject({ messageId: recalled.serverId, deleteScope: 1 })
    await expect
      .poll(() => server.messages().find((row) => row.serverId === recalled.serverId)?.state, patience)
      .toBe('recalled')
    const hidden = await fromUs('not for my eyes')
    expect((await alice.session.store.deleteForMe(hidden.id, true, Date.now())).ok).toBe(true)
    alice.session.nudge()
    await expect
      .poll(last('/app/delete-message'), patience)
      .toMatchObject({ messageId: hidden.serverId, deleteScope: 0 })
    await expect
      .poll(() => server.messages().find((row) => row.serverId === hidden.serverId)?.deletedFor, patience)
      .toEqual(['alice'])
  })

  it.each([
    ['me', 0],
    ['everyone', 1],
  ] as const)('/app/pin-message pins for %s (%i)', async (scope, number) => {
    const { id, serverId } = await fromUs(`pinned for ${scope}`)
    expect((await alice.session.store.pin(id, scope, Date.now())).ok).toBe(true)
    alice.session.nudge()
    await expect.poll(last('/app/pin-message'), patience).toMatchObject({ messageId: serverId, pinScope: number })
    await expect.poll(() => byServerId(serverId)?.pinned, patience).toBe(true)
  })

  it('/app/heartbeat names the device', () => {
    expect(said('/app/heartbeat')[0]).toEqual({ timestamp: expect.any(Number) as number, deviceId: 'device-alice' })
  })

  it('SUBSCRIBE to each destination of the document, and to the topics of groups as they come; UNSUBSCRIBE as they go', async () => {
    const frames = (command: string): (string | undefined)[] =>
      server.control
        .wire()
        .filter(({ frame }) => frame.command === command)
        .map(({ frame }) => headerOf(frame, command === 'SUBSCRIBE' ? 'destination' : 'id'))
    expect(frames('SUBSCRIBE').slice(0, 4).sort()).toEqual([
      '/topic/system/notifications',
      '/user/queue/message-status',
      '/user/queue/private-messages',
      '/user/queue/user-status',
    ])
    server.control.addGroup({ groupId: 'g-late', name: 'Late', members: [{ userId: 'bob' }, { userId: 'alice' }] })
    await expect.poll(() => frames('SUBSCRIBE'), patience).toContain('/topic/conversation/g-late')
    server.control.removeMember({ groupId: 'g-late', userId: 'alice' })
    await expect.poll(() => frames('UNSUBSCRIBE').length, patience).toBeGreaterThan(0)
    await expect.poll(() => conversation('group:g-late')(facts()), patience).toMatchObject({ membership: 'left' })
  })
})
