/** More than can be taken in at once: a great backlog, and a disk that stops answering while messages pour in. */
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import { highWater, maxBatch } from '#electron/core/inbox.ts'
import type { Store } from '#electron/core/ports/store.ts'
import type { Transport } from '#electron/core/ports/transport.ts'
import type { Memory } from './process/commands.ts'
import { rigProcess } from './process/inRig.ts'
import type { ClientProcess } from './process/child.ts'
import { wholeRun } from './fault.ts'
import { type Rig, rigFault } from './rig.ts'

const MiB = 1024 * 1024
/** Far below what all the messages take, and no more for a longer backlog. */
const heapGrowthMiB = 200

const backlog = wholeRun ? { messages: 100_000, conversations: 2_000 } : { messages: 5_000, conversations: 200 }
const flood = wholeRun ? { perSecond: 5_000, stallMs: 10_000 } : { perSecond: 3_000, stallMs: 2_000 }

/** One in ten conversations is a group. */
function fill(rig: Rig): void {
  const { control } = rig.server
  const { messages, conversations } = backlog
  for (let n = 0; n < conversations; n++) {
    control.addUser({ userId: `peer-${n}`, nickname: `Peer ${n}` })
    if (n % 10 === 0) {
      control.addGroup({
        groupId: `group-${n}`,
        name: `Group ${n}`,
        members: [{ userId: `peer-${n}` }, { userId: 'alice' }],
        createdAt: Date.now() - 86_400_000,
      })
    }
  }
  const start = Date.now() - messages
  for (let n = 0; n < messages; n++) {
    const at = n % conversations
    const text = `number ${n}: ${'words '.repeat(n % 20)}`
    const message = { from: `peer-${at}`, text, serverTime: start + n }
    control.message(at % 10 === 0 ? { ...message, group: `group-${at}` } : { ...message, to: 'alice' })
  }
}

interface Peak {
  readonly before: Memory
  rss: number
  heapUsed: number
}

/** Looks at the client's memory until so many messages are stored. */
async function watchUntil(client: ClientProcess, enough: number, before: Memory): Promise<Peak & { unread: number }> {
  const peak: Peak = { before, rss: 0, heapUsed: 0 }
  for (;;) {
    const { rss, heapUsed } = await client.memory()
    peak.rss = Math.max(peak.rss, rss)
    peak.heapUsed = Math.max(peak.heapUsed, heapUsed)
    const unread = await client.unread()
    if (unread >= enough) return { ...peak, unread }
    await wait(wholeRun ? 200 : 20)
  }
}

const grown = ({ before, heapUsed }: Peak): number => Math.round((heapUsed - before.heapUsed) / MiB)
const grownRss = ({ before, rss }: Peak): number => Math.round((rss - before.rss) / MiB)

describe('a great backlog', () => {
  rigFault(
    'F27',
    `${backlog.messages} messages in ${backlog.conversations} conversations, killed half-way, resumed`,
    {
      timeoutMs: 300_000,
      runs: 1,
      dialects: wholeRun ? ['im2', 'xuqm'] : ['xuqm'],
      // It introduces all the people at once, as no server of that size would.
      limits: { sendBufferBytes: 64 * MiB },
      // What lies in sockets while the client is held back takes long to arrive, and dies with it.
      heardMarginMs: 120_000,
    },
    async (rig, notes) => {
      fill(rig)
      const first = rigProcess(rig, 'alice', { forgetsRows: true })
      await first.start()
      const empty = await first.process.memory()
      const startedAt = performance.now()
      const half = await watchUntil(first.process, backlog.messages / 2, empty)
      await first.process.kill()
      const second = rigProcess(rig, 'alice', { forgetsRows: true })
      await rig.proxy.listen(false)
      await second.start()
      // What was stored before the kill is there, and the rest still to come.
      const kept = await second.process.unread()
      expect(kept).toBeGreaterThanOrEqual(half.unread)
      expect(kept).toBeLessThan(backlog.messages)
      const again = await second.process.memory()
      await rig.proxy.listen(true)
      await second.process.tryNow()
      const whole = await watchUntil(second.process, backlog.messages, again)
      const seconds = (performance.now() - startedAt) / 1_000
      expect(grown(half)).toBeLessThan(heapGrowthMiB)
      expect(grown(whole)).toBeLessThan(heapGrowthMiB)
      await second.process.close()
      await second.process.kill()
      notes.add(
        `killed at ${kept} of ${backlog.messages}; heap grew by ${grown(half)} and ${grown(whole)} MiB, ` +
          `memory by ${grownRss(half)} and ${grownRss(whole)} MiB; ${seconds.toFixed(0)} s`,
      )
      const alice = await rig.client('alice', { speed: 10 })
      await alice.reaches('online')
    },
  )
})

