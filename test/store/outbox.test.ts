import { describe, expect, it } from 'vitest'
import type { QueuedCommand } from '#common/domain/commands.ts'
import type { OpenAccountStore } from '#electron/adapters/sqlite/accountStore.ts'
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
  send,
  team,
  teamId,
  texts,
  timeline,
  unwrap,
} from './support.ts'

function ready(): OpenAccountStore {
  const store = memoryStore()
  store.openConversation(team, now)
  store.openConversation(bob, now)
  return store
}

const heads = (store: OpenAccountStore, busy: string[] = []) => store.outboxHeads(busy, 100)
const said = ({ command }: { command: QueuedCommand }) =>
  command.type === 'message.send' && command.content.kind === 'text' ? command.content.text : command.type

function echo(clientId: string, facts: Parameters<typeof received>[0] = {}) {
  return frame(received({ senderId: self, clientId, serverId: `s-${clientId}`, text: clientId.slice(2), ...facts }))
}

describe('sending', () => {
  it('writes message and queue entry at once, with the server’s names for the conversation', () => {
    const store = ready()
    store.ingest(
      [frame({ type: 'conversation.known', conversation: { ...bob, remoteId: 'conv-7' }, title: null, members: null })],
      now,
    )
    const { value, changes } = unwrap(
      store.send({ conversationId: bobId, content: { kind: 'text', text: 'hi' }, clientId: 'c1', at: now }),
    )
    expect(changes?.messages).toMatchObject([
      {
        id: value.messageId,
        clientId: 'c1',
        outgoing: true,
        state: 'sending',
        proof: null,
        serverTime: null,
        unread: false,
      },
    ])
    expect(changes?.conversations).toMatchObject([{ id: bobId, last: { text: 'hi', state: 'sending' }, activeAt: now }])
    expect(heads(store)).toEqual([
      {
        id: 1,
        lane: bobId,
        command: {
          type: 'message.send',
          clientId: 'c1',
          conversation: { ...bob, remoteId: 'conv-7' },
          content: { kind: 'text', text: 'hi' },
          composedAt: now,
        },
        attempts: 0,
        firstWrittenAt: null,
        triedMs: 0,
      },
    ])
  })

  it('refuses what cannot go out, with the reason', () => {
    const store = ready()
    const attempt = (text: string, conversationId = teamId) =>
      store.send({ conversationId, content: { kind: 'text', text }, clientId: 'x', at: now })
    expect(attempt('hi', 'group:none')).toMatchObject({ error: { code: 'conversation.unknown' } })
    expect(attempt(' \n ')).toMatchObject({ error: { code: 'input.empty' } })
    expect(attempt('𠮷'.repeat(2001))).toMatchObject({
      error: { code: 'input.tooLong', data: { limit: 2000, length: 2001 } },
    })
    expect(attempt('𠮷'.repeat(2000)).ok).toBe(true)
    expect(store.outboxSize()).toBe(1)
  })

  it('asked twice with one client id sends once', () => {
    const store = ready()
    const first = send(store, 'hi')
    expect(send(store, 'hi')).toBe(first)
    expect(store.outboxSize()).toBe(1)
  })
})

