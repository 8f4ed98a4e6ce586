/** What pushes go through on their way: doubled, out of order, missing for a while or for ever. */
import { describe, expect } from 'vitest'
import type { Hole } from '#common/domain/message.ts'
import type { DialectName } from '#test/server/types.ts'
import { wholeRun } from './fault.ts'
import { type RigClient, rigFault, settled } from './rig.ts'

const speed = 20
const oneOf = (dialect: DialectName): readonly DialectName[] => (wholeRun ? ['im2', 'xuqm'] : [dialect])
const amount = wholeRun ? 2_000 : 300

async function holes(client: RigClient, conversationId: string): Promise<readonly Hole[]> {
  const page = await client.store.page(conversationId, { at: 'newest' }, 1)
  return page.ok ? page.value.holes : []
}

const missing = (found: readonly Hole[]): number => found.reduce((sum, { count }) => sum + Number(count), 0)

describe('pushes that come as they like', () => {
  rigFault('F12', 'each three times', { dialects: oneOf('xuqm') }, async (rig) => {
    const alice = await rig.client('alice', { speed })
    await alice.reaches('online')
    rig.server.control.doublePushes({ count: amount * 2, times: 3 })
    for (let n = 0; n < amount; n++) rig.server.control.message({ from: 'bob', to: 'alice', text: `number ${n}` })
    await settled(alice)
    const { conversations } = await alice.store.snapshot()
    expect(conversations.find(({ id }) => id === 'direct:bob')?.unread).toBe(amount)
  })

  rigFault(
    'F12',
    'three times, in a window of 50, one in ten missing: holes are shown, and heal with the next connection',
    { timeoutMs: 120_000 },
    async (rig, notes) => {
      const alice = await rig.client('alice', { speed })
      await alice.reaches('online')
      const { control } = rig.server
      // Subscribing to a group brings what is owed: that has to be over.
      control.message({ from: 'zhang.wei', group: 'g-product', text: 'the first' })
      await settled(alice)
      let dropped = 0
      control.reorderPushes({ userId: 'alice', window: 50, seed: rig.seed })
      control.doublePushes({ userId: 'alice', count: 3 * amount, times: 3 })
      for (let n = 0; n < amount; n++) {
        // The first and the last of each always come: what is before and behind them is no hole.
        if (n > 1 && n < amount - 2 && rig.random() < 0.1) {
          control.dropPushes({ userId: 'alice', count: 1 })
          dropped++
        }
        control.message(
          n % 2 === 0
            ? { from: 'bob', to: 'alice', text: `number ${n}` }
            : { from: 'zhang.wei', group: 'g-product', text: `number ${n}` },
        )
      }
      control.flushPushes()
      const shown = async (): Promise<number> =>
        (await alice.store.snapshot()).conversations.reduce((sum, { unread }) => sum + unread, 0)
      await expect.poll(shown).toBe(1 + amount - dropped)
      const open = [...(await holes(alice, 'direct:bob')), ...(await holes(alice, 'group:g-product'))]
      if (rig.dialect === 'im2') expect(missing(open)).toBe(dropped)
      else expect(open).toEqual([])
      control.clearFaults()
      const told = alice.changes.length
      rig.proxy.reset()
      await expect.poll(shown).toBe(1 + amount)
      expect([...(await holes(alice, 'direct:bob')), ...(await holes(alice, 'group:g-product'))]).toEqual([])
      if (rig.dialect === 'im2') {
        // The page is told of the healing, and need not ask.
        const last = new Map(
          alice.changes.slice(told).flatMap((set) => set.holes.map((one) => [one.conversationId, one.holes])),
        )
        for (const left of last.values()) expect(left).toEqual([])
        expect(last.size).toBeGreaterThan(0)
      }
      notes.add(`${dropped} of ${amount} missing, ${open.length} holes`)
    },
  )

  rigFault(
    'F12',
    'lost for ever: the hole stays, and is as long as what is missing',
    { dialects: ['im2'] },
    async (rig) => {
      const alice = await rig.client('alice', { speed })
      await alice.reaches('online')
      const { control } = rig.server
      for (const n of [1, 2, 3, 4, 5, 6]) {
        if (n === 3 || n === 4) control.dropPushes({ userId: 'alice', count: 1, lost: true })
        const { serverId } = control.message({ from: 'bob', to: 'alice', text: `number ${n}` })
        if (n === 3 || n === 4) rig.withheld('alice', serverId)
      }
      await settled(alice)
      const expected = [expect.objectContaining({ after: '2', before: '5', count: '2' })]
      expect(await holes(alice, 'direct:bob')).toEqual(expected)
      rig.proxy.reset()
      await settled(alice)
      expect(await holes(alice, 'direct:bob')).toEqual(expected)
      const again = await alice.restart()
      await settled(again)
      expect(await holes(again, 'direct:bob')).toEqual(expected)
    },
  )
})

describe('numbers that were never given', () => {
  rigFault(
    'F13',
    'leave a hole that is shown, however long, and hold up nothing',
    { dialects: ['im2'] },
    async (rig) => {
      const alice = await rig.client('alice', { speed })
      await alice.reaches('online')
      const { control } = rig.server
      const first = control.message({ from: 'bob', to: 'alice', text: 'before the gap' })
      await settled(alice)
      control.skipSequences({ conversationId: first.conversationId, count: 7 })
      control.message({ from: 'bob', to: 'alice', text: 'after a gap of seven' })
      // More than a JavaScript number can count.
      control.skipSequences({ conversationId: first.conversationId, count: '9007199254740995' })
      const last = control.message({ from: 'bob', to: 'alice', text: 'after a gap without end' })
      const chat = await alice.opens({ person: 'bob' })
      await alice.says(chat, 'nothing is held up')
      await settled(alice)
      const gaps = [
        expect.objectContaining({ after: '1', before: '9', count: '7' }),
        expect.objectContaining({ after: '9', before: last.sequence, count: '9007199254740995' }),
      ]
      expect(await holes(alice, chat)).toEqual(gaps)
      // Nobody can be asked for them, and so they are marked as never to be filled.
      expect(alice.session.capabilities.resync).toBe(false)
      expect((await alice.session.askAgain(chat)).ok).toBe(false)
      expect((await alice.reads(chat)).map(({ content }) => 'text' in content && content.text)).toEqual([
        'before the gap',
        'after a gap of seven',
        'after a gap without end',
        'nothing is held up',
      ])
      rig.proxy.reset()
      const again = await alice.restart()
      await settled(again)
      expect(await holes(again, chat)).toEqual(gaps)
    },
  )
})
