import { beforeEach, describe, expect, it } from 'vitest'
import { GroupSubscriptions, portionMs, refusedForMs } from '#electron/core/groupSubscriptions.ts'
import { FakeClock } from '#test/fakes/fakeClock.ts'
import { idleLink, silentLog } from '#test/fakes/fakeTransport.ts'

let clock: FakeClock
let groups: GroupSubscriptions

beforeEach(() => {
  clock = new FakeClock()
  groups = new GroupSubscriptions({
    dialect: { groupSubscription: (group) => ({ id: group, destination: `/topic/${group}` }) },
    clock,
    log: silentLog,
  })
})

const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `g${index}`)

/** Connects again and again to a server that refuses the given groups; answers how many links it took to be left in peace. */
async function connectUntilAccepted(refused: ReadonlySet<string>): Promise<{ links: number; followed: string[] }> {
  for (let links = 1; links < 100; links++) {
    const link = idleLink()
    groups.start(link)
    let ended = false
    for (let portion = 0; portion < 200 && !ended; portion++) {
      if ([...link.subscriptions.keys()].some((group) => refused.has(group))) {
        groups.stop(true)
        ended = true
      } else await clock.pass(portionMs)
    }
    if (ended) continue
    return { links, followed: [...link.subscriptions.keys()].sort() }
  }
  throw new Error('never accepted')
}

describe('following groups', () => {
  it('follows all of them at once where nothing is refused', async () => {
    groups.add(names(50))
    const link = idleLink()
    groups.start(link)
    expect(link.subscriptions.size).toBe(50)
    await clock.pass(portionMs)
    groups.stop(true)
    const next = idleLink()
    groups.start(next)
    expect(next.subscriptions.size).toBe(50)
  })

  it.each([1, 2, 7, 64, 300])('finds the one of %i that is refused, and follows the others', async (count) => {
    groups.add(names(count))
    const refused = names(count).at(-1) ?? ''
    const { links, followed } = await connectUntilAccepted(new Set([refused]))
    expect(followed).toEqual(names(count - 1).sort())
    expect(links).toBeLessThan(10)
  })

  it('finds several', async () => {
    groups.add(names(40))
    const { followed } = await connectUntilAccepted(new Set(['g3', 'g20', 'g39']))
    expect(followed).toHaveLength(37)
  })

  it('asks for a refused group again after a while', async () => {
    groups.add(['g0', 'g1'])
    await connectUntilAccepted(new Set(['g1']))
    groups.stop(false)
    await clock.pass(refusedForMs)
    const { followed } = await connectUntilAccepted(new Set())
    expect(followed).toEqual(['g0', 'g1'])
  })

  it('blames no group for a link that ended otherwise', () => {
    groups.add(['g0', 'g1'])
    groups.start(idleLink())
    groups.stop(false)
    const link = idleLink()
    groups.start(link)
    expect(link.subscriptions.size).toBe(2)
  })

  it('follows what is new and lets go of what is gone while connected', async () => {
    groups.add(['g0', 'g1'])
    const link = idleLink()
    groups.start(link)
    groups.replace(['g1', 'g2'])
    await clock.pass(portionMs * 3)
    expect([...link.subscriptions.keys()].sort()).toEqual(['g1', 'g2'])
  })

  it('leaves no timer behind', () => {
    groups.add(['g0'])
    groups.start(idleLink())
    groups.stop(false)
    expect(clock.pending).toBe(0)
  })
})