describe('lanes', () => {
  it('each show their oldest entry, in the order of the queue, but busy ones', () => {
    const store = ready()
    send(store, 't1')
    send(store, 'b1', { conversationId: bobId })
    send(store, 't2')
    expect(heads(store).map(said)).toEqual(['t1', 'b1'])
    expect(heads(store, [teamId]).map(said)).toEqual(['b1'])
    expect(store.outboxHeads([], 1).map(said)).toEqual(['t1'])
    store.outboxSettle(1, 'receipt', now)
    expect(heads(store).map(said)).toEqual(['b1', 't2'])
  })

  it('tell how often and since when an entry was written, and give it as it is now', () => {
    const store = ready()
    const id = send(store, 'one')
    unwrap(store.edit(id, 'one and more', now))
    expect(store.outboxWritten(1, now + 5)).toMatchObject({
      attempts: 1,
      firstWrittenAt: now + 5,
      command: { content: { text: 'one and more' } },
    })
    store.outboxWritten(1, now + 9)
    expect(heads(store)).toMatchObject([{ attempts: 2, firstWrittenAt: now + 5 }])
  })

  it('give nothing to write for an entry that was taken back', () => {
    const store = ready()
    const id = send(store, 'one')
    unwrap(store.cancel(id))
    expect(store.outboxWritten(1, now)).toBeNull()
  })

  it('keep an edit back until its message has a server id or is settled', () => {
    const store = ready()
    const id = send(store, 'one')
    store.outboxWritten(1, now)
    unwrap(store.edit(id, 'two', now))
    send(store, 'next')
    expect(heads(store).map(said)).toEqual(['one'])
    store.outboxSettle(1, 'receipt', now)
    expect(heads(store)[0]?.command).toEqual({
      type: 'message.edit',
      target: { clientId: 'c-one' },
      text: 'two',
      reason: '',
      composedAt: now,
    })
    store.ingest([echo('c-one', { text: 'one' })], now)
    expect(heads(store)[0]?.command).toMatchObject({ target: { serverId: 's-c-one', clientId: 'c-one' } })
  })
})

describe('proof', () => {
  it('by echo takes over the server’s facts and settles the entry', () => {
    const store = ready()
    send(store, 'one')
    const { value } = store.ingest([echo('c-one', { sequence: '12', serverTime: now + 3, state: 'delivered' })], now)
    expect(value).toEqual({ settled: [1], proved: [1], proofs: ['echo'], groups: null })
    expect(timeline(store)).toMatchObject([
      {
        serverId: 's-c-one',
        sequence: '12',
        serverTime: now + 3,
        state: 'delivered',
        proof: 'echo',
        position: { sequence: '12' },
      },
    ])
    expect(store.outboxSize()).toBe(0)
    expect(store.ingest([echo('c-one', { sequence: '12', serverTime: now + 3 })], now)).toMatchObject({
      value: { settled: [], proofs: ['echo'] },
      changes: null,
    })
  })

  it.each([
    ['comes back as one taken back', echo('c-one', { recalled: true })],
    [
      'is taken back',
      frame({
        type: 'message.recalled',
        target: { clientId: 'c-one', serverId: 's9' },
        by: self,
        at: null,
        reason: null,
      }),
    ],
  ])('by a message that %s settles the entry, and teaches nothing of how the next is proved', (_, event) => {
    const store = ready()
    send(store, 'one')
    const { value } = store.ingest([event], now)
    expect(value).toMatchObject({ settled: [1], proved: [], proofs: [] })
    expect(store.outboxSize()).toBe(0)
  })

  it('by status event moves the state forward only', () => {
    const store = ready()
    send(store, 'one')
    const status = (state: 'sent' | 'delivered' | 'read' | 'failed') =>
      frame({ type: 'message.status', target: { clientId: 'c-one', serverId: 's9' }, state, reason: null })
    expect(store.ingest([status('read')], now).value).toMatchObject({ settled: [1], proofs: ['status'] })
    expect(timeline(store)).toMatchObject([{ serverId: 's9', state: 'read', proof: 'status' }])
    expect(store.ingest([status('delivered'), status('failed'), status('sent')], now).changes).toBeNull()
  })

  it('comes too when the server echoes without the client id first', () => {
    const store = ready()
    send(store, 'one')
    store.ingest([frame(received({ senderId: self, serverId: 's9', sequence: '3', text: 'one' }))], now)
    expect(timeline(store)).toHaveLength(2)
    const { value } = store.ingest(
      [frame({ type: 'message.status', target: { clientId: 'c-one', serverId: 's9' }, state: 'sent', reason: null })],
      now,
    )
    expect(value.settled).toEqual([1])
    expect(timeline(store)).toMatchObject([{ clientId: 'c-one', serverId: 's9', sequence: '3', state: 'sent' }])
    expect(store.verify().value.repaired).toBe(0)
  })

  it('shows the words as the server has them', () => {
    const store = ready()
    send(store, 'one')
    store.ingest([echo('c-one', { text: 'ONE' })], now)
    expect(texts(store)).toEqual(['ONE'])
  })
})

