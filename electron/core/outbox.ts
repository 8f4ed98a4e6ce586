/**
 * Sends what the store has queued. It owns what is in flight on the current link: one command per lane, paced to the
 * server's limit, each written only after the store has recorded the attempt, each repeated under the same id until
 * the server has shown that it has it. It must never drop, reorder within a lane, or change a command.
 *
 * What counts as shown is learned per server (section 3 of our protocol reading): echo, status event or receipt. A
 * server that never showed any of them is silent; then a command counts as arrived, unconfirmed, once the link proved
 * alive well after the writing.
 */
import { type Disposable } from '#common/base/disposable.ts'
import { appError } from '#common/base/errors.ts'
import type { Result } from '#common/base/result.ts'
import type { ChangeSet } from '#common/domain/changes.ts'
import type { QueuedCommand } from '#common/domain/commands.ts'
import type { DeliveryProof } from '#common/domain/delivery.ts'
import { Pace } from './pace.ts'
import type { Clock, Log } from './ports/platform.ts'
import type { OutboxEntry, Store } from './ports/store.ts'
import type { Link, OutboundFrame } from './ports/transport.ts'

/** Without a proof for so long, the command is written again. */
export const proofTimeoutMs = 15_000
/** A silent server's link has to show life this long after the writing. */
export const silentProofMs = 5_000
/** After so long of trying while connected a message fails, and says so. */
export const giveUpAfterMs = 24 * 3_600_000

const learnedKey = 'learnedProofs'

export interface OutboxOptions {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly encode: (command: QueuedCommand) => Result<OutboundFrame>
  readonly messagesPerSecond: number
  readonly onChanges: (changes: ChangeSet) => void
}

interface InFlight {
  readonly entry: OutboxEntry
  readonly receiptId: string
  readonly writtenAt: number
}

export class Outbox implements Disposable {
  readonly #options: OutboxOptions
  readonly #pace: Pace
  /** By lane. */
  readonly #inFlight = new Map<string, InFlight>()
  #learned: Set<DeliveryProof> | null = null
  #link: Link | null = null
  #lastAlive = 0
  #writes = 0
  #pumping = false
  #again = false
  #timer: Disposable | null = null

  constructor(options: OutboxOptions) {
    this.#options = options
    this.#pace = new Pace(options.clock, options.messagesPerSecond)
  }

  /** The link is up and the account in step: queued commands may go. */
  async start(link: Link): Promise<void> {
    this.#link = link
    if (this.#learned === null) {
      const stored = await this.#options.store.readFact(learnedKey)
      this.#learned = new Set(stored === null ? [] : (JSON.parse(stored) as DeliveryProof[]))
    }
    this.pump()
  }

  /** The link is gone: what was in flight is queued again, under its old id and place. */
  stop(): void {
    this.#link = null
    this.#inFlight.clear()
    this.#timer?.dispose()
    this.#timer = null
  }

  /** Something may have become sendable. */
  pump(): void {
    if (this.#pumping) {
      this.#again = true
      return
    }
    this.#pumping = true
    this.#run()
      .catch((error: unknown) => {
        this.#options.log.error('outbox stopped', { error: String(error) })
      })
      .finally(() => {
        this.#pumping = false
        if (!this.#again) return
        this.#again = false
        this.pump()
      })
  }

  /** Entries the ingest has seen proved, refused, or taken out. */
  settled(entryIds: readonly number[], proofs: readonly DeliveryProof[]): void {
    for (const proof of proofs) this.#learn(proof)
    if (entryIds.length === 0) return
    const ids = new Set(entryIds)
    for (const [lane, { entry }] of this.#inFlight) if (ids.has(entry.id)) this.#inFlight.delete(lane)
    this.pump()
  }

  receipt(receiptId: string): void {
    for (const [lane, { entry, receiptId: own }] of this.#inFlight) {
      if (own !== receiptId) continue
      this.#learn('receipt')
      this.#inFlight.delete(lane)
      void this.#settle(entry, 'receipt')
      return
    }
  }

  alive(): void {
    this.#lastAlive = this.#options.clock.monotonic()
  }

  dispose(): void {
    this.stop()
  }

  async #run(): Promise<void> {
    for (;;) {
      const link = this.#link
      if (link === null) return
      const heads = await this.#options.store.outboxHeads([...this.#inFlight.keys()], 16)
      if (heads.length === 0 || this.#link !== link) break
      for (const entry of heads) {
        if (!(await this.#write(link, entry))) return this.#arm()
      }
    }
    this.#arm()
  }

  /** False when nothing more can be written now. */
  async #write(link: Link, { id }: OutboxEntry): Promise<boolean> {
    const { clock, store, encode } = this.#options
    for (let wait = this.#pace.take(); wait > 0; wait = this.#pace.take()) {
      await new Promise<void>((resolve) => void clock.after(wait, resolve))
      if (this.#link !== link) return false
    }
    // As it is to go out now: it may have been changed, held or taken back since it was read.
    const entry = await store.outboxWritten(id, clock.now())
    if (this.#link !== link) return false
    if (entry === null) return true
    const frame = encode(entry.command)
    if (!frame.ok) {
      this.#publish((await store.outboxFail(entry.id, frame.error, clock.now())).changes)
      return true
    }
    const receiptId = `out-${entry.id}-${++this.#writes}`
    // Entered before the bytes go: the answer may come while `send` still runs.
    this.#inFlight.set(entry.lane, { entry, receiptId, writtenAt: clock.monotonic() })
    if (link.send(frame.value, receiptId)) return true
    this.#inFlight.delete(entry.lane)
    return false
  }

  /** One timer, due when the first command in flight has waited long enough for its proof. */
  #arm(): void {
    this.#timer?.dispose()
    this.#timer = null
    if (this.#inFlight.size === 0 || this.#link === null) return
    const { clock } = this.#options
    const due = Math.min(...[...this.#inFlight.values()].map((flight) => flight.writtenAt + this.#patience()))
    this.#timer = clock.after(Math.max(1_000, due - clock.monotonic()), () => void this.#overdue())
  }

  #patience(): number {
    return this.#isSilentServer() ? silentProofMs : proofTimeoutMs
  }

  #isSilentServer(): boolean {
    return this.#learned === null || this.#learned.size === 0
  }

  async #overdue(): Promise<void> {
    const { clock, store } = this.#options
    const now = clock.monotonic()
    for (const [lane, { entry, writtenAt }] of this.#inFlight) {
      if (now - writtenAt < this.#patience()) continue
      if (this.#isSilentServer()) {
        if (this.#lastAlive - writtenAt < silentProofMs) {
          this.#link?.ping()
          continue
        }
        this.#inFlight.delete(lane)
        await this.#settle(entry, 'alive')
      } else {
        this.#inFlight.delete(lane)
        if (entry.firstWrittenAt !== null && clock.now() - entry.firstWrittenAt > giveUpAfterMs) {
          this.#publish((await store.outboxFail(entry.id, appError('message.gaveUp'), clock.now())).changes)
        }
      }
    }
    this.pump()
  }

  async #settle(entry: OutboxEntry, proof: DeliveryProof): Promise<void> {
    this.#publish((await this.#options.store.outboxSettle(entry.id, proof, this.#options.clock.now())).changes)
    this.pump()
  }

  #learn(proof: DeliveryProof): void {
    if (this.#learned === null || proof === 'alive' || this.#learned.has(proof)) return
    this.#learned.add(proof)
    void this.#options.store.writeFact(learnedKey, JSON.stringify([...this.#learned]))
  }

  #publish(changes: ChangeSet | null): void {
    if (changes !== null) this.#options.onChanges(changes)
  }
}
