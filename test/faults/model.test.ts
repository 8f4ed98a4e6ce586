/**
 * Anything a user, other people, an administrator, the network and the machine can do, in any order: the client keeps
 * its promises. The real session, dialect and database against the demo server's rules, in virtual time.
 *
 * `GODWIT_FAULTS_SEED` repeats a run; fast-check prints seed, path and replay path of what it found, and
 * `GODWIT_MODEL_REPLAY="<path> <replay path>"` together with the seed runs that alone.
 */
import fc from 'fast-check'
import { describe, it } from 'vitest'
import type { DialectName } from '#test/server/types.ts'
import { wholeRun } from './fault.ts'
import { commands } from './model/commands.ts'
import type { Manner } from './model/server.ts'
import { World } from './model/world.ts'

const seed = Number(process.env['GODWIT_FAULTS_SEED'] ?? '1')
const [path, replayPath] = (process.env['GODWIT_MODEL_REPLAY'] ?? '').split(' ')

/** Runs in the quick set and in the whole. */
const worlds: readonly (readonly [DialectName, Manner, quick: number, whole: number])[] = [
  ['im2', 'echo', 20, 900],
  ['im2', 'states', 8, 250],
  ['im2', 'receipts', 6, 200],
  ['im2', 'silent', 6, 150],
  ['xuqm', 'echo', 12, 500],
  ['xuqm', 'receipts', 6, 200],
  ['xuqm', 'silent', 6, 150],
]

describe.each(worlds)('a client of an %s server that shows %s', (dialect, manner, quick, whole) => {
  const numRuns = Number(process.env['GODWIT_MODEL_RUNS'] ?? (wholeRun ? whole : quick))

  it('keeps what it promised, whatever happens in whatever order', { timeout: 3_600_000 }, async () => {
    const steps = fc.commands(commands(dialect, manner), {
      maxCommands: 40,
      size: 'max',
      ...(replayPath !== undefined && { replayPath }),
    })
    await fc.assert(
      fc.asyncProperty(fc.nat(), steps, async (random, todo) => {
        const world = await World.create({ dialect, manner, seed: random })
        try {
          await fc.asyncModelRun(() => ({ model: {}, real: world }), todo)
          await world.ends()
        } finally {
          world.dispose()
        }
      }),
      { seed, numRuns, ...(path !== undefined && path !== '' && { path }), endOnFailure: false },
    )
  })
})
