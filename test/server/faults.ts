/**
 * Faults on demand: what the network and a bad day of the server do to pushes and acknowledgements.
 *
 * Owns the counters and the windows; the delivery log asks it about every push. Nothing is random unless the caller
 * gives no seed, and nothing happens that was not asked for.
 */

export interface Target {
  /** Everybody, when not given. */
  readonly userId?: string | undefined
}

export type PushFate =
  /** Written as usual, possibly several times, possibly later. */
  | 'sent'
  /** Not written; still owed to the device. */
  | 'dropped'
  /** Not written, and never will be. */
  | 'lost'

export interface Refusal {
  /** HTTP status of every new handshake and request. */
  readonly status: number
  readonly retryAfterSeconds?: number | undefined
  /** How many are refused; all, when not given. */
  readonly count?: number | undefined
}

export interface Faults {
  /** Milliseconds added to the server's clock. */
  skewMs: number
  deafToConnect: boolean
  refusal: Refusal | null
  dropPushes(options: Target & { readonly count: number; readonly lost?: boolean | undefined }): void
  dropAcks(options: Target & { readonly count: number }): void
  /**
   * The next SENDs are taken and come to nothing, as when one overtakes the subscription its answer goes to: the answer
   * is written to nobody.
   */
  loseSends(options: Target & { readonly count: number }): void
  /** Each of the next `count` pushes is written `times` times. */
  doublePushes(options: Target & { readonly count: number; readonly times?: number | undefined }): void
  /** Pushes wait until `window` of them are there, then go in another order. A window of 1 ends it. */
  reorderPushes(options: Target & { readonly window: number; readonly seed?: number | undefined }): void
  delayPushes(options: Target & { readonly delayMs: number }): void
  /** Writes what waits in a window. */
  flush(): void
  push(userId: string, write: () => void): PushFate
  /** True where the acknowledgement of this user's send is to be swallowed. */
  takeAck(userId: string): boolean
  /** True where this user's SEND is to come to nothing. */
  takeSend(userId: string): boolean
  takeRefusal(): Refusal | null
  clear(): void
  dispose(): void
}

interface Counter extends Target {
  left: number
}

const applies = (target: Target, userId: string): boolean => target.userId === undefined || target.userId === userId

export function createFaults(): Faults {
  let drops: (Counter & { lost: boolean })[] = []
  let acks: Counter[] = []
  let sends: Counter[] = []
  let doubles: (Counter & { times: number })[] = []
  let reorder: (Target & { window: number; random: () => number; held: (() => void)[] }) | null = null
  let delay: (Target & { delayMs: number }) | null = null
  let refused = 0
  const timers = new Set<NodeJS.Timeout>()

  const take = <T extends Counter>(list: T[], userId: string): T | null => {
    const found = list.find((counter) => counter.left > 0 && applies(counter, userId))
    if (found === undefined) return null
    found.left -= 1
    return found
  }

  const faults: Faults = {
    skewMs: 0,
    deafToConnect: false,
    refusal: null,
    dropPushes: ({ count, lost, userId }) => {
      drops.push({ left: count, lost: lost ?? false, userId })
    },
    dropAcks: ({ count, userId }) => {
      acks.push({ left: count, userId })
    },
    loseSends: ({ count, userId }) => {
      sends.push({ left: count, userId })
    },
    doublePushes: ({ count, times, userId }) => {
      doubles.push({ left: count, times: times ?? 2, userId })
    },
    reorderPushes({ window, seed, userId }) {
      faults.flush()
      reorder = window > 1 ? { window, random: createRandom(seed ?? 1), held: [], userId } : null
    },
    delayPushes({ delayMs, userId }) {
      delay = delayMs > 0 ? { delayMs, userId } : null
    },
    flush() {
      if (reorder === null) return
      const { held, random } = reorder
      for (let at = held.length - 1; at > 0; at--) {
        const other = Math.floor(random() * (at + 1))
        const [a, b] = [held[at], held[other]]
        if (a === undefined || b === undefined) continue
        held[at] = b
        held[other] = a
      }
      for (const write of held.splice(0)) write()
    },
    push(userId, write) {
      const drop = take(drops, userId)
      if (drop !== null) return drop.lost ? 'lost' : 'dropped'
      const times = take(doubles, userId)?.times ?? 1
      const writeAll = (): void => {
        for (let n = 0; n < times; n++) write()
      }
      if (reorder !== null && applies(reorder, userId)) {
        reorder.held.push(writeAll)
        if (reorder.held.length >= reorder.window) faults.flush()
      } else if (delay !== null && applies(delay, userId)) {
        const timer = setTimeout(() => {
          timers.delete(timer)
          writeAll()
        }, delay.delayMs)
        timers.add(timer)
      } else {
        writeAll()
      }
      return 'sent'
    },
    takeAck: (userId) => take(acks, userId) !== null,
    takeSend: (userId) => take(sends, userId) !== null,
    takeRefusal() {
      const { refusal } = faults
      if (refusal === null) return null
      refused += 1
      if (refusal.count !== undefined && refused >= refusal.count) {
        faults.refusal = null
        refused = 0
      }
      return refusal
    },
    clear() {
      faults.flush()
      drops = []
      acks = []
      sends = []
      doubles = []
      reorder = null
      delay = null
      refused = 0
      faults.skewMs = 0
      faults.deafToConnect = false
      faults.refusal = null
    },
    dispose() {
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
    },
  }
  return faults
}

/** mulberry32: the same seed gives the same order, so a failing run can be repeated. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
