/**
 * Finds out whether a link still lives, both ways, on the monotonic clock. One timer, due when something is to be
 * decided; what comes in only leaves a mark.
 *
 * What proves which direction:
 * - Theirs to us: any byte. Silence of two intervals ends the link.
 * - Ours to them: the answer to a ping, and nothing else. A server's own heart-beats go on when it hears nothing of us.
 *   An answer is demanded only of a server that has answered a ping on this link, and only once the account is in step:
 *   during a sync the answer stands in line behind everything that was missed. It has to come within one interval, or
 *   within four times the slowest of the last answers on a slow link, or within `longestAnswerMs` while so much comes in
 *   that it may stand in line.
 * - A server that never answers a ping is judged by silence alone.
 *
 * An interval is the server's heart-beat, and `pingPeriodMs` at most; where that is longer, silence is measured by the
 * heart-beat. So death is noticed within two intervals of its happening.
 *
 * Lost time — the timer fires far too late, or the wall clock has run ahead of the monotonic one: a stopped process, a
 * sleep nobody told of, a clock that was set — proves nothing either way. It is answered by one question with a short
 * deadline: a living link stays, a dead one goes.
 *
 * A link held back by us (`hold`) is not silent by its own fault. It is read for a moment once per interval, until the
 * first sign of life; an interval without any ends it.
 *
 * Must never end a link that it has not asked.
 */
import type { Disposable } from '#common/base/disposable.ts'
import type { Clock } from './ports/platform.ts'
import type { Link } from './ports/transport.ts'

/** Between pings where the server promised no heart-beats, or rare ones. */
export const pingPeriodMs = 15_000
/** How long a question after lost time waits for its answer. */
export const askWithinMs = 5_000
/** The longest an answer may stand in line on a busy link. */
export const longestAnswerMs = 60_000
/** A link is held at most so long: by then no server has waited for us. */
export const longestHoldMs = 3_600_000

const shortestPeriodMs = 1_000
/** A timer this late, or a wall clock this far ahead, means that time was lost. */
const lostTimeMs = 2_000
/** A few heart-beats and a word now and then are less than this; a queue on the way is more. */
const busyBytesPerSecond = 512
const roundTripsKept = 5

export interface WatchdogOptions {
  readonly clock: Clock
  readonly link: Pick<Link, 'ping' | 'pause' | 'resume'>
  /** The server's heart-beats as negotiated, ms; 0 where it promised none. */
  readonly heartbeatMs: number
  /** Called once; `why` is for the log. */
  readonly onDead: (why: 'silent' | 'unanswered' | 'held') => void
}

/** A ping on its way; those sent after it and before its answer count as the same question. */
interface Question {
  readonly at: number
  bytesSince: number
}

export class Watchdog implements Disposable {
  readonly #options: WatchdogOptions
  readonly #periodMs: number
  readonly #silenceMs: number
  #timer: Disposable | null = null
  #due = 0
  #checkedAt: number
  #checkedWall: number
  #heardAt: number
  #pingedAt: number
  #question: Question | null = null
  #roundTrips: number[] = []
  #answers = false
  #demanding = false
  /** When the question after lost time has to be answered. */
  #askedUntil: number | null = null
  #heldAt: number | null = null
  /** Held, and read for a moment. */
  #breathing = false
  #ended = false

  constructor(options: WatchdogOptions) {
    this.#options = options
    const { clock, heartbeatMs } = options
    this.#periodMs = Math.max(shortestPeriodMs, Math.min(heartbeatMs > 0 ? heartbeatMs : pingPeriodMs, pingPeriodMs))
    this.#silenceMs = 2 * Math.max(this.#periodMs, heartbeatMs)
    const now = clock.monotonic()
    this.#heardAt = this.#pingedAt = this.#checkedAt = now
    this.#checkedWall = clock.now()
    this.#ping(now)
    this.#arm(now)
  }

