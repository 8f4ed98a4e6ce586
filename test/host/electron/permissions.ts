/**
 * What a page may do, as the app's two permission handlers say.
 *
 * Chromium cannot ask the app at the moment a page wants something, so the app is asked about every permission before
 * it loads an address, and again when the app sets another handler; Chromium is told the answers for that origin. As in Electron a permission is granted when
 * the check handler says so, or else the request handler does. A handler therefore runs more often here than in
 * Electron, and one that decides by circumstances decides once per load.
 */
import type { Browser } from '../chromium/browser.ts'
import { ignoreGone } from '../chromium/cdp.ts'
import type { Session } from './session.ts'

/** Electron's name, the names Chromium has for what is behind it, and what the request's details add. */
const known: readonly { name: string; chromium: readonly string[]; details?: object }[] = [
  { name: 'clipboard-read', chromium: ['clipboard-read'] },
  { name: 'clipboard-sanitized-write', chromium: ['clipboard-write'] },
  { name: 'display-capture', chromium: ['display-capture'] },
  { name: 'geolocation', chromium: ['geolocation'] },
  { name: 'idle-detection', chromium: ['idle-detection'] },
  { name: 'keyboardLock', chromium: ['keyboard-lock'] },
  { name: 'local-fonts', chromium: ['local-fonts'] },
  { name: 'media', chromium: ['camera'], details: { mediaTypes: ['video'], mediaType: 'video' } },
  { name: 'media', chromium: ['microphone'], details: { mediaTypes: ['audio'], mediaType: 'audio' } },
  { name: 'midi', chromium: ['midi'] },
  { name: 'nfc', chromium: ['nfc'] },
  { name: 'notifications', chromium: ['notifications'] },
  { name: 'persistent-storage', chromium: ['persistent-storage'] },
  { name: 'pointerLock', chromium: ['pointer-lock'] },
  { name: 'screen-wake-lock', chromium: ['screen-wake-lock'] },
  { name: 'sensors', chromium: ['accelerometer', 'gyroscope', 'magnetometer'] },
  { name: 'speaker-selection', chromium: ['speaker-selection'] },
  { name: 'storage-access', chromium: ['storage-access'] },
  { name: 'window-management', chromium: ['window-management'] },
]

export interface PermissionsOptions {
  browser(): Browser
  session(): Pick<Session, 'requestPermission' | 'checkPermission'>
  toChromium(url: string): string
}

export interface Permissions {
  /** Asks the app about everything for this address and tells Chromium. */
  apply(contents: object, url: string): Promise<void>
}

export function createPermissions(options: PermissionsOptions): Permissions {
  async function isGranted(contents: object, name: string, url: string, more: object): Promise<boolean> {
    const details = { requestingUrl: url, isMainFrame: true, securityOrigin: url, ...more }
    const { protocol, host } = new URL(url)
    if (options.session().checkPermission(contents, name, `${protocol}//${host}/`, details)) return true
    return options.session().requestPermission(contents, name, details)
  }

  return {
    async apply(contents, url) {
      const { origin } = new URL(options.toChromium(url))
      if (origin === 'null') return
      await Promise.all(
        known.map(async ({ name, chromium, details = {} }) => {
          const setting = (await isGranted(contents, name, url, details)) ? 'granted' : 'denied'
          const { cdp } = options.browser()
          for (const permission of chromium) {
            await cdp
              .send('Browser.setPermission', { permission: { name: permission }, setting, origin })
              .catch(ignoreGone)
          }
        }),
      )
    },
  }
}
