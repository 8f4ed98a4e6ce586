/**
 * The `electron` module of the main process, put together: the one place that knows all its parts.
 *
 * Also hands out what the app must not see: the handles by which the host starts it and tests drive it.
 */
import type { EventEmitter } from 'node:events'
import { join } from 'node:path'
import type { BrowserWindowConstructorOptions } from 'electron'
import type { Browser, NewTarget } from '../chromium/browser.ts'
import { ignoreGone } from '../chromium/cdp.ts'
import { type Recorder, createRecorder } from '../recorder.ts'
import { type AppManifest, createApp } from './app.ts'
import { createAppPaths } from './appPaths.ts'
import { type BrowserWindow, createBrowserWindowClass } from './browserWindow.ts'
import { ClipboardItem, createClipboard } from './clipboard.ts'
import { createCommandLine } from './commandLine.ts'
import { type DialogAnswers, createDialog } from './dialog.ts'
import { createEvent } from './event.ts'
import { IpcMain } from './ipcMain.ts'
import { createLifecycle } from './lifecycle.ts'
import { Menu, MenuItem, hostedMenu } from './menu.ts'
import { nativeImage } from './nativeImage.ts'
import { NativeTheme } from './nativeTheme.ts'
import { type Connectivity, createNet } from './net.ts'
import { createNotifications } from './notification.ts'
import { createPermissions } from './permissions.ts'
import { createPageFactory } from './pageFactory.ts'
import { PowerMonitor } from './powerMonitor.ts'
import { createProtocol } from './protocol.ts'
import { type SafeStorageMode, createSafeStorage } from './safeStorage.ts'
import { createSchemeMap } from './schemeMap.ts'
import { Screen } from './screen.ts'
import { createSession } from './session.ts'
import { createShell } from './shell.ts'
import {
  createAutoUpdater,
  createCrashReporter,
  createGlobalShortcut,
  createPowerSaveBlocker,
  createSystemPreferences,
} from './smallModules.ts'
import { strictObject } from './strict.ts'
import { createTrays } from './tray.ts'
import { createWebRequest } from './webRequest.ts'
import { createWindows } from './windows.ts'

export interface ElectronOptions {
  manifest: AppManifest
  appPath: string
  /** Arguments after the app's path. */
  args: readonly string[]
  env: NodeJS.ProcessEnv
  locale: string
  keyringDir: string
  safeStorageMode: SafeStorageMode
  /** The user's answers to the first dialogs. */
  answers: DialogAnswers
  /** As if the app had been installed. */
  packaged: boolean
  dark: boolean
  /** Ends Chromium, then the process. */
  shutDown(exitCode: number): void
}

export type HostedElectron = ReturnType<typeof createElectron>

