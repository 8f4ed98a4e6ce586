import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { comparePositions } from '#common/domain/message.ts'
import { holesBetween, mergeRanges } from '#electron/core/store/ranges.ts'
import {
  bob,
  bobId,
  changesOf,
  frame,
  memoryStore,
  now,
  received,
  send,
  team,
  teamId,
  texts,
  timeline,
  unwrap,
} from './support.ts'

const int64Max = '9223372036854775807'

function numbered(sequence: string | number, facts: Parameters<typeof received>[0] = {}) {
  return frame(received({ serverId: `n${sequence}`, sequence: String(sequence), text: `n${sequence}`, ...facts }))
}

describe('order', () => {
  it('follows the sequence, exact beyond 2^53', () => {
    const store = memoryStore()
    const sequences = ['9007199254740993', '9007199254740992', '2', int64Max, '10', '9007199254740994']
    store.ingest(
      sequences.map((sequence) => numbered(sequence)),
      now,
    )
    expect(timeline(store).map(({ sequence }) => sequence)).toEqual([
      '2',
      '10',
      '9007199254740992',
      '9007199254740993',
      '9007199254740994',
      int64Max,
    ])
  })

  it('puts a message without a sequence behind the last one that is not later, whichever came first', () => {
    const unnumbered = frame(received({ serverId: 'u', serverTime: now + 25, text: 'u' }))
    const frames = [
      numbered(1, { serverTime: now + 10 }),
      numbered(2, { serverTime: now + 20 }),
      numbered(3, { serverTime: now + 30 }),
    ]
    for (let place = 0; place <= frames.length; place++) {
      const store = memoryStore()
      for (const inbound of frames.toSpliced(place, 0, unnumbered)) store.ingest([inbound], now)
      expect(texts(store)).toEqual(['n1', 'n2', 'u', 'n3'])
      expect(timeline(store)[2]?.position).toEqual({ sequence: '2', time: now + 25, id: 'u' })
    }
  })

  it('without any sequence follows the server time, then the id', () => {
    const store = memoryStore()
    const at = (serverId: string, serverTime: number) => frame(received({ serverId, serverTime, text: serverId }))
    store.ingest([at('c', now + 2), at('b', now + 1), at('a', now + 2)], now)
    expect(texts(store)).toEqual(['b', 'a', 'c'])
  })

  it('keeps what is on its way at the end, in the order of sending', () => {
    const store = memoryStore()
    store.openConversation(team, now)
    send(store, 'one')
    send(store, 'two')
    store.ingest([numbered(7)], now)
    expect(texts(store)).toEqual(['n7', 'one', 'two'])
    expect(timeline(store)[1]?.position.sequence).toBe(int64Max)
  })

  it('leaves messages settled without a word of the server behind what was known, until it says more; own ones stay in the order of composing', () => {
    const store = memoryStore()
    store.ingest([numbered(7, { serverTime: now + 5000 })], now)
    send(store, 'one')
    send(store, 'two')
    for (const entry of [1, 2]) store.outboxSettle(entry, 'alive', now)
    expect(texts(store)).toEqual(['n7', 'one', 'two'])
    store.ingest([numbered(9, { serverTime: now + 9000 })], now)
    expect(texts(store)).toEqual(['n7', 'one', 'two', 'n9'])
    store.ingest([numbered(10, { serverId: 's', senderId: 'me', clientId: 'c-one', text: 'one' })], now)
    expect(texts(store)).toEqual(['n7', 'n9', 'one', 'two'])
  })

  it('is the same in the page as by comparing positions', () => {
    const frames = fc.array(
      fc.record({
        sequence: fc.option(fc.integer({ min: 1, max: 12 })),
        serverTime: fc.option(fc.integer({ min: now, max: now + 12 })),
      }),
      { maxLength: 30 },
    )
    fc.assert(
      fc.property(frames, (facts) => {
        const store = memoryStore()
        store.openConversation(team, now)
        facts.forEach(({ sequence, serverTime }, index) => {
          store.ingest(
            [
              frame(
                received({ serverId: `m${index}`, sequence: sequence === null ? null : String(sequence), serverTime }),
              ),
            ],
            now,
          )
        })
        const positions = timeline(store).map(({ position }) => position)
        expect(positions).toEqual([...positions].sort(comparePositions))
        const last = store.snapshot().conversations[0]?.last?.messageId
        expect(last).toBe(timeline(store).at(-1)?.id)
      }),
      { numRuns: 60 },
    )
  })
})

