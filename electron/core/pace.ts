/** Spreads events so that no window of one second holds more than the server allows (section 10.4 of the im2 document). */
import type { Clock } from './ports/platform.ts'

export class Pace {
  readonly #clock: Clock
  readonly #perSecond: number
  #taken: number[] = []

  constructor(clock: Clock, perSecond: number) {
    this.#clock = clock
    this.#perSecond = perSecond
  }

  /** Takes the next free slot; 0 when it is free now, else ms to wait before asking again (nothing is taken then). */
  take(): number {
    const now = this.#clock.monotonic()
    this.#taken = this.#taken.filter((at) => now - at < 1000)
    const oldest = this.#taken[0]
    if (oldest !== undefined && this.#taken.length >= this.#perSecond) return Math.max(1, 1000 - (now - oldest))
    this.#taken.push(now)
    return 0
  }
}
