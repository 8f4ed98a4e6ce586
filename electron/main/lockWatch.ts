/** Locks when nobody is there any more: the system's screen is locked, the computer sleeps, or nothing was touched. */
import { type Disposable, DisposableStack } from '#common/base/disposable.ts'
import type { Clock } from '#electron/core/ports/platform.ts'

const lookEveryMs = 5_000

/** What is needed of Electron's `powerMonitor`. */
interface PowerEvents {
  on(event: 'lock-screen', listener: () => void): unknown
  on(event: 'suspend', listener: () => void): unknown
  off(event: 'lock-screen', listener: () => void): unknown
  off(event: 'suspend', listener: () => void): unknown
  /** Whole seconds without a touch of any input. */
  getSystemIdleTime(): number
}

export interface LockWatchOptions {
  readonly powerMonitor: PowerEvents
  readonly clock: Pick<Clock, 'every'>
  /** Null: however long. */
  readonly idleMinutes: () => number | null
  readonly lock: () => void
}

export function watchForLocking({ powerMonitor, clock, idleMinutes, lock }: LockWatchOptions): Disposable {
  const scope = new DisposableStack()
  const left = (): void => lock()
  powerMonitor.on('lock-screen', left)
  powerMonitor.on('suspend', left)
  scope.defer(() => {
    powerMonitor.off('lock-screen', left)
    powerMonitor.off('suspend', left)
  })
  scope.add(
    clock.every(lookEveryMs, () => {
      const minutes = idleMinutes()
      if (minutes !== null && powerMonitor.getSystemIdleTime() >= minutes * 60) lock()
    }),
  )
  return scope
}
