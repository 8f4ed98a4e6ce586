import { beforeEach, describe, expect, it } from 'vitest'
import { type WatchdogOptions, Watchdog, askWithinMs, longestAnswerMs, pingPeriodMs } from '#electron/core/watchdog.ts'
import { FakeClock } from '#test/fakes/fakeClock.ts'

const heartbeatMs = 10_000
let clock: FakeClock
let dead: string[]
let pings: number
let paused: boolean
/** What a healthy server does: answers pings, and sends heart-beats. */
let server: { answers: boolean; beats: boolean; hears: boolean; isHeard: boolean }

beforeEach(() => {
  clock = new FakeClock()
  dead = []
  pings = 0
  paused = false
  server = { answers: true, beats: true, hears: true, isHeard: true }
})

/** What the socket has is read after the timers that are due. */
function comesIn(run: () => void): void {
  clock.after(1, () => {
    if (!paused) run()
  })
}

function watch(options: Partial<WatchdogOptions> = {}): Watchdog {
  const link = {
    ping: () => {
      pings++
      const heard = server.hears
      clock.after(50, () => {
        if (!server.answers || !heard || !server.isHeard) return
        comesIn(() => {
          watchdog.heard(8)
          watchdog.answered()
        })
      })
    },
    pause: () => void (paused = true),
    resume: () => void (paused = false),
  }
  const watchdog = new Watchdog({ clock, link, heartbeatMs, onDead: (why) => dead.push(why), ...options })
  clock.every(options.heartbeatMs === 0 ? 1e9 : (options.heartbeatMs ?? heartbeatMs), () => {
    if (server.beats && server.isHeard) comesIn(() => watchdog.heard(1))
  })
  return watchdog
}

/** Until the end is noticed, ms; at most `limit`. */
async function noticedAfter(limit: number): Promise<number> {
  const from = clock.monotonic()
  while (dead.length === 0 && clock.monotonic() - from < limit) await clock.pass(500)
  return clock.monotonic() - from
}

describe('a link that died', () => {
  const moments = [0, 1, 4_000, 9_999, 10_000, 10_060, 14_321]
  it.each(moments)('both ways is noticed within two intervals (%i ms into one)', async (moment) => {
    watch().demandAnswers()
    await clock.pass(30_000 + moment)
    Object.assign(server, { hears: false, isHeard: false })
    expect(await noticedAfter(60_000)).toBeLessThanOrEqual(2 * heartbeatMs + 1_000)
  })

  it.each(moments)('inwards only is noticed within two intervals (%i ms into one)', async (moment) => {
    watch().demandAnswers()
    await clock.pass(30_000 + moment)
    server.isHeard = false
    expect(await noticedAfter(60_000)).toBeLessThanOrEqual(2 * heartbeatMs + 1_000)
  })

  it.each(moments)('outwards only is noticed although heart-beats come (%i ms into one)', async (moment) => {
    watch().demandAnswers()
    await clock.pass(30_000 + moment)
    server.hears = false
    expect(await noticedAfter(60_000)).toBeLessThanOrEqual(2 * heartbeatMs + 1_000)
    expect(dead).toEqual(['unanswered'])
  })

  it('is noticed by pings where no heart-beats were agreed', async () => {
    watch({ heartbeatMs: 0 }).demandAnswers()
    await clock.pass(40_000)
    server.hears = false
    expect(await noticedAfter(60_000)).toBeLessThanOrEqual(2 * pingPeriodMs + 1_000)
  })

  it('is noticed by pings where heart-beats are rare', async () => {
    watch({ heartbeatMs: 3_600_000 }).demandAnswers()
    await clock.pass(40_000)
    server.isHeard = false
    expect(await noticedAfter(60_000)).toBeLessThanOrEqual(2 * pingPeriodMs + 1_000)
  })

  it('is told once, after it was asked', async () => {
    watch({ heartbeatMs: 0 })
    server.hears = false
    await clock.pass(3_600_000)
    expect(dead).toEqual(['silent'])
    expect(pings).toBeGreaterThanOrEqual(2)
  })
})

describe('a link that lives', () => {
  const day = 24 * 3_600_000

  it('stays without heart-beats, by its answers', async () => {
    watch({ heartbeatMs: 0 }).demandAnswers()
    await clock.pass(day)
    expect(dead).toEqual([])
  })

  it('stays without answers, by its heart-beats', async () => {
    server.answers = false
    watch().demandAnswers()
    await clock.pass(day)
    expect(dead).toEqual([])
  })

  it.each([1_000, 25_000, 60_000])('stays without answers when heart-beats come every %i ms, as agreed', async (ms) => {
    server.answers = false
    watch({ heartbeatMs: ms }).demandAnswers()
    await clock.pass(3_600_000)
    expect(dead).toEqual([])
  })

  it('stays when heart-beats come slower than agreed, by its answers', async () => {
    server.beats = false
    const watchdog = watch()
    watchdog.demandAnswers()
    clock.every(45_000, () => watchdog.heard(1))
    await clock.pass(3_600_000)
    expect(dead).toEqual([])
  })

  it('is asked no more than once per interval, and wakes the program no more than twice', async () => {
    const after = clock.after.bind(clock)
    let timers = 0
    clock.after = (delayMs, run) => {
      // Those are the answer's way in this test.
      if (delayMs !== 50 && delayMs !== 1) timers++
      return after(delayMs, run)
    }
    watch().demandAnswers()
    await clock.pass(100 * heartbeatMs)
    expect(pings).toBeLessThanOrEqual(101)
    expect(timers).toBeLessThanOrEqual(205)
  })

  it('is not asked for answers while the sync stands in their way', async () => {
    const watchdog = watch()
    await clock.pass(1_000)
    server.hears = false
    const flow = clock.every(100, () => watchdog.heard(50_000))
    await clock.pass(200_000)
    flow.dispose()
    server.hears = true
    watchdog.demandAnswers()
    await clock.pass(200_000)
    expect(dead).toEqual([])
  })

  it('may answer late while so much comes in that the answer stands in line', async () => {
    const watchdog = watch()
    watchdog.demandAnswers()
    await clock.pass(1_000)
    server.answers = false
    const trickle = clock.every(1_000, () => watchdog.heard(1_024))
    await clock.pass(longestAnswerMs - 5_000)
    expect(dead).toEqual([])
    server.answers = true
    await clock.pass(60_000)
    trickle.dispose()
    await clock.pass(60_000)
    expect(dead).toEqual([])
  })

  it('but not for ever', async () => {
    const watchdog = watch()
    watchdog.demandAnswers()
    await clock.pass(1_000)
    server.answers = false
    clock.every(1_000, () => watchdog.heard(1_024))
    expect(await noticedAfter(600_000)).toBeLessThanOrEqual(longestAnswerMs + 2 * heartbeatMs)
  })
})

