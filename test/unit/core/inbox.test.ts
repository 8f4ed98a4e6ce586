import { beforeEach, describe, expect, it } from 'vitest'
import type { Inbound } from '#common/domain/events.ts'
import {
  Inbox,
  highWater,
  highWaterBytes,
  lowWaterBytes,
  maxBatch,
  maxBatchBytes,
  storageRetryMs,
} from '#electron/core/inbox.ts'
import type { Changed, IngestOutcome, Store, UndecodedFrame } from '#electron/core/ports/store.ts'
import { FakeClock, settle } from '#test/fakes/fakeClock.ts'
import { silentLog } from '#test/fakes/fakeTransport.ts'
import { openMemoryStore } from '#test/fakes/memoryStore.ts'

const nothing: Changed<IngestOutcome> = { value: { settled: [], proved: [], proofs: [], groups: null }, changes: null }
const oneFrame: Inbound = { events: [], covers: null }

let clock: FakeClock
let inbox: Inbox
let pressure: boolean[]
let batches: number[]
let kept: UndecodedFrame[]
/** What the database says to a batch; it stands still while this is a promise not yet kept. */
let database: (size: number) => Promise<void>
let onIngested: () => void

beforeEach(() => {
  clock = new FakeClock()
  pressure = []
  batches = []
  kept = []
  database = () => Promise.resolve()
  onIngested = () => undefined
  const { store } = openMemoryStore('alice')
  const slow: Store = {
    ...store,
    ingest: async (batch) => {
      await database(batch.length)
      batches.push(batch.length)
      return nothing
    },
    keepUndecoded: (frames) => {
      kept.push(...frames)
      return Promise.resolve()
    },
  }
  inbox = new Inbox({
    store: slow,
    clock,
    log: silentLog,
    onIngested: () => onIngested(),
    onPressure: (pressed) => pressure.push(pressed),
  })
})

/** A database that does nothing until told to. */
function stall(): () => void {
  let go = (): void => undefined
  const stalled = new Promise<void>((resolve) => (go = resolve))
  database = () => stalled
  return go
}

describe('back-pressure', () => {
  it('holds the socket back by number and lets it go again when the queue is short', async () => {
    const go = stall()
    for (let index = 0; index < highWater + 3 * maxBatch; index++) inbox.push(oneFrame, 100)
    await clock.pass(10)
    expect(pressure).toEqual([true])
    go()
    await inbox.drained()
    expect(pressure).toEqual([true, false])
    expect(batches.reduce((sum, size) => sum + size, 0)).toBe(highWater + 3 * maxBatch)
  })

  it('holds the socket back by bytes long before the number is reached', async () => {
    const go = stall()
    const bytes = 4 * 1024 * 1024
    for (let index = 0; index < 8; index++) inbox.push(oneFrame, bytes)
    expect(pressure).toEqual([true])
    expect(highWaterBytes / bytes).toBeLessThanOrEqual(8)
    expect(lowWaterBytes).toBeLessThan(highWaterBytes)
    go()
    await clock.pass(10)
    await inbox.drained()
    expect(pressure).toEqual([true, false])
  })

  it('never hands the store more bytes at once than a batch may have, but for a single frame', async () => {
    const sizes: number[] = []
    database = (size) => {
      sizes.push(size)
      return Promise.resolve()
    }
    for (let index = 0; index < 10; index++) inbox.push(oneFrame, maxBatchBytes / 2)
    inbox.push(oneFrame, 3 * maxBatchBytes)
    inbox.push(oneFrame, 1)
    await clock.pass(10)
    await inbox.drained()
    expect(sizes).toEqual([2, 2, 2, 2, 2, 1, 1])
  })

  it('ends once a database that refused takes what waits, however little that is', async () => {
    let refusals = 3
    database = () => (refusals-- > 0 ? Promise.reject(new Error('storage.full')) : Promise.resolve())
    inbox.push(oneFrame, 100)
    await clock.pass(10)
    expect(pressure).toEqual([true])
    await clock.pass(3 * storageRetryMs)
    await inbox.drained()
    expect(pressure).toEqual([true, false])
    expect(batches).toEqual([1])
  })
})

describe('what was handed over', () => {
  it('is known to be stored although more keeps coming', async () => {
    inbox.push(oneFrame, 100)
    let drained = false
    const waiting = inbox.drained().then(() => (drained = true))
    for (let turn = 0; turn < 20 && !drained; turn++) {
      inbox.push(oneFrame, 100)
      await clock.pass(1)
    }
    expect(drained).toBe(true)
    await waiting
  })

  it('is not known to be stored before it is, although later batches are', async () => {
    let refusals = 1
    database = () => (refusals-- > 0 ? Promise.reject(new Error('storage.full')) : Promise.resolve())
    inbox.push(oneFrame, 100)
    let drained = false
    const waiting = inbox.drained().then(() => (drained = true))
    await clock.pass(1)
    inbox.push(oneFrame, 100)
    await clock.pass(1)
    await settle()
    expect(batches).toEqual([1])
    expect(drained).toBe(false)
    await clock.pass(storageRetryMs)
    await waiting
    expect(batches).toEqual([1, 1])
  })

  it('goes on although a listener throws', async () => {
    onIngested = () => {
      throw new Error('a window is gone')
    }
    for (let index = 0; index < 5; index++) {
      inbox.push(oneFrame, 100)
      await clock.pass(1)
    }
    await inbox.drained()
    expect(batches).toEqual([1, 1, 1, 1, 1])
  })
})

describe('frames that mean nothing', () => {
  it('are counted all, kept bounded in number and in size, and hold no memory of their own', async () => {
    const body = new Uint8Array(4 * 1024 * 1024)
    for (let index = 0; index < 200; index++) {
      inbox.keepUndecoded({ destination: '/a', contentType: null, reason: 'nonsense', body })
    }
    await clock.pass(10)
    await inbox.drained()
    expect(inbox.undecodedCount).toBe(200)
    expect(kept.length).toBe(50)
    expect(kept.every((frame) => frame.body.buffer.byteLength <= 16 * 1024)).toBe(true)
  })
})
