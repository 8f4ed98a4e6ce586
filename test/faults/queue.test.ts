/** What is written without a connection: kept, changed, taken back, kept through restarts, and sent as it was meant. */
import { describe, expect } from 'vitest'
import type { DialectName } from '#test/server/types.ts'
import { wholeRun } from './fault.ts'
import { type Rig, type RigClient, rigFault } from './rig.ts'

const speed = 20
const oneOf = (dialect: DialectName): readonly DialectName[] => (wholeRun ? ['im2', 'xuqm'] : [dialect])
const amount = wholeRun ? 500 : 120
const people = ['bob', 'sofia', 'lin.mei', 'chen.yu'] as const

type Fate = 'sent' | 'edited' | 'cancelled' | 'recalled'

interface Written {
  readonly text: string
  readonly person: string
  readonly messageId: number
  fate: Fate
}

/** Texts end in a stop, so that none is the beginning of another. */
const contains = (content: string, text: string): boolean => content.includes(`${text}.`)

async function changes(client: RigClient, written: Written, fate: Fate): Promise<void> {
  const { messageId, text } = written
  const at = client.clock.now()
  const { store, session } = client
  const outcome =
    fate === 'edited'
      ? await store.edit(messageId, `changed: ${text}.`, at)
      : fate === 'recalled'
        ? await store.recall(messageId, at)
        : await store.cancel(messageId)
  if (!outcome.ok) throw new Error(`${fate}: ${outcome.error.code}`)
  session.changed(outcome.value)
  session.nudge()
  written.fate = fate
}

/** Everything the server was told, in the order of telling. */
const wireTexts = (rig: Rig): string[] =>
  rig.server.control.wire().flatMap(({ frame }) => (frame.command === 'SEND' ? [frame.body.toString()] : []))

function expectAsMeant(rig: Rig, all: readonly Written[]): void {
  const rows = rig.server.messages(rig.dialect)
  for (const person of people) {
    const meant = all.filter((one) => one.person === person && one.fate !== 'cancelled' && one.fate !== 'recalled')
    const there = rows.filter(({ receiverId, state }) => receiverId === person && state === 'normal')
    const order = there.map((row) => meant.findIndex(({ text }) => contains(row.editedContent ?? row.content, text)))
    expect(order, `order for ${person}`).toEqual(meant.map((_, index) => index))
    for (const [index, row] of there.entries()) {
      const edited = meant[index]?.fate === 'edited'
      expect((row.editedContent ?? row.content).includes('changed: '), row.content).toBe(edited)
    }
  }
  const told = wireTexts(rig)
  for (const { text, fate } of all) {
    if (fate === 'cancelled') expect(told.filter((body) => contains(body, text))).toEqual([])
  }
}

describe('what is queued without a connection', () => {
  rigFault(
    'F32',
    `${amount} messages, some edited, cancelled, recalled; restarted; online`,
    { timeoutMs: 180_000 },
    async (rig, notes) => {
      rig.server.control.recordWire(true)
      await rig.proxy.listen(false)
      let alice = await rig.client('alice', { speed })
      const chats = new Map<string, string>()
      for (const person of people) chats.set(person, await alice.opens({ person }))
      const all: Written[] = []
      for (let n = 0; n < amount; n++) {
        const person = people[Math.floor(rig.random() * people.length)] ?? 'bob'
        const text = `number ${n} to ${person}`
        const messageId = await alice.says(chats.get(person) ?? '', `${text}.`)
        all.push({ text, person, messageId, fate: 'sent' })
      }
      const change = async (part: number): Promise<void> => {
        for (const written of all) {
          const dice = rig.random()
          if (dice > part || written.fate === 'cancelled' || written.fate === 'recalled') continue
          const mayEdit = alice.session.capabilities.edit
          await changes(
            alice,
            written,
            dice < part / 3 || !mayEdit ? 'cancelled' : dice < part / 1.5 ? 'edited' : 'recalled',
          )
        }
      }
      await change(0.2)
      alice = await alice.restart()
      await change(0.1)
      alice = await alice.restart()
      await rig.proxy.listen(true)
      alice.session.tryNow()
      await expect.poll(() => alice.store.outboxSize(), { timeout: 120_000 }).toBe(0)
      expectAsMeant(rig, all)
      const count = (fate: Fate): number => all.filter((one) => one.fate === fate).length
      expect(count('cancelled')).toBeGreaterThan(0)
      notes.add(
        `${count('sent')} sent, ${count('edited')} edited, ${count('cancelled')} cancelled, ${count('recalled')} recalled`,
      )
    },
  )

  rigFault(
    'F32',
    'the link breaks again and again while the queue goes out, and more is cancelled meanwhile',
    { dialects: oneOf('im2'), timeoutMs: 180_000 },
    async (rig, notes) => {
      rig.server.control.recordWire(true)
      await rig.proxy.listen(false)
      const alice = await rig.client('alice', { speed })
      const all: Written[] = []
      for (let n = 0; n < amount; n++) {
        const person = people[n % people.length] ?? 'bob'
        const text = `number ${n} to ${person}`
        const messageId = await alice.says(await alice.opens({ person }), `${text}.`)
        all.push({ text, person, messageId, fate: 'sent' })
      }
      await rig.proxy.listen(true)
      alice.session.tryNow()
      let breaks = 0
      let refused = 0
      for (let left = amount; left > 0; left = await alice.store.outboxSize()) {
        const written = all[Math.floor(rig.random() * all.length)]
        if (written?.fate === 'sent' && rig.random() < 0.5) {
          const cancelled = await alice.store.cancel(written.messageId)
          // What has been written to the socket already is the server's.
          if (cancelled.ok) {
            alice.session.changed(cancelled.value)
            written.fate = 'cancelled'
          } else refused++
        }
        if (rig.random() < 0.1) {
          rig.proxy.reset()
          breaks++
        }
        await new Promise((resolve) => setTimeout(resolve, 20 + rig.random() * 30))
      }
      expectAsMeant(rig, all)
      notes.add(
        `${breaks} breaks, ${all.filter(({ fate }) => fate === 'cancelled').length} cancelled, ${refused} too late`,
      )
    },
  )
})
