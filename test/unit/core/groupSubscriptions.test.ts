import { beforeEach, describe, expect, it } from 'vitest'
import type { RefusedGroup } from '#common/domain/connection.ts'
import { GroupSubscriptions, portionMs, refusedForMs, unansweredPortionMs } from '#electron/core/groupSubscriptions.ts'
import type { ServerError } from '#electron/core/ports/transport.ts'
import { FakeClock } from '#test/fakes/fakeClock.ts'
import { type FakeLink, idleLink, silentLog } from '#test/fakes/fakeTransport.ts'

let clock: FakeClock
let groups: GroupSubscriptions
let told: readonly RefusedGroup[]

beforeEach(() => {
  clock = new FakeClock()
  told = []
  groups = new GroupSubscriptions({
    dialect: { groupSubscription: (group) => ({ id: `group-${group}`, destination: `/topic/${group}` }) },
    clock,
    log: silentLog,
    onRefused: (refused) => (told = refused),
  })
})

const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `g${index}`)
const bare: ServerError = { message: 'Failed', body: '' }
const followedOn = (link: FakeLink): string[] => [...link.subscriptions.values()].map((to) => to.slice(7)).sort()
const leftOut = (): string[] => told.map(({ groupId }) => groupId)

function connect(): FakeLink {
  const link = idleLink()
  groups.start(link)
  return link
}

/** The server answers the ping, and has no objection. */
async function accept(patience = 1): Promise<void> {
  groups.answered(0)
  await clock.pass(portionMs * patience)
}

interface Behaviour {
  /** What it says to whoever it refuses. */
  readonly error?: (group: string) => ServerError
  /** Refuses so long after it was asked. */
  readonly lateMs?: number
  /** Ends every link in this way, whoever is followed. */
  readonly always?: boolean
}

/** Connects again and again to a server that refuses the given groups, until a link is left in peace. */
async function untilInPeace(
  refused: ReadonlySet<string>,
  { error = () => bare, lateMs = 0, always = false }: Behaviour = {},
): Promise<{ links: number; followed: string[] }> {
  for (let links = 1; links < 60; links++) {
    const link = connect()
    let dueAt: number | null = always ? clock.monotonic() : null
    let ended = false
    for (let step = 0; step < 3_000 && !ended; step++) {
      const wrong = followedOn(link).find((group) => refused.has(group))
      if (wrong !== undefined) dueAt ??= clock.monotonic() + lateMs
      if (dueAt !== null && clock.monotonic() >= dueAt) {
        groups.stop(error(wrong ?? ''))
        ended = true
      } else {
        groups.answered(0)
        await clock.pass(50)
      }
    }
    if (!ended) return { links, followed: followedOn(link) }
  }
  throw new Error('never left in peace')
}

describe('following groups', () => {
  it('follows all of them at once where nothing is refused', async () => {
    groups.add(names(50))
    expect(connect().subscriptions.size).toBe(50)
    await accept()
    groups.stop(bare)
    expect(connect().subscriptions.size).toBe(50)
    expect(told).toEqual([])
  })

  it('follows what is new and lets go of what is gone while connected', async () => {
    groups.add(['g0', 'g1'])
    const link = connect()
    groups.replace(['g1', 'g2'])
    await accept(3)
    expect(followedOn(link)).toEqual(['g1', 'g2'])
  })

  it('blames no group for a link that ended otherwise', () => {
    groups.add(['g0', 'g1'])
    connect()
    groups.stop(null)
    expect(connect().subscriptions.size).toBe(2)
  })

  it('leaves no timer behind', async () => {
    groups.add(['g0', 'g1'])
    connect()
    groups.stop({ ...bare, destination: '/topic/g1' })
    connect()
    groups.stop(null)
    groups.dispose()
    expect(clock.pending).toBe(0)
    await clock.pass(0)
  })
})

describe('an ERROR that names a group', () => {
  it.each<readonly [string, ServerError]>([
    ['by the receipt of its SUBSCRIBE', { ...bare, receiptId: 'sub-group-g7' }],
    ['by its destination', { ...bare, destination: '/topic/g7' }],
    ['in its message', { message: 'Not a member of g7', body: '' }],
    ['in its body', { message: 'Access denied', body: 'AccessDeniedException: /topic/g7 (user alice)' }],
  ])('%s: that one is left out at once, and nobody else', (_how, error) => {
    groups.add(names(100))
    connect()
    groups.stop(error)
    expect(followedOn(connect())).toEqual(
      names(100)
        .filter((group) => group !== 'g7')
        .sort(),
    )
    expect(leftOut()).toEqual(['g7'])
  })

  it('is told with the words of the server', () => {
    groups.add(names(3))
    connect()
    groups.stop({ message: 'Not a member of g1', body: '' })
    expect(told).toEqual([{ groupId: 'g1', reason: 'Not a member of g1' }])
  })

  it('does not mean one whose name is only part of what it names, or one of two', () => {
    groups.add(['g1', 'g12', 'g1-b'])
    connect()
    groups.stop({ message: 'not one of g12, ask g1', body: '' })
    expect(told).toEqual([])
    connect()
    groups.stop({ message: 'unknown: g11', body: '' })
    expect(told).toEqual([])
  })

  it('later on, when the user was put out meanwhile: that group alone is left out', async () => {
    groups.add(names(5))
    connect()
    await accept()
    await clock.pass(3_600_000)
    groups.stop({ ...bare, destination: '/topic/g3' })
    expect(leftOut()).toEqual(['g3'])
    expect(connect().subscriptions.size).toBe(4)
  })

  it('while something else of ours was on its way is heard all the same', () => {
    groups.add(names(5))
    connect()
    groups.stop({ ...bare, receiptId: 'sub-group-g3' }, false)
    expect(leftOut()).toEqual(['g3'])
  })
})

