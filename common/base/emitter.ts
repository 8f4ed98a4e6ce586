import type { Disposable } from './disposable.ts'

/** The listening side of an emitter. */
export type Event<T> = (listener: (value: T) => void) => Disposable

/**
 * A typed event source. Listeners run in the order of subscribing, synchronously; one that throws is a bug and stops
 * the firing, so that it is seen.
 */
export class Emitter<T> implements Disposable {
  #listeners = new Set<(value: T) => void>()

  readonly event: Event<T> = (listener) => {
    const own = (value: T): void => listener(value)
    this.#listeners.add(own)
    return { dispose: () => void this.#listeners.delete(own) }
  }

  fire(value: T): void {
    for (const listener of [...this.#listeners]) listener(value)
  }

  get size(): number {
    return this.#listeners.size
  }

  dispose(): void {
    this.#listeners.clear()
  }
}
