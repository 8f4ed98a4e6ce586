/**
 * Carries decoded frames into the store in batches, the next one gathering meanwhile. It promises that nothing handed
 * over is lost, hands it on in the order of arrival (only what the store refused comes later, which the store bears),
 * and holds the sender back when the store falls behind. It must never look into events.
 */
import type { Disposable } from '#common/base/disposable.ts'
import type { Inbound } from '#common/domain/events.ts'
import type { Clock, Log } from './ports/platform.ts'
import type { Changed, IngestOutcome, Store, UndecodedFrame } from './ports/store.ts'

export const maxBatch = 500
/** So many batches are with the store at once: it starts on the next while the answer to the last is on its way. */
const maxUnderWay = 2
/** Of the frames as they came. One frame may be more. */
export const maxBatchBytes = 4 * 1024 * 1024
/** What waits: above the first of either the socket is paused, below the second of both it is read again. */
export const highWater = 4_000
export const lowWater = 1_000
export const highWaterBytes = 16 * 1024 * 1024
export const lowWaterBytes = 4 * 1024 * 1024
/** How often a database that refuses is asked again. */
export const storageRetryMs = 1_000
/** So many frames that mean nothing are kept per batch; the rest is only counted. */
const maxUndecodedPerBatch = 50
/** The store keeps no more of a frame. */
const maxUndecodedBytes = 16 * 1024

export interface InboxOptions {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly onIngested: (result: Changed<IngestOutcome>) => void
  readonly onPressure: (pressed: boolean) => void
}

interface Waiting {
  readonly inbound: Inbound
  readonly bytes: number
}

/** Resolved when the frame of this number, and all before it, are in the store. */
interface Waiter {
  readonly upTo: number
  readonly resolve: () => void
}

export class Inbox implements Disposable {
  readonly #options: InboxOptions
  #waiting: Waiting[] = []
  #waitingBytes = 0
  #undecoded: UndecodedFrame[] = []
  #undecodedCount = 0
  #underWay = 0
  /** Attempts that wait for a database that refuses. */
  #refused = 0
  #scheduled = false
  #pressed = false
  #disposed = false
  #taken = 0
  #done = 0
  #waiters: Waiter[] = []

  constructor(options: InboxOptions) {
    this.#options = options
  }

  /** `bytes`: what the frame takes, about. */
  push(inbound: Inbound, bytes: number): void {
    this.#taken++
    this.#waiting.push({ inbound, bytes })
    this.#waitingBytes += bytes
    if (this.#waiting.length >= highWater || this.#waitingBytes >= highWaterBytes) this.#press(true)
    this.#go()
  }

  keepUndecoded(frame: UndecodedFrame): void {
    this.#undecodedCount++
    if (this.#undecoded.length < maxUndecodedPerBatch) {
      this.#taken++
      // A copy: a view would keep the whole frame in memory.
      this.#undecoded.push({ ...frame, body: new Uint8Array(frame.body.subarray(0, maxUndecodedBytes)) })
    }
    this.#go()
  }

  /** Ends the waiting for a database that refuses; what it never took is left to the server. */
  dispose(): void {
    this.#disposed = true
  }

  /** How many frames could not be understood since the start. */
  get undecodedCount(): number {
    return this.#undecodedCount
  }

  /** Resolves when everything handed over so far is in the store, whatever comes after it. */
  drained(): Promise<void> {
    if (this.#done >= this.#taken) return Promise.resolve()
    return new Promise((resolve) => this.#waiters.push({ upTo: this.#taken, resolve }))
  }

  #press(pressed: boolean): void {
    if (this.#pressed === pressed) return
    this.#pressed = pressed
    this.#options.onPressure(pressed)
  }

  #relieve(): void {
    if (this.#refused > 0 || this.#waiting.length > lowWater || this.#waitingBytes > lowWaterBytes) return
    this.#press(false)
  }

  get #hasWork(): boolean {
    return this.#waiting.length > 0 || this.#undecoded.length > 0
  }

  #go(): void {
    if (this.#scheduled || this.#underWay >= maxUnderWay) return
    this.#scheduled = true
    // The rest of what the socket delivered in this turn shares the batch.
    this.#options.clock.after(0, () => {
      this.#scheduled = false
      this.#underWay++
      void this.#work()
    })
  }

  async #work(): Promise<void> {
    const { store, clock } = this.#options
    while (this.#hasWork) {
      const batch = this.#nextBatch()
      const undecoded = this.#undecoded.splice(0)
      this.#relieve()
      if (this.#waiting.length > 0) this.#go()
      if (undecoded.length > 0) await this.#attempt(() => store.keepUndecoded(undecoded, clock.now()))
      if (batch.length > 0) await this.#store(batch)
      this.#done += batch.length + undecoded.length
      this.#relieve()
      this.#tellWaiters()
    }
    this.#underWay--
  }

  #nextBatch(): readonly Inbound[] {
    let bytes = 0
    let size = 0
    for (; size < Math.min(maxBatch, this.#waiting.length); size++) {
      const next = this.#waiting[size]?.bytes ?? 0
      if (size > 0 && bytes + next > maxBatchBytes) break
      bytes += next
    }
    this.#waitingBytes -= bytes
    return this.#waiting.splice(0, size).map(({ inbound }) => inbound)
  }

  /** A batch that was refused is not done, although later ones may be. */
  #tellWaiters(): void {
    if (this.#refused > 0) return
    const ready = this.#waiters.filter(({ upTo }) => upTo <= this.#done)
    this.#waiters = this.#waiters.filter(({ upTo }) => upTo > this.#done)
    for (const { resolve } of ready) resolve()
  }

  /** A batch that a fault of ours refuses is tried piece by piece, so that one bad piece costs only itself. */
  async #store(batch: readonly Inbound[]): Promise<void> {
    const { store, clock, log, onIngested } = this.#options
    const result = await this.#attempt(() => store.ingest(batch, clock.now()))
    if (result !== null) {
      try {
        onIngested(result)
      } catch (error) {
        // The rows are safe; whoever was to hear of them may not stop the next.
        log.error('listener of the inbox failed', { error })
      }
    }
    // What the store never took is left to the server.
    else if (this.#disposed) return
    else if (batch.length > 1) for (const inbound of batch) await this.#store([inbound])
    else {
      log.error('frame quarantined', { events: batch[0]?.events.map((event) => event.type) })
      const body = new TextEncoder().encode(JSON.stringify(batch[0]))
      this.keepUndecoded({ destination: '', contentType: 'application/json', reason: 'not stored', body })
    }
  }

  /** The answer; or null for a fault of ours. A database that cannot write now is waited for: the socket stays held. */
  async #attempt<T>(run: () => Promise<T>): Promise<T | null> {
    for (;;) {
      try {
        return await run()
      } catch (error) {
        const code = error instanceof Error ? error.message : String(error)
        this.#options.log.error('store refused', { code })
        if (!code.startsWith('storage.') || this.#disposed) return null
        this.#refused++
        this.#press(true)
        await new Promise<void>((resolve) => void this.#options.clock.after(storageRetryMs, resolve))
        this.#refused--
      }
    }
  }
}
