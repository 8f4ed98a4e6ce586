import { describe, expect, it } from 'vitest'
import type { Content } from '#common/domain/content/content.ts'
import type { Inbound, ServerEvent } from '#common/domain/events.ts'
import {
  bob,
  bobId,
  changesOf,
  frame,
  memoryStore,
  now,
  received,
  self,
  send,
  team,
  teamId,
  texts,
  timeline,
} from './support.ts'

describe('ingest', () => {
  it('makes one row and one unread of a frame that comes a thousand times', () => {
    const store = memoryStore()
    for (let batch = 0; batch < 10; batch++) {
      store.ingest(
        Array.from({ length: 100 }, () => frame(received({ clientId: 'b1', sequence: '1' }))),
        now + batch,
      )
    }
    expect(timeline(store)).toHaveLength(1)
    expect(store.snapshot().conversations[0]).toMatchObject({ id: teamId, unread: 1 })
    expect(store.snapshot().asOf).toBe(1)
  })

  it('answers whole rows under a number that grows by one, and nothing when nothing has changed', () => {
    const store = memoryStore()
    const first = changesOf(store.ingest([frame(received())], now))
    expect(first).toMatchObject({
      number: 1,
      conversations: [{ id: teamId, unread: 1, revision: 1, last: { text: 'hello', outgoing: false } }],
      messages: [{ serverId: 's1', unread: true, revision: 1 }],
    })
    expect(store.ingest([frame(received())], now).changes).toBeNull()
    expect(store.ingest([], now).changes).toBeNull()
    const second = changesOf(store.ingest([frame(received({ serverId: 's2', serverTime: now + 1 }))], now))
    expect(second.number).toBe(2)
    expect(second.messages.map(({ revision }) => revision)).toEqual([2])
    expect(store.snapshot().asOf).toBe(2)
  })

  it('gives each row of one batch once, as it is in the end', () => {
    const store = memoryStore()
    const { messages } = changesOf(
      store.ingest(
        [frame(received()), frame({ type: 'message.pinned', target: { serverId: 's1' }, pinned: true })],
        now,
      ),
    )
    expect(messages).toHaveLength(1)
    expect(messages[0]).toMatchObject({ pinned: true })
  })

  it('ignores and counts a frame that claims the id of a message of another sender or conversation', () => {
    const store = memoryStore()
    store.ingest([frame(received())], now)
    const { changes } = store.ingest([frame(received({ senderId: 'eve', text: 'mine now' }))], now)
    expect(changes).toBeNull()
    store.ingest([frame(received({ conversation: bob, text: 'elsewhere' }))], now)
    expect(texts(store)).toEqual(['hello'])
    expect(store.readFact('store.clashes')).toBe('2')
  })

  it('never takes the client id of somebody else for one of ours', () => {
    const store = memoryStore()
    store.openConversation(team, now)
    send(store, 'mine', { clientId: 'c1' })
    const { value } = store.ingest([frame(received({ senderId: 'eve', clientId: 'c1', text: 'not yours' }))], now)
    expect(value).toMatchObject({ settled: [], proofs: [] })
    expect(timeline(store).map(({ state, outgoing }) => [state, outgoing])).toEqual([
      ['sent', false],
      ['sending', true],
    ])
  })

  it('takes a message of another device of ours as outgoing and read', () => {
    const store = memoryStore()
    store.ingest([frame(received({ senderId: self, clientId: 'elsewhere', state: 'delivered' }))], now)
    expect(timeline(store)).toMatchObject([{ outgoing: true, unread: false, state: 'delivered', proof: null }])
  })

  it('keeps what a server sent without an id apart by what it says', () => {
    const store = memoryStore()
    const anonymous = received({ serverId: null, sequence: '5' })
    store.ingest([frame(anonymous), frame(anonymous), frame({ ...anonymous, sequence: '6' })], now)
    expect(timeline(store).map(({ sequence, serverId }) => [sequence, serverId])).toEqual([
      ['5', null],
      ['6', null],
    ])
  })

  it('treats strange numbers as not given, and keeps the message', () => {
    const store = memoryStore()
    store.ingest(
      [
        frame(received({ serverId: 'a', sequence: '-4', serverTime: Number.NaN })),
        frame(received({ serverId: 'b', sequence: '9223372036854775808', serverTime: 1e300 })),
        frame(received({ serverId: 'c', sequence: '0012' })),
      ],
      now,
    )
    expect(timeline(store).map(({ serverId, sequence, serverTime }) => [serverId, sequence, serverTime])).toEqual([
      ['a', null, null],
      ['b', null, null],
      ['c', '12', now],
    ])
  })

  it('sets a frame aside that trips over a defect, and stores the others of its batch', () => {
    const store = memoryStore()
    const defect: unknown = { kind: 'text', text: { toString: 'no words' } }
    const poison = frame({ ...received({ serverId: 'bad' }), content: defect } as ServerEvent)
    const batch: Inbound[] = [frame(received()), poison, frame(received({ serverId: 's2', serverTime: now + 1 }))]
    store.ingest(batch, now)
    expect(timeline(store).map(({ serverId }) => serverId)).toEqual(['s1', 's2'])
    expect(store.readFact('store.quarantined')).toBe('1')
    expect(store.verify().value.repaired).toBe(0)
  })

  it('keeps every kind of content as it came', () => {
    const store = memoryStore()
    const contents: Content[] = [
      { kind: 'text', text: 'a\u0000b <b>', mentions: ['x'] },
      { kind: 'image', caption: 'c', url: 'u', width: 3 },
      { kind: 'file', name: 'n', url: 'u', size: 5, mime: 'm' },
      { kind: 'voice', caption: '', url: 'u', duration: 2.5 },
      { kind: 'video', caption: 'v', url: 'u', thumbnailUrl: 't' },
      { kind: 'location', latitude: 1, longitude: 2, address: 'a', title: 't' },
      { kind: 'card', userId: 'u', nickname: 'n' },
      { kind: 'quote', text: 'q', quotedId: 's', quotedText: 't', quotedSenderId: 'x' },
      { kind: 'forward', text: 'f', originalId: 'o', reason: 'r' },
      { kind: 'unsupported', label: '99', raw: '{"x":1}' },
    ]
    const batch = contents.map((content, index) =>
      frame(received({ serverId: `k${index}`, serverTime: now + index, content })),
    )
    const pushed = changesOf(store.ingest(batch, now)).messages
    expect(pushed.map(({ content }) => content)).toEqual(contents)
    expect(timeline(store)).toEqual(pushed)
  })
})

