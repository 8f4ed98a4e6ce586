/** Modules that only note what they were told: shortcuts, power, crash reports, updates. */
import type {
  CrashReporter as ElectronCrashReporter,
  GlobalShortcut as ElectronGlobalShortcut,
  PowerSaveBlocker as ElectronPowerSaveBlocker,
  SystemPreferences as ElectronSystemPreferences,
} from 'electron'
import type { Recorder } from '../recorder.ts'
import { type Emulated, emitterBase, strictObject } from './strict.ts'

/** Shortcuts by accelerator; a test presses them. */
export function createGlobalShortcut() {
  const registered = new Map<string, () => void>()
  const globalShortcut = strictObject('globalShortcut', {
    register(accelerator: string, callback: () => void): boolean {
      if (registered.has(accelerator)) return false
      registered.set(accelerator, callback)
      return true
    },
    registerAll(accelerators: string[], callback: () => void): void {
      for (const accelerator of accelerators) registered.set(accelerator, callback)
    },
    isRegistered: (accelerator: string) => registered.has(accelerator),
    unregister: (accelerator: string) => void registered.delete(accelerator),
    unregisterAll: () => registered.clear(),
  } satisfies Emulated<ElectronGlobalShortcut>)
  return { globalShortcut, press: (accelerator: string) => registered.get(accelerator)?.() }
}

/** A desktop that moves as it likes. */
export function createSystemPreferences() {
  return strictObject('systemPreferences', {
    getAnimationSettings: () => ({
      shouldRenderRichAnimation: true,
      scrollAnimationsEnabledBySystem: true,
      prefersReducedMotion: false,
    }),
  } satisfies Partial<ElectronSystemPreferences>)
}

export function createPowerSaveBlocker() {
  const started = new Set<number>()
  let lastId = -1
  return strictObject('powerSaveBlocker', {
    start(): number {
      started.add(++lastId)
      return lastId
    },
    stop: (id: number) => started.delete(id),
    isStarted: (id: number) => started.has(id),
  } satisfies Emulated<ElectronPowerSaveBlocker>)
}

export function createCrashReporter({ recorder }: { recorder: Recorder }) {
  const parameters: Record<string, string> = {}
  let uploads = false
  return strictObject('crashReporter', {
    start(options: object): void {
      recorder.record('crashReporter.start', options)
      uploads = (options as { uploadToServer?: boolean }).uploadToServer ?? true
    },
    addExtraParameter(key: string, value: string): void {
      parameters[key] = value
    },
    removeExtraParameter(key: string): void {
      delete parameters[key]
    },
    getParameters: () => ({ ...parameters }),
    getUploadedReports: () => [],
    getLastCrashReport: () => null,
    getUploadToServer: () => uploads,
    setUploadToServer(upload: boolean): void {
      uploads = upload
    },
  } satisfies Emulated<ElectronCrashReporter>)
}

export function createAutoUpdater({ recorder }: { recorder: Recorder }) {
  class AutoUpdater extends emitterBase('autoUpdater') {
    #feedUrl = ''
    setFeedURL(options: { url: string }): void {
      this.#feedUrl = options.url
    }
    getFeedURL(): string {
      return this.#feedUrl
    }
    checkForUpdates(): void {
      recorder.record('autoUpdater.checkForUpdates')
    }
    quitAndInstall(): void {
      recorder.record('autoUpdater.quitAndInstall')
    }
  }
  return new AutoUpdater()
}
