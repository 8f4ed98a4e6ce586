/**
 * `BrowserWindow`: a window's state as the app drives it, and its page.
 *
 * The state (visible, focused, minimised, bounds) is kept here, exactly as told; where there is a display, the Chromium
 * window follows. Insecure web preferences are not emulated, so that no test passes by having them.
 */
import type {
  BrowserWindow as ElectronBrowserWindow,
  BrowserWindowConstructorOptions,
  Rectangle,
  WebPreferences,
} from 'electron'
import { ignoreGone } from '../chromium/cdp.ts'
import type { Page } from '../chromium/page.ts'
import type { Recorder } from '../recorder.ts'
import { createEvent } from './event.ts'
import type { ClosableWindow } from './lifecycle.ts'
import type { NativeImage } from './nativeImage.ts'
import type { PageFactory } from './pageFactory.ts'
import { type Emulated, emitterBase, strictClass } from './strict.ts'
import { WebContents } from './webContents.ts'
import type { Windows } from './windows.ts'

export interface BrowserWindowHost {
  isReady(): boolean
  recorder: Recorder
  windows: Windows<BrowserWindow>
  factory: PageFactory
  /** There is a display that shows Chromium's windows. */
  headed(): boolean
  onCreated(window: BrowserWindow): void
  onClosed(window: BrowserWindow): void
}

const required = { contextIsolation: true, sandbox: true, nodeIntegration: false } as const
const notEmulated = [
  'nodeIntegrationInSubFrames',
  'nodeIntegrationInWorker',
  'webviewTag',
  'partition',
  'session',
] as const
const defaults = { width: 800, height: 600 }

function checkPreferences(preferences: WebPreferences): WebPreferences {
  const effective = { ...required, webSecurity: true, ...preferences }
  for (const [name, value] of Object.entries(required)) {
    if (effective[name as keyof typeof required] !== value)
      throw new Error(`host: webPreferences.${name} other than ${value} is not emulated`)
  }
  for (const name of notEmulated) {
    if (effective[name]) throw new Error(`host: webPreferences.${name} is not emulated`)
  }
  return effective
}

let lastId = 0

