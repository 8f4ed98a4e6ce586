/**
 * Sends what the store has queued. It owns what is in flight on the current link: one command per lane, the lanes in
 * turns, paced to the server's limit, each written only after the store has recorded the attempt, each repeated under
 * the same id until the server has shown that it has it. It must never drop, reorder within a lane, or change a command.
 *
 * What counts as shown is learned per server (section 3 of our protocol reading): echo, status event or receipt. A
 * server that never showed any of them is silent; then a command counts as arrived, unconfirmed, once a ping sent well
 * after the writing was answered: what comes from a server does not show that it hears us. The same holds, after some
 * repetitions, for a kind of command that a server which proves others has never proved: it must not keep the messages
 * behind it waiting. A store that refuses is asked again.
 */
import { type Disposable } from '#common/base/disposable.ts'
import { type AppError, appError } from '#common/base/errors.ts'
import type { Result } from '#common/base/result.ts'
import type { ChangeSet } from '#common/domain/changes.ts'
import type { QueuedCommand } from '#common/domain/commands.ts'
import { LearnedProofs } from './learnedProofs.ts'
import { Pace } from './pace.ts'
import { Pauses } from './pauses.ts'
import type { Clock, Log } from './ports/platform.ts'
import type { Changed, IngestOutcome, OutboxEntry, Store } from './ports/store.ts'
import type { LinkLoss } from './connection.ts'
import type { Link, OutboundFrame } from './ports/transport.ts'

/** Without a proof for so long, the command is written again. */
export const proofTimeoutMs = 15_000
/** So long after the writing a silent server is asked by a ping, and so often. */
export const silentProofMs = 5_000
/** Life for so long after the writing has to do where the server never answers a ping: a deaf one had ended the link. */
export const unansweredProofMs = 60_000
/** So often a command is written on a living link, of a kind this server has never proved, until that has to do. */
export const unprovedWrites = 3
/** After so long of trying while connected a message fails, and says so. */
export const giveUpAfterMs = 24 * 3_600_000
/** An ERROR that names a command may be a bad moment of the server's; so many are a refusal. */
const refusalsInEarnest = 2
/** Characters of the server's words that are kept. */
const longestReason = 500
/** How often a store that refuses is asked again. */
export const storageRetryMs = 1_000

/** Lanes looked at in one turn: what is queued meanwhile in another comes into the next. */
const headsAtOnce = 16

export interface OutboxOptions {
  readonly store: Pick<
    Store,
    'outboxHeads' | 'outboxWritten' | 'outboxSettle' | 'outboxFail' | 'readFact' | 'writeFact'
  >
  readonly clock: Clock
  readonly log: Log
  readonly encode: (command: QueuedCommand) => Result<OutboundFrame>
  readonly messagesPerSecond: number
  /** The server knows messages by its own ids only. */
  readonly needsServerId: boolean
  readonly onChanges: (changes: ChangeSet) => void
}

interface InFlight {
  readonly entry: OutboxEntry
  /** On the monotonic clock. */
  readonly writtenAt: number
}

/** What is known of an unproved entry beyond its row. */
interface Tried {
  readonly cause: 'linkLost' | 'noProof'
  /** Waited on living links since the store was last told. */
  readonly ms: number
  /** Waited for in vain, each time on a link that lived on. */
  readonly inVain: number
  /** Links that the server ended because of it. */
  readonly refusals: number
}

const untried: Tried = { cause: 'linkLost', ms: 0, inVain: 0, refusals: 0 }

export class Outbox implements Disposable {
  readonly #options: OutboxOptions
  readonly #pace: Pace
  readonly #pauses: Pauses
  readonly #learned: LearnedProofs
  /** By lane. */
  readonly #inFlight = new Map<string, InFlight>()
  /** Lanes of entries whose outcome the store has yet to take. */
  readonly #concluding = new Map<number, string>()
  readonly #tried = new Map<number, Tried>()
  /** In the order of their last writing. */
  readonly #served = new Set<string>()
  /** The entry whose writing the store is recording. */
  #writing: { readonly id: number; proved: boolean } | null = null
  #link: Link | null = null
  /** How the last link ended. */
  #linkEnd: string | null = null
  #lastAlive = 0
  /** Our own pings that are still to be answered. */
  #pinged: { readonly first: number; readonly last: number } | null = null
  /** What was written before has reached the server. */
  #reachedUntil = 0
  #writes = 0
  #pumping = false
  #again = false
  #disposed = false
  #refusal: string | null = null
  /** What has to be in the store before anything more is written. */
  #awaited = 0
  #timer: Disposable | null = null

