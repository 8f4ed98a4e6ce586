/**
 * Time that is not what it seems: F24 and F25. A wall clock that is set, or a process that stood still, neither ends a
 * healthy link nor hides a dead one, and the order of messages stays the server's.
 */
import { describe, expect } from 'vitest'
import { askWithinMs, pingPeriodMs } from '#electron/core/watchdog.ts'
import { rigProcess } from './process/inRig.ts'
import { type Rig, rigFault, settled } from './rig.ts'
import { attempts, beatMs, during, isOnline, noticeWithinMs, noticing, quickly, talking, until } from './watch.ts'

const heartbeat = [beatMs, beatMs] as const
const hourMs = 3_600_000
const tenYearsMs = 10 * 365.25 * 24 * hourMs
const jumps = [hourMs, -hourMs, tenYearsMs, -tenYearsMs] as const

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
/** Longer than the interval in which a client looks after its link. */
const intervalMs = (rig: Rig): number => (rig.dialect === 'im2' ? 1_300 : 1_800)

describe.concurrent('the wall clock is set', () => {
  rigFault('F24', 'by an hour and by ten years, both ways, on a healthy link', { heartbeat }, async (rig) => {
    const { alice, bob, says, answers } = await talking(rig)
    const setAll = async (): Promise<void> => {
      for (const [n, jump] of jumps.entries()) {
        alice.clock.jump(jump)
        await says(`there after ${n}`)
        await pause(intervalMs(rig))
        bob.clock.jump(-jump)
      }
    }
    await during(setAll(), 200, (n) => answers(`back ${n}`))
    await settled(alice)
    expect(attempts(alice)).toBe(1)
    expect(attempts(bob)).toBe(1)
    expect(alice.session.connection.state).toBe('online')
  })

  for (const sign of [1, -1]) {
    const what = sign > 0 ? 'forward' : 'back'
    rigFault('F24', `${what} on a dead link`, { heartbeat, heardMarginMs: 120_000 }, async (rig, notes) => {
      const { speed } = quickly(rig.dialect)
      const { alice, says, answers } = await talking(rig)
      await says('before')
      await answers('before')
      const holeAt = performance.now()
      rig.proxy.blackHole('both')
      await pause(rig.random() * 600)
      alice.clock.jump(sign * (rig.random() < 0.5 ? hourMs : tenYearsMs))
      await says('into the hole')
      const noticedMs = await noticing(alice, holeAt, speed)
      notes.detectedAfter(noticedMs)
      expect(noticedMs).toBeLessThanOrEqual(noticeWithinMs(rig.dialect))
      // The next try is shown at a moment that this clock will reach soon, also when it is set once more.
      const untilNextTry = (): number => (alice.session.connection.nextTryAt ?? alice.clock.now()) - alice.clock.now()
      expect(untilNextTry()).toBeLessThanOrEqual(30_000)
      alice.clock.jump(-sign * tenYearsMs)
      await until(() => Math.abs(untilNextTry()) <= 31_000, 'the next try is shown by the clock as it is now')
      rig.proxy.heal()
      await isOnline(alice)
      await answers('after')
    })
  }

  rigFault('F24', 'by ten years while a message waits for its proof', { dialects: ['xuqm'] }, async (rig) => {
    const { alice, says, answers } = await talking(rig)
    await says('proved')
    await settled(alice)
    rig.server.control.dropAcks({ userId: 'alice', count: 1 })
    rig.server.control.dropPushes({ userId: 'alice', count: 1 })
    await says('waits for its proof')
    await until(() => rig.server.messages('xuqm').length >= 2, 'the server has it')
    alice.clock.jump(tenYearsMs)
    await answers('meanwhile')
    await settled(alice)
    const failed = (await alice.reads(await alice.opens({ person: 'bob' }))).filter(({ state }) => state === 'failed')
    expect(failed).toEqual([])
    expect(attempts(alice)).toBe(1)
  })
})