describe('pages', () => {
  const filled = () => {
    const store = memoryStore()
    store.ingest(
      Array.from({ length: 10 }, (_, index) => numbered(index + 1)),
      now,
    )
    return store
  }
  const names = (page: { messages: { serverId: string | null }[] }) => page.messages.map(({ serverId }) => serverId)

  it('begin with the newest, oldest first, and go both ways from a position', () => {
    const store = filled()
    const newest = unwrap(store.page(teamId, { at: 'newest' }, 3))
    expect(names(newest)).toEqual(['n8', 'n9', 'n10'])
    expect(newest).toMatchObject({ hasOlder: true, hasNewer: false })
    const position = newest.messages[0]?.position ?? { sequence: '0', time: 0, id: '' }
    const older = unwrap(store.page(teamId, { at: 'before', position }, 3))
    expect(names(older)).toEqual(['n5', 'n6', 'n7'])
    expect(older).toMatchObject({ hasOlder: true, hasNewer: true })
    const newer = unwrap(store.page(teamId, { at: 'after', position }, 9))
    expect(names(newer)).toEqual(['n9', 'n10'])
    expect(newer).toMatchObject({ hasOlder: true, hasNewer: false })
  })

  it('surround a message by its server id', () => {
    const page = unwrap(filled().page(teamId, { at: 'around', serverId: 'n5' }, 4))
    expect(names(page)).toEqual(['n3', 'n4', 'n5', 'n6'])
    expect(page).toMatchObject({ hasOlder: true, hasNewer: true })
  })

  it('say so when the message or the conversation is not known', () => {
    const store = filled()
    expect(store.page(teamId, { at: 'around', serverId: 'n99' }, 4)).toMatchObject({
      error: { code: 'message.unknown' },
    })
    expect(store.page('group:none', { at: 'newest' }, 4)).toMatchObject({ error: { code: 'conversation.unknown' } })
    store.ingest([frame({ type: 'message.deleted', target: { serverId: 'n5' } })], now)
    expect(store.page(teamId, { at: 'around', serverId: 'n5' }, 4)).toMatchObject({
      error: { code: 'message.unknown' },
    })
  })

  it('of an empty conversation are empty', () => {
    const store = memoryStore()
    store.openConversation(bob, now)
    expect(unwrap(store.page(bobId, { at: 'newest' }, 10))).toEqual({
      messages: [],
      hasOlder: false,
      hasNewer: false,
      target: null,
      holes: [],
      pinned: [],
    })
  })
})

