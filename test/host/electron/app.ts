/** `app`: identity, folders, languages, the lock, and the lifecycle. What changes the desktop is only recorded. */
import type { App as ElectronApp } from 'electron'
import type { Recorder } from '../recorder.ts'
import type { AppPaths } from './appPaths.ts'
import type { CommandLine } from './commandLine.ts'
import { createEvent } from './event.ts'
import type { Lifecycle } from './lifecycle.ts'
import { createSingleInstance } from './singleInstance.ts'
import { type Emulated, emitterBase } from './strict.ts'

export interface AppManifest {
  name: string
  productName?: string | undefined
  version: string
}

export interface AppOptions {
  manifest: AppManifest
  appPath: string
  locale: string
  isPackaged: boolean
  paths: AppPaths
  commandLine: CommandLine['commandLine']
  lifecycle: Lifecycle
  recorder: Recorder
}

export type App = ReturnType<typeof createApp>

export function createApp(options: AppOptions) {
  const { lifecycle, paths, recorder } = options
  let badgeCount = 0
  let loginItem = { openAtLogin: false }
  const protocols = new Set<string>()

  class App extends emitterBase('app') implements Emulated<ElectronApp, 'applicationMenu' | 'commandLine'> {
    readonly isPackaged = options.isPackaged
    readonly commandLine = options.commandLine
    /** macOS only. */
    readonly dock = undefined
    readonly runningUnderARM64Translation = false
    name = options.manifest.productName ?? options.manifest.name
    userAgentFallback = ''
    /** Set by the module that owns menus. */
    applicationMenu: unknown = null

    getName(): string {
      return this.name
    }
    setName(name: string): void {
      this.name = name
    }
    getVersion(): string {
      return options.manifest.version
    }
    getAppPath(): string {
      return options.appPath
    }
    getPath(name: string): string {
      return paths.get(name)
    }
    setPath(name: string, path: string): void {
      paths.set(name, path)
    }
    setAppLogsPath(path?: string): void {
      paths.set('logs', path ?? paths.get('logs'))
    }

    getLocale(): string {
      return lifecycle.isReady() ? options.locale : ''
    }
    getLocaleCountryCode(): string {
      return options.locale.split('-')[1] ?? ''
    }
    getSystemLocale(): string {
      return options.locale
    }
    getPreferredSystemLanguages(): string[] {
      return [options.locale]
    }

    isReady(): boolean {
      return lifecycle.isReady()
    }
    whenReady(): Promise<void> {
      return lifecycle.whenReady()
    }
    quit(): void {
      lifecycle.quit()
    }
    exit(exitCode = 0): void {
      lifecycle.exit(exitCode)
    }
    /** Recorded: the tests start the next instance themselves. */
    relaunch(relaunchOptions?: object): void {
      recorder.record('app.relaunch', relaunchOptions)
    }

    requestSingleInstanceLock(additionalData?: Record<PropertyKey, unknown>): boolean {
      return singleInstance.request({ argv: process.argv, workingDirectory: process.cwd(), additionalData })
    }
    hasSingleInstanceLock(): boolean {
      return singleInstance.has()
    }
    releaseSingleInstanceLock(): void {
      singleInstance.release()
    }

    focus(): void {
      recorder.record('app.focus')
    }
    setAppUserModelId(id: string): void {
      recorder.record('app.setAppUserModelId', id)
    }
    setDesktopName(name: string): void {
      recorder.record('app.setDesktopName', name)
    }
    enableSandbox(): void {
      recorder.record('app.enableSandbox')
    }
    disableHardwareAcceleration(): void {
      if (lifecycle.isReady())
        throw new Error('app.disableHardwareAcceleration() can only be called before app is ready')
      recorder.record('app.disableHardwareAcceleration')
    }
    setAboutPanelOptions(panel: object): void {
      recorder.record('app.setAboutPanelOptions', panel)
    }
    showAboutPanel(): void {
      recorder.record('app.showAboutPanel')
    }
    isAccessibilitySupportEnabled(): boolean {
      return false
    }
    setAccessibilitySupportEnabled(enabled: boolean): void {
      recorder.record('app.setAccessibilitySupportEnabled', enabled)
    }
    addRecentDocument(path: string): void {
      recorder.record('app.addRecentDocument', path)
    }
    clearRecentDocuments(): void {
      recorder.record('app.clearRecentDocuments')
    }
    getAppMetrics(): {
      pid: number
      type: 'Browser'
      creationTime: number
      cpu: { percentCPUUsage: number; idleWakeupsPerSecond: number }
      memory: { workingSetSize: number; peakWorkingSetSize: number }
    }[] {
      const kilobytes = Math.round(process.memoryUsage.rss() / 1024)
      return [
        {
          pid: process.pid,
          type: 'Browser',
          creationTime: Date.now() - process.uptime() * 1000,
          cpu: { percentCPUUsage: 0, idleWakeupsPerSecond: 0 },
          memory: { workingSetSize: kilobytes, peakWorkingSetSize: process.resourceUsage().maxRSS },
        },
      ]
    }

    get badgeCount(): number {
      return badgeCount
    }
    set badgeCount(count: number) {
      this.setBadgeCount(count)
    }
    getBadgeCount(): number {
      return badgeCount
    }
    setBadgeCount(count = 0): boolean {
      badgeCount = count
      recorder.record('app.setBadgeCount', count)
      return true
    }

    setLoginItemSettings(settings: { openAtLogin?: boolean }): void {
      loginItem = { openAtLogin: settings.openAtLogin ?? false }
      recorder.record('app.setLoginItemSettings', settings)
    }
    getLoginItemSettings() {
      return {
        ...loginItem,
        openAsHidden: false,
        wasOpenedAtLogin: false,
        wasOpenedAsHidden: false,
        restoreState: false,
        status: loginItem.openAtLogin ? ('enabled' as const) : ('not-registered' as const),
        executableWillLaunchAtLogin: loginItem.openAtLogin,
        launchItems: [],
      }
    }

    setAsDefaultProtocolClient(protocol: string, path?: string, args?: string[]): boolean {
      recorder.record('app.setAsDefaultProtocolClient', protocol, path, args)
      protocols.add(protocol)
      return true
    }
    removeAsDefaultProtocolClient(protocol: string): boolean {
      recorder.record('app.removeAsDefaultProtocolClient', protocol)
      return protocols.delete(protocol)
    }
    isDefaultProtocolClient(protocol: string): boolean {
      return protocols.has(protocol)
    }
  }

  const app = new App()
  const singleInstance = createSingleInstance({
    folder: () => paths.get('userData'),
    onSecondInstance: ({ argv, workingDirectory, additionalData }) =>
      app.emit('second-instance', createEvent({}), argv, workingDirectory, additionalData),
  })
  return app
}
