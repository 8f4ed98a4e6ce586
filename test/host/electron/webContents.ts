/**
 * `WebContents`: a page as the app's main process sees it.
 *
 * Owns: the page's events under Electron's names, its end of the IPC, its navigation rules. Promises: messages arrive in
 * the order they were sent; one sent while no document listens is lost, as it is in Electron.
 */
import { randomUUID } from 'node:crypto'
import { pathToFileURL } from 'node:url'
import type { WebContents as ElectronWebContents, WebPreferences } from 'electron'
import { ignoreGone } from '../chromium/cdp.ts'
import type { Document, OpenedWindow, Page, PageListener } from '../chromium/page.ts'
import { createCodec } from '../inPage/codec.ts'
import type { MenuPlace, ToHost } from '../inPage/preloadWorld.ts'
import { preloadScripts } from '../inPage/source.ts'
import { createEvent } from './event.ts'
import { IpcMain } from './ipcMain.ts'
import { NativeImage } from './nativeImage.ts'
import { createNavigation } from './navigation.ts'
import type { PageFactory } from './pageFactory.ts'
import { type Emulated, emitterBase } from './strict.ts'
import { WebFrameMain } from './webFrameMain.ts'

export interface WindowOpenDetails {
  url: string
  frameName: string
  features: string
  disposition: string
  referrer: { url: string; policy: string }
}
export type WindowOpenVerdict = { action: 'allow'; overrideBrowserWindowOptions?: object } | { action: 'deny' }
type WindowOpenHandler = (details: WindowOpenDetails) => WindowOpenVerdict

const codec = createCodec()
const consoleLevels: Record<string, string> = {
  error: 'error',
  assert: 'error',
  warning: 'warning',
  debug: 'debug',
  verbose: 'debug',
}
let lastId = 0

/** Codes of Chromium's net errors that a load usually ends with. */
const netErrors: Record<string, number> = {
  ERR_ABORTED: -3,
  ERR_FAILED: -2,
  ERR_ACCESS_DENIED: -10,
  ERR_BLOCKED_BY_CLIENT: -20,
  ERR_CONNECTION_REFUSED: -102,
  ERR_NAME_NOT_RESOLVED: -105,
  ERR_UNKNOWN_URL_SCHEME: -302,
}

