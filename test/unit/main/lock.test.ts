/** The PIN: what locks, what unlocks, and how long somebody who guesses has to wait. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { LockStatus } from '#common/contract/lock.ts'
import { type Lock, createLock } from '#electron/main/lock.ts'
import { createLockedCalls } from '#electron/main/lockedCalls.ts'
import { watchForLocking } from '#electron/main/lockWatch.ts'
import { FakeClock } from '#test/fakes/fakeClock.ts'

const pin = '2580 tern'
let state: Map<string, string>
let clock: FakeClock
let told: LockStatus[]

beforeEach(() => {
  state = new Map()
  clock = new FakeClock()
  told = []
})

function start(): Lock {
  return createLock({
    appStore: {
      readState: (key) => state.get(key) ?? null,
      writeState: (key, json) => void state.set(key, json),
      removeState: (key) => void state.delete(key),
    },
    clock,
    onChanged: (status) => void told.push(status),
  })
}

async function withPin(): Promise<Lock> {
  const lock = start()
  expect(await lock.set(pin, null)).toMatchObject({ ok: true })
  return lock
}

const codeOf = async (result: ReturnType<Lock['unlock']>): Promise<string> => {
  const answer = await result
  return answer.ok ? 'ok' : answer.error.code
}

describe('the lock', () => {
  it('locks nothing without a PIN', () => {
    const lock = start()
    lock.lock()
    expect([lock.isLocked, lock.status.state, told]).toEqual([false, 'none', []])
  })

  it('is locked and unlocked by its PIN, and tells each time', async () => {
    const lock = await withPin()
    expect(lock.status.state).toBe('unlocked')
    lock.lock()
    expect(lock.isLocked).toBe(true)
    expect(await codeOf(lock.unlock('2580'))).toBe('lock.wrongPin')
    expect(lock.isLocked).toBe(true)
    expect(await codeOf(lock.unlock(pin))).toBe('ok')
    expect(told.map((status) => status.state)).toEqual(['unlocked', 'locked', 'unlocked'])
  })

  it('keeps no byte of the PIN, and another salt each time', async () => {
    await withPin()
    const first = JSON.stringify([...state])
    expect(first).not.toContain(pin)
    expect(first).not.toContain(Buffer.from(pin).toString('base64').replace(/=+$/, ''))
    expect(await codeOf(start().set(pin, pin))).toBe('ok')
    expect(JSON.stringify([...state])).not.toBe(first)
  })

  it('begins locked after a restart, also when the record of the PIN is damaged', async () => {
    await withPin()
    expect(start().isLocked).toBe(true)
    state.set('lock', 'rubbish')
    const lock = start()
    expect(lock.isLocked).toBe(true)
    expect(await codeOf(lock.unlock(''))).toBe('lock.wrongPin')
    expect(lock.isLocked).toBe(true)
  })

  it('takes the same digits in full width', async () => {
    const lock = start()
    await lock.set('2580', null)
    lock.lock()
    expect(await codeOf(lock.unlock('２５８０'))).toBe('ok')
  })

  it('is changed and removed by who knows the old PIN only', async () => {
    const lock = await withPin()
    expect(await codeOf(lock.set('another', null))).toBe('lock.wrongPin')
    expect(await codeOf(lock.set('another', 'guess'))).toBe('lock.wrongPin')
    expect(await codeOf(lock.remove('guess'))).toBe('lock.wrongPin')
    expect(await codeOf(lock.set('another', pin))).toBe('ok')
    expect(await codeOf(lock.remove(pin))).toBe('lock.wrongPin')
    expect(await codeOf(lock.remove('another'))).toBe('ok')
    expect([lock.status.state, state.size]).toEqual(['none', 0])
    expect(start().isLocked).toBe(false)
  })

  it('lets who guesses wait from the fifth wrong PIN on, twice as long each time, at most 15 minutes', async () => {
    await withPin()
    const lock = start()
    const waits: number[] = []
    for (let tries = 0; tries < 12; tries++) {
      expect(await codeOf(lock.unlock('guess'))).toBe('lock.wrongPin')
      const { waitUntil } = lock.status
      waits.push(waitUntil === null ? 0 : (waitUntil - clock.now()) / 1000)
      clock.jump((waits.at(-1) ?? 0) * 1000)
    }
    expect(waits).toEqual([0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900])
  })

  it('tries no PIN during the wait, not even the right one, nor after a restart', async () => {
    await withPin()
    for (let tries = 0; tries < 5; tries++) await start().unlock('guess')
    expect(await codeOf(start().unlock(pin))).toBe('lock.mustWait')
    clock.jump(29_999)
    expect(await codeOf(start().unlock(pin))).toBe('lock.mustWait')
    clock.jump(1)
    const lock = start()
    expect(await codeOf(lock.unlock(pin))).toBe('ok')
    lock.lock()
    await lock.unlock('guess')
    expect(lock.status.waitUntil).toBe(null)
  })

  it('gives no further try to many at once', async () => {
    await withPin()
    const lock = start()
    const answers = await Promise.all(Array.from({ length: 8 }, () => codeOf(lock.unlock('guess'))))
    expect(answers.filter((code) => code === 'lock.wrongPin')).toHaveLength(5)
    expect(answers.filter((code) => code === 'lock.mustWait')).toHaveLength(3)
  })

  it('waits no longer because the clock was set back', async () => {
    await withPin()
    for (let tries = 0; tries < 5; tries++) await start().unlock('guess')
    clock.jump(-86_400_000)
    expect((start().status.waitUntil ?? 0) - clock.now()).toBe(15 * 60_000)
  })

  it('is gone once it was forgotten', async () => {
    const lock = await withPin()
    lock.lock()
    lock.forget()
    expect([lock.status.state, state.size, start().isLocked]).toEqual(['none', 0, false])
  })
})

describe('a page while the program is locked', () => {
  it('may ask what its first paint and the unlocking need, and nothing else', () => {
    const calls = createLockedCalls(() => true)
    calls.begin([])
    const all = ['app.boot', 'lock.unlock', 'lock.forget', 'account.snapshot', 'timeline.page', 'settings.set'] as const
    expect(all.filter((name) => calls.mayCall(name, 1))).toEqual(['app.boot', 'lock.unlock', 'lock.forget'])
  })

  it('may hand over the drafts it held, until it has begun anew', () => {
    const calls = createLockedCalls(() => true)
    calls.begin([1])
    expect([calls.mayCall('conversation.setDraft', 1), calls.mayCall('conversation.setDraft', 2)]).toEqual([
      true,
      false,
    ])
    expect(calls.mayCall('app.boot', 1)).toBe(true)
    expect(calls.mayCall('conversation.setDraft', 1)).toBe(false)
  })

  it('may ask everything when it is not', () => {
    expect(createLockedCalls(() => false).mayCall('account.snapshot', 1)).toBe(true)
  })
})

describe('it is locked when nobody is there', () => {
  function watched(minutes: number | null) {
    const listeners = new Map<string, () => void>()
    const powerMonitor = {
      idle: 0,
      getSystemIdleTime: () => powerMonitor.idle,
      on: (name: string, run: () => void) => {
        listeners.set(name, run)
        return powerMonitor
      },
      off: (name: string) => {
        listeners.delete(name)
        return powerMonitor
      },
    }
    let locks = 0
    const watch = watchForLocking({ powerMonitor, clock, idleMinutes: () => minutes, lock: () => void locks++ })
    return { powerMonitor, listeners, watch, locks: () => locks }
  }

  it('with the screen of the system, and when the computer goes to sleep', () => {
    const { listeners, locks, watch } = watched(null)
    listeners.get('lock-screen')?.()
    listeners.get('suspend')?.()
    expect(locks()).toBe(2)
    watch.dispose()
    expect([listeners.size, clock.pending]).toEqual([0, 0])
  })

  it('when nothing was touched for as long as the setting says', async () => {
    const { powerMonitor, locks, watch } = watched(15)
    powerMonitor.idle = 899
    await clock.stop(5_000)
    expect(locks()).toBe(0)
    powerMonitor.idle = 900
    await clock.stop(5_000)
    expect(locks()).toBe(1)
    watch.dispose()
  })

  it('not for that reason where the setting says never', async () => {
    const { powerMonitor, locks, watch } = watched(null)
    powerMonitor.idle = 1_000_000
    await clock.stop(5_000)
    expect(locks()).toBe(0)
    watch.dispose()
  })
})
