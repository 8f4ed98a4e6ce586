/** The world outside the core, as small as the core needs it. */
import type { Disposable } from '#common/base/disposable.ts'
import type { Result } from '#common/base/result.ts'

export interface Clock {
  /** Local wall clock, ms since 1970. */
  now(): number
  /** Never goes back, ms from an unknown start; stands still or not while the machine sleeps. */
  monotonic(): number
  after(delayMs: number, run: () => void): Disposable
  every(periodMs: number, run: () => void): Disposable
}

export interface Random {
  /** Uniform in [0, 1). */
  next(): number
  /** A new UUID. */
  uuid(): string
}

/** Messages are constant texts; what varies goes into `facts`, whose values never are contents or secrets. */
export interface Log {
  info(message: string, facts?: Readonly<Record<string, unknown>>): void
  warn(message: string, facts?: Readonly<Record<string, unknown>>): void
  error(message: string, facts?: Readonly<Record<string, unknown>>): void
}

/** Tokens at rest, sealed by the system's key store. */
export interface Secrets {
  /** Null where there is none. Fails with `account.secretUnavailable` where there is one that cannot be unsealed now. */
  read(accountId: string): Promise<Result<string | null>>
  /** Where the system offers no real key store, or a locked one, the token lives only as long as the program runs. */
  write(accountId: string, secret: string): Promise<void>
  remove(accountId: string): Promise<void>
}
