/** F31: when a server is started again its clients must not all come at once. */
import { describe, expect } from 'vitest'
import { appError } from '#common/base/errors.ts'
import { Connection } from '#electron/core/connection.ts'
import type { Link, LinkListener, Transport } from '#electron/core/ports/transport.ts'
import { type Client, startClient } from '#test/fakes/client.ts'
import { FakeClock } from '#test/fakes/fakeClock.ts'
import { idleLink, silentLog } from '#test/fakes/fakeTransport.ts'
import { openMemoryStore } from '#test/fakes/memoryStore.ts'
import { createRandom } from '#test/server/faults.ts'
import { createDemoServer } from '#test/server/server.ts'
import { fault } from './fault.ts'

const clients = 200
/** Of all that come back, in any one second since the server listens again. */
const mostPerSecond = 0.15 * clients

/** How many came in each second since `from`. */
function histogram(times: readonly number[], from: number): number[] {
  const counts = new Array<number>(1 + Math.floor((Math.max(...times) - from) / 1_000)).fill(0)
  for (const at of times) {
    const second = Math.floor((at - from) / 1_000)
    counts[second] = (counts[second] ?? 0) + 1
  }
  return counts
}

/** A server that takes no time, has no sockets, and can be away. */
function createPlace(clock: FakeClock) {
  const links = new Set<{ readonly link: Link; readonly listener: LinkListener }>()
  const acceptedAt: number[] = []
  let isThere = true
  const transport: Transport = {
    open: (_options, listener) => {
      const link = idleLink()
      clock.after(1, () => {
        if (!isThere) {
          listener.onEnd({ problem: appError('link.refused'), serverError: null, retryAfterMs: null })
          return
        }
        acceptedAt.push(clock.monotonic())
        links.add({ link, listener })
        listener.onOpen()
        listener.onConnected({ heartbeat: { outgoingMs: 0, incomingMs: 0 }, server: null })
      })
      return link
    },
  }
  return {
    transport,
    acceptedAt,
    stop: (code: 'link.serverStopping' | 'link.closed') => {
      isThere = false
      const ended = [...links]
      links.clear()
      acceptedAt.length = 0
      for (const { listener } of ended) {
        listener.onEnd({ problem: appError(code), serverError: null, retryAfterMs: null })
      }
    },
    start: () => {
      isThere = true
    },
  }
}

/** How the clients of a server come back that is away for so long, by seconds since its return. */
async function comeBack(seed: number, awayMs: number, code: 'link.serverStopping' | 'link.closed'): Promise<number[]> {
  const clock = new FakeClock()
  const random = createRandom(seed)
  const place = createPlace(clock)
  const all = Array.from({ length: clients }, () => {
    const connection = new Connection({
      transport: place.transport,
      clock,
      random: { next: random, uuid: () => 'id' },
      log: silentLog,
      target: () => ({ url: 'wss://chat.example', connectHeaders: {}, heartbeat: { outgoingMs: 0, incomingMs: 0 } }),
      readError: () => appError('link.protocol'),
      handler: {
        onConnected: () => undefined,
        onFrame: () => undefined,
        onReceipt: () => undefined,
        onAlive: () => undefined,
        onAnswered: () => undefined,
        onLost: () => undefined,
      },
    })
    connection.start()
    return connection
  })
  await clock.pass(10)
  place.stop(code)
  await clock.pass(awayMs)
  place.start()
  const from = clock.monotonic()
  while (place.acceptedAt.length < clients) await clock.pass(1_000)
  for (const connection of all) connection.dispose()
  return histogram(place.acceptedAt, from)
}

const short = (counts: readonly number[]): string =>
  `most ${Math.max(...counts)} of ${clients} in one of ${counts.length} s`

describe('a server that is started again', () => {
  fault('F31', 'says good-bye first, away for nothing, seconds or minutes, virtual time', {}, async (seed, notes) => {
    for (const awayMs of [0, 500, 2_000, 5_000, 10_000, 14_500, 20_000, 45_000, 120_000]) {
      const counts = await comeBack(seed, awayMs, 'link.serverStopping')
      notes.add(`away ${awayMs / 1_000} s: ${short(counts)}`)
      expect(Math.max(...counts), `away for ${awayMs} ms: ${counts.join(' ')}`).toBeLessThanOrEqual(mostPerSecond)
    }
  })

  // Back within half a second, it cannot be told from a network that blinked.
  fault('F31', 'dies without a word, away for seconds or minutes, virtual time', {}, async (seed, notes) => {
    for (const awayMs of [500, 2_000, 5_000, 10_000, 30_000, 120_000]) {
      const counts = await comeBack(seed, awayMs, 'link.closed')
      notes.add(`died, away ${awayMs / 1_000} s: ${short(counts)}`)
      expect(Math.max(...counts), `away for ${awayMs} ms: ${counts.join(' ')}`).toBeLessThanOrEqual(mostPerSecond)
    }
  })

  for (const awayMs of [0, 4_000]) {
    fault(
      'F31',
      `${clients} clients on real sockets, away for ${awayMs / 1_000} s`,
      { whole: true, runs: 1, timeoutMs: 240_000 },
      async (seed, notes) => {
        const users = Array.from({ length: clients }, (_, index) => ({ userId: `user-${index}`, nickname: `${index}` }))
        const server = await createDemoServer({
          dialects: ['im2'],
          seed: { users, groups: [], messages: [], settings: {} },
        })
        const random = createRandom(seed)
        const all: Client[] = []
        try {
          for (const { userId } of users) {
            all.push(
              await startClient({
                dialect: 'im2',
                userId,
                url: server.url('im2'),
                appKey: server.appKey,
                token: () => server.issueToken(userId),
                store: openMemoryStore(userId).store,
                random: { next: random, uuid: () => crypto.randomUUID() },
              }),
            )
          }
          await Promise.all(all.map((client) => client.reaches('online')))
          const back: number[] = []
          for (const { session } of all) {
            session.onConnection(({ state }) => {
              if (state === 'syncing') back.push(performance.now())
            })
          }
          await server.stop()
          await new Promise((resolve) => setTimeout(resolve, awayMs))
          await server.start()
          const from = performance.now()
          await expect.poll(() => back.length, { timeout: 120_000 }).toBe(clients)
          const counts = histogram(back, from)
          notes.add(`real sockets, away ${awayMs / 1_000} s: by second ${counts.join(' ')}`)
          expect(Math.max(...counts), counts.join(' ')).toBeLessThanOrEqual(mostPerSecond)
          await Promise.all(all.map((client) => client.reaches('online')))
        } finally {
          for (const client of all) await client.close()
          await server.close()
        }
      },
    )
  }
})
