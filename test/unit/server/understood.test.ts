import { afterEach, beforeEach, expect, it } from 'vitest'
import type { ServerEvent } from '#common/domain/events.ts'
import type { Dialect } from '#electron/core/ports/dialect.ts'
import { im2Dialect } from '#electron/dialect/im2/dialect.ts'
import { xuqmDialect } from '#electron/dialect/xuqm/dialect.ts'
import { createDemoServer } from '#test/server/server.ts'
import type { DemoServer } from '#test/server/server.ts'
import { headerOf } from '#test/server/stompCodec.ts'
import { closeRawClients, im2Message, settled, signIn } from './rawClient.ts'
import type { RawClient } from './rawClient.ts'

let server: DemoServer

beforeEach(async () => {
  server = await createDemoServer({ seed: 'demo' })
})
afterEach(async () => {
  closeRawClients()
  await server.close()
})

/** What the app's own dialect makes of all a client was sent: the server and the client read the documents alike. */
function understood(client: RawClient, dialect: Dialect): { events: ServerEvent[]; unread: string[] } {
  const groups = new Set(['g-product', 'g-release', 'g-lunch', 'g-new'])
  const events: ServerEvent[] = []
  const unread: string[] = []
  for (const { frame } of client.received) {
    if (frame.command !== 'MESSAGE') continue
    const decoded = dialect.decode(
      {
        destination: headerOf(frame, 'destination') ?? '',
        contentType: headerOf(frame, 'content-type') ?? null,
        headers: Object.fromEntries(frame.headers),
        body: frame.body,
      },
      { selfId: 'alice', isGroup: (id) => groups.has(id) },
    )
    if (decoded.ok) events.push(...decoded.inbound.events)
    else unread.push(`${decoded.reason}: ${frame.body.toString()}`)
  }
  return { events, unread }
}

it('the im2 dialect understands everything the server can say', async () => {
  const alice = await signIn(server, 'im2', { userId: 'alice' })
  const bob = await signIn(server, 'im2', { userId: 'bob' })
  alice.subscribe(
    ...im2Dialect.baseSubscriptions().map(({ destination }) => destination),
    ...['g-product', 'g-release'].map((groupId) => im2Dialect.groupSubscription(groupId).destination),
  )
  const send = (receiverId: string, clientMsgId: string): void =>
    alice.json('/app/private-message', {
      receiverId,
      content: JSON.stringify({ content: 'x', contentExtra: null }),
      clientMsgId,
      timestamp: 1,
    })
  bob.subscribe('/user/queue/private-messages')
  send('bob', 'c-1')
  send('nobody', 'c-2')
  const { messageId } = await im2Message(alice, ({ clientMessageId, type }) => clientMessageId === 'c-1' && type === 0)
  alice.json('/app/edit-message', { messageId, newContent: 'y', editReason: '', timestamp: 1 })
  alice.json('/app/pin-message', { messageId, pinScope: 1, timestamp: 1 })
  alice.json('/app/auth', { token: server.issueToken('alice'), timestamp: 1 })
  await settled(alice, 'im2')
  const { control } = server
  control.markRead({ serverId: messageId })
  alice.json('/app/delete-message', { messageId, deleteScope: 1, deleteReason: 'r', timestamp: 1 })
  await settled(alice, 'im2')
  control.remove({ serverId: control.message({ from: 'bob', to: 'alice', text: 'to be removed' }).serverId })
  control.addGroup({ groupId: 'g-new', name: '新群', members: [{ userId: 'bob', role: 'owner' }] })
  control.addMember({ groupId: 'g-new', userId: 'alice' })
  control.setRole({ groupId: 'g-new', userId: 'alice', role: 'admin' })
  control.renameGroup({ groupId: 'g-new', name: 'New' })
  control.removeMember({ groupId: 'g-new', userId: 'alice' })
  control.dismissGroup({ groupId: 'g-lunch' })
  control.policy({ maxMessageLength: 10, reason: 'r' })
  control.permission({ userId: 'alice', permission: 'read_only' })
  control.updateProfile({ userId: 'bob', nickname: 'Bobby' })
  for (const type of ['announcement', 'alert', 'promotion', 'maintenance'] as const) {
    control.notify({ type, title: 't', content: 'c' })
  }
  control.systemStatus({ status: 'degraded', message: 'slow' })
  await bob.disconnect()
  control.kick({ userId: 'alice', reason: 'signed in elsewhere' })
  await alice.closed

  const { events, unread } = understood(alice, im2Dialect)
  expect(unread).toEqual([])
  expect(new Set(events.map(({ type }) => type))).toEqual(
    new Set([
      'session.greeted',
      'session.authenticated',
      'session.pulse',
      'session.status',
      'session.kicked',
      'conversation.known',
      'conversation.membership',
      'conversation.dismissed',
      'person.profile',
      'person.presence',
      'message.received',
      'message.status',
      'message.edited',
      'message.recalled',
      'message.pinned',
      'notice.received',
      'policy.changed',
    ]),
  )
  const known = events.flatMap((event) => (event.type === 'conversation.known' ? [event.conversation] : []))
  expect(known).toContainEqual({ kind: 'direct', peerId: 'bob', remoteId: 'c_alice_bob' })
  expect(known.flatMap((ref) => (ref.kind === 'group' ? [ref.groupId] : [])).every((id) => id.startsWith('g-'))).toBe(
    true,
  )
  const states = events.flatMap((event) =>
    event.type === 'message.status' ? [[event.target.clientId, event.state, event.reason]] : [],
  )
  expect(states).toEqual(
    expect.arrayContaining([
      ['c-1', 'sent', null],
      ['c-1', 'delivered', null],
      ['c-1', 'read', null],
      ['c-2', 'failed', 'receiver or conversation is unknown'],
    ]),
  )
  expect(states).toHaveLength(4)
})

it('the xuqm dialect understands everything the server can say', async () => {
  const alice = await signIn(server, 'xuqm', { userId: 'alice' })
  alice.subscribe('/user/queue/messages', '/topic/group/g-release')
  alice.json('/app/chat.sync', { appKey: server.appKey })
  const send = (messageId: string, toId: string): void =>
    alice.json('/app/chat.send', {
      appKey: server.appKey,
      messageId,
      toId,
      chatType: 'SINGLE',
      msgType: 'TEXT',
      content: 'x',
    })
  send('c-1', 'bob')
  send('c-2', 'nobody')
  await settled(alice, 'xuqm')
  server.control.markRead({ serverId: 'c-1' })
  alice.json('/app/chat.revoke', { appKey: server.appKey, messageId: 'c-1' })
  await settled(alice, 'xuqm')

  const { events, unread } = understood(alice, xuqmDialect)
  expect(unread).toEqual([])
  expect(new Set(events.map(({ type }) => type))).toEqual(
    new Set(['message.received', 'message.status', 'message.recalled']),
  )
})
