/** Notifications turned off for a while: kept, ended by the clock, and never shown as on when they are not. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { muteForEver } from '#common/domain/conversation.ts'
import { silenceEnd, silentUntil } from '#common/domain/silence.ts'
import { type DoNotDisturb, createDoNotDisturb } from '#electron/main/doNotDisturb.ts'
import { FakeClock } from '../../fakes/fakeClock.ts'

const hour = 3_600_000
let clock: FakeClock
let settings: Map<string, unknown>
let happened: string[]
let quiet: DoNotDisturb

/** As the program begins: with what is stored. */
function start(): DoNotDisturb {
  const made: DoNotDisturb = createDoNotDisturb({
    appStore: { settings: () => settings, saveSetting: (key, value) => void settings.set(key, value) },
    clock,
    onChanged: () => {
      happened.push(made.until === null ? 'off' : 'on')
      made.follow()
    },
    onEnded: () => void happened.push('ended'),
  })
  made.follow()
  return made
}
beforeEach(() => {
  clock = new FakeClock()
  settings = new Map()
  happened = []
  quiet = start()
})
afterEach(() => {
  quiet.dispose()
  expect(clock.pending).toBe(0)
})

it('is off as it comes', () => {
  expect(quiet.until).toBeNull()
  expect(clock.pending).toBe(0)
})

it('for an hour ends after an hour, and tells', async () => {
  const end = clock.now() + hour
  quiet.choose('hour')
  expect([quiet.until, settings.get('doNotDisturbUntil')]).toEqual([end, end])
  await clock.pass(hour - 1)
  expect(happened).toEqual(['on'])
  await clock.pass(1)
  expect(happened).toEqual(['on', 'off', 'ended'])
  expect([quiet.until, settings.get('doNotDisturbUntil')]).toEqual([null, null])
})

it('until it is turned off lasts', async () => {
  quiet.choose('forEver')
  await clock.pass(10_000 * hour)
  expect(quiet.until).toBe(muteForEver)
  quiet.choose(null)
  expect(happened).toEqual(['on', 'off', 'ended'])
})

it('chosen anew goes by the new end', async () => {
  quiet.choose('hour')
  await clock.pass(hour / 2)
  quiet.choose('hour')
  await clock.pass(hour / 2)
  expect(quiet.until).not.toBeNull()
  await clock.pass(hour / 2)
  expect(happened).toEqual(['on', 'on', 'off', 'ended'])
})

it('set by the page is followed', async () => {
  settings.set('doNotDisturbUntil', clock.now() + hour)
  quiet.follow()
  await clock.pass(hour)
  expect(happened).toEqual(['off', 'ended'])
})

it('survives a restart', async () => {
  quiet.choose('hour')
  quiet.dispose()
  quiet = start()
  expect(quiet.until).not.toBeNull()
  await clock.pass(hour)
  expect(happened).toEqual(['on', 'off', 'ended'])
})

it('that ended while the program did not run is taken back', () => {
  quiet.choose('hour')
  quiet.dispose()
  clock.jump(2 * hour)
  happened = []
  quiet = start()
  expect(happened).toEqual(['off'])
  expect(settings.get('doNotDisturbUntil')).toBeNull()
})

it('that ended while the computer slept ends as soon as it wakes', () => {
  quiet.choose('hour')
  clock.jump(2 * hour)
  quiet.follow()
  expect(happened).toEqual(['on', 'off', 'ended'])
})

it('does not end before its time when the clock is put back', async () => {
  quiet.choose('hour')
  clock.jump(-hour)
  await clock.pass(hour)
  expect(quiet.until).not.toBeNull()
  await clock.pass(hour)
  expect(quiet.until).toBeNull()
})

it('of a stored value that means nothing is off', () => {
  settings.set('doNotDisturbUntil', 'tomorrow')
  quiet.follow()
  expect([quiet.until, clock.pending]).toEqual([null, 0])
})

describe('until tomorrow', () => {
  const at = (day: number, hours: number, minutes = 0): number => new Date(2026, 6, day, hours, minutes).getTime()
  it.each([
    ['in the morning', at(15, 9), at(16, 8)],
    ['in the evening', at(15, 23, 59), at(16, 8)],
    ['after midnight it is this morning', at(16, 0), at(16, 8)],
    ['in the small hours', at(16, 4, 59), at(16, 8)],
    ['once the day has begun it is the next one', at(16, 5), at(17, 8)],
    ['at eight', at(16, 8), at(17, 8)],
    ['over the end of a month', at(31, 12), new Date(2026, 7, 1, 8).getTime()],
  ])('%s', (_says, now, end) => expect(silenceEnd('tomorrow', now)).toBe(end))

  it('has passed at its end', () => {
    expect(silentUntil(at(16, 8), at(16, 8) - 1)).toBe(at(16, 8))
    expect(silentUntil(at(16, 8), at(16, 8))).toBeNull()
  })
})
