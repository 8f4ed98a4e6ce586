/**
 * Tells when the account is up to date after a connect, where the server does not say so: nothing came for a while, or
 * what comes is live. Missed messages come faster than they were written, so those of two seconds span more than five
 * of the server's; live ones do not. Only the server's times are compared with each other, never with ours.
 */
import type { ServerEvent } from '#common/domain/events.ts'
import type { Clock } from './ports/platform.ts'

/** Nothing more comes when nothing came for so long after subscribing and asking. */
export const syncQuietMs = 800
/** Live messages are taken for that after this time at the earliest: the question was asked twice by then. */
export const earliestLiveMs = 4_000

const lookBackMs = 2_000
const liveSpanMs = 5_000
const slotMs = 250

interface Slot {
  readonly from: number
  earliest: number
  latest: number
}

export class CatchUp {
  readonly #clock: Pick<Clock, 'monotonic'>
  #startedAt = 0
  #lastAt = 0
  /** Of the last two seconds. */
  #slots: Slot[] = []

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock
  }

  /** A new link. */
  start(): void {
    this.#startedAt = this.#lastAt = this.#clock.monotonic()
    this.#slots = []
  }

  /** A frame came. */
  came(events: readonly ServerEvent[]): void {
    const now = (this.#lastAt = this.#clock.monotonic())
    for (const event of events) if (event.type === 'message.received') this.#note(now, event.serverTime)
  }

  /** Ms since the last frame. */
  get quietMs(): number {
    return this.#clock.monotonic() - this.#lastAt
  }

  /** Ms until the next look; 0: the account is up to date. */
  remainingMs(): number {
    const now = this.#clock.monotonic()
    const { quietMs } = this
    if (quietMs >= syncQuietMs) return 0
    if (now - this.#startedAt >= earliestLiveMs && this.#isLive(now)) return 0
    return Math.max(1, syncQuietMs - quietMs)
  }

  #isLive(now: number): boolean {
    this.#forget(now)
    const latest = Math.max(...this.#slots.map((slot) => slot.latest))
    const earliest = Math.min(...this.#slots.map((slot) => slot.earliest))
    return this.#slots.length === 0 || latest - earliest <= liveSpanMs
  }

  #note(now: number, serverTime: number | null): void {
    if (serverTime === null) return
    const last = this.#slots.at(-1)
    if (last !== undefined && now - last.from < slotMs) {
      last.earliest = Math.min(last.earliest, serverTime)
      last.latest = Math.max(last.latest, serverTime)
      return
    }
    this.#slots.push({ from: now, earliest: serverTime, latest: serverTime })
    this.#forget(now)
  }

  #forget(now: number): void {
    this.#slots = this.#slots.filter(({ from }) => now - from < lookBackMs)
  }
}
