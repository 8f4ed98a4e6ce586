/** Keeps the setting "start with the system" and the system itself in step. */
import type { Settings } from '#common/contract/settings.ts'
import type { AppStore } from '#electron/core/ports/appStore.ts'
import type { Log } from '#electron/core/ports/platform.ts'
import type { Login } from './login.ts'

export interface AutostartOptions {
  readonly login: Login
  readonly appStore: Pick<AppStore, 'saveSetting'>
  readonly log: Log
}

export interface Autostart {
  /** At the start: takes over what was decided outside, and writes the entry anew where the program has moved. */
  reconcile(settings: Settings): void
  /** The user changed a setting. */
  apply(settings: Settings): void
}

export function createAutostart({ login, appStore, log }: AutostartOptions): Autostart {
  let applied = ''
  const keyOf = ({ startAtLogin, startHidden }: Settings): string => `${startAtLogin} ${startAtLogin && startHidden}`
  const write = (settings: Settings): void => {
    applied = keyOf(settings)
    try {
      login.set(settings.startAtLogin, settings.startHidden)
    } catch (error) {
      log.error('start with the system not changed', { error: error instanceof Error ? error.message : String(error) })
    }
  }
  return {
    reconcile(settings) {
      const enabled = login.isEnabled() ?? false
      if (enabled !== settings.startAtLogin) appStore.saveSetting('startAtLogin', enabled)
      applied = keyOf({ ...settings, startAtLogin: enabled })
      if (enabled) write({ ...settings, startAtLogin: true })
    },
    apply(settings) {
      if (keyOf(settings) !== applied) write(settings)
    },
  }
}
