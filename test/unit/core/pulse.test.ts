import { describe, expect, it } from 'vitest'
import { PulseMeter } from '#electron/core/pulse.ts'
import { FakeClock } from '#test/fakes/fakeClock.ts'

describe('what application heart-beats tell', () => {
  it('measures the round trip on the monotonic clock, whatever the wall clock does meanwhile', async () => {
    const clock = new FakeClock()
    const meter = new PulseMeter(clock)
    const at = clock.now()
    meter.asked(at)
    await clock.pass(40)
    clock.jump(3_600_000)
    expect(meter.answered(at, null)).toEqual({ roundTripMs: 40, clockOffsetMs: null })
  })

  it('says how far the server’s clock is ahead, as the median of the last answers', async () => {
    const clock = new FakeClock()
    const meter = new PulseMeter(clock)
    let last = null
    for (const ahead of [5_000, 5_010, 90_000, 4_990, 5_005]) {
      const at = clock.now()
      meter.asked(at)
      await clock.pass(20)
      last = meter.answered(at, at + 10 + ahead)
    }
    expect(last).toEqual({ roundTripMs: 20, clockOffsetMs: 5_005 })
  })

  it('notices a link that became deaf: a server that answers has left three pulses unanswered', () => {
    const clock = new FakeClock()
    const meter = new PulseMeter(clock)
    meter.asked(1)
    meter.answered(1, null)
    for (const at of [2, 3]) meter.asked(at)
    expect(meter.isDeaf).toBe(false)
    meter.asked(4)
    expect(meter.isDeaf).toBe(true)
    meter.answered(4, null)
    expect(meter.isDeaf).toBe(false)
  })

  it('holds silence against no server that never answered, and against no new link', () => {
    const clock = new FakeClock()
    const silent = new PulseMeter(clock)
    for (let at = 1; at < 10; at++) silent.asked(at)
    expect(silent.isDeaf).toBe(false)
    const renewed = new PulseMeter(clock)
    renewed.asked(1)
    renewed.answered(1, null)
    for (let at = 2; at < 9; at++) renewed.asked(at)
    renewed.reset()
    expect(renewed.isDeaf).toBe(false)
  })
})
