/**
 * The promise of ingest as properties: any order and any repetition of the same events ends in the same rows, and what
 * is derived always equals its recount.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DeliveryState, advance, deliveryStates } from '#common/domain/delivery.ts'
import type { Inbound, ServerEvent } from '#common/domain/events.ts'
import type { OpenAccountStore } from '#electron/adapters/sqlite/accountStore.ts'
import {
  bob,
  bobId,
  edited,
  frame,
  memoryStore,
  now,
  received,
  self,
  send,
  team,
  teamId,
  timeline,
  unwrap,
} from './support.ts'

const ownSends = 3
/** More of them, for a long look: `PROPERTY_RUNS=5000`. */
const more = process.env['PROPERTY_RUNS']
const runs = (usual: number) => ({ numRuns: more === undefined ? usual : Number(more) })
const patience = more === undefined ? 60_000 : 3_600_000

/** Everything anybody can see, without the numbers that count changes and rows. */
function canonical(store: OpenAccountStore): unknown {
  const { conversations, people, notices, policy } = store.snapshot()
  const rows = conversations.flatMap(({ id }) => timeline(store, id))
  const nameOf = new Map(rows.map((row) => [row.id, row.position.id]))
  return {
    rows: rows.map(({ id: _, revision: __, ...row }) => row),
    conversations: conversations
      .map(({ revision: _, last, ...conversation }) => ({
        ...conversation,
        members: conversation.members.toSorted((a, b) => (a.userId < b.userId ? -1 : 1)),
        last: last && { ...last, messageId: nameOf.get(last.messageId) },
      }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
    holes: [teamId, bobId].map((id) => {
      const page = store.page(id, { at: 'newest' }, 1)
      return page.ok ? page.value.holes : null
    }),
    people: people.map(({ revision: _, ...person }) => person),
    notices: notices.map(({ revision: _, ...notice }) => notice),
    policy: { ...policy, revision: 0 },
  }
}

/** What a server has to tell: each message is told of in the same words whenever it comes. */
const story: fc.Arbitrary<ServerEvent[]> = fc
  .record({
    messages: fc.array(
      fc.record({
        sequence: fc.option(fc.integer({ min: 1, max: 20 })),
        time: fc.integer({ min: 0, max: 15 }),
        sender: fc.constantFrom('bob', 'carol', self),
        direct: fc.boolean(),
        mention: fc.boolean(),
        clientId: fc.boolean(),
      }),
      { maxLength: 7 },
    ),
    own: fc.array(
      fc.record({
        echoed: fc.boolean(),
        nameless: fc.boolean(),
        status: fc.option(fc.constantFrom<DeliveryState>('sent', 'delivered', 'read', 'failed')),
        time: fc.integer({ min: 0, max: 15 }),
        sequence: fc.option(fc.integer({ min: 21, max: 30 })),
        changed: fc.boolean(),
      }),
      { minLength: ownSends, maxLength: ownSends },
    ),
    operations: fc.array(
      fc.record({
        type: fc.constantFrom('edit', 'edit', 'recall', 'delete', 'pin'),
        target: fc.nat({ max: 9 }),
        at: fc.option(fc.nat({ max: 3 })),
        sequence: fc.option(fc.nat({ max: 3 })),
        text: fc.constantFrom('x', 'y', 'z'),
      }),
      { maxLength: 8 },
    ),
    members: fc.array(
      fc.record({
        userId: fc.constantFrom('bob', 'carol', self),
        change: fc.constantFrom('joined' as const, 'left' as const, 'removed' as const),
        at: fc.nat({ max: 5 }),
      }),
      { maxLength: 4 },
    ),
    presence: fc.array(fc.record({ online: fc.boolean(), at: fc.nat({ max: 3 }) }), { maxLength: 3 }),
    policies: fc.array(fc.record({ max: fc.option(fc.integer({ min: 1, max: 9 })), at: fc.nat({ max: 3 }) }), {
      maxLength: 3,
    }),
  })
  .map(({ messages, own, operations, members, presence, policies }) => {
    const events: ServerEvent[] = []
    messages.forEach(({ sequence, time, sender, direct, mention, clientId }, index) => {
      events.push(
        received({
          conversation: direct ? bob : team,
          serverId: `m${index}`,
          clientId: clientId ? `k${index}` : null,
          senderId: sender,
          sequence: sequence === null ? null : String(sequence),
          serverTime: now + time,
          content: { kind: 'text', text: `m${index}`, ...(mention && { mentions: [self] }) },
        }),
      )
    })
    own.forEach(({ echoed, nameless, status, time, sequence, changed }, index) => {
      const told = received({
        senderId: self,
        serverId: `m${index + 7}`,
        clientId: `c-own${index}`,
        sequence: sequence === null ? null : String(sequence),
        serverTime: now + time,
        text: changed ? `OWN${index}` : `own${index}`,
      })
      const target = { serverId: `m${index + 7}`, clientId: `c-own${index}` }
      if (echoed) events.push(told)
      if (echoed && nameless) events.push({ ...told, clientId: null })
      if (status !== null && (echoed || status === 'failed')) {
        events.push({
          type: 'message.status',
          target: echoed ? target : { clientId: `c-own${index}` },
          state: status,
          reason: 'r',
        })
      }
    })
    for (const { type, target, at, sequence, text } of operations) {
      const serverId = `m${target}`
      // What the server says of a message of ours that it never shows has no place to stand.
      if (target >= 7 && own[target - 7]?.echoed !== true) continue
      if (type === 'edit')
        events.push(edited(serverId, text, { at, sequence: sequence === null ? null : String(sequence) }))
      else if (type === 'recall')
        events.push({ type: 'message.recalled', target: { serverId }, by: text, reason: null, at })
      else if (type === 'delete') events.push({ type: 'message.deleted', target: { serverId } })
      else events.push({ type: 'message.pinned', target: { serverId }, pinned: true })
    }
    members.forEach(({ userId, change, at }, index) => {
      events.push({
        type: 'conversation.membership',
        eventId: `e${index}`,
        conversation: team,
        userId,
        change,
        role: null,
        by: null,
        at,
      })
    })
    for (const { online, at } of presence) events.push({ type: 'person.presence', userId: 'bob', online, at })
    policies.forEach(({ max, at }, index) => {
      events.push({
        type: 'policy.changed',
        eventId: `p${index}`,
        maxMessageLength: max,
        fileUploadLimit: null,
        readOnly: null,
        changedBy: `r${index}`,
        reason: null,
        at,
      })
    })
    return events
  })

/** The story, and the same told otherwise: shuffled, repeated, in batches of any size. */
const tellings = story.chain((events) =>
  fc.record({
    events: fc.constant(events),
    otherwise: fc
      .tuple(
        fc.shuffledSubarray(events, { minLength: events.length, maxLength: events.length }),
        events.length === 0 ? fc.constant([]) : fc.array(fc.constantFrom(...events), { maxLength: 12 }),
      )
      .chain(([all, again]) => fc.shuffledSubarray([...all, ...again], { minLength: all.length + again.length })),
    batches: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 }),
  }),
)