export class WebContents
  extends emitterBase('WebContents')
  implements
    Emulated<
      ElectronWebContents,
      | 'ipc'
      | 'mainFrame'
      | 'opener'
      | 'session'
      | 'hostWebContents'
      | 'capturePage'
      | 'setWindowOpenHandler'
      | 'insertCSS'
      | 'loadURL'
    >
{
  readonly id = ++lastId
  readonly ipc = new IpcMain()
  readonly session: unknown
  readonly hostWebContents = null
  readonly mainFrame: WebFrameMain
  readonly #factory: PageFactory
  readonly #preferences: WebPreferences
  readonly #frames = new Map<string, WebFrameMain>()
  #opening: Promise<Page | undefined>
  #keepOpen: (() => boolean) | undefined
  readonly #navigation
  #page: Page | undefined
  #destroyed = false
  #crashed = false
  #loading = false
  #url = ''
  #title = ''
  #userAgent = ''
  #zoomFactor = 1
  #zoomed: (() => void) | undefined
  #muted = false
  #openHandler: WindowOpenHandler | undefined
  #opened: OpenedWindow[] = []

  constructor(factory: PageFactory, preferences: WebPreferences) {
    super()
    this.#factory = factory
    this.#preferences = preferences
    this.session = factory.session
    this.mainFrame = this.#createFrame(() => this.#page?.mainFrameId ?? '', 1)
    this.#navigation = createNavigation({
      contents: this,
      schemes: factory.schemes,
      page: () => this.#page,
      frame: (id) => this.#frame(id),
      load: (url) => void this.loadURL(url).catch(ignoreLoadFailure),
    })
    this.#opening = this.#open()
  }

  async #open(): Promise<Page | undefined> {
    const { preload } = this.#preferences
    const scripts = preload
      ? preloadScripts({ preloadPath: preload, secret: randomUUID(), process: this.#factory.preloadProcess() })
      : undefined
    const page = await this.#factory.open({
      preload: scripts,
      listener: this.#listener(),
      webContentsId: this.id,
      allows: (request) => this.#navigation.allows(request),
    })
    this.#page = page
    if (this.#destroyed) await page.close()
    return this.#destroyed ? undefined : page
  }

  #listener(): PageListener {
    const toApp = this.#factory.schemes.toApp
    const isMain = (frameId: string): boolean => frameId === this.mainFrame.frameToken
    return {
      message: (document, text) => this.#receive(document, JSON.parse(text) as ToHost),
      loadingStarted: () => {
        this.#loading = true
        this.emit('did-start-loading')
      },
      loadingStopped: () => {
        this.#loading = false
        this.emit('did-stop-loading')
      },
      domReady: () => this.emit('dom-ready', createEvent({})),
      loaded: () => {
        this.emit('did-frame-finish-load', createEvent({}), true, this.mainFrame.processId, this.mainFrame.routingId)
        this.emit('did-finish-load')
      },
      navigated: (frame) => {
        const url = toApp(frame.url)
        const main = isMain(frame.id)
        if (main) {
          this.#url = url
          this.#crashed = false
          this.emit('did-navigate', createEvent({}), url, 200, 'OK')
        }
        const { processId, routingId } = this.#frame(frame.id)
        this.emit('did-frame-navigate', createEvent({}), url, 200, 'OK', main, processId, routingId)
      },
      navigatedWithinDocument: (frameId, url) => {
        if (isMain(frameId)) this.#url = toApp(url)
        const { processId, routingId } = this.#frame(frameId)
        this.emit('did-navigate-in-page', createEvent({}), toApp(url), isMain(frameId), processId, routingId)
      },
      console: (type, message, source) => {
        const level = consoleLevels[type] ?? 'info'
        const fields = { level, message, lineNumber: source.line, sourceId: toApp(source.url), frame: this.mainFrame }
        this.emit('console-message', createEvent(fields))
      },
      navigationRequested: (frameId, url) => this.#navigation.requested(frameId, url),
      windowOpened: (opened) => void this.#opened.push(opened),
      crashed: () => this.#gone('crashed'),
      closed: () => this.#lost(),
    }
  }

  #frame(id: string): WebFrameMain {
    if (id === this.mainFrame.frameToken) return this.mainFrame
    const known = this.#frames.get(id) ?? this.#createFrame(() => id, this.#frames.size + 2)
    this.#frames.set(id, known)
    return known
  }

  #createFrame(frameId: () => string, routingId: number): WebFrameMain {
    const owner = {
      page: () => this.#page,
      schemes: this.#factory.schemes,
      frame: (other: string) => this.#frame(other),
      send: (id: string, channel: string, args: unknown[]) => this.#send(id, channel, args),
    }
    return new WebFrameMain(owner, frameId, routingId)
  }

  #send(frameId: string, channel: string, args: unknown[]): void {
    if (typeof channel !== 'string') throw new TypeError('Missing required channel argument')
    const document = this.#page?.document()
    try {
      const encoded = codec.encode(args)
      if (document?.frameId === frameId) document.post({ kind: 'event', channel, args: encoded })
      else this.#factory.recorder.record('webContents.send, nobody there', channel)
    } catch (error) {
      console.error('Error sending from webFrameMain: ', error)
    }
  }

  #receive(document: Document, message: ToHost): void {
    if (message.kind === 'preload-error') {
      const error = Object.assign(new Error(message.message), { stack: message.stack })
      this.emit('preload-error', createEvent({}), this.#preferences.preload, error)
      return
    }
    if (message.kind === 'title') {
      if (message.title === this.#title) return
      this.#title = message.title
      this.emit('page-title-updated', createEvent({}), message.title, true)
      return
    }
    if (message.kind === 'context-menu') return this.#menuWanted(message.place)
    const frame = this.#frame(document.frameId)
    const args = codec.decode(message.args) as unknown[]
    const fields = this.#ipcEvent(frame, () => document.alive())
    const targets = [frame.ipc, this.ipc, this.#factory.ipcMain]
    if (message.kind === 'send') {
      const event = Object.assign(fields, {
        ports: [],
        reply: (channel: string, ...reply: unknown[]) => frame.send(channel, ...reply),
      })
      this.emit('ipc-message', event, message.channel, ...args)
      for (const target of targets) target.emit(message.channel, event, ...args)
      return
    }
    void IpcMain.dispatch(targets, message.channel, fields, args)
      .then((value) => codec.encode(value))
      .then(
        (value) => document.alive() && document.post({ kind: 'result', id: message.id, value }),
        (error: unknown) => {
          console.error(`Error occurred in handler for '${message.channel}':`, error)
          if (document.alive()) document.post({ kind: 'failure', id: message.id, message: String(error) })
        },
      )
  }

  #menuWanted({ word, isPassword, ...place }: MenuPlace): void {
    const { isEditable, selectionText } = place
    const isMarked = selectionText !== ''
    const dictionarySuggestions = isEditable && !isPassword ? this.#factory.misspellings.get(word) : undefined
    this.emit('context-menu', createEvent({}), {
      ...place,
      linkURL: this.#factory.schemes.toApp(place.linkURL),
      frame: this.mainFrame,
      pageURL: this.#url,
      frameURL: this.#url,
      srcURL: '',
      mediaType: 'none',
      misspelledWord: dictionarySuggestions === undefined ? '' : word,
      dictionarySuggestions: dictionarySuggestions ?? [],
      menuSourceType: 'mouse',
      editFlags: {
        canUndo: isEditable,
        canRedo: false,
        canCut: isEditable && isMarked && !isPassword,
        canCopy: isMarked && !isPassword,
        canPaste: isEditable,
        canDelete: isEditable && isMarked,
        canSelectAll: true,
        canEditRichly: false,
      },
    })
  }

  #ipcEvent(frame: WebFrameMain, alive: () => boolean) {
    const event = createEvent({ type: 'frame', sender: this, frameId: frame.routingId, processId: frame.processId })
    // Null once the document that sent it is gone, even if the frame shows another one by now.
    return Object.defineProperty(event, 'senderFrame', { enumerable: true, get: () => (alive() ? frame : null) })
  }

  #gone(reason: string): void {
    this.#crashed = true
    const details = { reason, exitCode: reason === 'crashed' ? 5 : 9 }
    this.emit('render-process-gone', createEvent({}), details)
    this.#factory.onRenderProcessGone(this, details)
  }

  #closed(): void {
    if (this.#destroyed) return
    this.#destroyed = true
    this.emit('destroyed')
  }

  /** Chromium closed the page: a user did, or the page itself. The app may object, and then gets it anew. */
  #lost(): void {
    if (this.#destroyed) return
    if (!this.#keepOpen?.()) return this.#closed()
    const url = this.#url
    this.#page = undefined
    this.#opening = this.#open().catch(ignoreGone)
    if (url) void this.loadURL(url).catch(ignoreLoadFailure)
  }

  // ---- For the host's other parts, not for the app ----

  /** Asked when the page was closed from outside the app: true if it must stay. */
  hostAskBeforeClosing(keepOpen: () => boolean): void {
    this.#keepOpen = keepOpen
  }

  /** Called when the zoom has changed: the window lays its page out anew. */
  hostOnZoom(zoomed: () => void): void {
    this.#zoomed = zoomed
  }

  /** The verdict on a pop-up that this page opened. */
  hostWindowOpen(url: string): { verdict: WindowOpenVerdict; details: WindowOpenDetails } {
    const opened = this.#opened.shift() ?? { url, frameName: '', features: [] }
    const details = {
      url: this.#factory.schemes.toApp(opened.url || url),
      frameName: opened.frameName,
      features: opened.features.join(','),
      disposition: opened.features.length > 0 ? 'new-window' : 'foreground-tab',
      referrer: { url: this.#url, policy: 'strict-origin-when-cross-origin' },
    }
    return { verdict: this.#openHandler?.(details) ?? { action: 'allow' }, details }
  }

  /** The page, once Chromium has it; undefined when destroyed before that. */
  hostPage(): Promise<Page | undefined> {
    return this.#opening
  }

  /** Its window is gone. */
  hostDestroy(): void {
    this.#closed()
    void this.#page?.close()
  }

  /** Hands the app an IPC message as if a frame with this address had sent it. */
  hostReceiveFrom(
    sender: { url: string; origin: string; parent: object | null },
    channel: string,
    args: unknown[],
  ): Promise<unknown> {
    const frame = { ...sender, top: sender.parent ?? null, routingId: 0, processId: 0, name: '' }
    const event = createEvent({ type: 'frame', sender: this, frameId: 0, processId: 0, senderFrame: frame })
    return IpcMain.dispatch([this.ipc, this.#factory.ipcMain], channel, event, args)
  }

  get hostPreferences(): WebPreferences {
    return this.#preferences
  }

  // ---- Electron's ----

  get opener(): WebFrameMain | null {
    return null
  }
  get zoomFactor(): number {
    return this.#zoomFactor
  }
  set zoomFactor(factor: number) {
    this.setZoomFactor(factor)
  }
  get zoomLevel(): number {
    return this.getZoomLevel()
  }
  set zoomLevel(level: number) {
    this.setZoomLevel(level)
  }
  get audioMuted(): boolean {
    return this.#muted
  }
  set audioMuted(muted: boolean) {
    this.setAudioMuted(muted)
  }
  get userAgent(): string {
    return this.getUserAgent()
  }
  set userAgent(value: string) {
    this.setUserAgent(value)
  }

  isDestroyed(): boolean {
    return this.#destroyed
  }
  isCrashed(): boolean {
    return this.#crashed
  }
  isLoading(): boolean {
    return this.#loading
  }
  isLoadingMainFrame(): boolean {
    return this.#loading
  }
  isFocused(): boolean {
    return this.#factory.isFocused(this)
  }
  focus(): void {
    this.#factory.recorder.record('webContents.focus', this.id)
  }
  getType(): 'window' {
    return 'window'
  }
  getURL(): string {
    return this.#url
  }
  getTitle(): string {
    return this.#title
  }
  getProcessId(): number {
    return this.mainFrame.processId
  }
  getOSProcessId(): number {
    return this.mainFrame.processId
  }
  getLastWebPreferences(): WebPreferences {
    return this.#preferences
  }

  send(channel: string, ...args: unknown[]): void {
    this.#send(this.mainFrame.frameToken, channel, args)
  }

  async loadURL(url: string, _options?: object): Promise<void> {
    const page = await this.#opening
    if (!page) throw this.#loadFailure(url, 'ERR_FAILED')
    await this.#factory.beforeLoad(this, url)
    const finished = Promise.withResolvers<void>()
    let committed = false
    const onNavigate = (): void => void (committed = true)
    const onFinish = (): void => {
      if (committed) finished.resolve()
    }
    const onDestroyed = (): void => finished.reject(this.#loadFailure(url, 'ERR_FAILED'))
    this.once('did-navigate', onNavigate)
    this.on('did-finish-load', onFinish)
    this.once('destroyed', onDestroyed)
    this.#navigation.expect()
    try {
      const { errorText } = await page.session.send('Page.navigate', { url: this.#factory.schemes.toChromium(url) })
      if (errorText) finished.reject(this.#loadFailure(url, errorText.replace(/^net::/, '')))
      // An anchor in the same document: nothing is loaded.
      else if (!committed && !this.#loading) finished.resolve()
      await finished.promise
    } finally {
      this.#navigation.settled()
      this.off('did-navigate', onNavigate)
      this.off('did-finish-load', onFinish)
      this.off('destroyed', onDestroyed)
    }
  }

  #loadFailure(url: string, code: string): Error {
    const errno = netErrors[code] ?? -2
    const { processId, routingId } = this.mainFrame
    if (!this.#destroyed) this.emit('did-fail-load', createEvent({}), errno, code, url, true, processId, routingId)
    return Object.assign(new Error(`${code} (${errno}) loading '${url}'`), { code, errno, url })
  }

  loadFile(path: string): Promise<void> {
    return this.loadURL(pathToFileURL(path).href)
  }
  reload(): void {
    this.#reload(false)
  }
  reloadIgnoringCache(): void {
    this.#reload(true)
  }
  #reload(ignoreCache: boolean): void {
    this.#navigation.expect()
    this.once('did-stop-loading', () => this.#navigation.settled())
    void this.#command((page) =>
      // A crashed page has nothing to reload; going there again starts a new renderer.
      this.#crashed
        ? page.session.send('Page.navigate', { url: this.#factory.schemes.toChromium(this.#url) })
        : page.session.send('Page.reload', { ignoreCache }),
    )
  }
  stop(): void {
    void this.#command((page) => page.session.send('Page.stopLoading'))
  }

  async executeJavaScript(code: string, userGesture = false): Promise<unknown> {
    return (await this.#opening)?.evaluate(code, userGesture)
  }
  insertCSS(): never {
    throw new Error('host: electron.WebContents.insertCSS is not emulated')
  }
  async insertText(text: string): Promise<void> {
    await this.#command((page) => page.session.send('Input.insertText', { text }))
  }
  async capturePage(rect?: { x: number; y: number; width: number; height: number }): Promise<NativeImage> {
    const page = await this.#opening
    if (!page) return new NativeImage(Buffer.alloc(0))
    const clip = rect && { clip: { ...rect, scale: 1 } }
    const { data } = await page.session.send('Page.captureScreenshot', { format: 'png', ...clip })
    return new NativeImage(Buffer.from(data, 'base64'))
  }

  setWindowOpenHandler(handler: WindowOpenHandler): void {
    this.#openHandler = handler
  }
  setZoomFactor(factor: number): void {
    if (!(factor > 0)) throw new Error("'zoomFactor' must be a double greater than 0.0")
    this.#zoomFactor = factor
    this.#zoomed?.()
  }
  getZoomFactor(): number {
    return this.#zoomFactor
  }
  setZoomLevel(level: number): void {
    this.setZoomFactor(1.2 ** level)
  }
  getZoomLevel(): number {
    return Math.round((Math.log(this.#zoomFactor) / Math.log(1.2)) * 1000) / 1000
  }
  async setVisualZoomLevelLimits(minimum: number, maximum: number): Promise<void> {
    this.#factory.recorder.record('webContents.setVisualZoomLevelLimits', minimum, maximum)
  }
  setUserAgent(userAgent: string): void {
    this.#userAgent = userAgent
    void this.#command((page) => page.session.send('Emulation.setUserAgentOverride', { userAgent }))
  }
  getUserAgent(): string {
    return this.#userAgent
  }
  setAudioMuted(muted: boolean): void {
    this.#muted = muted
  }
  isAudioMuted(): boolean {
    return this.#muted
  }
  setBackgroundThrottling(allowed: boolean): void {
    this.#factory.recorder.record('webContents.setBackgroundThrottling', allowed)
  }
  setIgnoreMenuShortcuts(ignore: boolean): void {
    this.#factory.recorder.record('webContents.setIgnoreMenuShortcuts', ignore)
  }
  setWebRTCIPHandlingPolicy(policy: string): void {
    this.#factory.recorder.record('webContents.setWebRTCIPHandlingPolicy', policy)
  }
  replaceMisspelling(text: string): void {
    this.#factory.recorder.record('webContents.replaceMisspelling', text)
  }

  openDevTools(options?: object): void {
    this.#factory.recorder.record('webContents.openDevTools', options)
  }
  closeDevTools(): void {
    this.#factory.recorder.record('webContents.closeDevTools')
  }
  toggleDevTools(): void {
    this.#factory.recorder.record('webContents.toggleDevTools')
  }
  isDevToolsOpened(): boolean {
    return false
  }

  undo(): void {
    this.#edit('undo')
  }
  redo(): void {
    this.#edit('redo')
  }
  cut(): void {
    this.#edit('cut')
  }
  copy(): void {
    this.#edit('copy')
  }
  paste(): void {
    this.#edit('paste')
  }
  delete(): void {
    this.#edit('delete')
  }
  selectAll(): void {
    this.#edit('selectAll')
  }
  #edit(command: string): void {
    // A key event that carries an editing command and no key.
    const event = { type: 'keyDown' as const, commands: [command] }
    void this.#command((page) => page.session.send('Input.dispatchKeyEvent', event))
  }

  close(): void {
    void this.#command((page) => page.close())
  }
  forcefullyCrashRenderer(): void {
    void this.#command((page) => page.session.send('Page.crash'))
  }

  async #command(run: (page: Page) => Promise<unknown>): Promise<void> {
    const page = await this.#opening
    if (page) await run(page).catch(ignoreGone)
  }
}

/** A failed load has been told by `did-fail-load`; here nobody waits for it. */
function ignoreLoadFailure(_error: unknown): undefined {
  return undefined
}
