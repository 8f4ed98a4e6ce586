/** The machine's clock with a wall time that can be set, and, where a test asks for it, a faster pace. */
import { systemClock } from '#electron/adapters/clock/systemClock.ts'
import type { Clock } from '#electron/core/ports/platform.ts'

export interface FaultClock extends Clock {
  readonly speed: number
  /** Sets the wall clock forward or back; the monotonic one does not notice. */
  jump(ms: number): void
}

/** With `speed` 10 a second of the client's takes a tenth of one. */
export function createFaultClock({ speed = 1 }: { readonly speed?: number } = {}): FaultClock {
  const startedAt = systemClock.now()
  const startedMonotonic = systemClock.monotonic()
  let offset = 0
  const passed = (): number => (systemClock.monotonic() - startedMonotonic) * speed
  return {
    speed,
    now: () => Math.round(startedAt + passed() + offset),
    monotonic: passed,
    after: (delayMs, run) => systemClock.after(delayMs / speed, run),
    every: (periodMs, run) => systemClock.every(periodMs / speed, run),
    jump: (ms) => {
      offset += ms
    },
  }
}