/** Frames that the link has given and the store has not answered for; and how the socket was held. */
interface Watch {
  given: number
  stored: number
  most: number
  pauses: number
  resumes: number
  stalled: Promise<unknown> | null
}

function watchedTransport(transport: Transport, watch: Watch): Transport {
  return {
    open: (options, listener) => {
      const link = transport.open(options, {
        ...listener,
        onFrame: (frame) => {
          watch.given++
          watch.most = Math.max(watch.most, watch.given - watch.stored)
          listener.onFrame(frame)
        },
      })
      return {
        subscribe: (id, destination) => link.subscribe(id, destination),
        unsubscribe: (id) => link.unsubscribe(id),
        send: (frame, receiptId) => link.send(frame, receiptId),
        ping: () => link.ping(),
        get localAddress() {
          return link.localAddress
        },
        pause: () => {
          watch.pauses++
          link.pause()
        },
        resume: () => {
          watch.resumes++
          link.resume()
        },
        close: () => link.close(),
        drop: (problem) => link.drop(problem),
      }
    },
  }
}

function stallingStore(store: Store, watch: Watch): Store {
  return {
    ...store,
    ingest: async (batch, at) => {
      await watch.stalled
      const outcome = await store.ingest(batch, at)
      watch.stored += batch.length
      return outcome
    },
  }
}

describe('a database that stops answering', () => {
  rigFault(
    'F28',
    `for ${flood.stallMs / 1_000} s while ${flood.perSecond} messages a second come`,
    {
      timeoutMs: 180_000,
      runs: 1,
      dialects: wholeRun ? ['im2', 'xuqm'] : ['im2'],
      heartbeat: [1_000, 1_000],
      limits: { sendBufferBytes: 1024 * MiB },
    },
    async (rig, notes) => {
      const watch: Watch = { given: 0, stored: 0, most: 0, pauses: 0, resumes: 0, stalled: null }
      const alice = await rig.client('alice', {
        heartbeatMs: 1_000,
        forgetsRows: true,
        wrapTransport: (transport) => watchedTransport(transport, watch),
        wrapStore: (store) => stallingStore(store, watch),
      })
      await alice.reaches('online')
      const onlineAt = performance.now()
      // Some before, the stall, some after; on a machine too busy for the pace it lasts until it is felt.
      const aroundMs = wholeRun ? 1_000 : 250
      let over = Infinity
      const stall = async (): Promise<void> => {
        await wait(flood.stallMs)
        await expect.poll(() => watch.pauses, { interval: 10 }).toBeGreaterThan(0)
        over = performance.now() - onlineAt
      }
      let sent = 0
      for (let passed = 0; passed < over + aroundMs; passed = performance.now() - onlineAt) {
        if (watch.stalled === null && passed > aroundMs) watch.stalled = stall()
        for (; sent < (passed / 1_000) * flood.perSecond; sent++) {
          rig.server.control.message({
            from: 'bob',
            to: 'alice',
            text: `number ${sent}`,
            serverTime: 1_700_000_000_000 + sent,
          })
        }
        await wait(5)
      }
      await watch.stalled
      const lastedMs = performance.now() - onlineAt
      const rate = Math.round((sent / lastedMs) * 1_000)
      await expect
        .poll(async () => (await alice.store.snapshot()).conversations.find(({ id }) => id === 'direct:bob')?.unread, {
          timeout: 120_000,
          interval: 100,
        })
        .toBe(sent)
      const cameAfter = performance.now() - onlineAt - lastedMs
      expect(watch.resumes).toBeGreaterThan(0)
      // What waits, the batches that the store has, and what had left the socket before it stood still.
      expect(watch.most).toBeLessThan(highWater + 2 * maxBatch + 2_000)
      expect(alice.states.filter(({ at, status }) => at > onlineAt && status.state === 'offline')).toEqual([])
      notes.add(
        `${sent} messages at ${rate} a second, at most ${watch.most} in memory, paused ${watch.pauses} times, ` +
          `all stored ${Math.round(cameAfter)} ms after the last was sent`,
      )
    },
  )
})