describe('an ERROR that names nobody', () => {
  it.each([1, 2, 7, 64, 300])(
    'is traced to the one of %i that is refused, and the others are followed',
    async (count) => {
      groups.add(names(count))
      const { links, followed } = await untilInPeace(new Set(names(count).slice(-1)))
      expect(followed).toEqual(names(count - 1).sort())
      expect(links).toBeLessThan(10)
      expect(leftOut()).toEqual(names(count).slice(-1))
    },
  )

  it('is traced to several', async () => {
    groups.add(names(40))
    const { followed } = await untilInPeace(new Set(['g3', 'g20', 'g39']))
    expect(followed).toHaveLength(37)
    expect(leftOut().sort()).toEqual(['g20', 'g3', 'g39'])
  })

  it('is traced to one that was accepted before: the user was put out while he was away', async () => {
    groups.add(names(20))
    connect()
    await accept()
    groups.stop(null)
    const { followed } = await untilInPeace(new Set(['g11']))
    expect(followed).toEqual(
      names(20)
        .filter((group) => group !== 'g11')
        .sort(),
    )
    expect(leftOut()).toEqual(['g11'])
  })

  it('and comes late is traced as well: the waits become longer', async () => {
    groups.add(names(10))
    const { followed } = await untilInPeace(new Set(['g4']), { lateMs: 5 * portionMs })
    expect(followed).toHaveLength(9)
    expect(leftOut()).toEqual(['g4'])
  })

  it('is awaited longer where the server answers no ping', async () => {
    groups.add(names(2))
    connect()
    await clock.pass(unansweredPortionMs - 1)
    groups.stop(bare)
    connect()
    // Nobody is followed before that has proved to be no reason for an ERROR.
    await clock.pass(unansweredPortionMs - 1)
    groups.stop(bare)
    expect(told).toEqual([])
    connect()
    await clock.pass(2 * unansweredPortionMs - 1)
    groups.stop(bare)
    expect(leftOut()).toEqual(['g0'])
  })

  it('is no group’s fault when it comes whoever is followed: a refused core subscription blames nobody', async () => {
    groups.add(names(5))
    await expect(untilInPeace(new Set(), { always: true })).rejects.toThrow('never left in peace')
    expect(told).toEqual([])
  })

  it('is no group’s fault when it is about another frame, or may be', async () => {
    groups.add(names(1))
    for (let link = 0; link < 20; link++) {
      connect()
      groups.stop({ ...bare, receiptId: 'sub-messages' })
      connect()
      groups.stop(bare, false)
      await clock.pass(1_000)
    }
    expect(told).toEqual([])
    expect(connect().subscriptions.size).toBe(1)
  })
})

describe('a refused group', () => {
  const put = (group: string): void => {
    connect()
    groups.stop({ ...bare, destination: `/topic/${group}` })
  }

  it('is asked for again after a day, on the link that is up, and told no more once it is accepted', async () => {
    groups.add(['g0', 'g1'])
    put('g1')
    const link = connect()
    await accept()
    await clock.pass(refusedForMs - portionMs - 1)
    expect(followedOn(link)).toEqual(['g0'])
    await clock.pass(1)
    expect(followedOn(link)).toEqual(['g0', 'g1'])
    await accept()
    expect(told).toEqual([])
  })

  it('is believed anew when the user joins it, or when it went and came back', () => {
    groups.add(['g0', 'g1', 'g2'])
    put('g1')
    put('g2')
    groups.believe('g1')
    expect(leftOut()).toEqual(['g2'])
    groups.replace(['g0', 'g1'])
    groups.replace(['g0', 'g1', 'g2'])
    expect(told).toEqual([])
    expect(connect().subscriptions.size).toBe(3)
  })

  it('is believed less and less soon when that was in vain: a server may tell of an old joining at every link', async () => {
    /** The joining comes again, then what undid it. */
    const toldAgain = (): FakeLink => {
      const link = connect()
      groups.learn('g1')
      groups.believe('g1')
      return link
    }
    groups.add(['g0'])
    const links: number[] = []
    for (let minute = 0; minute < 24 * 60; minute++) {
      for (let link = toldAgain(); link.subscriptions.size > 1; link = toldAgain()) {
        links.push(minute)
        groups.stop({ ...bare, destination: '/topic/g1' })
      }
      groups.replace(['g0'])
      await clock.pass(60_000)
    }
    expect(links.slice(0, 2)).toEqual([0, 0])
    expect(links.length).toBeLessThan(14)
    expect(told).toEqual([])
  })

  it('is believed at once again after it was accepted', async () => {
    groups.add(['g0', 'g1'])
    put('g1')
    groups.believe('g1')
    connect()
    await accept()
    put('g1')
    groups.believe('g1')
    expect(followedOn(connect())).toEqual(['g0', 'g1'])
  })
})
