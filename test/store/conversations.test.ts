import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openAccountStore } from '#electron/adapters/sqlite/accountStore.ts'
import type { ServerEvent } from '#common/domain/events.ts'
import type { Message } from '#common/domain/message.ts'
import {
  bob,
  bobId,
  frame,
  inspect,
  memoryStore,
  now,
  received,
  self,
  send,
  team,
  teamId,
  tempDir,
  timeline,
  unwrap,
} from './support.ts'

type Membership = Extract<ServerEvent, { type: 'conversation.membership' }>

function membership(
  eventId: string,
  userId: string,
  change: Membership['change'],
  at: number,
  role: string | null = null,
) {
  return frame({ type: 'conversation.membership', eventId, conversation: team, userId, change, role, by: null, at })
}

const known = (title: string | null, members: { userId: string; role: string }[] | null = null) =>
  frame({ type: 'conversation.known', conversation: team, title, members })

const shown = (store: ReturnType<typeof memoryStore>, id = teamId) =>
  store.snapshot().conversations.find((conversation) => conversation.id === id)

describe('conversations', () => {
  it('come with the first word of them, and groups are told for subscribing', () => {
    const store = memoryStore()
    expect(store.ingest([known('The team', [{ userId: 'bob', role: 'owner' }])], now).value.groups).toEqual(['team'])
    expect(shown(store)).toMatchObject({
      title: 'The team',
      members: [{ userId: 'bob', role: 'owner' }],
      membership: 'member',
    })
    expect(store.ingest([known('The team')], now)).toMatchObject({ changes: null, value: { groups: null } })
    expect(store.groups()).toEqual(['team'])
  })

  it('of one peer are one, whatever the server calls them', () => {
    const store = memoryStore()
    store.ingest([frame(received({ conversation: { ...bob, remoteId: 'conv-1' } }))], now)
    store.ingest(
      [frame(received({ conversation: { kind: 'group', groupId: 'conv-1' }, serverId: 's2', serverTime: now + 1 }))],
      now,
    )
    expect(store.snapshot().conversations.map(({ id }) => id)).toEqual([bobId])
    expect(timeline(store, bobId)).toHaveLength(2)
    expect(store.groups()).toEqual([])
  })

  it('are opened once', () => {
    const store = memoryStore()
    expect(store.openConversation(bob, now).changes).not.toBeNull()
    expect(store.openConversation(bob, now)).toMatchObject({ value: { id: bobId, last: null }, changes: null })
  })

  it('keep a draft', () => {
    const store = memoryStore()
    store.openConversation(bob, now)
    expect(store.setDraft(bobId, 'half a').changes?.conversations).toMatchObject([{ draft: 'half a' }])
    expect(store.setDraft(bobId, 'half a').changes).toBeNull()
  })

  it('move up with a new message even while one of ours hangs unsent at their end', () => {
    const store = memoryStore()
    store.openConversation(team, now)
    send(store, 'stuck')
    store.ingest([frame(received({ serverTime: now + 50_000 }))], now)
    expect(shown(store)).toMatchObject({ activeAt: now + 50_000, last: { text: 'stuck' } })
  })

  it('are seeded from a configuration, which never outranks what the server said', () => {
    const store = memoryStore()
    store.ingest(
      [known('The team'), frame({ type: 'person.profile', userId: 'bob', nickname: 'Bob', avatar: null })],
      now,
    )
    const seed = () =>
      store.seed(
        [
          { id: 'team', name: 'X' },
          { id: 'other', name: 'Other' },
        ],
        [
          { userId: 'bob', nickname: 'B' },
          { userId: 'carol', nickname: 'Carol' },
        ],
        now,
      )
    expect(seed().changes).toMatchObject({
      conversations: [{ id: 'group:other', title: 'Other' }],
      people: [{ userId: 'carol' }],
    })
    expect(seed().changes).toBeNull()
    expect(store.snapshot().people.map(({ nickname }) => nickname)).toEqual(['Bob', 'Carol'])
  })
})