  constructor(options: OutboxOptions) {
    const { clock, messagesPerSecond, store } = options
    this.#options = options
    this.#pace = new Pace(clock, messagesPerSecond)
    this.#pauses = new Pauses(clock)
    this.#learned = new LearnedProofs({ store, onRefused: (error) => this.#noteRefusal(error) })
  }

  /** The link is up and the account in step: queued commands may go. */
  async start(link: Link): Promise<void> {
    this.#link = link
    try {
      await this.#insist(() => this.#learned.load())
    } catch (error) {
      // Ended meanwhile, the store with it; or a fault of ours, and the next link tries again.
      return this.#noteRefusal(error)
    }
    if (this.#link === link) this.pump()
  }

  /** The link is gone: what was in flight is queued again, under its old id and place. */
  stop(): void {
    this.#link = null
    this.#linkEnd = null
    this.#pinged = null
    for (const flight of [...this.#inFlight.values()]) this.#requeue(flight, 'linkLost')
    this.#timer?.dispose()
    this.#timer = null
    this.#pauses.end()
  }

  /** How the link ended that is gone, for the trace. */
  linkEnded(code: string): void {
    if (this.#link === null) this.#linkEnd = code
  }

  /** Something may have become sendable. */
  pump(): void {
    this.#again = true
    if (this.#pumping || this.#disposed) return
    this.#pumping = true
    void this.#work()
  }

  /** Nothing more is written until then: what the store is about to learn may forbid it. Must not reject. */
  holdUntil(learned: Promise<void>): void {
    this.#awaited++
    void learned.then(() => {
      this.#awaited--
      this.pump()
    })
  }

  /** Entries the ingest has seen proved, refused, or taken out. */
  settled({ settled, proved, proofs }: Pick<IngestOutcome, 'settled' | 'proved' | 'proofs'>): void {
    for (const proof of proofs) this.#learned.learn(proof)
    if (settled.length === 0) return
    for (const id of settled) {
      this.#tried.delete(id)
      if (this.#writing?.id === id) this.#writing.proved = true
    }
    const ids = new Set(settled)
    for (const [lane, { entry }] of this.#inFlight) {
      if (!ids.has(entry.id)) continue
      this.#inFlight.delete(lane)
      if (proved.includes(entry.id)) this.#learned.learnCommand(entry.command.type)
    }
    this.pump()
  }

  /** Of the current link. It proves its entry even when that is being written again already. */
  receipt(receiptId: string): void {
    const id = entryOf(receiptId)
    if (id === 0) return
    this.#learned.learn('receipt')
    if (this.#writing?.id === id) this.#writing.proved = true
    const flight = [...this.#inFlight.values()].find(({ entry }) => entry.id === id)
    this.#conclude(id, flight?.entry.lane ?? '', (at) => this.#options.store.outboxSettle(id, 'receipt', at))
  }

  /** Commands were written that the server has not answered yet. */
  get isWaiting(): boolean {
    return this.#inFlight.size > 0
  }

  /**
   * The server has ended the link with an ERROR. Answers whether that was about one of the commands. The second time it
   * is a definite refusal: nothing that is repeated for ever may take the connection along.
   */
  refused({ serverError, problem }: LinkLoss): boolean {
    const id = entryOf(serverError?.receiptId ?? '')
    if (id === 0) return false
    // A server that stops, or wants another token, says nothing about what was written.
    if (problem.code !== 'link.serverError') return true
    const entry = [...this.#inFlight.values()].find((flight) => flight.entry.id === id)?.entry
    if (entry === undefined) return true
    const times = (this.#tried.get(id)?.refusals ?? 0) + 1
    if (times >= refusalsInEarnest) {
      this.#fail(entry, appError('message.refused', (serverError?.message ?? '').slice(0, longestReason)))
    } else this.#tried.set(id, { ...(this.#tried.get(id) ?? untried), refusals: times })
    return true
  }

  alive(): void {
    this.#lastAlive = this.#options.clock.monotonic()
  }

  /** A ping was answered. */
  answered(roundTripMs = 0): void {
    this.#learned.learnAnswers()
    if (this.#pinged === null) return
    // An answer to the first of several, which may have been the watchdog's, proves no more than that.
    this.#reachedUntil = Math.min(this.#pinged.first, this.#options.clock.monotonic() - roundTripMs)
    this.#pinged = null
    if (this.#link !== null) this.#overdue()
  }

  dispose(): void {
    this.#disposed = true
    this.#inFlight.clear()
    this.stop()
  }

  async #work(): Promise<void> {
    while (this.#again && !this.#disposed) {
      this.#again = false
      try {
        await this.#run()
        this.#refusal = null
      } catch (error) {
        this.#noteRefusal(error)
        await this.#pauses.wait(storageRetryMs)
        this.#again ||= this.#link !== null
      }
    }
    this.#pumping = false
  }

  async #run(): Promise<void> {
    for (;;) {
      const link = this.#link
      if (link === null || this.#awaited > 0) return this.#arm()
      const busy = [...this.#inFlight.keys(), ...this.#concluding.values()]
      const onlyNamed = this.#options.needsServerId && this.#learned.namesMessages
      const heads = await this.#options.store.outboxHeads(busy, headsAtOnce, { served: [...this.#served], onlyNamed })
      if (heads.length === 0 || this.#link !== link) break
      for (const entry of heads) {
        if (!(await this.#write(link, entry))) return this.#arm()
      }
    }
    if (this.#inFlight.size === 0) this.#served.clear()
    this.#arm()
  }

  /** False when nothing more can be written now. */
  async #write(link: Link, { id, lane }: OutboxEntry): Promise<boolean> {
    const { clock, encode } = this.#options
    for (let wait = this.#pace.take(); wait > 0; wait = this.#pace.take()) {
      await this.#pauses.wait(wait)
      if (this.#link !== link) return false
    }
    if (this.#awaited > 0) return false
    const entry = await this.#recordWriting(id)
    if (this.#link !== link) {
      this.#noteTried(id, 'linkLost')
      return false
    }
    if (entry === null) return true
    const frame = encode(entry.command)
    if (!frame.ok) {
      this.#fail(entry, this.#refusalOf(frame.error))
      return true
    }
    const receiptId = `out-${entry.id}-${++this.#writes}`
    // Entered before the bytes go: the answer may come while `send` still runs.
    const flight = { entry, writtenAt: clock.monotonic() }
    this.#inFlight.set(lane, flight)
    this.#served.delete(lane)
    this.#served.add(lane)
    if (link.send(frame.value, receiptId)) return true
    this.#requeue(flight, 'linkLost')
    return false
  }

  /** The entry as it is to go out now: it may have been changed, held, taken back or proved since it was read. */
  async #recordWriting(id: number): Promise<OutboxEntry | null> {
    const { clock, store } = this.#options
    const { cause = null, ms = 0 } = this.#tried.get(id) ?? {}
    const code = cause === 'linkLost' ? this.#linkEnd : null
    const writing = (this.#writing = { id, proved: false })
    try {
      const entry = await store.outboxWritten(id, clock.now(), { cause, code, triedMs: ms })
      const known = this.#tried.get(id)
      if (entry === null || writing.proved) this.#tried.delete(id)
      else if (known !== undefined) this.#tried.set(id, { ...known, ms: 0 })
      return writing.proved ? null : entry
    } finally {
      this.#writing = null
    }
  }

  /** A message that the server has never named cannot be named to it. */
  #refusalOf(error: AppError): AppError {
    return error.code === 'message.unknown' ? appError('message.notSupported', error.detail) : error
  }

  /** One timer, due when the first command in flight has waited long enough for its proof. */
  #arm(): void {
    this.#timer?.dispose()
    this.#timer = null
    if (this.#inFlight.size === 0 || this.#link === null) return
    const { clock } = this.#options
    const due = Math.min(...[...this.#inFlight.values()].map((flight) => flight.writtenAt + this.#patience))
    this.#timer = clock.after(Math.max(1_000, due - clock.monotonic()), () => this.#overdue())
  }

  get #patience(): number {
    return this.#learned.isSilent ? silentProofMs : proofTimeoutMs
  }

  #overdue(): void {
    const now = this.#options.clock.monotonic()
    for (const flight of [...this.#inFlight.values()]) {
      const { entry, writtenAt } = flight
      if (now - writtenAt < this.#patience) continue
      const hasToDo =
        this.#learned.isSilent ||
        (!this.#learned.proves(entry.command.type) && (this.#tried.get(entry.id)?.inVain ?? 0) + 1 >= unprovedWrites)
      if (!hasToDo) this.#requeue(flight, 'noProof', this.#lastAlive - writtenAt >= silentProofMs)
      else if (this.#hasReached(writtenAt))
        this.#conclude(entry.id, entry.lane, (at) => this.#options.store.outboxSettle(entry.id, 'alive', at))
      else this.#ask(now)
    }
    this.pump()
  }

  #hasReached(writtenAt: number): boolean {
    if (this.#learned.answersPings) return this.#reachedUntil > writtenAt
    return this.#lastAlive - writtenAt >= unansweredProofMs
  }

  #ask(now: number): void {
    if (this.#pinged !== null && now - this.#pinged.last < silentProofMs) return
    this.#pinged = { first: this.#pinged?.first ?? now, last: now }
    this.#link?.ping()
  }

  /** Back into the queue, or to its end when a day of trying has brought nothing. */
  #requeue(flight: InFlight, cause: Tried['cause'], inVain = false): void {
    const { entry, writtenAt } = flight
    this.#inFlight.delete(entry.lane)
    // A machine that slept has not tried.
    const ms = Math.round(Math.min(this.#options.clock.monotonic() - writtenAt, proofTimeoutMs))
    const { ms: before = 0 } = this.#tried.get(entry.id) ?? {}
    this.#noteTried(entry.id, cause, ms, inVain)
    if (entry.triedMs + before + ms >= giveUpAfterMs) this.#fail(entry, appError('message.gaveUp'))
  }

  #noteTried(id: number, cause: Tried['cause'], ms = 0, inVain = false): void {
    const { ms: before, inVain: vain, refusals } = this.#tried.get(id) ?? untried
    this.#tried.set(id, { cause, ms: before + ms, inVain: vain + Number(inVain), refusals })
  }

  #fail({ id, lane }: OutboxEntry, error: AppError): void {
    this.#conclude(id, lane, (at) => this.#options.store.outboxFail(id, error, at))
  }

  /** The entry's end, known but not yet recorded: its lane stays closed until the store has taken it. */
  #conclude(id: number, lane: string, record: (at: number) => Promise<Changed<null>>): void {
    if (this.#concluding.has(id)) return
    if (this.#inFlight.get(lane)?.entry.id === id) this.#inFlight.delete(lane)
    this.#concluding.set(id, lane)
    this.#insist(() => record(this.#options.clock.now()))
      .then(({ changes }) => {
        this.#tried.delete(id)
        if (changes !== null) this.#options.onChanges(changes)
      })
      .catch((error: unknown) => this.#noteRefusal(error))
      .finally(() => {
        this.#concluding.delete(id)
        this.pump()
      })
  }

  /** Until the store takes it. Rejects for a fault of ours, and when the outbox has ended. */
  async #insist<T>(ask: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await ask()
      } catch (error) {
        if (this.#disposed || !(error instanceof Error && error.message.startsWith('storage.'))) throw error
        this.#noteRefusal(error)
        await this.#pauses.wait(storageRetryMs)
      }
    }
  }

  /** Once for a row of equal ones. */
  #noteRefusal(error: unknown): void {
    const text = String(error)
    if (this.#disposed || this.#refusal === text) return
    this.#refusal = text
    this.#options.log.error('outbox refused by the store', { error: text })
  }
}

/** The entry that a receipt of ours is for; 0: none. */
function entryOf(receiptId: string): number {
  return Number(/^out-(\d+)-\d+$/.exec(receiptId)?.[1] ?? 0)
}