describe('lost time', () => {
  const lost = [5_000, 600_000]

  /** A stopped process: the clocks go on, no timer runs. */
  async function stopFor(ms: number): Promise<void> {
    await clock.stop(ms)
  }

  it.each(lost)('does not cost a living link anything (stopped for %i ms)', async (ms) => {
    watch().demandAnswers()
    for (let at = 0; at < 20; at++) {
      await clock.pass(7_300)
      await stopFor(ms)
    }
    await clock.pass(60_000)
    expect(dead).toEqual([])
  })

  it.each(lost)('does not cost a link anything that only has heart-beats (stopped for %i ms)', async (ms) => {
    server.answers = false
    watch().demandAnswers()
    for (let at = 0; at < 20; at++) {
      await clock.pass(7_300)
      await stopFor(ms)
    }
    await clock.pass(60_000)
    expect(dead).toEqual([])
  })

  it.each(lost)('does not make a dead link believed (stopped for %i ms)', async (ms) => {
    watch().demandAnswers()
    await clock.pass(25_000)
    Object.assign(server, { hears: false, isHeard: false })
    await stopFor(ms)
    expect(await noticedAfter(60_000)).toBeLessThanOrEqual(2 * heartbeatMs + 1_000)
  })

  it('is asked about with a short deadline', async () => {
    watch().demandAnswers()
    await clock.pass(25_000)
    Object.assign(server, { hears: false, isHeard: false })
    await stopFor(600_000)
    expect(await noticedAfter(60_000)).toBeLessThanOrEqual(askWithinMs + 1_000)
  })

  it('is seen by the wall clock where the other stood still: a sleep nobody told of', async () => {
    watch().demandAnswers()
    await clock.pass(20_200)
    Object.assign(server, { hears: false, isHeard: false })
    clock.jump(8 * 3_600_000)
    expect(await noticedAfter(60_000)).toBeLessThanOrEqual(heartbeatMs + askWithinMs + 500)
  })

  const year = 365 * 24 * 3_600_000
  it.each([3_600_000, -3_600_000, 10 * year, -10 * year])(
    'is only pretended by a clock that is set by %i ms: a living link stays, a dead one is found',
    async (ms) => {
      watch().demandAnswers()
      await clock.pass(13_000)
      clock.jump(ms)
      await clock.pass(60_000)
      expect(dead).toEqual([])
      server.isHeard = false
      clock.jump(ms)
      expect(await noticedAfter(60_000)).toBeLessThanOrEqual(2 * heartbeatMs + 1_000)
    },
  )

  it.each([true, false])(
    'is not pretended again and again: a clock set every few seconds puts off no end (pings answered: %s)',
    async (answers) => {
      server.answers = answers
      watch().demandAnswers()
      await clock.pass(30_500)
      Object.assign(server, { hears: false, isHeard: false })
      const from = clock.monotonic()
      while (dead.length === 0 && clock.monotonic() - from < 120_000) {
        await clock.pass(3_000)
        clock.jump(3_600_000)
      }
      expect(clock.monotonic() - from).toBeLessThanOrEqual(2 * heartbeatMs + 1_000)
    },
  )

  it.each([true, false])(
    'is not lost by networks that come and go: being asked again and again puts off no end (pings answered: %s)',
    async (answers) => {
      server.answers = answers
      const watchdog = watch()
      watchdog.demandAnswers()
      await clock.pass(30_500)
      Object.assign(server, { hears: false, isHeard: false })
      const from = clock.monotonic()
      while (dead.length === 0 && clock.monotonic() - from < 120_000) {
        await clock.pass(3_000)
        watchdog.ask()
      }
      expect(clock.monotonic() - from).toBeLessThanOrEqual(2 * heartbeatMs + 1_000)
    },
  )
})

describe('a link that we hold back', () => {
  it('is not taken for dead, however long the disk is slow', async () => {
    const watchdog = watch()
    watchdog.demandAnswers()
    await clock.pass(5_000)
    watchdog.hold(true)
    await clock.pass(600_000)
    expect(dead).toEqual([])
    expect(paused).toBe(true)
    watchdog.hold(false)
    await clock.pass(60_000)
    expect(dead).toEqual([])
    expect(paused).toBe(false)
  })

  it('is found dead all the same', async () => {
    const watchdog = watch()
    watchdog.demandAnswers()
    await clock.pass(5_000)
    watchdog.hold(true)
    Object.assign(server, { hears: false, isHeard: false })
    expect(await noticedAfter(120_000)).toBeLessThanOrEqual(2 * heartbeatMs + 1_000)
  })
})