function started(): OpenAccountStore {
  const store = memoryStore()
  store.openConversation(team, now)
  for (let index = 0; index < ownSends; index++) send(store, `own${index}`)
  return store
}

function tell(store: OpenAccountStore, events: readonly ServerEvent[], batches: readonly number[]): void {
  let told = 0
  for (let batch = 0; told < events.length; batch++) {
    const size = batches[batch % batches.length] ?? 1
    const frames: Inbound[] = events.slice(told, told + size).map((event) => frame(event))
    const { asOf } = store.snapshot()
    const { changes } = store.ingest(frames, now)
    expect(store.snapshot().asOf).toBe(changes === null ? asOf : asOf + 1)
    if (changes !== null) expect(changes.number).toBe(asOf + 1)
    told += size
  }
}

describe('any order and any repetition of the same events', () => {
  it(
    'ends in the same rows',
    () => {
      fc.assert(
        fc.property(tellings, ({ events, otherwise, batches }) => {
          const straight = started()
          tell(straight, events, [events.length + 1])
          const crooked = started()
          tell(crooked, otherwise, batches)
          expect(canonical(crooked)).toEqual(canonical(straight))
          // Told once more, nothing is new.
          const { asOf } = crooked.snapshot()
          tell(crooked, otherwise, batches)
          expect(crooked.snapshot().asOf).toBe(asOf)
          straight.close()
          crooked.close()
        }),
        runs(60),
      )
    },
    patience,
  )

  it(
    'leaves counters, last messages and the queue as a recount would have them',
    () => {
      fc.assert(
        fc.property(tellings, fc.array(fc.nat({ max: 30 }), { maxLength: 5 }), ({ otherwise, batches }, reads) => {
          const store = started()
          otherwise.forEach((event, index) => {
            store.ingest([frame(event)], now)
            const upTo = reads[index % (batches.length + 3)]
            if (upTo !== undefined) store.markRead(teamId, upTo)
            const rows = [
              ...timeline(store, teamId),
              ...(store.page(bobId, { at: 'newest' }, 1).ok ? timeline(store, bobId) : []),
            ]
            const unread = store.snapshot().conversations.reduce((sum, conversation) => sum + conversation.unread, 0)
            expect(unread).toBe(rows.filter((row) => row.unread).length)
          })
          expect(store.verify()).toEqual({ value: { repaired: 0 }, changes: null })
          const sending = timeline(store).filter(({ state }) => state === 'sending')
          expect(store.outboxSize()).toBe(sending.length)
          store.close()
        }),
        runs(30),
      )
    },
    patience,
  )
})