describe('membership', () => {
  it('events are lines of the timeline, once each', () => {
    const store = memoryStore()
    store.ingest(
      [
        known(null, [{ userId: self, role: 'member' }]),
        membership('e1', 'bob', 'joined', now),
        membership('e1', 'bob', 'joined', now),
      ],
      now,
    )
    expect(timeline(store)).toMatchObject([
      {
        serverId: null,
        content: { kind: 'event', event: 'member.joined', userId: 'bob' },
        outgoing: false,
        unread: false,
      },
    ])
    expect(shown(store)).toMatchObject({
      unread: 0,
      last: { kind: 'event', text: '', event: '{"kind":"event","event":"member.joined","userId":"bob"}' },
    })
    expect(shown(store)?.members.map(({ userId }) => userId)).toEqual(['me', 'bob'])
  })

  it('told in two forms are one line: the fuller one, at the earlier time, whichever comes first', () => {
    const update = { userId: 'bob', change: 'removed', role: null, by: 'root', at: now + 3, eventId: 'a' } as const
    const bus = { userId: 'bob', change: 'left', role: null, by: null, at: now, eventId: 'b' } as const
    const told = [update, bus].map((facts) => frame({ type: 'conversation.membership', conversation: team, ...facts }))
    const stores = [told, [...told].reverse()].map((frames) => {
      const store = memoryStore()
      for (const inbound of [...frames, ...frames]) store.ingest([inbound], now)
      return timeline(store)
    })
    expect(stores[0]).toMatchObject([
      { content: { kind: 'event', event: 'member.removed', userId: 'bob', by: 'root' }, serverTime: now },
    ])
    const facts = (messages: readonly Message[] | undefined) =>
      messages?.map(({ content, serverTime, position, senderId }) => ({ content, serverTime, position, senderId }))
    expect(facts(stores[1])).toEqual(facts(stores[0]))
  })

  it('that happened again later are told again', () => {
    const store = memoryStore()
    store.ingest(
      [
        membership('e1', 'bob', 'joined', now),
        membership('e2', 'bob', 'left', now + 60_000),
        membership('e3', 'bob', 'joined', now + 120_000),
      ],
      now,
    )
    expect(timeline(store)).toHaveLength(3)
    expect(shown(store)?.members.map(({ userId }) => userId)).toEqual(['bob'])
  })

  it('of two facts of one moment beside an earlier one ends the same in any order', () => {
    const facts = [
      membership('e1', 'bob', 'left', now),
      membership('e2', 'bob', 'joined', now + 1),
      membership('e3', 'bob', 'left', now + 1),
    ]
    const ends = [facts, facts.toReversed()].map((order) => {
      const store = memoryStore()
      store.ingest(order, now)
      return shown(store)?.members
    })
    expect(ends[0]).toEqual(ends[1])
    expect(ends[0]).toEqual([])
  })

  it('repeated after a whole list do not undo it', () => {
    const store = memoryStore()
    const left = membership('e1', 'bob', 'left', now)
    store.ingest([left, known(null, [{ userId: 'bob', role: 'member' }]), left], now)
    expect(shown(store)?.members.map(({ userId }) => userId)).toEqual(['bob'])
  })

  it('cannot be clashed with by a message that takes such an id', () => {
    const store = memoryStore()
    store.ingest([membership('e1', 'bob', 'joined', now)], now)
    const taken = `\u001fevent:${teamId}:e1`
    store.ingest(
      [frame(received({ serverId: taken })), frame({ type: 'message.deleted', target: { serverId: taken } })],
      now,
    )
    expect(
      timeline(store)
        .map(({ content }) => content.kind)
        .sort(),
    ).toEqual(['event', 'text'])
  })

  it('facts of older events that come late change nothing', () => {
    const store = memoryStore()
    store.ingest(
      [
        membership('e3', 'bob', 'role', now + 30, 'admin'),
        membership('e1', 'bob', 'joined', now + 10),
        membership('e2', 'carol', 'left', now + 20),
        membership('e0', 'carol', 'joined', now),
      ],
      now,
    )
    expect(shown(store)?.members).toEqual([{ userId: 'bob', role: 'admin' }])
    expect(timeline(store)).toHaveLength(4)
  })

  it('of ours ends with removal, departure or the end of the group', () => {
    for (const event of [
      membership('e1', self, 'removed', now),
      membership('e1', self, 'left', now),
      frame({ type: 'conversation.dismissed', eventId: 'e1', conversation: team, by: 'root', at: now }),
    ]) {
      const store = memoryStore()
      store.ingest([known('The team')], now)
      expect(store.ingest([event], now).value.groups).toEqual([])
      expect(shown(store)).toMatchObject({ membership: 'left' })
      expect(store.ingest([membership('e2', self, 'joined', now + 1)], now).value.groups).toEqual(['team'])
      expect(shown(store)).toMatchObject({ membership: 'member' })
    }
  })
})

