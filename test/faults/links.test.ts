/**
 * What networks do to a link: F1 to F5. Each time the client notices within two heart-beats and a second of its own time
 * and never shows "online" for longer; it comes back by itself, and nothing is lost or doubled.
 */
import { describe, expect } from 'vitest'
import { longestAnswerMs, pingPeriodMs } from '#electron/core/watchdog.ts'
import type { Notes } from './fault.ts'
import type { Directions } from './proxy.ts'
import { type Rig, rigFault } from './rig.ts'
import { beatMs, during, isOnline, noticeWithinMs, noticing, quickly, talking, until } from './watch.ts'

const heartbeat = [beatMs, beatMs] as const
/** What `im2` clients and servers agree on. */
const usualBeatMs = 10_000
/** What a hole held back comes out when it heals, and a server must not take that for proof that all was had. */
const holed = { heartbeat, heardMarginMs: 120_000 }

/** Cuts the link while both talk; the client notices, comes back, and goes on. */
async function cutWhileTalking(rig: Rig, notes: Notes, cuts: readonly (() => unknown)[]): Promise<void> {
  const { speed } = quickly(rig.dialect)
  const { alice, says, answers } = await talking(rig)
  const cutAll = async (): Promise<void> => {
    for (const cut of cuts) {
      await new Promise((resolve) => setTimeout(resolve, 100 + rig.random() * 300))
      const cutAt = performance.now()
      cut()
      const noticedMs = await noticing(alice, cutAt, speed)
      notes.detectedAfter(noticedMs)
      expect(noticedMs).toBeLessThanOrEqual(noticeWithinMs(rig.dialect))
      await isOnline(alice)
    }
  }
  await during(
    cutAll(),
    60,
    (n) => says(`there ${n}`),
    (n) => answers(`back ${n}`),
  )
}

interface Hole {
  readonly directions: Directions
  /** Ms between the words that go on coming from the other side; null: only what the server itself has to say. */
  readonly wordsEveryMs: number | null
  /** Ms of the client's time in which it has to notice, instead of two heart-beats and a second. */
  readonly withinMs?: number
  /** Heart-beats of the dialect's own length in real time, instead of those that are over quickly. */
  readonly unhurried?: boolean
}

/** Nothing passes any more, in the directions named, while both go on talking. */
async function holeWhileTalking(rig: Rig, notes: Notes, hole: Hole): Promise<void> {
  const { directions, wordsEveryMs, unhurried = false } = hole
  const { withinMs = unhurried ? 2 * usualBeatMs + 1_000 : noticeWithinMs(rig.dialect) } = hole
  const { speed } = unhurried ? { speed: 1 } : quickly(rig.dialect)
  const { alice, says, answers } = await talking(rig, unhurried ? { heartbeatMs: usualBeatMs, speed } : {})
  await says('before there')
  await answers('before back')
  const untilNoticed = async (): Promise<void> => {
    const holeAt = performance.now()
    rig.proxy.blackHole(directions)
    for (let n = 0; n < 3; n++) await says(`into the hole ${n}`)
    const noticedMs = await noticing(alice, holeAt, speed)
    if (!unhurried && hole.withinMs === undefined) notes.detectedAfter(noticedMs)
    else notes.add(`noticed after ${Math.round(noticedMs)} ms of at most ${withinMs} ms`)
    expect(noticedMs).toBeLessThanOrEqual(withinMs)
    const noticedAt = performance.now()
    await new Promise((resolve) => setTimeout(resolve, 400))
    expect(alice.states.filter(({ at, status }) => at >= noticedAt && status.state === 'online')).toEqual([])
  }
  if (wordsEveryMs === null) await untilNoticed()
  else await during(untilNoticed(), wordsEveryMs, (n) => answers(`back ${n}`))
  rig.proxy.heal()
  await isOnline(alice)
  await says('after')
}

describe.concurrent('a link that breaks', () => {
  rigFault('F1', 'resets while messages go both ways', { heartbeat }, (rig, notes) =>
    cutWhileTalking(rig, notes, [rig.proxy.reset, rig.proxy.reset]),
  )

  rigFault('F2', 'closed with a word, without one, and by an end of the stream', { heartbeat }, (rig, notes) =>
    cutWhileTalking(rig, notes, [
      () => rig.server.control.closeSockets({ userId: 'alice', code: 1001 }),
      () => rig.server.control.closeSockets({ userId: 'alice', abrupt: true }),
      rig.proxy.end,
    ]),
  )

  rigFault('F2', 'the server stopped and started again', { heartbeat }, async (rig) => {
    const { alice, bob, says, answers } = await talking(rig)
    await says('before')
    await rig.server.stop()
    await until(() => [alice, bob].every(({ session }) => session.connection.state !== 'online'), 'both notice')
    await says('meanwhile there')
    await answers('meanwhile back')
    await rig.server.start()
    await Promise.all([isOnline(alice), isOnline(bob)])
  })

  rigFault('F3', 'nothing passes', holed, (rig, notes) =>
    holeWhileTalking(rig, notes, { directions: 'both', wordsEveryMs: 150 }),
  )

  rigFault('F4', 'only what comes is lost', holed, (rig, notes) =>
    holeWhileTalking(rig, notes, { directions: 'in', wordsEveryMs: 150 }),
  )

  // Words by the dozen within so short a heart-beat could be a queue in which the answer to a ping stands.
  rigFault('F5', 'only what goes is lost, the server goes on', holed, (rig, notes) =>
    holeWhileTalking(rig, notes, { directions: 'out', wordsEveryMs: rig.dialect === 'im2' ? null : 300 }),
  )

  rigFault(
    'F5',
    'only what goes is lost, at the usual heart-beat, while words come',
    { heardMarginMs: holed.heardMarginMs, dialects: ['im2'], whole: true, timeoutMs: 120_000 },
    (rig, notes) => holeWhileTalking(rig, notes, { directions: 'out', wordsEveryMs: 2_000, unhurried: true }),
  )

  // So much comes that the answer to a ping may stand in line behind it, as on a slow link: it is given a minute.
  rigFault(
    'F5',
    'only what goes is lost, while words pour in',
    { ...holed, dialects: ['xuqm'], whole: true },
    (rig, notes) =>
      holeWhileTalking(rig, notes, {
        directions: 'out',
        wordsEveryMs: 40,
        withinMs: longestAnswerMs + pingPeriodMs + 1_000,
      }),
  )
})
