/** Whether somebody is at the screen: what the system says of its lock. */
import type { PowerMonitor } from 'electron'
import type { Disposable } from '#common/base/disposable.ts'

export interface ScreenLock extends Disposable {
  readonly isLocked: boolean
}

export function watchScreenLock(
  powerMonitor: Pick<PowerMonitor, 'on' | 'off'>,
  onChanged: (locked: boolean) => void,
): ScreenLock {
  let isLocked = false
  const set = (locked: boolean): void => {
    isLocked = locked
    onChanged(locked)
  }
  const locked = (): void => set(true)
  const unlocked = (): void => set(false)
  powerMonitor.on('lock-screen', locked).on('unlock-screen', unlocked)
  return {
    get isLocked() {
      return isLocked
    },
    dispose: () => void powerMonitor.off('lock-screen', locked).off('unlock-screen', unlocked),
  }
}
