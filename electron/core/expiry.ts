/**
 * Watches the end of a token that tells it. It promises to call once when it is time to ask for a new one, and holds at
 * most one timer.
 */
import type { Disposable } from '#common/base/disposable.ts'
import { tokenTimes } from '#common/base/jwt.ts'
import type { Clock } from './ports/platform.ts'

/** So long before the end, or half of the token's life where that is less. */
export const askBeforeMs = 10 * 60_000
/** Timers of the platform hold 31 bits. */
const longestTimerMs = 2 ** 31 - 1

export class Expiry implements Disposable {
  readonly #clock: Clock
  readonly #onNear: (endsAt: number | null) => void
  #timer: Disposable | null = null

  /** Called with null when a token that lasts is watched instead. */
  constructor(clock: Clock, onNear: (endsAt: number | null) => void) {
    this.#clock = clock
    this.#onNear = onNear
  }

  watch(token: string | null): void {
    this.dispose()
    const times = token === null ? undefined : tokenTimes(token)
    this.#onNear(null)
    if (times === undefined) return
    const { issuedAt, expiresAt } = times
    const lead = issuedAt === null ? askBeforeMs : Math.min(askBeforeMs, Math.max(0, expiresAt - issuedAt) / 2)
    this.#await(expiresAt - lead, expiresAt)
  }

  dispose(): void {
    this.#timer?.dispose()
    this.#timer = null
  }

  #await(due: number, expiresAt: number): void {
    const wait = due - this.#clock.now()
    if (wait <= 0) this.#onNear(expiresAt)
    else this.#timer = this.#clock.after(Math.min(wait, longestTimerMs), () => this.#await(due, expiresAt))
  }
}
