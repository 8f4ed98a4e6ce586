/**
 * Takes messages from before there was an index into it, a little at a time, so that nobody has to wait for it. Must never
 * ask again while an answer is out, nor after it was disposed of.
 */
import type { Disposable } from '#common/base/disposable.ts'
import type { Clock, Log } from '../ports/platform.ts'
import type { Store } from '../ports/store.ts'

/** Messages at a time: some ten milliseconds of the store's thread. */
const indexedAtOnce = 500
/** Left to everybody else in between, ms. */
export const indexingPauseMs = 25

export interface IndexingOptions {
  readonly store: Pick<Store, 'indexForSearch'>
  readonly clock: Pick<Clock, 'after'>
  readonly log: Log
}

export class Indexing implements Disposable {
  readonly #options: IndexingOptions
  #timer: Disposable | null = null
  #disposed = false

  constructor(options: IndexingOptions) {
    this.#options = options
  }

  start(): void {
    this.#timer = this.#options.clock.after(indexingPauseMs, () => void this.#advance())
  }

  dispose(): void {
    this.#disposed = true
    this.#timer?.dispose()
  }

  async #advance(): Promise<void> {
    const { store, log } = this.#options
    try {
      const { left, total } = await store.indexForSearch(indexedAtOnce)
      if (this.#disposed) return
      if (left > 0) this.start()
      else if (total > 0) log.info('search: every message is in the index', { messages: total })
    } catch (error) {
      if (!this.#disposed)
        log.error('search: not indexed', { error: error instanceof Error ? error.message : 'unknown' })
    }
  }
}
