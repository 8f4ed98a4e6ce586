/**
 * When to ask the server for what was missed. It owns the question after each connect and its repetition, because a
 * question right after subscribing can overtake the subscription; it is repeated once the answer has run dry, so that no
 * server has to say everything twice at once.
 *
 * No server has words for less than everything. One that finds us too slow in the middle of its answer, again and again
 * and each time before it has come to anything new, would keep the account from ever being up to date, and what is
 * written here from ever going out: then the question rests for a while, and the connection is used for all the rest.
 */
import type { Disposable } from '#common/base/disposable.ts'
import type { Clock } from './ports/platform.ts'

/** What was missed is asked for a second time. */
export const syncRepeatMs = 1_500
/** The answer has run dry when nothing came for so long. */
const dryMs = 300
/** An answer that was not broken off for so long will not be. */
const unbrokenMs = 10_000
/** So many answers in a row that were broken off with nothing new in them. */
export const fruitlessAnswers = 3
export const shortestRestMs = 5 * 60_000
const longestRestMs = 3_600_000

export interface MissedQuestionOptions {
  readonly clock: Clock
  readonly ask: () => void
  /** Ms since the last frame. */
  readonly quietMs: () => number
  /** The question rests until then, local clock ms; null: it does not. */
  readonly onRest: (until: number | null) => void
}

export class MissedQuestion implements Disposable {
  readonly #options: MissedQuestionOptions
  #timer: Disposable | null = null
  #asked = false
  #gotNews = false
  /** In a row. */
  #fruitless = 0
  /** On the monotonic clock. */
  #restsUntil = 0

  constructor(options: MissedQuestionOptions) {
    this.#options = options
  }

  /** The subscriptions of a new link stand. */
  start(): void {
    this.#asked = false
    this.#gotNews = false
    const restMs = this.#restsUntil - this.#options.clock.monotonic()
    if (restMs <= 0) this.#ask()
    else this.#after(restMs, () => this.#ask())
  }

  /** Something came that was not here before; it may be stored when the link is gone already. */
  news(): void {
    if (!this.#asked) return
    this.#gotNews = true
    this.#hope()
  }

  /** The answer has come to its end. */
  answered(): void {
    if (this.#asked) this.#hope()
  }

  /** The link is gone; `tooSlow`: the server could not get rid of what it had to say. */
  stop(tooSlow: boolean): void {
    this.#timer?.dispose()
    this.#timer = null
    if (!tooSlow || !this.#asked) return
    this.#fruitless = this.#gotNews ? 0 : this.#fruitless + 1
    if (this.#fruitless < fruitlessAnswers) return
    const { clock, onRest } = this.#options
    const restMs = Math.min(longestRestMs, shortestRestMs * 2 ** (this.#fruitless - fruitlessAnswers))
    this.#restsUntil = clock.monotonic() + restMs
    onRest(clock.now() + restMs)
  }

  dispose(): void {
    this.#timer?.dispose()
  }

  #hope(): void {
    if (this.#fruitless === 0) return
    this.#fruitless = 0
    this.#restsUntil = 0
    this.#options.onRest(null)
  }

  #ask(): void {
    this.#asked = true
    this.#options.ask()
    this.#after(syncRepeatMs, () => this.#repeat())
  }

  #repeat(): void {
    if (this.#options.quietMs() < dryMs) return this.#after(dryMs, () => this.#repeat())
    this.#options.ask()
    this.#after(unbrokenMs, () => this.#hope())
  }

  #after(ms: number, run: () => void): void {
    this.#timer?.dispose()
    this.#timer = this.#options.clock.after(ms, run)
  }
}
