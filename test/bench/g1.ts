/**
 * G1: from the socket through decoding and committing to the change set, against a bare stompjs and JSON.parse loop that
 * keeps nothing. Same server, same frames, one connection after the other.
 */
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { Client } from '@stomp/stompjs'
import { WebSocket } from 'ws'
import { systemClock, systemRandom } from '#electron/adapters/clock/systemClock.ts'
import { createWorkerStore } from '#electron/adapters/sqlite/workerStore.ts'
import { createStompTransport } from '#electron/adapters/stomp/transport.ts'
import { Session } from '#electron/core/session.ts'
import { dialects } from '#electron/dialect/registry.ts'
import { silentLog } from '#test/fakes/fakeTransport.ts'
import { type Bench, median } from './bench.ts'

const messages = 60_000
const conversations = 50

export const g1: Bench = {
  id: 'G1',
  title: 'socket → commit → change set, against bare stompjs without a database',
  goal: 1,
  stretch: 1.8,
  run: async (pairs) => {
    const blaster = new Worker(new URL('./blaster.ts', import.meta.url), { workerData: { messages, conversations } })
    const [port] = (await once(blaster, 'message')) as [number]
    const url = `ws://127.0.0.1:${port}/ws/im`
    const bare: number[] = []
    const ours: number[] = []
    // The first pair warms both sides up.
    for (let pair = 0; pair <= pairs; pair++) {
      const sides = [async () => bare.push(await bareRate(url)), async () => ours.push(await ourRate(url))]
      for (const side of pair % 2 === 0 ? sides : sides.reverse()) await side()
    }
    await blaster.terminate()
    const ratios = ours.map((rate, pair) => rate / (bare[pair] ?? Number.NaN)).slice(1)
    return {
      ratio: median(ratios),
      pairs,
      detail: { 'ours msg/s': median(ours.slice(1)), 'bare msg/s': median(bare.slice(1)) },
    }
  },
}

async function bareRate(url: string): Promise<number> {
  return new Promise((resolve) => {
    let seen = 0
    let started = 0
    const client = new Client({
      webSocketFactory: () => new WebSocket(url, ['v12.stomp'], { perMessageDeflate: false }),
      reconnectDelay: 0,
      heartbeatIncoming: 0,
      heartbeatOutgoing: 0,
      onConnect: () => {
        started = performance.now()
        client.subscribe(
          '/user/queue/messages',
          (message) => {
            const row = JSON.parse(message.body) as { id: string }
            if (row.id === '' || ++seen < messages) return
            resolve(messages / ((performance.now() - started) / 1000))
            void client.deactivate()
          },
          // As the prepared frames name it.
          { id: 'sub-1' },
        )
      },
    })
    client.activate()
  })
}

async function ourRate(url: string): Promise<number> {
  const dir = mkdtempSync(join(tmpdir(), 'godwit-bench-'))
  const store = await createWorkerStore({
    workerUrl: new URL('../../electron/adapters/sqlite/worker.ts', import.meta.url),
    file: join(dir, 'messages.db'),
    selfId: 'me',
    log: silentLog,
  })
  if (!store.ok) throw new Error(store.error.code)
  const session = new Session({
    profile: { dialect: 'xuqm', url, userId: 'me', deviceId: 'bench', appKey: 'bench' },
    dialect: dialects.xuqm,
    store: store.value,
    transport: createStompTransport({ onFault: (error) => console.error(error) }),
    clock: systemClock,
    random: systemRandom,
    log: silentLog,
    token: () => 'bench-token',
    onRefused: () => undefined,
  })
  const rate = await new Promise<number>((resolve) => {
    let seen = 0
    let started = 0
    session.onConnection(({ state }) => {
      if (state === 'syncing') started = performance.now()
    })
    session.onChanges(({ messages: rows }) => {
      seen += rows.length
      if (seen >= messages) resolve(messages / ((performance.now() - started) / 1000))
    })
    void session.start()
  })
  await session.close()
  rmSync(dir, { recursive: true, force: true })
  return rate
}