export class BrowserWindow
  extends emitterBase('BrowserWindow')
  implements
    ClosableWindow,
    Emulated<ElectronBrowserWindow, 'webContents' | 'capturePage' | 'getParentWindow' | 'getChildWindows'>
{
  readonly id = ++lastId
  readonly webContents: WebContents
  readonly #host: BrowserWindowHost
  readonly #options: BrowserWindowConstructorOptions
  #destroyed = false
  #visible = false
  #state: 'normal' | 'minimized' | 'maximized' | 'fullscreen' = 'normal'
  #bounds: Rectangle
  #title: string
  #backgroundColor: string
  #minimumSize: [number, number] = [0, 0]
  #menuBarVisible = true
  #alwaysOnTop: boolean
  #shownOnce = false
  #enabled = true
  resizable: boolean
  minimizable = true
  maximizable = true
  closable = true
  movable = true
  focusable = true
  fullScreenable = true
  autoHideMenuBar: boolean

  constructor(host: BrowserWindowHost, options: BrowserWindowConstructorOptions) {
    super()
    if (!host.isReady()) throw new Error('Cannot create BrowserWindow before app is ready')
    this.#host = host
    this.#options = options
    this.#title = options.title ?? 'Electron'
    this.#backgroundColor = options.backgroundColor ?? '#FFFFFF'
    this.#alwaysOnTop = options.alwaysOnTop ?? false
    this.#minimumSize = [options.minWidth ?? 0, options.minHeight ?? 0]
    this.resizable = options.resizable ?? true
    this.autoHideMenuBar = options.autoHideMenuBar ?? false
    const { x = 0, y = 0, width = defaults.width, height = defaults.height } = options
    this.#bounds = { x, y, width, height }
    this.webContents = new WebContents(host.factory, checkPreferences(options.webPreferences ?? {}))
    this.#follow()
    host.windows.add(this)
    host.onCreated(this)
    if (options.show !== false) queueMicrotask(() => this.show())
  }

  #follow(): void {
    const contents = this.webContents
    contents.on('page-title-updated', (event: { defaultPrevented: boolean }, title: string, explicit: boolean) => {
      const own = createEvent({})
      this.emit('page-title-updated', own, title, explicit)
      if (!own.defaultPrevented && !event.defaultPrevented) this.#title = title
    })
    contents.once('did-finish-load', () => this.emit('ready-to-show'))
    // A user closed Chromium's window, or the page itself: the app is asked as for any other way of closing.
    contents.hostAskBeforeClosing(() => !this.#mayClose())
    contents.on('destroyed', () => this.#close())
    contents.hostOnZoom(() => this.#applyBounds())
    this.#applyBounds()
  }

  #close(): void {
    if (this.#destroyed) return
    this.#destroyed = true
    this.#visible = false
    this.webContents.hostDestroy()
    if (this.#host.windows.focused() === undefined) this.#host.windows.focus(undefined)
    this.emit('closed')
    this.#host.onClosed(this)
  }

  // ---- For the host's other parts, not for the app ----

  requestClose(): boolean {
    if (!this.#mayClose()) return false
    setImmediate(() => this.destroy())
    return true
  }

  #mayClose(): boolean {
    const event = createEvent({})
    this.emit('close', event)
    return !event.defaultPrevented
  }

  /** The window manager, or a test in its place, gives or takes the focus. */
  hostFocus(focused: boolean): void {
    if (focused) this.#host.windows.focus(this)
    else if (this.isFocused()) this.#host.windows.focus(undefined)
  }

  get hostOptions(): BrowserWindowConstructorOptions {
    return this.#options
  }

  // ---- Electron's ----

  get title(): string {
    return this.#title
  }
  set title(title: string) {
    this.#title = title
  }
  get fullScreen(): boolean {
    return this.isFullScreen()
  }
  set fullScreen(flag: boolean) {
    this.setFullScreen(flag)
  }
  get menuBarVisible(): boolean {
    return this.#menuBarVisible
  }
  set menuBarVisible(visible: boolean) {
    this.#menuBarVisible = visible
  }

  loadURL(url: string, options?: object): Promise<void> {
    return this.webContents.loadURL(url, options)
  }
  loadFile(path: string): Promise<void> {
    return this.webContents.loadFile(path)
  }
  reload(): void {
    this.webContents.reload()
  }
  capturePage(rect?: Rectangle): Promise<NativeImage> {
    return this.webContents.capturePage(rect)
  }

  close(): void {
    if (!this.#destroyed) this.requestClose()
  }
  destroy(): void {
    this.#close()
  }
  isDestroyed(): boolean {
    return this.#destroyed
  }

  show(): void {
    this.#setVisible(true)
    this.focus()
  }
  showInactive(): void {
    this.#setVisible(true)
  }
  hide(): void {
    this.hostFocus(false)
    this.#setVisible(false)
  }
  isVisible(): boolean {
    return this.#visible
  }
  #setVisible(visible: boolean): void {
    if (this.#destroyed || visible === this.#visible) return
    this.#visible = visible
    this.#shownOnce ||= visible
    this.#applyState()
    this.emit(visible ? 'show' : 'hide')
  }

  focus(): void {
    if (!this.#destroyed && this.#visible && this.#state !== 'minimized') this.hostFocus(true)
  }
  blur(): void {
    this.hostFocus(false)
  }
  isFocused(): boolean {
    return this.#host.windows.focused() === this
  }
  moveTop(): void {
    this.#host.recorder.record('BrowserWindow.moveTop', this.id)
  }

  minimize(): void {
    if (this.#state === 'minimized') return
    this.#state = 'minimized'
    this.hostFocus(false)
    this.#applyState()
    this.emit('minimize')
  }
  restore(): void {
    if (this.#state !== 'minimized') return
    this.#state = 'normal'
    this.#setVisible(true)
    this.#applyState()
    this.emit('restore')
    this.focus()
  }
  isMinimized(): boolean {
    return this.#state === 'minimized'
  }
  maximize(): void {
    if (this.#state === 'maximized') return
    this.#state = 'maximized'
    this.#setVisible(true)
    this.#applyState()
    this.emit('maximize')
  }
  unmaximize(): void {
    if (this.#state !== 'maximized') return
    this.#state = 'normal'
    this.#applyState()
    this.emit('unmaximize')
  }
  isMaximized(): boolean {
    return this.#state === 'maximized'
  }
  setFullScreen(flag: boolean): void {
    if (flag === this.isFullScreen()) return
    this.#state = flag ? 'fullscreen' : 'normal'
    this.#applyState()
    this.emit(flag ? 'enter-full-screen' : 'leave-full-screen')
  }
  isFullScreen(): boolean {
    return this.#state === 'fullscreen'
  }
  isNormal(): boolean {
    return this.#state === 'normal'
  }

  getBounds(): Rectangle {
    return { ...this.#bounds }
  }
  getNormalBounds(): Rectangle {
    return { ...this.#bounds }
  }
  getContentBounds(): Rectangle {
    return { ...this.#bounds }
  }
  setBounds(bounds: Partial<Rectangle>): void {
    const before = this.#bounds
    this.#bounds = { ...before, ...bounds }
    this.#applyBounds()
    const { x, y, width, height } = this.#bounds
    if (width !== before.width || height !== before.height) {
      this.emit('resize')
      this.emit('resized')
    }
    if (x !== before.x || y !== before.y) {
      this.emit('move')
      this.emit('moved')
    }
  }
  getSize(): number[] {
    return [this.#bounds.width, this.#bounds.height]
  }
  setSize(width: number, height: number): void {
    this.setBounds({ width, height })
  }
  getContentSize(): number[] {
    return this.getSize()
  }
  setContentSize(width: number, height: number): void {
    this.setSize(width, height)
  }
  getPosition(): number[] {
    return [this.#bounds.x, this.#bounds.y]
  }
  setPosition(x: number, y: number): void {
    this.setBounds({ x, y })
  }
  center(): void {
    this.#host.recorder.record('BrowserWindow.center', this.id)
  }
  getMinimumSize(): number[] {
    return [...this.#minimumSize]
  }
  setMinimumSize(width: number, height: number): void {
    this.#minimumSize = [width, height]
  }

  /** Places the window and lays its page out, in the background. */
  #applyBounds(): void {
    void this.webContents
      .hostPage()
      .then((page) => page && this.#layOut(page))
      .catch(ignoreGone)
  }

  async #layOut(page: Page): Promise<void> {
    const zoom = this.webContents.getZoomFactor()
    if (this.#host.headed()) await this.#moveNativeWindow(page, this.getBounds())
    if (this.#host.headed() && zoom === 1) return void (await page.session.send('Emulation.clearDeviceMetricsOverride'))
    // Without a display the page has no frame around it: the window's size is the page's. Zoom is fewer, larger pixels.
    await page.session.send('Emulation.setDeviceMetricsOverride', {
      width: Math.round(this.#bounds.width / zoom),
      height: Math.round(this.#bounds.height / zoom),
      deviceScaleFactor: zoom === 1 ? 0 : zoom,
      mobile: false,
    })
  }

  #applyState(): void {
    if (!this.#host.headed()) return
    const windowState = !this.#visible ? 'minimized' : this.#state
    void this.webContents
      .hostPage()
      .then((page) => page && this.#moveNativeWindow(page, { windowState }))
      .catch(ignoreGone)
  }

  async #moveNativeWindow(page: Page, bounds: object): Promise<void> {
    const { windowId } = await page.session.send('Browser.getWindowForTarget')
    await page.session.send('Browser.setWindowBounds', { windowId, bounds })
  }

  getTitle(): string {
    return this.#title
  }
  setTitle(title: string): void {
    this.#title = title
  }
  getBackgroundColor(): string {
    return this.#backgroundColor
  }
  setBackgroundColor(color: string): void {
    this.#backgroundColor = color
  }
  isAlwaysOnTop(): boolean {
    return this.#alwaysOnTop
  }
  setAlwaysOnTop(flag: boolean): void {
    this.#alwaysOnTop = flag
    this.emit('always-on-top-changed', createEvent({}), flag)
  }
  isMenuBarVisible(): boolean {
    return this.#menuBarVisible
  }
  setMenuBarVisibility(visible: boolean): void {
    this.#menuBarVisible = visible
  }
  isMenuBarAutoHide(): boolean {
    return this.autoHideMenuBar
  }
  setAutoHideMenuBar(hide: boolean): void {
    this.autoHideMenuBar = hide
  }
  isResizable(): boolean {
    return this.resizable
  }
  setResizable(resizable: boolean): void {
    this.resizable = resizable
  }
  isEnabled(): boolean {
    return this.#enabled
  }
  setEnabled(enabled: boolean): void {
    this.#enabled = enabled
  }
  isModal(): boolean {
    return this.#options.modal ?? false
  }
  getParentWindow(): BrowserWindow | null {
    return (this.#options.parent as BrowserWindow | undefined) ?? null
  }
  getChildWindows(): BrowserWindow[] {
    return this.#host.windows.all().filter((window) => window.getParentWindow() === this)
  }

  setMenu(menu: object | null): void {
    this.#host.recorder.record('BrowserWindow.setMenu', this.id, menu)
  }
  removeMenu(): void {
    this.setMenu(null)
  }
  flashFrame(flag: boolean): void {
    this.#host.recorder.record('BrowserWindow.flashFrame', this.id, flag)
  }
  setOverlayIcon(overlay: object | null, description: string): void {
    this.#host.recorder.record('BrowserWindow.setOverlayIcon', this.id, overlay !== null, description)
  }
  setProgressBar(progress: number): void {
    this.#host.recorder.record('BrowserWindow.setProgressBar', this.id, progress)
  }
  setSkipTaskbar(skip: boolean): void {
    this.#host.recorder.record('BrowserWindow.setSkipTaskbar', this.id, skip)
  }
  setContentProtection(enable: boolean): void {
    this.#host.recorder.record('BrowserWindow.setContentProtection', this.id, enable)
  }
  setIcon(): void {
    this.#host.recorder.record('BrowserWindow.setIcon', this.id)
  }
  setTitleBarOverlay(options: object): void {
    this.#host.recorder.record('BrowserWindow.setTitleBarOverlay', this.id, options)
  }
}

/** The class as the app gets it: `new BrowserWindow(options)`, and the static look-ups. */
export function createBrowserWindowClass(host: BrowserWindowHost) {
  class HostedBrowserWindow extends BrowserWindow {
    constructor(options: BrowserWindowConstructorOptions = {}) {
      super(host, options)
    }
    static getAllWindows(): BrowserWindow[] {
      return host.windows.all()
    }
    static getFocusedWindow(): BrowserWindow | null {
      return host.windows.focused() ?? null
    }
    static fromId(id: number): BrowserWindow | null {
      return host.windows.all().find((window) => window.id === id) ?? null
    }
    static fromWebContents(contents: object): BrowserWindow | null {
      return host.windows.all().find((window) => window.webContents === contents) ?? null
    }
  }
  return strictClass('BrowserWindow', HostedBrowserWindow)
}