describe('the delivery ladder', () => {
  it(
    'takes the highest proof, in whatever order proofs come',
    () => {
      fc.assert(
        fc.property(fc.array(fc.constantFrom(...deliveryStates), { minLength: 1, maxLength: 6 }), (states) => {
          const store = memoryStore()
          store.openConversation(team, now)
          send(store, 'one')
          for (const state of states) {
            store.ingest([frame({ type: 'message.status', target: { clientId: 'c-one' }, state, reason: null })], now)
          }
          const highest = states.reduce<DeliveryState>(advance, 'sending')
          expect(timeline(store)).toMatchObject([{ state: highest }])
        }),
        runs(40),
      )
    },
    patience,
  )
})

describe('paging', () => {
  it(
    'in steps of any size shows every message once, ties and all',
    () => {
      const facts = fc.record({
        sequence: fc.option(fc.integer({ min: 1, max: 4 })),
        time: fc.integer({ min: 0, max: 2 }),
      })
      fc.assert(
        fc.property(fc.array(facts, { maxLength: 25 }), fc.integer({ min: 1, max: 7 }), (messages, step) => {
          const store = memoryStore()
          store.openConversation(team, now)
          store.ingest(
            messages.map(({ sequence, time }, index) =>
              frame(
                received({
                  serverId: `m${index}`,
                  sequence: sequence === null ? null : String(sequence),
                  serverTime: now + time,
                }),
              ),
            ),
            now,
          )
          const whole = timeline(store).map(({ id }) => id)
          const backwards: number[] = []
          let page = unwrap(store.page(teamId, { at: 'newest' }, step))
          for (;;) {
            backwards.unshift(...page.messages.map(({ id }) => id))
            const [first] = page.messages
            if (!page.hasOlder || first === undefined) break
            page = unwrap(store.page(teamId, { at: 'before', position: first.position }, step))
          }
          expect(backwards).toEqual(whole)
          const forwards = page.messages.map(({ id }) => id)
          for (let last = page.messages.at(-1); page.hasNewer && last !== undefined; last = page.messages.at(-1)) {
            page = unwrap(store.page(teamId, { at: 'after', position: last.position }, step))
            forwards.push(...page.messages.map(({ id }) => id))
          }
          expect(forwards).toEqual(whole)
        }),
        runs(40),
      )
    },
    patience,
  )
})
