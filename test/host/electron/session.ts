/** `session.defaultSession`: the one session, its permissions, its storage. Other partitions are names alone. */
import type { Session as ElectronSession } from 'electron'
import type { Browser } from '../chromium/browser.ts'
import type { Recorder } from '../recorder.ts'
import type { Protocol } from './protocol.ts'
import { type Emulated, emitterBase, strictObject } from './strict.ts'
import type { WebRequest } from './webRequest.ts'

// Loose in what they are given: the app's own code is checked against Electron's types.
type RequestHandler = (contents: never, permission: never, callback: (granted: boolean) => void, details: never) => void
type CheckHandler = (contents: never, permission: never, origin: string, details: never) => boolean
type DeviceHandler = (details: never) => boolean

export interface SessionOptions {
  recorder: Recorder
  protocol: Protocol
  webRequest: WebRequest
  storagePath(): string
  locale: string
  /** A session of any page, through which storage is cleared; undefined when there is none. */
  browser(): Browser
  clearStorage(): Promise<void>
  /** The app has set a permission handler. */
  onPermissionHandler?(): void
}

export type Session = ReturnType<typeof createSession>

export function createSession(options: SessionOptions) {
  const { recorder } = options
  let requestHandler: RequestHandler | null = null
  let checkHandler: CheckHandler | null = null
  let deviceHandler: DeviceHandler | null = null
  let spellCheckerLanguages = [options.locale]
  let userAgent = ''

  class Session extends emitterBase('session') implements Emulated<ElectronSession, 'protocol' | 'webRequest'> {
    readonly protocol = options.protocol.protocol
    readonly webRequest = options.webRequest.webRequest
    readonly availableSpellCheckerLanguages = ['en-US', 'en-GB', 'de', 'es', 'fr', 'ru']
    spellCheckerEnabled = true

    get storagePath(): string {
      return options.storagePath()
    }
    getStoragePath(): string {
      return options.storagePath()
    }
    isPersistent(): boolean {
      return true
    }

    setPermissionRequestHandler(handler: RequestHandler | null): void {
      requestHandler = handler
      options.onPermissionHandler?.()
    }
    setPermissionCheckHandler(handler: CheckHandler | null): void {
      checkHandler = handler
      options.onPermissionHandler?.()
    }
    setDevicePermissionHandler(handler: DeviceHandler | null): void {
      deviceHandler = handler
    }
    setDisplayMediaRequestHandler(handler: unknown): void {
      recorder.record('session.setDisplayMediaRequestHandler', handler !== null)
    }
    setUSBProtectedClassesHandler(handler: unknown): void {
      recorder.record('session.setUSBProtectedClassesHandler', handler !== null)
    }
    setBluetoothPairingHandler(handler: unknown): void {
      recorder.record('session.setBluetoothPairingHandler', handler !== null)
    }
    setCertificateVerifyProc(verify: unknown): void {
      recorder.record('session.setCertificateVerifyProc', verify !== null)
    }

    getSpellCheckerLanguages(): string[] {
      return [...spellCheckerLanguages]
    }
    setSpellCheckerLanguages(languages: string[]): void {
      const unknown = languages.find((language) => !this.availableSpellCheckerLanguages.includes(language))
      if (unknown !== undefined)
        throw new Error(`Invalid language code provided: "${unknown}" is not a valid language code`)
      spellCheckerLanguages = [...languages]
    }
    setSpellCheckerEnabled(enabled: boolean): void {
      this.spellCheckerEnabled = enabled
    }
    isSpellCheckerEnabled(): boolean {
      return this.spellCheckerEnabled
    }
    addWordToSpellCheckerDictionary(word: string): boolean {
      recorder.record('session.addWordToSpellCheckerDictionary', word)
      return true
    }
    setSpellCheckerDictionaryDownloadURL(url: string): void {
      recorder.record('session.setSpellCheckerDictionaryDownloadURL', url)
    }

    async setProxy(config: object): Promise<void> {
      recorder.record('session.setProxy', config)
    }
    /** As Chromium does with `--proxy-server=host:port`: loopback never takes a proxy. */
    async resolveProxy(url: string): Promise<string> {
      const named = process.argv.findLast((arg) => arg.startsWith('--proxy-server='))?.split('=')[1]
      const loopback = /^\w+:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])[:/]/.test(url)
      return named === undefined || loopback ? 'DIRECT' : `PROXY ${named}`
    }
    async closeAllConnections(): Promise<void> {
      recorder.record('session.closeAllConnections')
    }
    async clearStorageData(storage?: object): Promise<void> {
      recorder.record('session.clearStorageData', storage)
      await options.clearStorage()
    }
    async clearData(data?: object): Promise<void> {
      recorder.record('session.clearData', data)
      await options.clearStorage()
    }
    async clearCache(): Promise<void> {
      recorder.record('session.clearCache')
    }
    async clearAuthCache(): Promise<void> {
      recorder.record('session.clearAuthCache')
    }
    async clearHostResolverCache(): Promise<void> {
      recorder.record('session.clearHostResolverCache')
    }
    async clearCodeCaches(): Promise<void> {
      recorder.record('session.clearCodeCaches')
    }
    async getCacheSize(): Promise<number> {
      return 0
    }
    flushStorageData(): void {
      recorder.record('session.flushStorageData')
    }
    setDownloadPath(path: string): void {
      recorder.record('session.setDownloadPath', path)
    }
    getUserAgent(): string {
      return userAgent
    }
    setUserAgent(value: string): void {
      userAgent = value
    }
  }

  const defaultSession = new Session()

  return {
    defaultSession,
    session: strictObject('session', {
      defaultSession,
      fromPartition: (partition: string) => strictObject(`session.fromPartition(${partition})`, {}),
    }),
    /** What the app answers a page that asks for a permission. Granted when it set no handler, as in Electron. */
    requestPermission: (contents: object, permission: string, details: object) =>
      new Promise<boolean>((resolve) => {
        if (requestHandler) requestHandler(contents as never, permission as never, resolve, details as never)
        else resolve(true)
      }),
    checkPermission: (contents: object | null, permission: string, origin: string, details: object) =>
      checkHandler ? checkHandler(contents as never, permission as never, origin, details as never) : true,
    checkDevice: (details: object) => (deviceHandler ? deviceHandler(details as never) : false),
  }
}
