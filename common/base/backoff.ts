/**
 * Full-jitter back-off that never gives up: attempt `n` (from 0) waits a random time in
 * `[0, min(capMs, baseMs * 2^n)]`. After `longAfterMs` without a stable link the cap grows to `longCapMs`.
 */
export interface BackoffOptions {
  readonly baseMs: number
  readonly capMs: number
  readonly longAfterMs: number
  readonly longCapMs: number
  /** Uniform in [0, 1). */
  readonly random: () => number
}

export const reconnectBackoff = {
  baseMs: 500,
  capMs: 30_000,
  longAfterMs: 3_600_000,
  longCapMs: 300_000,
} as const

/** After a server has left everybody at once, with a good-bye or without: nobody knows how many others there are. */
export const farewellBackoff = {
  spreadMs: 18_000,
  capMs: 30_000,
} as const

/**
 * Milliseconds to wait before attempt `attempt` (from 0) after a server has left everybody: the first a random time of the
 * spread, then the spread as it is, doubled up to the cap. Whoever was spread evenly once stays so, whenever the server
 * comes back; drawing anew each time would gather them again.
 */
export function farewellDelay(random: () => number, attempt: number): number {
  const { spreadMs, capMs } = farewellBackoff
  if (attempt === 0) return Math.floor(random() * spreadMs)
  return Math.min(capMs, spreadMs * 2 ** Math.min(attempt - 1, 30))
}

/** Milliseconds to wait before attempt `attempt`, `downForMs` after the link was last stable. */
export function backoffDelay(options: BackoffOptions, attempt: number, downForMs: number): number {
  const cap = downForMs >= options.longAfterMs ? options.longCapMs : options.capMs
  const ceiling = Math.min(cap, options.baseMs * 2 ** Math.min(attempt, 30))
  return Math.floor(options.random() * ceiling)
}