/** Everything but a browser: that comes with `connect`, after the app's own code has been loaded. */
export function createElectron(options: ElectronOptions) {
  const recorder: Recorder = createRecorder()
  const { commandLine, appended } = createCommandLine(options.args)
  const schemes = createSchemeMap()
  const ipcMain = new IpcMain()
  const connectivity: Connectivity = { online: true }
  const dialogAnswers: DialogAnswers = [...options.answers]
  const misspellings = new Map<string, string[]>()
  let browser: Browser | undefined
  let adopted: NewTarget | undefined

  function connected(): Browser {
    if (!browser) throw new Error('host: Chromium is not there before the app is ready')
    return browser
  }

  const windows = createWindows<BrowserWindow>({
    onFocus(window) {
      window.emit('focus')
      app.emit('browser-window-focus', createEvent({}), window)
    },
    onBlur(window) {
      window.emit('blur')
      app.emit('browser-window-blur', createEvent({}), window)
    },
  })
  const lifecycle = createLifecycle({
    app: (): EventEmitter => app,
    windows: windows.all,
    shutDown: options.shutDown,
  })
  const paths = createAppPaths({
    appName: () => options.manifest.productName ?? options.manifest.name,
    userDataDir: commandLine.getSwitchValue('user-data-dir'),
    env: options.env,
  })
  const app = createApp({ ...options, isPackaged: options.packaged, paths, commandLine, lifecycle, recorder })
  const protocol = createProtocol({ schemes, isReady: lifecycle.isReady })
  const webRequest = createWebRequest({ schemes })
  const nativeTheme = new NativeTheme({
    dark: options.dark,
    onChange(dark) {
      for (const { webContents } of windows.all()) {
        void webContents
          .hostPage()
          .then((page) => page?.setColorScheme(dark ? 'dark' : 'light'))
          .catch(ignoreGone)
      }
    },
  })
  const session = createSession({
    recorder,
    protocol,
    webRequest,
    locale: options.locale,
    browser: connected,
    storagePath: () => paths.get('sessionData'),
    clearStorage,
    onPermissionHandler: () => {
      for (const { webContents } of windows.all()) {
        const url = webContents.getURL()
        if (url !== '') void permissions.apply(webContents, url).catch(ignoreGone)
      }
    },
  })
  const permissions = createPermissions({ browser: connected, session: () => session, toChromium: schemes.toChromium })
  const factory = createPageFactory({
    schemes,
    recorder,
    misspellings,
    ipcMain,
    protocol,
    webRequest,
    session: session.defaultSession,
    locale: options.locale,
    browser: connected,
    colorScheme: () => (nativeTheme.shouldUseDarkColors ? 'dark' : 'light'),
    target() {
      const target = adopted
      adopted = undefined
      return target
    },
    beforeLoad: permissions.apply,
    isFocused: (contents) => windows.focused()?.webContents === contents,
    onRenderProcessGone(contents, details) {
      app.emit('render-process-gone', createEvent({}), contents, details)
    },
  })
  const hostedBrowserWindow = createBrowserWindowClass({
    isReady: lifecycle.isReady,
    recorder,
    windows,
    factory,
    headed: () => browser?.headless === false,
    onCreated(window) {
      // The app hears of it when its constructor has returned, as in Electron, so that handlers find a whole window.
      app.emit('web-contents-created', createEvent({}), window.webContents)
      app.emit('browser-window-created', createEvent({}), window)
    },
    onClosed: () => lifecycle.windowClosed(),
  })

  async function clearStorage(): Promise<void> {
    const [window] = windows.all()
    const page = await window?.webContents.hostPage()
    if (!page) return
    const origins = new Set(page.frames().map((frame) => frame.origin))
    for (const origin of origins) await page.session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' })
    await page.session.send('Network.clearBrowserCookies')
  }

  /** A pop-up waits, unborn, for the verdict of the page that wants it. */
  async function decidePopup(target: NewTarget): Promise<void> {
    const pages = await Promise.all(
      windows.all().map(async (window) => ({ window, page: await window.webContents.hostPage() })),
    )
    const opener =
      pages.find(({ page }) => page?.targetId === target.openerId)?.window ?? windows.focused() ?? windows.all()[0]
    const { verdict, details } = opener?.webContents.hostWindowOpen(target.url) ?? {
      verdict: { action: 'deny' as const },
      details: { url: target.url },
    }
    recorder.record('window.open', details.url, verdict.action)
    if (verdict.action === 'deny') {
      // Let go as well: a paused page may wait for ever to be closed, and its opener with it.
      const closed = connected().cdp.send('Target.closeTarget', { targetId: target.targetId })
      await Promise.all([closed.catch(ignoreGone), target.resume().catch(ignoreGone)])
      return
    }
    adopted = target
    const overrides = (verdict.overrideBrowserWindowOptions ?? {}) as BrowserWindowConstructorOptions
    const window = new hostedBrowserWindow(overrides)
    opener?.webContents.emit('did-create-window', window, details)
  }

  const notifications = createNotifications({ recorder })
  const trays = createTrays()
  const shortcuts = createGlobalShortcut()
  const powerMonitor = new PowerMonitor()
  const electron = strictObject('electron', {
    app,
    autoUpdater: createAutoUpdater({ recorder }),
    BrowserWindow: hostedBrowserWindow,
    clipboard: createClipboard(),
    ClipboardItem,
    crashReporter: createCrashReporter({ recorder }),
    dialog: createDialog({ recorder, answers: dialogAnswers }),
    globalShortcut: shortcuts.globalShortcut,
    ipcMain,
    Menu: hostedMenu,
    MenuItem,
    nativeImage,
    nativeTheme,
    net: createNet({ protocol, connectivity }),
    Notification: notifications.Notification,
    powerMonitor,
    powerSaveBlocker: createPowerSaveBlocker(),
    protocol: protocol.protocol,
    safeStorage: createSafeStorage({
      keyringDir: options.keyringDir,
      mode: options.safeStorageMode,
      isReady: lifecycle.isReady,
    }),
    screen: new Screen(),
    session: session.session,
    shell: createShell({ recorder }),
    systemPreferences: createSystemPreferences(),
    Tray: trays.Tray,
    utilityProcess: strictObject('utilityProcess', {}),
  })

  return {
    electron,
    host: {
      lifecycle,
      recorder,
      windows,
      session,
      schemes,
      nativeTheme,
      powerMonitor,
      connectivity,
      dialogAnswers,
      misspellings,
      notifications: notifications.all,
      trays: trays.all,
      applicationMenu: () => Menu.getApplicationMenu(),
      popups: Menu.hostPopups,
      pressShortcut: shortcuts.press,
      appendedSwitches: () => [...appended],
      profileDir: () => join(paths.get('sessionData'), 'Chromium'),
      browser: () => browser,
      connect(started: Browser): void {
        browser = started
        started.onPopup((target) => void decidePopup(target).catch(ignoreGone))
      },
    },
  }
}
