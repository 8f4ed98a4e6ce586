/** Waiting that can be cut short: a pause holds a timer, and nobody may wait for one that was given up. */
import type { Disposable } from '#common/base/disposable.ts'
import type { Clock } from './ports/platform.ts'

export class Pauses {
  readonly #clock: Clock
  readonly #waiting = new Map<() => void, Disposable>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#waiting.delete(done)
        resolve()
      }
      this.#waiting.set(done, this.#clock.after(ms, done))
    })
  }

  /** All pauses are over now. */
  end(): void {
    for (const [done, timer] of [...this.#waiting]) {
      timer.dispose()
      done()
    }
  }
}