interface Stopped {
  /** How long the process stands still, ms of ours. */
  readonly forMs: number
  /** The client's time, compared with ours. */
  readonly speed: number
  /** Whether the link dies meanwhile. */
  readonly dies: boolean
  readonly heartbeatMs?: number
  /** Within so long of its own time a client that goes on has to notice that the link died. */
  readonly noticeWithinMs: number
}

/** A client's process stands still, and goes on; afterwards the oracle looks at its database. */
async function stoppedAndContinued(rig: Rig, stopped: Stopped): Promise<number | null> {
  const { forMs, speed, dies, heartbeatMs } = stopped
  const { process, start } = rigProcess(rig, 'alice', { speed, ...(heartbeatMs !== undefined && { heartbeatMs }) })
  const bob = await rig.client('bob', { direct: true })
  await start()
  await Promise.all([process.reaches('online'), isOnline(bob)])
  const there = await process.opens({ person: 'bob' })
  const back = await bob.opens({ person: 'alice' })
  await process.says(there, 'before')
  await process.settles()

  await process.stop()
  const stoppedAt = Date.now()
  if (dies) rig.proxy.blackHole('both')
  for (let n = 0; n < 5; n++) await bob.says(back, `while you stood still ${n}`)
  await pause(forMs)
  const statesBefore = process.states.length
  await process.cont()
  const continuedAt = Date.now()
  expect(continuedAt - stoppedAt).toBeGreaterThanOrEqual(forMs)
  await process.says(there, 'going on')
  let noticedMs: number | null = null
  if (dies) {
    const left = (): number | undefined => process.states.slice(statesBefore).find(({ status }) => status.state !== 'online')?.at // prettier-ignore
    await until(() => left() !== undefined, 'the link that died meanwhile is noticed')
    noticedMs = ((left() ?? Infinity) - continuedAt) * speed
    expect(noticedMs).toBeLessThanOrEqual(stopped.noticeWithinMs)
    rig.proxy.heal()
    await process.reaches('online')
  } else {
    // Longer than a question after lost time waits for its answer.
    await pause(speed === 1 ? askWithinMs + 1_500 : (2.5 * pingPeriodMs) / speed)
    expect(process.states.slice(statesBefore).map(({ status }) => status.state)).toEqual([])
    expect(rig.proxy.acceptedAt).toHaveLength(1)
  }
  await process.settles()
  expect(await process.faults()).toEqual([])
  await process.close()
  await rig.client('alice')
  return noticedMs
}

describe.concurrent('the process stops and goes on', () => {
  rigFault('F25', '5 s on a healthy link, with heart-beats of 10 s', { dialects: ['im2'] }, async (rig) => {
    await stoppedAndContinued(rig, { forMs: 5_000, speed: 1, dies: false, noticeWithinMs: 21_000 })
  })

  rigFault('F25', '5 s, over three pings of its own time, on a healthy link', { dialects: ['xuqm'] }, async (rig) => {
    await stoppedAndContinued(rig, { forMs: 5_000, speed: 10, dies: false, noticeWithinMs: 31_000 })
  })

  rigFault('F25', '5 s, and the link dies meanwhile', { heartbeat, heardMarginMs: 120_000 }, async (rig, notes) => {
    const noticedMs = await stoppedAndContinued(rig, {
      forMs: 5_000,
      dies: true,
      noticeWithinMs: noticeWithinMs(rig.dialect),
      ...quickly(rig.dialect),
    })
    if (noticedMs !== null) notes.detectedAfter(noticedMs)
  })

  // Ten minutes of the client's own time, which runs forty times as fast, in fifteen seconds of ours.
  for (const dies of [false, true]) {
    rigFault(
      'F25',
      `10 minutes of its own time, ${dies ? 'and the link dies meanwhile' : 'on a healthy link'}`,
      { dialects: ['xuqm'], whole: true, heardMarginMs: 120_000 },
      async (rig) => {
        await stoppedAndContinued(rig, { forMs: 15_000, speed: 40, dies, noticeWithinMs: 31_000 })
      },
    )
  }
})
