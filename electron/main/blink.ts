/** A light that goes on and off while it is wanted. Promises to be lit whenever it is not, with no timer left. */
import type { Disposable } from '#common/base/disposable.ts'
import type { Settings } from '#common/contract/settings.ts'
import type { Clock } from '#electron/core/ports/platform.ts'

/** Slow enough for everybody: at most three flashes a second are safe (WCAG 2.3.1). */
export const blinkMs = 800

export interface Blink extends Disposable {
  readonly lit: boolean
  /** Tells of no change itself. */
  set(wanted: boolean): void
}

/** `onChanged`: it is lit, or is not, by the clock. */
export function createBlink(clock: Pick<Clock, 'every'>, onChanged: () => void): Blink {
  let timer: Disposable | null = null
  let lit = true
  const stop = (): void => {
    timer?.dispose()
    timer = null
    lit = true
  }
  return {
    get lit() {
      return lit
    },
    set(wanted) {
      if (!wanted) return stop()
      timer ??= clock.every(blinkMs, () => {
        lit = !lit
        onChanged()
      })
    },
    dispose: stop,
  }
}

/** As far as the user and the system say. `prefersLessMotion`: asked only where it matters. */
export function mayBlink(
  { blinkTray, reducedMotion }: Pick<Settings, 'blinkTray' | 'reducedMotion'>,
  prefersLessMotion: () => boolean,
): boolean {
  return blinkTray && reducedMotion !== 'on' && !prefersLessMotion()
}
