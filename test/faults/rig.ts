/**
 * A server, a fault proxy before it, and clients with databases on disk: where faults are tried.
 *
 * Promises: what a seed decides is the same in every run with it. At the end the one oracle looks at every client: the
 * server's log is the client's database, nothing twice, in order, nothing left to send, unread as counted.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { createWorkerStore } from '#electron/adapters/sqlite/workerStore.ts'
import type { Store } from '#electron/core/ports/store.ts'
import { type Client, type ClientOptions, startClient } from '#test/fakes/client.ts'
import { expectNoViolations } from '#test/fakes/strict.ts'
import { disagreements } from '#test/oracle.ts'
import { createRandom } from '#test/server/faults.ts'
import { type DemoServer, type DemoServerOptions, createDemoServer } from '#test/server/server.ts'
import type { DialectName } from '#test/server/types.ts'
import { type FaultClock, createFaultClock } from './clock.ts'
import { type FaultOptions, type Notes, fault } from './fault.ts'
import type { FaultId } from './catalogue.ts'
import { type FaultProxy, createFaultProxy } from './proxy.ts'

/** However fast a client's time runs, the server's and the machine's does not. */
const shortestQuietMs = 250

export const storeWorkerUrl = new URL('../../electron/adapters/sqlite/worker.ts', import.meta.url)

export interface RigOptions extends Omit<DemoServerOptions, 'dialects' | 'seed'> {
  readonly dialect: DialectName
  readonly seed: number
}

type Given = 'dialect' | 'userId' | 'url' | 'appKey' | 'token' | 'store'

export interface RigClientOptions extends Partial<Omit<ClientOptions, Given>> {
  /** Past the proxy. */
  readonly direct?: boolean
  /** How much faster the client's time runs; 1. */
  readonly speed?: number
  readonly wrapStore?: (store: Store) => Store
}

export interface RigClient extends Client {
  /** Ended by the test: the oracle looks at its database as it is. */
  readonly closed: boolean
  readonly store: Store
  readonly clock: FaultClock
  readonly databaseFile: string
  /** Ends and starts again on the same database, with the same options. */
  restart(): Promise<RigClient>
}

export interface Rig {
  readonly dialect: DialectName
  readonly seed: number
  /** Uniform in [0, 1), by the seed. */
  random(): number
  readonly server: DemoServer
  readonly proxy: FaultProxy
  /** Where databases lie. */
  readonly dir: string
  /** A client of this user, on the database of that user and device. Ended with the rig. */
  client(userId: string, options?: RigClientOptions): Promise<RigClient>
  /** The fault keeps this message from the user for ever: the oracle does not ask for it. */
  withheld(userId: string, serverId: string): void
  /** Done when the rig is closed, clients and server still being there. */
  atEnd(run: () => Promise<void>): void
  /** Ends all faults, lets every client that is open sync once more, and asks the oracle about each. */
  agrees(): Promise<void>
  close(): Promise<void>
}

export async function createRig({ dialect, seed, ...options }: RigOptions): Promise<Rig> {
  const server = await createDemoServer({ ...options, dialects: [dialect] })
  const proxy = await createFaultProxy(server.port)
  const random = createRandom(seed)
  const dir = mkdtempSync(join(tmpdir(), 'godwit-fault-'))
  const clients = new Map<string, RigClient>()
  const kept = new Set<string>()
  const ends: (() => Promise<void>)[] = []

  async function open(userId: string, clientOptions: RigClientOptions): Promise<RigClient> {
    const { direct = false, speed = 1, wrapStore, deviceId = `device-${userId}`, ...more } = clientOptions
    const databaseFile = join(dir, deviceId, 'messages.db')
    const opened = await createWorkerStore({ workerUrl: storeWorkerUrl, file: databaseFile, selfId: userId })
    if (!opened.ok) throw new Error(`${opened.error.code} ${opened.error.detail ?? ''}`)
    const store = wrapStore?.(opened.value) ?? opened.value
    const clock = createFaultClock({ speed })
    const url = server.url(dialect)
    const client = await startClient({
      clock,
      ...more,
      dialect,
      userId,
      deviceId,
      url: direct ? url : proxy.through(url),
      appKey: server.appKey,
      token: () => server.issueToken(userId, { deviceId }),
      store,
    })
    let closed = false
    const rigClient: RigClient = {
      ...client,
      store,
      clock,
      databaseFile,
      get closed() {
        return closed
      },
      close: async () => {
        closed = true
        await client.close()
      },
      restart: async () => {
        await client.close()
        return open(userId, clientOptions)
      },
    }
    clients.set(deviceId, rigClient)
    return rigClient
  }

  return {
    dialect,
    seed,
    random,
    server,
    proxy,
    dir,
    client: (userId, clientOptions = {}) => open(userId, clientOptions),
    withheld: (userId, serverId) => void kept.add(`${userId}\n${serverId}`),
    async agrees() {
      server.control.clearFaults()
      proxy.shape('both', null)
      proxy.heal()
      await proxy.listen(true)
      await server.start()
      const open = [...clients.values()].filter(({ closed }) => !closed)
      for (const client of open) client.session.renew()
      await Promise.all(open.map((client) => settled(client)))
      for (const client of clients.values()) await client.close()
      for (const [deviceId, client] of clients) {
        expect(client.faults, `faults of ${deviceId}`).toEqual([])
        const owed = server.messages(dialect).filter(({ serverId }) => !kept.has(`${client.userId}\n${serverId}`))
        expect(disagreements(owed, client.databaseFile, client.userId), deviceId).toEqual([])
      }
      expectNoViolations(server)
    },
    atEnd: (run) => void ends.push(run),
    async close() {
      for (const run of ends.splice(0)) await run()
      for (const client of clients.values()) await client.close()
      await proxy.close()
      await server.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** Longer than anything a test leaves to be done; it fails with what is left. */
const settleWithinMs = 45_000

/** Online, nothing left to send, and nothing has come for a while: a second and a half of the client's time. */
export async function settled(
  client: RigClient,
  quietMs = Math.max(shortestQuietMs, 1_500 / client.clock.speed),
): Promise<void> {
  for (let seen = -1, startedAt = performance.now(), quietSince = startedAt; ;) {
    const left = await client.store.outboxSize()
    const { state, problem } = client.session.connection
    if (client.changes.length !== seen || left > 0 || state !== 'online') quietSince = performance.now()
    else if (performance.now() - quietSince > quietMs) return
    if (performance.now() - startedAt > settleWithinMs) {
      throw new Error(`${client.userId} does not settle: ${state} ${problem?.code ?? ''}, ${left} to send`)
    }
    seen = client.changes.length
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

export interface RigFaultOptions extends FaultOptions, Omit<RigOptions, 'dialect' | 'seed'> {
  /** Both unless given. */
  readonly dialects?: readonly DialectName[]
}

/** A fault tried on a rig of its own, once per dialect and seed; the oracle closes it. */
export function rigFault(
  id: FaultId,
  what: string,
  options: RigFaultOptions,
  run: (rig: Rig, notes: Notes) => Promise<void>,
): void {
  const { dialects = ['im2', 'xuqm'], whole, runs, timeoutMs, missing, ...server } = options
  const faultOptions = {
    ...(whole !== undefined && { whole }),
    ...(runs !== undefined && { runs }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(missing !== undefined && { missing }),
  }
  for (const dialect of dialects) {
    fault(id, `${what}, ${dialect}`, faultOptions, async (seed, notes) => {
      const rig = await createRig({ ...server, dialect, seed })
      try {
        await run(rig, notes)
        await rig.agrees()
      } finally {
        await rig.close()
      }
    })
  }
}
