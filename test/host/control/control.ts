/**
 * The tests' side of the host: what a user, a window manager or an operating system would do, and what the app asked
 * of them. Plain JSON in and out, so that it works over a socket as well as in the same process.
 */
import { basename } from 'node:path'
import type { DialogAnswer } from '../electron/dialog.ts'
import { createEvent } from '../electron/event.ts'
import { type Menu, type MenuEntry, describeMenu, findMenuItem } from '../electron/menu.ts'
import type { HostedElectron } from '../electron/module.ts'
import { NativeImage } from '../electron/nativeImage.ts'
import type { NotificationAct } from '../electron/notification.ts'
import type { RecordedCall } from '../recorder.ts'

export interface WindowInfo {
  id: number
  webContentsId: number
  url: string
  title: string
  visible: boolean
  focused: boolean
  minimized: boolean
  onTop: boolean
  bounds: { x: number; y: number; width: number; height: number }
  /** As they take effect, defaults included. */
  webPreferences: Record<string, unknown>
  /** Chromium's name for the page. */
  targetId: string | undefined
}

export interface NotificationInfo {
  id: string
  title: string
  body: string
  subtitle: string
  silent: boolean
  hasReply: boolean
  urgency: string
  actions: string[]
  state: 'created' | 'shown' | 'aside' | 'closed'
}

export interface TrayInfo {
  /** The file of its picture, without the folder; empty where it was not made from one. */
  icon: string
  toolTip: string
  title: string
  menu: MenuEntry[]
}

/** Which menu: of the application, of the first tray icon, or the one popped up last. */
export type MenuName = 'application' | 'tray' | 'popup'

export type WindowAct = 'close' | 'show' | 'hide' | 'focus' | 'blur' | 'minimize' | 'restore' | 'crash' | 'reload'

export interface Control {
  /** What the app asked of the desktop, all or by name (`shell.openExternal`). */
  calls(name?: string): Promise<RecordedCall[]>
  clearCalls(): Promise<void>
  windows(): Promise<WindowInfo[]>
  /** What a user or window manager does to a window; `crash` kills its renderer. */
  window(id: number, act: WindowAct): Promise<void>
  notifications(): Promise<NotificationInfo[]>
  notification(id: string, act: NotificationAct): Promise<void>
  trays(): Promise<TrayInfo[]>
  clickTray(): Promise<void>
  menu(name: MenuName): Promise<MenuEntry[]>
  /** Presses the item at the end of a path of labels or ids. */
  clickMenu(name: MenuName, path: string[]): Promise<void>
  /** How many menus were popped up. */
  popups(): Promise<number>
  pressShortcut(accelerator: string): Promise<void>
  /** `suspend`, `resume`, `lock-screen`, `unlock-screen`, `shutdown` … */
  powerEvent(name: string): Promise<void>
  setIdle(seconds: number): Promise<void>
  setDark(dark: boolean): Promise<void>
  /** The machine loses or regains its network, for `net.isOnline()` and `navigator.onLine`. Loopback keeps working. */
  setOnline(online: boolean): Promise<void>
  /** The user's answers to the next dialogs, each used once by a dialog of its kind. */
  answerDialog(answer: DialogAnswer): Promise<void>
  /** The dictionary takes the word for a wrong one, and suggests these. */
  misspells(word: string, suggestions: string[]): Promise<void>
  /** The application's own clipboard, as text. */
  copied(): Promise<string>
  /** `activate`, `open-url` (with the address) and the like. */
  appEvent(name: string, ...args: unknown[]): Promise<void>
  permission(
    windowId: number,
    permission: string,
    requestingUrl: string,
  ): Promise<{ requested: boolean; checked: boolean }>
  /** An `ipcRenderer.invoke` as if a frame with this address had sent it; rejects with the handler's error. */
  invokeAs(
    windowId: number,
    frame: { url: string; origin: string; child: boolean },
    channel: string,
    args: unknown[],
  ): Promise<unknown>
  quit(): Promise<void>
  /** Address for `chromium.connectOverCDP`, once the app is ready; null without `--remote-debugging-port`. */
  debuggingUrl(): Promise<string | null>
}

