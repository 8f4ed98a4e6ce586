/** The small parts behind a session's own events, on a clock that moves when told to. */
import { describe, expect, it } from 'vitest'
import { tokenTimes } from '#common/base/jwt.ts'
import { Expiry, askBeforeMs } from '#electron/core/expiry.ts'
import { PulseMeter } from '#electron/core/pulse.ts'
import { Renewal, renewalTimeoutMs } from '#electron/core/renewal.ts'
import { SessionFacts } from '#electron/core/sessionFacts.ts'
import { FakeClock } from '#test/fakes/fakeClock.ts'

const jwt = (claims: object): string => {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'HS256' })}.${part(claims)}.c2ln`
}

describe('the pulse', () => {
  it('is the median of the last five answers: one slow one changes nothing', async () => {
    const clock = new FakeClock()
    const meter = new PulseMeter(clock)
    let last = null
    for (const roundTripMs of [9_000, 20, 30, 4_000, 40, 10]) {
      const at = clock.now()
      meter.asked(at)
      await clock.pass(roundTripMs)
      last = meter.answered(at, at + roundTripMs / 2 + 1_000)
    }
    expect(last).toEqual({ roundTripMs: 30, clockOffsetMs: 1_000 })
  })

  it('is measured rightly while the wall clock is set', async () => {
    const clock = new FakeClock()
    const meter = new PulseMeter(clock)
    const at = clock.now()
    meter.asked(at)
    await clock.pass(50)
    clock.jump(-3_600_000)
    expect(meter.answered(at, null)).toEqual({ roundTripMs: 50, clockOffsetMs: null })
  })

  it('takes no word that nobody asked for, nor an answer from a link that is gone', () => {
    const clock = new FakeClock()
    const meter = new PulseMeter(clock)
    expect(meter.answered(null, clock.now())).toBeNull()
    meter.asked(clock.now())
    expect(meter.answered(12_345, clock.now())).toBeNull()
    meter.reset()
    expect(meter.answered(null, clock.now())).toBeNull()
  })
})

describe('a renewal', () => {
  it('without an answer ends after a while, and leaves no timer', async () => {
    const clock = new FakeClock()
    const renewal = new Renewal(clock)
    const asked = renewal.ask(() => true)
    await clock.pass(renewalTimeoutMs)
    expect(await asked).toMatchObject({ ok: false, error: { code: 'link.timedOut' } })
    expect(clock.pending).toBe(0)
    expect(renewal.answered(true, null)).toBe(false)
  })

  it('ends with its link, and is asked once at a time', async () => {
    const clock = new FakeClock()
    const renewal = new Renewal(clock)
    const first = renewal.ask(() => true)
    expect(await renewal.ask(() => true)).toMatchObject({ ok: false })
    renewal.linkLost()
    expect(await first).toMatchObject({ ok: false, error: { code: 'link.closed' } })
    expect(await renewal.ask(() => false)).toMatchObject({ ok: false, error: { code: 'link.closed' } })
    expect(clock.pending).toBe(0)
  })
})

describe('the end of a token', () => {
  const near = (clock: FakeClock, token: string): (number | null)[] => {
    const told: (number | null)[] = []
    new Expiry(clock, (endsAt) => told.push(endsAt)).watch(token)
    return told
  }

  it('is told ten minutes before, from seconds and from milliseconds alike', async () => {
    for (const unit of [1, 1000]) {
      const clock = new FakeClock()
      const endsAt = Math.ceil((clock.now() + 3_600_000) / 1000) * 1000
      const told = near(clock, jwt({ exp: endsAt / unit }))
      await clock.pass(endsAt - clock.now() - askBeforeMs - 1)
      expect(told).toEqual([null])
      await clock.pass(1)
      expect(told).toEqual([null, endsAt])
    }
  })

  it('is told half-way through a short life', async () => {
    const clock = new FakeClock()
    const told = near(clock, jwt({ iat: clock.now(), exp: clock.now() + 60_000 }))
    await clock.pass(29_999)
    expect(told).toEqual([null])
    await clock.pass(1)
    expect(told).toHaveLength(2)
  })

  it('may lie further off than a timer reaches', async () => {
    const clock = new FakeClock()
    const told = near(clock, jwt({ exp: clock.now() + 60 * 86_400_000 }))
    await clock.pass(60 * 86_400_000 - askBeforeMs)
    expect(told).toHaveLength(2)
  })

  it('is nobody’s worry where new tokens come by themselves', async () => {
    const clock = new FakeClock()
    const facts = new SessionFacts({ clock, feedsItself: () => true })
    facts.watchToken(jwt({ exp: clock.now() + 1_000 }))
    await clock.pass(2_000)
    expect(facts.status.tokenEndsAt).toBeNull()
    facts.dispose()
    expect(clock.pending).toBe(0)
  })

  it.each([
    '',
    'x',
    'a.b',
    'a.!!.c',
    'a.bm90IGpzb24.c',
    jwt({}),
    jwt({ exp: -1 }),
    jwt({ exp: {} }),
    jwt({ exp: 'soon' }),
  ])('is unknown for %j', (token) => {
    expect(tokenTimes(token)).toBeUndefined()
  })
})
