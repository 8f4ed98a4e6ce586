/**
 * The last moment before the program ends: what is queued gets a short, bounded time to reach its server. What does not
 * is kept and goes out at the next start; nothing is lost either way.
 */
import type { Push } from '#common/contract/pushes.ts'
import type { ConnectionStatus } from '#common/domain/connection.ts'
import type { Clock, Log } from '#electron/core/ports/platform.ts'
import type { Store } from '#electron/core/ports/store.ts'

/** Nobody waits longer for a program to end. */
export const settleWithinMs = 3_000
const lookEveryMs = 100

/** What is needed of a session. */
export interface Leaver {
  readonly connection: Pick<ConnectionStatus, 'state'>
  readonly store: Pick<Store, 'outboxSize'>
}

export interface LeavingOptions {
  readonly sessions: () => readonly Leaver[]
  readonly push: (push: Push) => void
  readonly clock: Clock
  readonly log: Log
}

/** Resolves when nothing is queued any more on a connection that is up, and after `settleWithinMs` at the latest. */
export async function settleQueues({ sessions, push, clock, log }: LeavingOptions): Promise<void> {
  const { promise: late, resolve: becomeLate } = Promise.withResolvers<null>()
  const timer = clock.after(settleWithinMs, () => becomeLate(null))
  let told = 0
  for (;;) {
    // A store that does not answer keeps nobody either.
    const waiting = await Promise.race([queued(sessions()), late])
    if (waiting === null) return log.info('the rest of the queue goes out at the next start', { waiting: told })
    if (waiting === 0) return timer.dispose()
    if (waiting !== told) push({ type: 'quitting', waiting })
    told = waiting
    await Promise.race([pause(clock, lookEveryMs), late])
  }
}

async function queued(sessions: readonly Leaver[]): Promise<number> {
  const sizes = sessions
    .filter(({ connection }) => connection.state === 'online')
    .map(async ({ store }) => await store.outboxSize())
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.after(ms, resolve))
}
