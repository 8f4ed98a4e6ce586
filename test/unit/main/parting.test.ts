import { describe, expect, it } from 'vitest'
import type { Unsent } from '#common/contract/unsent.ts'
import { createLockedCalls } from '#electron/main/lockedCalls.ts'
import { createParting, partingMs } from '#electron/main/parting.ts'
import { createUnsent } from '#electron/main/unsent.ts'
import { FakeClock } from '#test/fakes/fakeClock.ts'

describe('pages of a program that was locked', () => {
  function locked(ids: readonly number[]) {
    const clock = new FakeClock()
    const begun: number[] = []
    const parting = createParting({ clock, beginAnew: (id) => void begun.push(id) })
    parting.begin(ids)
    return { clock, begun, parting }
  }

  it('begin anew as soon as they have nothing left to hand over, each once', async () => {
    const { clock, begun, parting } = locked([1, 2])
    parting.parted(2)
    parting.parted(2)
    parting.parted(3)
    expect(begun).toEqual([2])
    await clock.pass(partingMs)
    expect(begun).toEqual([2, 1])
  })

  it('stay when it is unlocked before', async () => {
    const { clock, begun, parting } = locked([1])
    parting.end()
    await clock.pass(partingMs)
    parting.parted(1)
    expect(begun).toEqual([])
  })

  it('may hand over files until they have begun anew, and are given none while it is locked', () => {
    const calls = createLockedCalls(() => true)
    calls.begin([1])
    const asked = ['unsent.keep', 'lock.parted', 'unsent.take'] as const
    expect(asked.filter((name) => calls.mayCall(name, 1))).toEqual(['unsent.keep', 'lock.parted'])
    calls.mayCall('app.boot', 1)
    expect(asked.filter((name) => calls.mayCall(name, 1))).toEqual([])
  })
})

describe('what was not sent', () => {
  const file = (name: string, accountId = 'a', size = 10): Unsent => ({
    accountId,
    conversationId: 'direct:bob',
    what: { kind: 'file', name, type: 'text/plain', bytes: new Uint8Array(size) },
  })
  const named = (unsent: Unsent | null): string | null => (unsent?.what.kind === 'file' ? unsent.what.name : null)

  it('goes back to the window it came from, once and in order', () => {
    const unsent = createUnsent(100)
    for (const [id, name] of [
      [1, 'one'],
      [2, 'other'],
      [1, 'two'],
    ] as const)
      expect(unsent.keep(id, file(name))).toBe(true)
    expect([1, 1, 1, 2].map((id) => named(unsent.take(id)))).toEqual(['one', 'two', null, 'other'])
  })

  it('is not taken where there is no room for it', () => {
    const unsent = createUnsent(25)
    expect(['one', 'two', 'three'].map((name) => unsent.keep(1, file(name)))).toEqual([true, true, false])
    unsent.take(1)
    expect(unsent.keep(1, file('three'))).toBe(true)
  })

  it('goes with its window and its account', () => {
    const unsent = createUnsent(100)
    unsent.keep(1, file('one'))
    unsent.keep(2, file('two', 'gone'))
    unsent.keep(2, file('three'))
    unsent.forgetWindow(1)
    unsent.forgetAccounts((accountId) => accountId !== 'gone')
    expect([1, 2, 2].map((id) => named(unsent.take(id)))).toEqual([null, 'three', null])
  })
})