describe('refusal', () => {
  const refuse = frame({ type: 'message.status', target: { clientId: 'c-one' }, state: 'failed', reason: 'blocked' })

  it('fails the message with the server’s words and empties its place in the queue', () => {
    const store = ready()
    send(store, 'one')
    expect(store.ingest([refuse], now).value).toMatchObject({ settled: [1], proofs: [] })
    expect(timeline(store)).toMatchObject([
      { state: 'failed', problem: { code: 'message.refused', detail: 'blocked' } },
    ])
    expect(store.outboxSize()).toBe(0)
  })

  it('is outranked by a late proof', () => {
    const store = ready()
    send(store, 'one')
    store.ingest([refuse, echo('c-one')], now)
    expect(timeline(store)).toMatchObject([{ state: 'sent', problem: null, proof: 'echo' }])
    expect(store.ingest([refuse], now).changes).toBeNull()
  })

  it('can be tried again under the old number, before what was queued later', () => {
    const store = ready()
    const id = send(store, 'one')
    send(store, 'two')
    store.outboxWritten(1, now)
    store.outboxFail(1, { code: 'message.gaveUp' }, now)
    expect(timeline(store)[0]).toMatchObject({ state: 'failed', problem: { code: 'message.gaveUp', detail: null } })
    expect(heads(store).map(said)).toEqual(['two'])
    unwrap(store.retry(id, now))
    expect(heads(store)).toMatchObject([{ id: 1, attempts: 1, firstWrittenAt: null, command: { clientId: 'c-one' } }])
    expect(texts(store)).toEqual(['one', 'two'])
    expect(timeline(store)[0]).toMatchObject({ state: 'sending', problem: null })
  })

  it('of a message that was edited meanwhile leaves new words that nobody has seen others of', () => {
    const store = ready()
    const id = send(store, 'one')
    store.outboxWritten(1, now)
    unwrap(store.edit(id, 'two', now))
    store.ingest([refuse], now)
    expect(timeline(store)).toMatchObject([{ state: 'failed', content: { text: 'two' }, edited: null }])
    unwrap(store.retry(id, now))
    expect(heads(store).map(said)).toEqual(['two'])
  })

  it('settles without proving', () => {
    const store = ready()
    send(store, 'one')
    send(store, 'two')
    const { settled, proved } = store.ingest([refuse, echo('c-two')], now).value
    expect({ settled, proved }).toEqual({ settled: [1, 2], proved: [2] })
  })

  it('of an edit shows the former words and why', () => {
    const store = ready()
    const id = send(store, 'one')
    store.ingest([echo('c-one')], now)
    unwrap(store.edit(id, 'two', now))
    expect(timeline(store)).toMatchObject([{ content: { text: 'two' }, edited: { at: null } }])
    store.outboxFail(2, { code: 'message.refused', detail: 'too late' }, now)
    expect(timeline(store)).toMatchObject([
      {
        content: { text: 'one' },
        edited: null,
        state: 'sent',
        problem: { code: 'message.refused', detail: 'too late' },
      },
    ])
  })
})