export function createControl({ electron, host }: HostedElectron): Control {
  function windowOf(id: number) {
    const window = host.windows.all().find((candidate) => candidate.id === id)
    if (!window) throw new Error(`no window ${id}`)
    return window
  }

  function menuOf(name: MenuName): Menu {
    const menus = {
      application: () => host.applicationMenu(),
      tray: () => host.trays()[0]?.hostState.menu,
      popup: () => host.popups.at(-1),
    }
    const menu = menus[name]()
    if (!menu) throw new Error(`there is no ${name} menu`)
    return menu
  }

  return {
    calls: async (name) => host.recorder.calls(name).map((call) => ({ ...call, args: call.args.map(toPlain) })),
    async clearCalls() {
      host.recorder.clear()
    },

    async windows() {
      return Promise.all(
        host.windows.all().map(async (window) => ({
          id: window.id,
          webContentsId: window.webContents.id,
          url: window.webContents.getURL(),
          title: window.getTitle(),
          visible: window.isVisible(),
          focused: window.isFocused(),
          minimized: window.isMinimized(),
          onTop: window.isAlwaysOnTop(),
          bounds: window.getBounds(),
          webPreferences: toPlain(window.webContents.hostPreferences) as Record<string, unknown>,
          targetId: (await window.webContents.hostPage())?.targetId,
        })),
      )
    },
    async window(id, act) {
      const window = windowOf(id)
      if (act === 'crash') window.webContents.forcefullyCrashRenderer()
      else window[act]()
    },

    async notifications() {
      return host.notifications.map(({ id, title, body, subtitle, silent, hasReply, urgency, actions, hostState }) => ({
        id,
        title,
        body,
        subtitle,
        silent,
        hasReply,
        urgency,
        actions: actions.map((action) => action.text ?? ''),
        state: hostState,
      }))
    },
    async notification(id, act) {
      const notification = host.notifications.find((candidate) => candidate.id === id)
      if (!notification) throw new Error(`no notification ${id}`)
      notification.hostAct(act)
    },

    async trays() {
      return host.trays().map(({ hostState: { image, toolTip, title, menu } }) => ({
        icon: image instanceof NativeImage ? basename(image.hostPath) : '',
        toolTip,
        title,
        menu: menu ? describeMenu(menu) : [],
      }))
    },
    async clickTray() {
      const [tray] = host.trays()
      if (!tray) throw new Error('there is no tray icon')
      tray.hostClick()
    },
    menu: async (name) => describeMenu(menuOf(name)),
    async clickMenu(name, path) {
      const focused = host.windows.focused()
      findMenuItem(menuOf(name), path).click(undefined, focused, focused?.webContents)
    },
    async popups() {
      return host.popups.length
    },
    async pressShortcut(accelerator) {
      host.pressShortcut(accelerator)
    },

    async powerEvent(name) {
      if (name === 'lock-screen' || name === 'unlock-screen') host.powerMonitor.hostLocked = name === 'lock-screen'
      host.powerMonitor.emit(name, createEvent({}))
    },
    async setIdle(seconds) {
      host.powerMonitor.hostIdleSeconds = seconds
    },
    async setDark(dark) {
      host.nativeTheme.hostSetSystemDark(dark)
    },
    async setOnline(online) {
      host.connectivity.online = online
      const conditions = { offline: !online, latency: 0, downloadThroughput: -1, uploadThroughput: -1 }
      for (const window of host.windows.all()) {
        const page = await window.webContents.hostPage()
        await page?.session.send('Network.emulateNetworkConditions', conditions)
      }
    },
    async answerDialog(answer) {
      host.dialogAnswers.push(answer)
    },
    async misspells(word, suggestions) {
      host.misspellings.set(word, suggestions)
    },
    copied: () => electron.clipboard.readText(),
    async appEvent(name, ...args) {
      electron.app.emit(name, createEvent({}), ...args)
    },

    async permission(windowId, permission, requestingUrl) {
      const { webContents } = windowOf(windowId)
      const details = { requestingUrl, isMainFrame: true, securityOrigin: requestingUrl }
      const checked = host.session.checkPermission(webContents, permission, new URL(requestingUrl).origin, details)
      return { checked, requested: await host.session.requestPermission(webContents, permission, details) }
    },
    async invokeAs(windowId, { url, origin, child }, channel, args) {
      const { webContents } = windowOf(windowId)
      return webContents.hostReceiveFrom({ url, origin, parent: child ? webContents.mainFrame : null }, channel, args)
    },

    async quit() {
      // Answered first: the socket closes with the process.
      setImmediate(() => electron.app.quit())
    },
    async debuggingUrl() {
      await host.lifecycle.whenReady()
      return (await host.browser()?.debuggingUrl()) ?? null
    },
  }
}

/** Data as it is; what is not data, by the name of its class. */
function toPlain(value: unknown): unknown {
  if (typeof value === 'function') return `[function ${value.name}]`
  if (typeof value === 'bigint' || typeof value === 'symbol') return String(value)
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(toPlain)
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return `[${value.constructor.name}]`
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toPlain(item)]))
}
