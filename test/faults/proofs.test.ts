/** What becomes of a message when the word that the server has it goes missing, comes twice, late, or for another. */
import { describe, expect } from 'vitest'
import type { Message } from '#common/domain/message.ts'
import { im2Queues } from '#test/server/im2Events.ts'
import { im2Status, im2Type } from '#test/server/im2Envelope.ts'
import { headerOf } from '#test/server/stompCodec.ts'
import type { DialectName } from '#test/server/types.ts'
import { wholeRun } from './fault.ts'
import { type Rig, type RigClient, rigFault, settled } from './rig.ts'

/** A client that waits seconds for a proof does so in parts of them. */
const speed = 20
/** Where one dialect adds nothing to the other, both only in the whole run. */
const oneOf = (dialect: DialectName): readonly DialectName[] => (wholeRun ? ['im2', 'xuqm'] : [dialect])
const people = ['bob', 'sofia', 'lin.mei', 'chen.yu'] as const

/** The server has each text once, whatever came how often. */
function expectOnce(rig: Rig, texts: readonly string[]): void {
  const rows = rig.server.messages(rig.dialect)
  const counts = texts.map((text) => rows.filter(({ content }) => content.includes(`${text}.`)).length)
  expect(counts).toEqual(texts.map(() => 1))
}

const repeated = (rig: Rig): number =>
  rig.server.messages(rig.dialect).reduce((sum, { duplicates }) => sum + duplicates, 0)

const states = (messages: readonly Message[]): string[] => messages.map(({ state }) => state)

/** Once the server has shown how it acknowledges, a missing acknowledgement means something. */
async function acquainted(rig: Rig): Promise<{ alice: RigClient; chat: string }> {
  const alice = await rig.client('alice', { speed })
  await alice.reaches('online')
  const chat = await alice.opens({ person: 'bob' })
  await alice.says(chat, 'how do you do.')
  await settled(alice, 150)
  return { alice, chat }
}

describe('an acknowledgement that is lost', () => {
  rigFault(
    'F10',
    'the same id goes out again, one row on each side',
    { dialects: oneOf('im2') },
    async (rig, notes) => {
      const { alice, chat } = await acquainted(rig)
      const bob = await rig.client('bob', { direct: true, speed })
      await bob.reaches('online')
      rig.server.control.dropAcks({ userId: 'alice', count: 2 })
      const texts = ['one', 'two', 'three']
      for (const text of texts) await alice.says(chat, `${text}.`)
      await settled(alice, 150)
      expect(repeated(rig)).toBe(2)
      expectOnce(rig, texts)
      expect(await alice.reads(chat)).toHaveLength(4)
      expect(await bob.reads('direct:alice')).toHaveLength(4)
      notes.add(`${repeated(rig)} repetitions`)
    },
  )

  rigFault('F10', 'the link breaks before any word of it', { dialects: oneOf('xuqm') }, async (rig) => {
    const { alice, chat } = await acquainted(rig)
    rig.server.control.dropAcks({ userId: 'alice', count: 1 })
    // What the sync would bring: the greeting once more, and this one's echo.
    rig.server.control.dropPushes({ userId: 'alice', count: 2, lost: true })
    await alice.says(chat, 'unheard.')
    await expect.poll(() => rig.server.messages(rig.dialect)).toHaveLength(2)
    rig.proxy.reset()
    await alice.says(chat, 'and the next.')
    await expect.poll(() => alice.store.outboxSize()).toBe(0)
    expectOnce(rig, ['unheard', 'and the next'])
    expect(repeated(rig)).toBe(1)
  })

  rigFault('F10', 'restarted before any word of it', { dialects: oneOf('im2') }, async (rig) => {
    const { alice, chat } = await acquainted(rig)
    rig.server.control.dropAcks({ userId: 'alice', count: 1 })
    await alice.says(chat, 'before the restart.')
    await expect.poll(() => rig.server.messages(rig.dialect)).toHaveLength(2)
    const again = await alice.restart()
    await expect.poll(() => again.store.outboxSize()).toBe(0)
    expectOnce(rig, ['before the restart'])
    // The sync brings its echo before the queue goes out: nothing is sent twice without cause.
    expect(repeated(rig)).toBe(0)
  })

  rigFault(
    'F10',
    'messages and acknowledgements lost at random',
    { whole: true, timeoutMs: 180_000 },
    async (rig, notes) => {
      const { alice } = await acquainted(rig)
      const { control } = rig.server
      const chats = await Promise.all(people.map((person) => alice.opens({ person })))
      const texts = Array.from({ length: 200 }, (_, n) => `number ${n}`)
      for (const text of texts) {
        const dice = rig.random()
        if (dice < 0.15) control.dropAcks({ userId: 'alice', count: 1 })
        else if (dice < 0.3) control.loseSends({ userId: 'alice', count: 1 })
        else if (dice < 0.32) rig.proxy.reset()
        await alice.says(chats[Math.floor(rig.random() * chats.length)] ?? '', `${text}.`)
      }
      await expect.poll(() => alice.store.outboxSize(), { timeout: 150_000 }).toBe(0)
      expectOnce(rig, texts)
      notes.add(`${repeated(rig)} repetitions of ${texts.length}`)
    },
  )
})