describe('edit, recall and cancel', () => {
  it('of what was never written stay here', () => {
    const store = ready()
    const one = send(store, 'one')
    const two = send(store, 'two')
    const three = send(store, 'three')
    unwrap(store.edit(one, 'one!', now))
    unwrap(store.recall(two, now))
    unwrap(store.cancel(three))
    expect(texts(store)).toEqual(['one!'])
    expect(timeline(store)[0]?.edited).toBeNull()
    expect(heads(store)).toMatchObject([{ command: { content: { text: 'one!' } } }])
    expect(store.outboxSize()).toBe(1)
  })

  it('of what was written is refused for cancel, and queued for the others', () => {
    const store = ready()
    const id = send(store, 'one')
    store.outboxWritten(1, now)
    expect(store.cancel(id)).toMatchObject({ ok: false })
    unwrap(store.recall(id, now))
    unwrap(store.recall(id, now))
    expect(store.outboxSize()).toBe(2)
    store.ingest([echo('c-one')], now)
    expect(heads(store).map(said)).toEqual(['message.recall'])
    const { value } = store.ingest([frame(recalled('s-c-one'))], now)
    expect(value).toMatchObject({ settled: [2], proofs: ['echo'] })
    expect(timeline(store)).toMatchObject([{ recalled: { at: now }, content: { text: 'one' } }])
  })

  it('replace an edit that has not gone out yet', () => {
    const store = ready()
    const id = send(store, 'one')
    store.ingest([echo('c-one')], now)
    unwrap(store.edit(id, 'two', now))
    unwrap(store.edit(id, 'three', now))
    expect(store.outboxSize()).toBe(1)
    expect(heads(store)).toMatchObject([{ id: 2, command: { text: 'three' } }])
    expect(store.ingest([frame(edited('s-c-one', 'three', { at: now + 9 }))], now).value.settled).toEqual([2])
    expect(timeline(store)).toMatchObject([{ content: { text: 'three' }, edited: { at: now + 9 } }])
  })

  it('settled by a receipt alone show what they meant', () => {
    const store = ready()
    const id = send(store, 'one')
    store.ingest([echo('c-one')], now)
    unwrap(store.recall(id, now))
    store.outboxSettle(2, 'receipt', now)
    expect(timeline(store)).toMatchObject([{ recalled: { at: null, by: self } }])
  })

  it('are for our own messages only', () => {
    const store = ready()
    store.ingest([frame(received())], now)
    const id = timeline(store)[0]?.id ?? 0
    expect(store.edit(id, 'x', now)).toMatchObject({ error: { code: 'message.notYours' } })
    expect(store.recall(id, now)).toMatchObject({ error: { code: 'message.notYours' } })
    expect(store.edit(999, 'x', now)).toMatchObject({ error: { code: 'message.unknown' } })
  })

  it('are refused for a recalled message and for words that are no message', () => {
    const store = ready()
    const id = send(store, 'one')
    store.ingest([echo('c-one')], now)
    expect(store.edit(id, ' ', now)).toMatchObject({ error: { code: 'input.empty' } })
    store.ingest([frame(recalled('s-c-one'))], now)
    expect(store.edit(id, 'x', now)).toMatchObject({ error: { code: 'message.recalled' } })
  })
})

describe('deleting for us', () => {
  it('hides the row at once and tells the server where it wants to know', () => {
    const store = ready()
    store.ingest([frame(received()), frame(received({ serverId: 's2', serverTime: now + 1 }))], now)
    const [first, second] = timeline(store).map(({ id }) => id)
    unwrap(store.deleteForMe(first ?? 0, true, now))
    unwrap(store.deleteForMe(second ?? 0, false, now))
    expect(timeline(store)).toEqual([])
    expect(heads(store).map(({ command }) => command)).toEqual([
      { type: 'message.deleteForMe', target: { serverId: 's1' }, composedAt: now },
    ])
    expect(store.snapshot().conversations.find(({ id }) => id === teamId)).toMatchObject({ unread: 0, last: null })
  })

  it('does not stop a message that is on its way, whose words go out whole', () => {
    const store = ready()
    const id = send(store, 'one')
    store.outboxWritten(1, now)
    unwrap(store.deleteForMe(id, true, now))
    expect(timeline(store)).toEqual([])
    expect(heads(store)).toMatchObject([{ command: { content: { text: 'one' } } }])
    store.ingest([echo('c-one')], now)
    expect(heads(store).map(said)).toEqual(['message.deleteForMe'])
  })
})