  /** Bytes came in. */
  heard(bytes: number): void {
    this.#heardAt = this.#options.clock.monotonic()
    if (this.#question !== null) this.#question.bytesSince += bytes
    if (this.#breathing) {
      this.#breathing = false
      this.#options.link.pause()
    }
  }

  /** The answer to a ping came in. */
  answered(): void {
    const now = this.#options.clock.monotonic()
    this.#answers = true
    this.#askedUntil = null
    if (this.#question === null) return
    this.#roundTrips = [...this.#roundTrips, now - this.#question.at].slice(-roundTripsKept)
    this.#question = null
  }

  /** From now on pings have to be answered. */
  demandAnswers(): void {
    const now = this.#options.clock.monotonic()
    this.#demanding = true
    // What was asked before may still stand in line behind the sync.
    if (this.#question !== null) this.#question = { at: now, bytesSince: 0 }
    this.#arm(now)
  }

  /** There is reason to doubt: the link has to show life soon. */
  ask(): void {
    if (this.#ended || this.#heldAt !== null) return
    const now = this.#options.clock.monotonic()
    this.#doubt(now)
    this.#arm(now)
  }

  /** Stops reading, or reads again. */
  hold(held: boolean): void {
    if (held === (this.#heldAt !== null) || this.#ended) return
    const { clock, link } = this.#options
    const now = clock.monotonic()
    this.#breathing = false
    this.#askedUntil = null
    this.#question = null
    this.#heldAt = held ? now : null
    this.#heardAt = now
    if (held) link.pause()
    else {
      link.resume()
      this.#ping(now)
    }
    this.#arm(now)
  }

  dispose(): void {
    this.#ended = true
    this.#timer?.dispose()
  }

  #check(): void {
    const { clock } = this.#options
    const now = clock.monotonic()
    const aheadMs = clock.now() - this.#checkedWall - (now - this.#checkedAt)
    const late = now - this.#due > lostTimeMs
    const ahead = aheadMs > lostTimeMs
    this.#checkedAt = now
    this.#checkedWall = clock.now()
    if (this.#heldAt !== null) this.#breathe(now, this.#heldAt, late || ahead)
    else if (late) this.#beginAnew(now)
    else {
      this.#judge(now)
      // We were there all the time: what was silent before the clock was set stays silent.
      if (ahead && !this.#ended) this.#doubt(now)
    }
    this.#arm(now)
  }

  /** Nothing is known of the time that was lost: what was to come in it may still be unread. */
  #beginAnew(now: number): void {
    this.#question = null
    this.#askedUntil = null
    // A server that does not answer has the usual time for its next heart-beat.
    this.#heardAt = now
    this.#doubt(now)
  }

  #doubt(now: number): void {
    this.#ping(now)
    if (this.#answers) this.#askedUntil ??= now + Math.max(askWithinMs, this.#slowestMs())
  }

  #judge(now: number): void {
    if (now - this.#heardAt >= this.#silenceMs) return this.#end('silent')
    if (this.#askedUntil !== null && now >= this.#askedUntil) {
      // What still comes may be all that was said before the answer.
      if (now - this.#heardAt >= shortestPeriodMs) return this.#end('unanswered')
      this.#askedUntil = null
    }
    const question = this.#question
    if (question !== null && this.#demanding && this.#answers && now - question.at >= this.#patience(now, question)) {
      return this.#end('unanswered')
    }
    if (now - this.#pingedAt >= this.#periodMs) this.#ping(now)
  }

  /** One moment of reading per interval, so that a dead link is not held for ever. */
  #breathe(now: number, heldAt: number, lost: boolean): void {
    if (now - heldAt >= longestHoldMs) return this.#end('held')
    if (this.#breathing && !lost) return this.#end('silent')
    this.#breathing = true
    this.#options.link.resume()
    this.#ping(now)
  }

  #patience(now: number, { at, bytesSince }: Question): number {
    const busy = bytesSince > ((now - at) / 1_000) * busyBytesPerSecond
    return busy ? longestAnswerMs : Math.min(longestAnswerMs, Math.max(this.#periodMs, this.#slowestMs()))
  }

  #slowestMs(): number {
    return 4 * Math.max(0, ...this.#roundTrips)
  }

  #ping(now: number): void {
    this.#pingedAt = now
    this.#question ??= { at: now, bytesSince: 0 }
    this.#options.link.ping()
  }

  #end(why: 'silent' | 'unanswered' | 'held'): void {
    if (this.#ended) return
    this.dispose()
    this.#options.onDead(why)
  }

  #arm(now: number): void {
    this.#timer?.dispose()
    if (this.#ended) return
    const dues = [this.#pingedAt + this.#periodMs]
    if (this.#heldAt === null) {
      dues.push(this.#heardAt + this.#silenceMs)
      if (this.#askedUntil !== null) dues.push(this.#askedUntil)
      if (this.#question !== null && this.#demanding && this.#answers) {
        const due = this.#question.at + this.#patience(now, this.#question)
        if (due > now) dues.push(due)
      }
    }
    const waitMs = Math.max(1, Math.min(...dues) - now)
    this.#due = now + waitMs
    this.#timer = this.#options.clock.after(waitMs, () => this.#check())
  }
}
