/** A clock that moves only when told to, with timers in due order. */
import type { Disposable } from '#common/base/disposable.ts'
import type { Clock } from '#electron/core/ports/platform.ts'

interface Timer {
  due: number
  readonly order: number
  readonly periodMs: number | null
  readonly run: () => void
}

export class FakeClock implements Clock {
  #now = 1_700_000_000_000
  #monotonic = 0
  #timers = new Set<Timer>()
  #order = 0

  /** Whole, as the machine's is; the monotonic one has fractions. */
  now(): number {
    return Math.floor(this.#now)
  }

  monotonic(): number {
    return this.#monotonic
  }

  after(delayMs: number, run: () => void): Disposable {
    return this.#add({ due: this.#monotonic + Math.max(0, delayMs), order: ++this.#order, periodMs: null, run })
  }

  every(periodMs: number, run: () => void): Disposable {
    return this.#add({ due: this.#monotonic + periodMs, order: ++this.#order, periodMs, run })
  }

  /** Timers still running: zero after everything was disposed. */
  get pending(): number {
    return this.#timers.size
  }

  /** The wall clock is set; the monotonic one does not notice. */
  jump(ms: number): void {
    this.#now += ms
  }

  /** The process stands still: both clocks go on, and what fell due meanwhile runs once, late. */
  async stop(ms: number): Promise<void> {
    await settle()
    this.#now += ms
    this.#monotonic += ms
    const due = [...this.#timers].filter((timer) => timer.due <= this.#monotonic)
    for (const timer of due.sort((a, b) => a.due - b.due || a.order - b.order)) {
      if (!this.#timers.has(timer)) continue
      if (timer.periodMs === null) this.#timers.delete(timer)
      else timer.due = this.#monotonic + timer.periodMs
      timer.run()
    }
    await settle()
  }

  /** Lets time pass, running timers in order, and promises settle after each. */
  async pass(ms: number): Promise<void> {
    const end = this.#monotonic + ms
    await settle()
    for (;;) {
      const next = [...this.#timers].sort((a, b) => a.due - b.due || a.order - b.order)[0]
      if (next === undefined || next.due > end) break
      this.#now += next.due - this.#monotonic
      this.#monotonic = next.due
      if (next.periodMs === null) this.#timers.delete(next)
      else next.due += next.periodMs
      next.run()
      await settle()
    }
    this.#now += end - this.#monotonic
    this.#monotonic = end
  }

  #add(timer: Timer): Disposable {
    this.#timers.add(timer)
    return { dispose: () => void this.#timers.delete(timer) }
  }
}

/** Lets everything that waits on promises alone go on: a turn of the event loop comes after all of them. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}