describe('people and notices', () => {
  it('replace what is older', () => {
    const store = memoryStore()
    const presence = (online: boolean, at: number) =>
      frame({ type: 'person.presence', userId: 'bob', online, at } as const)
    store.ingest([presence(true, 20), presence(false, 10)], now)
    expect(store.snapshot().people).toMatchObject([{ userId: 'bob', online: true, nickname: null }])
    store.ingest([frame({ type: 'person.profile', userId: 'bob', nickname: 'Bob', avatar: null })], now)
    store.ingest([frame({ type: 'person.profile', userId: 'bob', nickname: null, avatar: 'a.png' })], now)
    expect(store.snapshot().people).toMatchObject([{ nickname: 'Bob', avatar: 'a.png', online: true }])
  })

  it('keep that a notice was acknowledged when it comes again', () => {
    const store = memoryStore()
    const notice = (title: string, at: number) =>
      frame({
        type: 'notice.received',
        notice: {
          id: 'n1',
          kind: 'alert',
          title,
          content: 'c',
          priority: 'high',
          category: null,
          expiresAt: null,
          action: null,
          data: null,
          maintenanceType: null,
          estimatedDuration: null,
          startsAt: null,
          endsAt: null,
          at,
        },
      })
    store.ingest([notice('first', 10)], now)
    expect(store.acknowledgeNotice('n1', now).changes?.notices).toMatchObject([{ acknowledgedAt: now, readAt: now }])
    expect(store.acknowledgeNotice('n1', now).changes).toBeNull()
    expect(store.ingest([notice('first', 10), notice('older', 5)], now).changes).toBeNull()
    store.ingest([notice('first', 15)], now)
    expect(store.snapshot().notices).toMatchObject([{ title: 'first', readAt: now, at: 15 }])
    store.ingest([notice('second', 20)], now)
    expect(store.snapshot().notices).toMatchObject([{ title: 'second', acknowledgedAt: now, readAt: null }])
    expect(store.markNoticesRead(['n1', 'not here'], now + 1).changes?.notices).toMatchObject([{ readAt: now + 1 }])
    expect(store.markNoticesRead(['n1'], now + 2).changes).toBeNull()
  })

  it('are kept in sight as long as they wait to be acknowledged, however many came after', () => {
    const file = join(tempDir(), 'messages.db')
    const store = unwrap(openAccountStore({ file, selfId: self }))
    const notice = (id: string, priority: 'low' | 'urgent', at: number) =>
      frame({
        type: 'notice.received',
        notice: {
          id,
          kind: 'announcement',
          title: id,
          content: '',
          priority,
          category: null,
          expiresAt: null,
          action: null,
          data: null,
          maintenanceType: null,
          estimatedDuration: null,
          startsAt: null,
          endsAt: null,
          at,
        },
      })
    store.ingest([notice('must', 'urgent', 1), notice('done', 'urgent', 2), notice('may', 'low', 3)], now)
    store.acknowledgeNotice('done', now)
    store.ingest(
      Array.from({ length: 250 }, (_, index) => notice(`n${index}`, 'low', 100 + index)),
      now,
    )
    const shown = store.snapshot().notices.map(({ id }) => id)
    expect(shown).toHaveLength(201)
    expect([shown.at(-1), shown.includes('done'), shown.includes('may')]).toEqual(['must', false, false])
    store.close()
  })
})

describe('undecoded frames', () => {
  it('are kept in bounded number and size, the newest of them', () => {
    const file = join(tempDir(), 'messages.db')
    const store = unwrap(openAccountStore({ file, selfId: self }))
    const kept = (reason: string, count: number) =>
      Array.from({ length: count }, () => ({
        destination: '/x',
        contentType: null,
        reason,
        body: new Uint8Array(20_000),
      }))
    store.keepUndecoded(kept('early', 300), now)
    store.keepUndecoded(kept('late', 300), now)
    store.close()
    const rows = inspect(file, (database) =>
      database
        .prepare(
          'SELECT reason, count(*) AS count, max(length(body)) AS longest, max(size) AS size FROM undecoded GROUP BY reason ORDER BY reason',
        )
        .all(),
    )
    expect(rows).toEqual([
      { reason: 'early', count: 200, longest: 16_384, size: 20_000 },
      { reason: 'late', count: 300, longest: 16_384, size: 20_000 },
    ])
  })
})
