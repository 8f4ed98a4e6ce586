/**
 * What the application's heart-beats tell: how long an answer takes, and how far the server's clock is from ours. It
 * promises medians of the last few answers, so that one slow answer changes nothing; round trips are measured on the
 * monotonic clock. Without answers it says nothing.
 */
import type { SessionStatus } from '#common/domain/connection.ts'
import type { Clock } from './ports/platform.ts'

export const answersCounted = 5
/** Questions remembered: a server that never answers must not fill memory. */
const maxOpen = 8
const unansweredWhenDeaf = 3

interface Answer {
  readonly roundTripMs: number
  readonly clockOffsetMs: number | null
}

export class PulseMeter {
  readonly #clock: Pick<Clock, 'now' | 'monotonic'>
  /** By the time stamp that went out; the value is the monotonic clock. */
  #open = new Map<number, number>()
  #answers: Answer[] = []
  #unanswered = 0

  constructor(clock: Pick<Clock, 'now' | 'monotonic'>) {
    this.#clock = clock
  }

  /** This server answers pulses, and has left three in a row unanswered: its subscriptions of ours are gone. */
  get isDeaf(): boolean {
    return this.#answers.length > 0 && this.#unanswered >= unansweredWhenDeaf
  }

  asked(at: number): void {
    this.#unanswered++
    this.#open.set(at, this.#clock.monotonic())
    for (const oldest of this.#open.keys()) {
      if (this.#open.size <= maxOpen) return
      this.#open.delete(oldest)
    }
  }

  /** What is known now; null for an answer to nothing that was asked. `echoed` is null where the server returns no stamp. */
  answered(echoed: number | null, serverTime: number | null): SessionStatus['pulse'] {
    const asked = echoed ?? [...this.#open.keys()].at(-1)
    const askedAt = asked === undefined ? undefined : this.#open.get(asked)
    if (asked === undefined || askedAt === undefined) return null
    this.#open.delete(asked)
    this.#unanswered = 0
    const roundTripMs = this.#clock.monotonic() - askedAt
    // The server spoke about half-way.
    const clockOffsetMs = serverTime === null ? null : serverTime - (this.#clock.now() - roundTripMs / 2)
    this.#answers = [...this.#answers, { roundTripMs, clockOffsetMs }].slice(-answersCounted)
    const offsets = this.#answers.flatMap((answer) => answer.clockOffsetMs ?? [])
    return {
      roundTripMs: median(this.#answers.map((answer) => answer.roundTripMs)) ?? roundTripMs,
      clockOffsetMs: median(offsets),
    }
  }

  /** A new link: what was asked on the old one is answered no more. */
  reset(): void {
    this.#open.clear()
    this.#unanswered = 0
  }
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle]
  if (upper === undefined) return null
  const lower = sorted.length % 2 === 0 ? (sorted[middle - 1] ?? upper) : upper
  return Math.round((lower + upper) / 2)
}
