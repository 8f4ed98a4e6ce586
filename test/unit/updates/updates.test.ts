/** When the program looks for a newer version, and what it tells of it. */
import { afterEach, describe, expect, it } from 'vitest'
import { type Result, fail, ok } from '#common/base/result.ts'
import type { Update } from '#common/domain/update.ts'
import type { Updater } from '#electron/core/ports/updater.ts'
import { Updates, type UpdatesOptions } from '#electron/core/updates/updates.ts'
import { FakeClock } from '../../fakes/fakeClock.ts'

const hourMs = 3_600_000
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }

interface World {
  readonly clock: FakeClock
  readonly updates: Updates
  readonly told: Update[]
  /** What the feed offers. */
  offered: Result<{ version: string } | null>
  loaded: Result<void>
  looks: number
  installs: { restart: boolean }[]
  quits: number
}

const opened: Updates[] = []
afterEach(() => {
  for (const updates of opened.splice(0)) updates.dispose()
})

function world(options: Partial<UpdatesOptions> = {}): World {
  const clock = new FakeClock()
  const told: Update[] = []
  const state: Omit<World, 'updates'> = {
    clock,
    told,
    offered: ok(null),
    loaded: ok(undefined),
    looks: 0,
    installs: [],
    quits: 0,
  }
  const updater: Updater = {
    check: () => {
      state.looks++
      return Promise.resolve(state.offered)
    },
    load: (onProgress) => {
      onProgress(40)
      return Promise.resolve(state.loaded)
    },
    install: (how) => {
      state.installs.push(how)
      return Promise.resolve(ok({ ends: true }))
    },
  }
  const updates = new Updates({
    updater: () => Promise.resolve(updater),
    automatic: () => true,
    clock,
    random: { next: () => 0.5, uuid: () => 'id' },
    log: quiet,
    onChanged: (update) => void told.push(update),
    quit: () => void state.quits++,
    failed: null,
    ...options,
  })
  opened.push(updates)
  return Object.assign(state, { updates })
}

describe('looking for a newer version', () => {
  it('happens a while after the start and then every six hours or so', async () => {
    const w = world()
    await w.clock.pass(hourMs)
    expect(w.looks).toBe(1)
    await w.clock.pass(24 * hourMs)
    expect(w.looks).toBeGreaterThanOrEqual(4)
    expect(w.looks).toBeLessThanOrEqual(5)
    expect(w.updates.state).toMatchObject({ state: 'idle' })
  })

  it('is spread: an office that starts together does not ask together', async () => {
    const looked = await Promise.all(
      [0, 0.99].map(async (next) => {
        const w = world({ random: { next: () => next, uuid: () => 'id' } })
        await w.clock.pass(90_000)
        return w.looks
      }),
    )
    expect(looked).toEqual([1, 0])
  })

  it('does not happen by itself when the user does not want it, and does when he asks', async () => {
    const w = world({ automatic: () => false })
    await w.clock.pass(48 * hourMs)
    expect(w.looks).toBe(0)
    expect(w.updates.check()).toMatchObject({ ok: true })
    await w.clock.pass(0)
    expect(w.looks).toBe(1)
  })

  it('is made up for after the computer slept through it, and not twice', async () => {
    const w = world()
    await w.clock.pass(hourMs)
    w.updates.wake()
    await w.clock.pass(hourMs)
    expect(w.looks).toBe(1)
    w.clock.jump(12 * hourMs)
    w.updates.wake()
    await w.clock.pass(hourMs)
    expect(w.looks).toBe(2)
  })

  it('is refused with the reason where nothing is renewed', () => {
    const w = world({ updater: 'packages' })
    expect(w.updates.state).toEqual({ state: 'off', reason: 'packages' })
    expect(w.updates.check()).toMatchObject({ ok: false, error: { code: 'update.off' } })
    expect(w.clock.pending).toBe(0)
  })

  it('goes on after a failure, which is told', async () => {
    const w = world()
    w.offered = fail('update.untrusted')
    await w.clock.pass(hourMs)
    expect(w.updates.state).toMatchObject({ state: 'failed', code: 'update.untrusted' })
    w.offered = ok(null)
    await w.clock.pass(7 * hourMs)
    expect(w.updates.state).toMatchObject({ state: 'idle' })
  })

  it('leaves no timer behind', () => {
    const w = world()
    w.updates.dispose()
    expect(w.clock.pending).toBe(0)
  })
})

describe('a newer version', () => {
  it('is fetched in the background and told when it is ready', async () => {
    const w = world()
    w.offered = ok({ version: '0.2.0' })
    await w.clock.pass(hourMs)
    expect(w.told).toEqual([
      { state: 'checking' },
      { state: 'loading', version: '0.2.0', percent: 0 },
      { state: 'loading', version: '0.2.0', percent: 40 },
      { state: 'ready', version: '0.2.0' },
    ])
    expect(w.updates.ready).toBe('0.2.0')
    expect(w.quits).toBe(0)
  })

  it('is installed when the program ends, and started again only when the user asked for it', async () => {
    const w = world()
    w.offered = ok({ version: '0.2.0' })
    expect(await w.updates.install()).toBe(false)
    await w.clock.pass(hourMs)
    expect(await w.updates.install()).toBe(true)
    expect(w.installs).toEqual([{ restart: false }])
    expect(w.updates.restart()).toMatchObject({ ok: true })
    expect(w.quits).toBe(1)
    await w.updates.install()
    expect(w.installs.at(-1)).toEqual({ restart: true })
  })

  it('cannot be restarted into before it is ready', () => {
    const w = world()
    expect(w.updates.restart()).toMatchObject({ ok: false, error: { code: 'update.notReady' } })
    expect(w.quits).toBe(0)
  })

  it('stays ready when a later look fails, and gives way to a still newer one', async () => {
    const w = world()
    w.offered = ok({ version: '0.2.0' })
    await w.clock.pass(hourMs)
    w.offered = fail('update.unreachable')
    await w.clock.pass(7 * hourMs)
    expect(w.updates.ready).toBe('0.2.0')
    w.offered = ok({ version: '0.3.0' })
    await w.clock.pass(7 * hourMs)
    expect(w.updates.ready).toBe('0.3.0')
  })

  it('that was not put in place is told at the next start', () => {
    expect(world({ failed: 'update.notInstalled' }).updates.state).toMatchObject({
      state: 'failed',
      code: 'update.notInstalled',
    })
  })
})
