/**
 * What networks do to bytes that arrive all the same: F6 and F7. However they are cut, gathered, late or slow, the link
 * stands, every message comes once and as it was written, and nothing is said twice.
 */
import { describe, expect } from 'vitest'
import type { Notes } from './fault.ts'
import { type Directions, type Shaper, bytewise, gathered, jittered, trickled } from './proxy.ts'
import { type Rig, type RigClientOptions, rigFault, settled } from './rig.ts'
import { attempts, beatMs, quickly, talking, until } from './watch.ts'
import { type Place, mergedMessages, pausedWithin, splitMessages } from './webSocketBytes.ts'

/** Characters of one to four bytes, a mark that joins, line ends of both kinds, and what frames are made of. */
const words = (n: number): string => `${n}: aé漢字👩‍👩‍👧‍👦 e\u0301\r\ndestination:x\n\nÀ la fin 完 ${'漢'.repeat(n * 20)}`

interface Talk {
  /** Messages each way. */
  readonly count?: number
  /** Instead of what is over quickly. */
  readonly client?: RigClientOptions
  /** The shapers are there before the link is. */
  readonly before?: boolean
}

/** Both talk through the shapers; the link has to stand all the while. */
async function talkThrough(
  rig: Rig,
  shapers: Partial<Record<Directions, Shaper>>,
  { count = 8, client = {}, before = false }: Talk = {},
): Promise<void> {
  const shape = (): void => {
    for (const [directions, shaper] of Object.entries(shapers)) rig.proxy.shape(directions as Directions, shaper)
  }
  if (before) shape()
  const { alice, says, answers } = await talking(rig, client)
  shape()
  for (let n = 0; n < count; n++) {
    await says(`there ${words(n)}`)
    await answers(`back ${words(n)}`)
  }
  await settled(alice)
  expect(attempts(alice)).toBe(1)
}

const heartbeat = [beatMs, beatMs] as const
const unhurried = { heartbeatMs: 10_000, speed: 1 }

describe.concurrent('bytes cut, gathered and paused', () => {
  // In real time, with the usual heart-beats: so many pieces take their time.
  rigFault('F6', 'every byte a chunk of its own, from the first on', {}, (rig) =>
    talkThrough(rig, { both: bytewise }, { before: true, client: unhurried }),
  )

  rigFault('F6', 'every byte a message of its own', {}, (rig) =>
    talkThrough(rig, { in: splitMessages() }, { before: true, client: unhurried }),
  )

  rigFault('F6', 'chunks gathered both ways', { heartbeat }, (rig) =>
    talkThrough(rig, { in: gathered(100), out: gathered(100) }),
  )

  rigFault('F6', 'a hundred frames in one message', { heartbeat }, async (rig, notes) => {
    let most = 0
    rig.proxy.shape(
      'in',
      mergedMessages(400, (count) => {
        most = Math.max(most, count)
      }),
    )
    const { alice } = await talking(rig)
    for (let n = 0; n < 250; n++)
      rig.server.control.message({ from: 'bob', to: 'alice', text: `one of many ${n} 漢👍` })
    await until(() => most >= 100, 'a hundred frames in one')
    await settled(alice)
    notes.add(`${most} frames in one`)
    expect(attempts(alice)).toBe(1)
  })

  const pauses: readonly Place[] = ['header', 'body', 'character']
  for (const place of pauses) {
    const pause = async (rig: Rig, ms: number, count: number, client: RigClientOptions = {}): Promise<void> => {
      let [paused, pausedOut] = [0, 0]
      await talkThrough(
        rig,
        { in: pausedWithin(place, ms, () => paused++), out: pausedWithin(place, ms, () => pausedOut++) },
        { count, client },
      )
      expect(Math.min(paused, pausedOut)).toBeGreaterThanOrEqual(count)
    }
    rigFault('F6', `paused inside a ${place}, both ways`, { heartbeat }, (rig) => pause(rig, 60, 6))
    rigFault('F6', `paused for long inside a ${place}, both ways`, { whole: true, timeoutMs: 180_000 }, (rig) =>
      pause(rig, 1_500, 3, unhurried),
    )
  }
})

interface Slow {
  readonly shaper: () => Shaper
  /** Messages in each of three chats. */
  readonly count: number
  /** Instead of what is over quickly. */
  readonly client?: RigClientOptions
}

/** Three chats at once; what is waited for is not said again. */
async function slowly(rig: Rig, notes: Notes, { shaper, count, client = {} }: Slow): Promise<void> {
  const { control } = rig.server
  const { alice, bob, says, answers } = await talking(rig, client)
  const others = [await alice.opens({ person: 'sofia' }), await alice.opens({ person: 'chen.yu' })]
  rig.proxy.shape('in', shaper())
  rig.proxy.shape('out', shaper())
  control.recordWire(true)
  for (let n = 0; n < count; n++) {
    await says(`there ${n} ${'漢'.repeat(20)}`)
    for (const chat of others) await alice.says(chat, `elsewhere ${n}`)
    await answers(`back ${n}`)
  }
  await settled(alice)
  await settled(bob)
  expect(attempts(alice)).toBe(1)
  const own = control.sessions().find(({ userId }) => userId === 'alice')?.sessionId
  const said = control.wire().filter(({ session, frame }) => session === own && frame.command === 'SEND')
  const repeated = rig.server.messages(rig.dialect).filter(({ duplicates }) => duplicates > 0)
  notes.add(`${3 * count} messages in ${said.length} frames`)
  expect(repeated).toEqual([])
  // One frame for each; beside them only heart-beats of the application, whose number does not depend on messages.
  expect(said.length).toBeLessThanOrEqual(3 * count + 5)
}

describe.concurrent('a network that is late or slow', () => {
  const jitter = (rig: Rig, maxMs: number) => (): Shaper => jittered(maxMs, () => rig.random())

  rigFault('F7', 'each chunk late by up to half a heart-beat', { heartbeat }, (rig, notes) =>
    slowly(rig, notes, { shaper: jitter(rig, 500), count: 4 }),
  )

  // 1 KB a second in the time of a client that is ten times as fast.
  rigFault('F7', 'a trickle', { dialects: ['xuqm'] }, (rig, notes) =>
    slowly(rig, notes, { shaper: () => trickled(10_240), count: 4, client: quickly('xuqm') }),
  )

  const real = { whole: true, timeoutMs: 300_000 } as const
  rigFault('F7', 'each chunk late by 0 to 5 s, in real time', real, (rig, notes) =>
    slowly(rig, notes, { shaper: jitter(rig, 5_000), count: 3, client: unhurried }),
  )

  rigFault('F7', 'a trickle of 1 KB/s, in real time', real, (rig, notes) =>
    slowly(rig, notes, { shaper: () => trickled(1_024), count: 3, client: unhurried }),
  )
})