describe('what administrators allow', () => {
  const policy = (eventId: string, at: number, facts: { maxMessageLength?: number; readOnly?: boolean }) =>
    frame({
      type: 'policy.changed',
      eventId,
      maxMessageLength: null,
      fileUploadLimit: null,
      readOnly: null,
      changedBy: 'root',
      reason: 'why',
      at,
      ...facts,
    })

  it('never holds a message without saying why, nor one that was edited to fit', () => {
    const store = ready()
    const id = send(store, 'much too long')
    store.outboxWritten(1, now)
    store.ingest([policy('p1', 10, { maxMessageLength: 8 })], now)
    expect(timeline(store)).toMatchObject([{ problem: { code: 'input.tooLong' } }])
    unwrap(store.edit(id, 'short', now))
    expect(timeline(store)).toMatchObject([{ state: 'sending', problem: null }])
    expect(heads(store)).toMatchObject([{ id: 1 }])
  })

  it('takes effect at once: what no longer fits waits with a reason, nothing is cut, others go past it', () => {
    const store = ready()
    send(store, 'a long message')
    send(store, 'short')
    const { changes } = store.ingest([policy('p1', 10, { maxMessageLength: 8 })], now)
    expect(changes?.policy).toMatchObject({ maxMessageLength: 8, readOnly: false, changedBy: 'root', reason: 'why' })
    expect(timeline(store)).toMatchObject([
      { state: 'sending', problem: { code: 'input.tooLong' }, content: { text: 'a long message' } },
      { problem: null },
    ])
    expect(heads(store).map(said)).toEqual(['short'])
    store.ingest([policy('p2', 20, { maxMessageLength: 100 })], now)
    expect(heads(store).map(said)).toEqual(['a long message'])
    expect(timeline(store)[0]?.problem).toBeNull()
  })

  it('frees a waiting message that is shortened', () => {
    const store = ready()
    const id = send(store, 'a long message')
    store.ingest([policy('p1', 10, { maxMessageLength: 8 })], now)
    unwrap(store.edit(id, 'shorter', now))
    expect(heads(store).map(said)).toEqual(['shorter'])
    expect(timeline(store)[0]?.problem).toBeNull()
  })

  it('can be that nothing may be sent', () => {
    const store = ready()
    send(store, 'one')
    store.ingest([policy('p1', 10, { readOnly: true })], now)
    expect(heads(store)).toEqual([])
    expect(
      store.send({ conversationId: teamId, content: { kind: 'text', text: 'x' }, clientId: 'x', at: now }),
    ).toMatchObject({ error: { code: 'message.readOnly' } })
    store.ingest([policy('p2', 20, { readOnly: false })], now)
    expect(heads(store).map(said)).toEqual(['one'])
  })

  it('is, field by field, what the latest event says, in whatever order the events come', () => {
    const events = [
      policy('p1', 10, { maxMessageLength: 8 }),
      policy('p2', 20, { readOnly: true }),
      policy('p3', 30, { maxMessageLength: 9 }),
    ]
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0, 1, 0],
    ]) {
      const store = ready()
      for (const index of order) store.ingest(events.slice(index, index + 1), now)
      expect(store.snapshot().policy).toMatchObject({ maxMessageLength: 9, readOnly: true })
    }
  })

  it('ends with our membership, and returns with it', () => {
    const store = ready()
    send(store, 'one')
    const change = (eventId: string, kind: 'joined' | 'removed', at: number) =>
      frame({
        type: 'conversation.membership',
        eventId,
        conversation: team,
        userId: self,
        change: kind,
        role: null,
        by: 'root',
        at,
      })
    expect(store.ingest([change('e1', 'removed', 10)], now).value.groups).toEqual([])
    expect(heads(store)).toEqual([])
    expect(
      store.send({ conversationId: teamId, content: { kind: 'text', text: 'x' }, clientId: 'x', at: now }),
    ).toMatchObject({ error: { code: 'message.notMember' } })
    expect(store.ingest([change('e2', 'joined', 20)], now).value.groups).toEqual(['team'])
    expect(heads(store).map(said)).toEqual(['one'])
  })
})