describe('holes', () => {
  it('show between known sequences, heal when filled, and are told with the change', () => {
    const store = memoryStore()
    const first = changesOf(store.ingest([numbered(5), numbered(9)], now))
    expect(first.holes).toEqual([{ conversationId: teamId, holes: [{ after: '5', before: '9', count: '3' }] }])
    expect(unwrap(store.page(teamId, { at: 'newest' }, 10)).holes).toEqual(first.holes[0]?.holes)
    const second = changesOf(store.ingest([numbered(7)], now))
    expect(second.holes[0]?.holes).toEqual([
      { after: '5', before: '7', count: '1' },
      { after: '7', before: '9', count: '1' },
    ])
    const third = changesOf(store.ingest([numbered(6), numbered(8)], now))
    expect(third.holes).toEqual([{ conversationId: teamId, holes: [] }])
  })

  it('are filled by whatever takes the place, an edit as much as a text', () => {
    const store = memoryStore()
    store.ingest([numbered(1), numbered(3)], now)
    const { changes } = store.ingest([{ covers: { conversation: team, sequence: '2' }, events: [] }], now)
    expect(changes?.holes).toEqual([{ conversationId: teamId, holes: [] }])
  })

  it('are not told again while a conversation only grows', () => {
    const store = memoryStore()
    store.ingest([numbered(1)], now)
    expect(changesOf(store.ingest([numbered(2)], now)).holes).toEqual([])
  })

  it('agree with a plain set of numbers, whatever comes in whatever order, at the far end of int64 too', () => {
    const start = 9223372036854775807n - 40n
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 12 }), { maxLength: 8 }),
        (batches) => {
          const store = memoryStore()
          store.openConversation(team, now)
          const known = new Set<bigint>()
          for (const batch of batches) {
            store.ingest(
              batch.map((offset) => ({
                covers: { conversation: team, sequence: String(start + BigInt(offset)) },
                events: [],
              })),
              now,
            )
            for (const offset of batch) known.add(start + BigInt(offset))
            const ranges = mergeRanges([...known].map((value) => ({ first: value, last: value })))
            expect(unwrap(store.page(teamId, { at: 'newest' }, 1)).holes).toEqual(holesBetween(ranges))
          }
          const missing = holesBetween(mergeRanges([...known].map((value) => ({ first: value, last: value }))))
          const sorted = [...known].sort((a, b) => (a < b ? -1 : 1))
          const span = sorted.length === 0 ? 0n : (sorted.at(-1) ?? 0n) - (sorted[0] ?? 0n) + 1n
          expect(missing.reduce((sum, hole) => sum + BigInt(hole.count), 0n)).toBe(span - BigInt(known.size))
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('a page asked for by name', () => {
  function thirty() {
    const store = memoryStore()
    store.ingest(
      Array.from({ length: 30 }, (_, index) => numbered(index + 1, { serverTime: now + index * 1000 })),
      now,
    )
    const ask = (from: Parameters<typeof store.page>[1]) => {
      const page = unwrap(store.page(teamId, from, 6))
      const target = page.messages.find(({ id }) => id === page.target)
      return { names: page.messages.map(({ serverId }) => serverId), target: target?.serverId ?? null }
    }
    return { store, ask }
  }

  it('of a message holds it in its middle, whatever the server calls it', () => {
    const { store, ask } = thirty()
    const [tenth] = timeline(store).filter(({ serverId }) => serverId === 'n10')
    expect(ask({ at: 'message', messageId: tenth?.id ?? 0 })).toEqual({
      names: ['n7', 'n8', 'n9', 'n10', 'n11', 'n12'],
      target: 'n10',
    })
    expect(store.page(teamId, { at: 'message', messageId: 4711 }, 6)).toMatchObject({ ok: false })
  })

  it('of a time begins with the first message not before it, and is the newest when there is none', () => {
    const { ask } = thirty()
    expect(ask({ at: 'time', time: now + 9500 }).target).toBe('n11')
    expect(ask({ at: 'time', time: now + 9000 }).target).toBe('n10')
    expect(ask({ at: 'time', time: now + 999_000 })).toEqual({
      names: ['n25', 'n26', 'n27', 'n28', 'n29', 'n30'],
      target: null,
    })
  })

  it('of what is unread holds the first of it, and is the newest when that is near or nothing is unread', () => {
    const { store, ask } = thirty()
    expect(ask({ at: 'unread' })).toEqual({ names: ['n1', 'n2', 'n3', 'n4', 'n5', 'n6'], target: 'n1' })
    const read = timeline(store).find(({ serverId }) => serverId === 'n27')
    store.markRead(teamId, read?.id ?? 0)
    expect(ask({ at: 'unread' })).toEqual({ names: ['n25', 'n26', 'n27', 'n28', 'n29', 'n30'], target: 'n28' })
    store.markRead(teamId, timeline(store).at(-1)?.id ?? 0)
    expect(ask({ at: 'unread' }).target).toBeNull()
  })
})

describe('the calendar', () => {
  const starts = [0, 1, 2, 3].map((day) => now + day * 86_400_000)

  it('counts what is visible on each day, by the server’s time', () => {
    const store = memoryStore()
    const on = (sequence: number, day: number) => numbered(sequence, { serverTime: now + day * 86_400_000 + 5 })
    store.ingest([on(1, 0), on(2, 0), on(3, 2), on(4, 2), on(5, 9)], now)
    expect(unwrap(store.days(teamId, starts))).toEqual({ counts: [2, 0, 2], first: now + 5 })
    const third = timeline(store).find(({ serverId }) => serverId === 'n3')
    store.deleteForMe(third?.id ?? 0, false, now)
    expect(unwrap(store.days(teamId, starts)).counts).toEqual([2, 0, 1])
  })

  it('of nothing is empty, and of an unknown conversation an error', () => {
    const store = memoryStore()
    store.openConversation(team, now)
    expect(unwrap(store.days(teamId, starts))).toEqual({ counts: [0, 0, 0], first: null })
    expect(store.days('group:never', starts)).toMatchObject({ ok: false })
  })
})
