/**
 * Counts what the program does: frames on the links, and how long the stores take. It promises to cost next to nothing
 * while nobody reads: a few additions and one ring of numbers, of a size that never grows.
 */
import type { Link, Transport } from './ports/transport.ts'

/** Percentiles are of the last so many calls. */
const kept = 512

export interface MeterTotals {
  readonly framesIn: number
  readonly framesOut: number
  readonly calls: number
  readonly p50Ms: number | null
  readonly p99Ms: number | null
}

export class Meter {
  readonly #times = new Float64Array(kept)
  #calls = 0
  #framesIn = 0
  #framesOut = 0

  /** A store's call was answered after so many ms. */
  stored(ms: number): void {
    this.#times[this.#calls++ % kept] = ms
  }

  read(): MeterTotals {
    const sorted = this.#times.slice(0, Math.min(this.#calls, kept)).sort()
    const at = (share: number): number | null => sorted[Math.ceil(sorted.length * share) - 1] ?? null
    return {
      framesIn: this.#framesIn,
      framesOut: this.#framesOut,
      calls: this.#calls,
      p50Ms: at(0.5),
      p99Ms: at(0.99),
    }
  }

  /** The same transport, with its frames counted. */
  counted(transport: Transport): Transport {
    return {
      open: (options, listener) => {
        const link = transport.open(options, {
          onOpen: () => listener.onOpen(),
          onConnected: (info) => listener.onConnected(info),
          onReceipt: (id) => listener.onReceipt(id),
          onAlive: (bytes) => listener.onAlive(bytes),
          onPong: (roundTripMs) => listener.onPong?.(roundTripMs),
          onEnd: (end) => listener.onEnd(end),
          onFrame: (frame) => {
            this.#framesIn++
            listener.onFrame(frame)
          },
        })
        return this.#countedLink(link)
      },
    }
  }

  #countedLink(link: Link): Link {
    return {
      get localAddress() {
        return link.localAddress
      },
      subscribe: (id, destination) => link.subscribe(id, destination),
      unsubscribe: (id) => link.unsubscribe(id),
      send: (frame, receiptId) => {
        const written = link.send(frame, receiptId)
        if (written) this.#framesOut++
        return written
      },
      ping: () => link.ping(),
      pause: () => link.pause(),
      resume: () => link.resume(),
      close: () => link.close(),
      drop: (problem) => link.drop(problem),
    }
  }
}