describe('acknowledgements that come as they like', () => {
  rigFault('F11', 'each three times', { dialects: oneOf('im2') }, async (rig) => {
    const { alice, chat } = await acquainted(rig)
    rig.server.control.doublePushes({ userId: 'alice', count: 1000, times: 3 })
    for (let n = 0; n < 5; n++) await alice.says(chat, `number ${n}.`)
    await settled(alice, 150)
    expect(await alice.reads(chat)).toHaveLength(6)
    expect(repeated(rig)).toBe(0)
  })

  rigFault('F11', 'in another order than the messages', { dialects: oneOf('xuqm') }, async (rig) => {
    const { alice } = await acquainted(rig)
    const chats = await Promise.all(people.map((person) => alice.opens({ person })))
    rig.server.control.reorderPushes({ userId: 'alice', window: people.length, seed: rig.seed })
    for (let round = 0; round < 3; round++) {
      for (const [n, chat] of chats.entries()) await alice.says(chat, `round ${round} of ${people[n] ?? ''}.`)
      await expect.poll(() => alice.store.outboxSize()).toBe(0)
    }
    expectOnce(
      rig,
      people.flatMap((person) => [0, 1, 2].map((round) => `round ${round} of ${person}`)),
    )
  })

  rigFault('F11', 'of messages nobody sent, of edits and of nothing at all', {}, async (rig) => {
    const { alice, chat } = await acquainted(rig)
    const { control } = rig.server
    const before = await alice.reads(chat)
    if (rig.dialect === 'im2') {
      for (const status of [im2Status.sent, im2Status.delivered, im2Status.read, im2Status.failed]) {
        control.event({
          type: im2Type.messageStatusChange,
          destination: im2Queues.messageStatus,
          content: { messageId: `m-${rig.seed}`, clientMessageId: 'never-sent', status, timestamp: Date.now() },
        })
      }
      control.event({ type: im2Type.messageStatusChange, destination: im2Queues.messageStatus, content: { status: 3 } })
    } else {
      control.pushJson({ json: { id: `m-${rig.seed}`, status: 'READ' } })
      control.pushJson({
        json: { id: `m-${rig.seed}`, fromId: 'alice', toId: 'bob', chatType: 'SINGLE', status: 'FAILED' },
      })
      control.pushJson({ json: { status: 'SENT' } })
    }
    for (const id of ['out-1-1', 'out-999-1', '', 'out-0-0']) {
      control.frame({ command: 'RECEIPT', headers: [['receipt-id', id]] })
    }
    await alice.says(chat, 'after all that.')
    await expect.poll(() => alice.store.outboxSize()).toBe(0)
    const after = await alice.reads(chat)
    expect(states(after.slice(0, before.length))).toEqual(states(before))
    expect(after).toHaveLength(2)
    expect(alice.session.connection.state).toBe('online')
  })

  rigFault(
    'F11',
    'receipts doubled, and of another message than the one in flight',
    { dialects: oneOf('xuqm'), receipts: true },
    async (rig) => {
      const { alice, chat } = await acquainted(rig)
      const { control } = rig.server
      const receipts = (): string[] =>
        control.wire().flatMap(({ frame }) => {
          const id = frame.command === 'SEND' ? headerOf(frame, 'receipt') : undefined
          return id === undefined ? [] : [id]
        })
      control.recordWire(true)
      await alice.says(chat, 'signed for.')
      await expect.poll(() => alice.store.outboxSize()).toBe(0)
      const [first] = receipts()
      if (first === undefined) throw new Error('no receipt was asked for')
      // The next is lost on its way; old receipts that come again must not stand for it.
      control.loseSends({ userId: 'alice', count: 1 })
      await alice.says(chat, 'lost on its way.')
      await expect.poll(() => receipts().length).toBe(2)
      for (let n = 0; n < 3; n++) control.frame({ command: 'RECEIPT', headers: [['receipt-id', first]] })
      await expect.poll(() => rig.server.messages(rig.dialect)).toHaveLength(3)
      await expect.poll(() => alice.store.outboxSize()).toBe(0)
      expectOnce(rig, ['signed for', 'lost on its way'])
    },
  )
})