describe('unread', () => {
  const state = (store: ReturnType<typeof memoryStore>) => {
    const { unread, mentions } = store.snapshot().conversations[0] ?? { unread: -1, mentions: -1 }
    return { unread, mentions }
  }

  it('counts what others wrote, and who was meant', () => {
    const store = memoryStore()
    const mention = (serverId: string, mentions: string[]) =>
      frame(received({ serverId, content: { kind: 'text', text: '@', mentions } }))
    store.ingest(
      [mention('a', [self]), mention('b', ['*']), mention('c', ['carol']), frame(received({ senderId: self }))],
      now,
    )
    expect(state(store)).toEqual({ unread: 3, mentions: 2 })
  })

  it('falls with marking read up to a message, and rises with one that comes late below it', () => {
    const store = memoryStore()
    store.ingest(
      ['2', '4', '6'].map((sequence) => frame(received({ serverId: `s${sequence}`, sequence }))),
      now,
    )
    const [, second] = timeline(store)
    const changes = changesOf(store.markRead(teamId, second?.id ?? 0))
    expect(changes.messages.map(({ sequence, unread }) => [sequence, unread])).toEqual([
      ['2', false],
      ['4', false],
    ])
    expect(state(store)).toEqual({ unread: 1, mentions: 0 })
    store.ingest([frame(received({ serverId: 's3', sequence: '3' }))], now)
    expect(state(store)).toEqual({ unread: 2, mentions: 0 })
    expect(store.markRead(teamId, second?.id ?? 0).changes).not.toBeNull()
    expect(store.markRead(teamId, second?.id ?? 0).changes).toBeNull()
  })

  it('does not count what this user has read on another device before it came here', () => {
    const store = memoryStore()
    const mine = { conversation: bob, state: 'read' as const }
    const changes = changesOf(store.ingest([frame(received(mine))], now))
    expect(changes.messages).toMatchObject([{ unread: false }])
    expect(store.snapshot().conversations).toMatchObject([{ id: bobId, unread: 0, mentions: 0 }])
    expect(store.verify().value).toEqual({ repaired: 0 })
  })

  it('falls when a message comes again, read on another device meanwhile, and never rises by a late repeat', () => {
    const store = memoryStore()
    const message = (state: 'sent' | 'read') => frame(received({ conversation: bob, state }))
    store.ingest([message('sent')], now)
    expect(store.snapshot().conversations).toMatchObject([{ unread: 1 }])
    store.ingest([message('read')], now)
    store.ingest([message('sent')], now)
    expect(store.snapshot().conversations).toMatchObject([{ unread: 0 }])
  })

  it('counts what somebody has read in a group: nobody can tell who', () => {
    const store = memoryStore()
    store.ingest([frame(received({ state: 'read' }))], now)
    expect(store.snapshot().conversations).toMatchObject([{ id: teamId, unread: 1 }])
  })

  it('has nothing to do with who has read a message of ours', () => {
    const store = memoryStore()
    store.ingest([frame(received({ conversation: bob, senderId: self, state: 'read' }))], now)
    store.ingest([frame(received({ conversation: bob, serverId: 's2', serverTime: now + 1 }))], now)
    expect(store.snapshot().conversations).toMatchObject([{ unread: 1 }])
    expect(timeline(store, bobId).map(({ state, unread }) => [state, unread])).toEqual([
      ['read', false],
      ['sent', true],
    ])
  })

  it('does not change for an unknown message or another conversation', () => {
    const store = memoryStore()
    store.ingest([frame(received()), frame(received({ conversation: bob, serverId: 's2' }))], now)
    const [other] = timeline(store, bobId)
    expect(store.markRead(teamId, other?.id ?? 0).changes).toBeNull()
    expect(store.markRead(teamId, 99_999).changes).toBeNull()
    expect(store.markRead('group:none', 1).changes).toBeNull()
  })

  it('is recounted and repaired by the check', () => {
    const store = memoryStore()
    store.ingest([frame(received())], now)
    expect(store.verify()).toEqual({ value: { repaired: 0 }, changes: null })
  })
})
