import { describe, expect, it } from 'vitest'
import {
  bob,
  bobId,
  edited,
  frame,
  memoryStore,
  now,
  received,
  recalled,
  self,
  teamId,
  texts,
  timeline,
} from './support.ts'

const last = (store: ReturnType<typeof memoryStore>) => store.snapshot().conversations[0]?.last

describe('edits', () => {
  it('change the words, say when and why, and reach the list', () => {
    const store = memoryStore()
    store.ingest([frame(received()), frame(edited('s1', 'better', { at: now + 5, reason: 'typo' }))], now)
    expect(timeline(store)).toMatchObject([{ content: { text: 'better' }, edited: { at: now + 5, reason: 'typo' } }])
    expect(last(store)).toMatchObject({ text: 'better' })
  })

  it('that are older than the one shown change nothing', () => {
    const store = memoryStore()
    store.ingest(
      [frame(received()), frame(edited('s1', 'second', { at: 20 })), frame(edited('s1', 'first', { at: 10 }))],
      now,
    )
    expect(texts(store)).toEqual(['second'])
  })

  it('are ordered by sequence before time', () => {
    const store = memoryStore()
    store.ingest(
      [
        frame(received()),
        frame(edited('s1', 'new', { at: 1, sequence: '10' })),
        frame(edited('s1', 'old', { at: 99, sequence: '9' })),
      ],
      now,
    )
    expect(texts(store)).toEqual(['new'])
  })
})

describe('recalls', () => {
  it('erase what somebody else wrote, its unread and its line in the list', () => {
    const store = memoryStore()
    store.ingest(
      [frame(received({ content: { kind: 'text', text: 'secret', mentions: [self] } })), frame(recalled('s1'))],
      now,
    )
    expect(timeline(store)).toMatchObject([
      { content: { kind: 'text', text: '' }, unread: false, recalled: { at: now, by: 'bob', reason: null } },
    ])
    expect(store.snapshot().conversations[0]).toMatchObject({ unread: 0, mentions: 0 })
    expect(last(store)).toMatchObject({ recalled: true, text: '' })
  })

  it('leave our own words, to be written anew', () => {
    const store = memoryStore()
    store.ingest([frame(received({ senderId: self })), frame(recalled('s1'))], now)
    expect(timeline(store)).toMatchObject([{ content: { text: 'hello' }, recalled: { at: now } }])
    expect(last(store)).toMatchObject({ recalled: true, text: '' })
  })

  it('told before our own words, as of another device, still have the words when they come', () => {
    const store = memoryStore()
    const own = received({ senderId: self, clientId: 'elsewhere', text: 'from the phone' })
    store.ingest([frame({ ...own, content: { kind: 'text', text: '' }, recalled: true })], now)
    store.ingest([frame(own)], now)
    expect(timeline(store)).toMatchObject([{ content: { kind: 'text', text: 'from the phone' }, recalled: {} }])
    expect(store.ingest([frame(own)], now).changes).toBeNull()
  })

  it('are final: no later edit brings words back', () => {
    const store = memoryStore()
    store.ingest([frame(received()), frame(recalled('s1')), frame(edited('s1', 'again', { at: now + 99 }))], now)
    expect(texts(store)).toEqual([''])
    expect(timeline(store)[0]?.edited).toBeNull()
  })

  it('may be told with the message itself', () => {
    const store = memoryStore()
    store.ingest([frame(received({ recalled: true }))], now)
    expect(timeline(store)).toMatchObject([{ content: { text: '' }, unread: false, recalled: { at: null } }])
    store.ingest([frame(recalled('s1'))], now)
    expect(timeline(store)).toMatchObject([{ recalled: { at: now, by: 'bob' } }])
  })
})

describe('deletion', () => {
  it('hides the message and gives the list the one before', () => {
    const store = memoryStore()
    store.ingest([frame(received()), frame(received({ serverId: 's2', serverTime: now + 1, text: 'next' }))], now)
    const { changes } = store.ingest([frame({ type: 'message.deleted', target: { serverId: 's2' } })], now)
    expect(changes?.messages).toMatchObject([{ serverId: 's2', deleted: true, content: { text: '' } }])
    expect(texts(store)).toEqual(['hello'])
    expect(last(store)).toMatchObject({ text: 'hello' })
    expect(store.snapshot().conversations[0]).toMatchObject({ unread: 1, activeAt: now })
  })

  it('of the only message leaves an empty conversation', () => {
    const store = memoryStore()
    store.ingest([frame(received()), frame({ type: 'message.deleted', target: { serverId: 's1' } })], now)
    expect(store.snapshot().conversations).toMatchObject([{ id: teamId, last: null, unread: 0 }])
  })
})

describe('operations before their message', () => {
  it('wait, and are applied when it comes', () => {
    const store = memoryStore()
    const early = [
      edited('s1', 'better'),
      { type: 'message.pinned', target: { serverId: 's1' }, pinned: true } as const,
      recalled('s2'),
      { type: 'message.deleted', target: { serverId: 's3' } } as const,
    ]
    expect(
      store.ingest(
        early.map((event) => frame(event)),
        now,
      ).changes,
    ).toBeNull()
    store.ingest(
      ['s1', 's2', 's3'].map((serverId, index) => frame(received({ serverId, serverTime: now + index }))),
      now,
    )
    expect(timeline(store)).toMatchObject([
      { serverId: 's1', content: { text: 'better' }, pinned: true },
      { serverId: 's2', content: { text: '' }, unread: false },
    ])
    expect(store.snapshot().conversations[0]).toMatchObject({ unread: 1 })
  })

  it('of which there are many for one message end as the last of them would', () => {
    const store = memoryStore()
    for (let round = 0; round < 50; round++) {
      store.ingest([frame(edited('s1', `try ${round % 7}`, { at: now + (round % 7) }))], now)
    }
    store.ingest([frame(received())], now)
    expect(texts(store)).toEqual(['try 6'])
  })

  it('are bounded: of very many the oldest are forgotten', () => {
    const store = memoryStore()
    const waiting = Array.from({ length: 10_500 }, (_, index) => frame(edited(`w${index}`, `words ${index}`)))
    store.ingest(waiting, now)
    store.ingest(
      [frame(received({ serverId: 'w0' })), frame(received({ serverId: 'w10499', serverTime: now + 1 }))],
      now,
    )
    expect(texts(store)).toEqual(['hello', 'words 10499'])
  })
})

describe('that somebody else’s message was read', () => {
  const told = { type: 'message.status', target: { serverId: 's1' }, state: 'read', reason: null } as const
  const toMe = received({ conversation: bob })

  it('in a chat of two means on another device of ours, whichever comes first', () => {
    for (const frames of [
      [toMe, told],
      [told, toMe],
    ]) {
      const store = memoryStore()
      store.ingest(
        frames.map((event) => frame(event)),
        now,
      )
      expect(store.snapshot().conversations.find(({ id }) => id === bobId)).toMatchObject({ unread: 0 })
    }
  })

  it('in a group says nothing of us, nor does that it was delivered', () => {
    const store = memoryStore()
    store.ingest([frame(received()), frame(told)], now)
    store.ingest(
      [
        frame(received({ conversation: bob, serverId: 's2' })),
        frame({ ...told, target: { serverId: 's2' }, state: 'delivered' }),
      ],
      now,
    )
    expect(store.snapshot().conversations.map(({ unread }) => unread)).toEqual([1, 1])
  })
})
