/** Clock and chance of the machine, as the core's ports. */
import { randomUUID } from 'node:crypto'
import type { Clock, Random } from '#electron/core/ports/platform.ts'

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (delayMs, run) => {
    if (delayMs <= 0) {
      const immediate = setImmediate(run)
      return { dispose: () => clearImmediate(immediate) }
    }
    const timer = setTimeout(run, delayMs)
    return { dispose: () => clearTimeout(timer) }
  },
  every: (periodMs, run) => {
    const timer = setInterval(run, periodMs)
    return { dispose: () => clearInterval(timer) }
  },
}

export const systemRandom: Random = {
  next: () => Math.random(),
  uuid: () => randomUUID(),
}
