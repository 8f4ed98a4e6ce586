/** What tests of links look at: when a client noticed, and how often it had to begin again. */
import { pingPeriodMs } from '#electron/core/watchdog.ts'
import type { DialectName } from '#test/server/types.ts'
import type { Rig, RigClient, RigClientOptions } from './rig.ts'

/** Agreed with the `im2` server in these tests, ms. */
export const beatMs = 1_000
/** The client's time for `xuqm`, whose pings are 15 s apart. */
const xuqmSpeed = 10

/** What makes a client notice within seconds of ours. */
export function quickly(dialect: DialectName): Pick<RigClientOptions, 'heartbeatMs' | 'speed'> & { speed: number } {
  return dialect === 'im2' ? { heartbeatMs: beatMs, speed: 1 } : { speed: xuqmSpeed }
}

/** Within so long, of the client's time, a dead link has to be noticed. */
export function noticeWithinMs(dialect: DialectName): number {
  return 2 * (dialect === 'im2' ? beatMs : pingPeriodMs) + 1_000
}

/** Two who talk: the one through the proxy, the other past it. */
export interface Pair {
  readonly alice: RigClient
  readonly bob: RigClient
  /** Alice says it to Bob. */
  says(text: string): Promise<unknown>
  /** Bob says it to Alice. */
  answers(text: string): Promise<unknown>
}

export async function talking(rig: Rig, options: RigClientOptions = {}): Promise<Pair> {
  const quick = quickly(rig.dialect)
  const alice = await rig.client('alice', { ...quick, ...options })
  const bob = await rig.client('bob', { ...quick, direct: true })
  await Promise.all([isOnline(alice), isOnline(bob)])
  const there = await alice.opens({ person: 'bob' })
  const back = await bob.opens({ person: 'alice' })
  return { alice, bob, says: (text) => alice.says(there, text), answers: (text) => bob.says(back, text) }
}

/** Resolves once it is so; a test that waits in vain fails with these words. */
export async function until(condition: () => boolean, what: string, withinMs = 20_000): Promise<void> {
  const end = performance.now() + withinMs
  while (!condition()) {
    if (performance.now() > end) throw new Error(`waited in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** Resolves once the client is online; says how far it came if it never is. */
export async function isOnline(client: RigClient, withinMs = 30_000): Promise<void> {
  await until(() => client.session.connection.state === 'online', `${client.userId} comes online`, withinMs).catch(
    (error: unknown) => {
      const told = client.states.slice(-12).map(({ status }) => `${status.state} ${status.problem?.code ?? ''}`)
      throw new Error(`after ${told.join(', ')}`, { cause: error })
    },
  )
}

/** When the client was first shown as not online after a moment (`performance.now()`); null as long as it is not. */
export function leftOnline(client: RigClient, after: number): number | null {
  return client.states.find(({ at, status }) => at >= after && status.state !== 'online')?.at ?? null
}

/** How long, in its own time, the client took to notice; waits for it. */
export async function noticing(client: RigClient, since: number, speed: number): Promise<number> {
  await until(() => leftOnline(client, since) !== null, 'the dead link is noticed')
  return ((leftOnline(client, since) ?? Infinity) - since) * speed
}

/** Connections the client has begun so far. */
export function attempts(client: RigClient): number {
  return client.states.filter(({ status }) => status.state === 'connecting').length
}

/** Does `act` again and again, `periodMs` apart, as long as `body` runs. */
export async function during<T>(
  body: Promise<T>,
  periodMs: number,
  ...acts: readonly ((n: number) => Promise<unknown>)[]
): Promise<T> {
  let on = true
  const running = acts.map(async (act) => {
    for (let n = 0; on; n++) {
      await act(n)
      await new Promise((resolve) => setTimeout(resolve, periodMs))
    }
  })
  try {
    return await body
  } finally {
    on = false
    await Promise.all(running)
  }
}
