/**
 * The windows and what each of them shows. It owns their making, their place on the screen, and the way of pushes to
 * them: message rows go only to windows that show the conversation.
 *
 * Promises: a window whose page has died shows it again at once; everything the page knew is with main. A page that
 * dies again soon is given a pause first, so that it never keeps the machine busy with dying.
 */
import { BrowserWindow, type WebContents, nativeTheme, screen } from 'electron'
import * as v from 'valibot'
import { pushChannel } from '#common/contract/bridge.ts'
import type { Place } from '#common/contract/place.ts'
import type { Push } from '#common/contract/pushes.ts'
import type { AppStore } from '#electron/core/ports/appStore.ts'
import type { Log } from '#electron/core/ports/platform.ts'
import { preloadFile } from './paths.ts'
import { appOrigin } from './urls.ts'

const boundsSchema = v.object({
  x: v.number(),
  y: v.number(),
  width: v.number(),
  height: v.number(),
  maximized: v.boolean(),
})
const boundsKey = 'mainWindow'
const initialSize = { width: 1080, height: 720 }
/** A page that lives so long has nothing to do with the death of the one before. */
const steadyAfterMs = 10_000
const pauseMs = 2_000
const smallestSize = { minWidth: 720, minHeight: 480 }

export interface View {
  readonly accountId: string | null
  readonly conversationId: string | null
}

export interface WindowsOptions {
  readonly appStore: Pick<AppStore, 'readState' | 'writeState'>
  /** Start without showing the window. */
  readonly hidden: boolean
  readonly log: Log
}

export class Windows {
  readonly #options: WindowsOptions
  /** By webContents id. */
  readonly #views = new Map<number, View>()
  #main: BrowserWindow | null = null
  /** Where the main window is to go. */
  #wanted: Extract<Push, { type: 'goTo' }> | null = null
  #diedAt = -Infinity
  #revival: NodeJS.Timeout | undefined

  constructor(options: WindowsOptions) {
    this.#options = options
  }

  /** Shows the main window, making it where there is none. */
  async open(): Promise<void> {
    if (this.#main !== null) {
      if (this.#main.isMinimized()) this.#main.restore()
      this.#main.show()
      this.#main.focus()
      return
    }
    const stored = this.#storedBounds()
    const window = new BrowserWindow({
      ...initialSize,
      ...smallestSize,
      ...(stored === null ? {} : { x: stored.x, y: stored.y, width: stored.width, height: stored.height }),
      show: false,
      title: 'Godwit',
      backgroundColor: nativeTheme.shouldUseDarkColors ? '#10191d' : '#f6f4ef',
      autoHideMenuBar: true,
      webPreferences: {
        preload: preloadFile,
        contextIsolation: true,
        sandbox: true,
        nodeIntegration: false,
        webSecurity: true,
        webviewTag: false,
        navigateOnDragDrop: false,
        spellcheck: true,
      },
    })
    this.#main = window
    const contentsId = window.webContents.id
    if (stored?.maximized === true) window.maximize()
    if (!this.#options.hidden) window.once('ready-to-show', () => window.show())
    window.on('close', () => this.#storeBounds(window))
    window.webContents.on('render-process-gone', (_event, { reason }) => this.#died(window, reason))
    window.on('closed', () => {
      clearTimeout(this.#revival)
      this.#views.delete(contentsId)
      this.#main = null
    })
    await window.loadURL(`${appOrigin}/index.html`)
  }

  /** Whether the sender of a call is one of our windows. */
  isKnown(contents: WebContents): boolean {
    return BrowserWindow.fromWebContents(contents) !== null
  }

  setView(contents: WebContents, view: View): void {
    this.#views.set(contents.id, view)
    if (contents.id === this.#main?.webContents.id) this.#goNow()
  }

  /** Shows the main window, and this in it as soon as its page can. */
  async goTo(accountId: string, place: Place): Promise<void> {
    this.#wanted = { type: 'goTo', accountId, place }
    this.#goNow()
    await this.open()
  }

  /** Somebody may be looking at it: it is on the screen, in a window with the focus. */
  isShown(accountId: string, conversationId: string): boolean {
    return BrowserWindow.getAllWindows().some((window) => {
      if (window.isDestroyed() || !window.isVisible() || window.isMinimized() || !window.isFocused()) return false
      const view = this.#views.get(window.webContents.id)
      return view?.accountId === accountId && view.conversationId === conversationId
    })
  }

  push(push: Push): void {
    for (const window of BrowserWindow.getAllWindows()) {
      if (window.webContents.isDestroyed() || window.webContents.isCrashed()) continue
      window.webContents.send(pushChannel, push.type === 'changes' ? this.#fitted(push, window.webContents.id) : push)
    }
  }

  /** A page that has reported what it shows has its stores filled, and can go elsewhere. */
  #goNow(): void {
    const contents = this.#main?.webContents
    if (this.#wanted === null || contents === undefined || !this.#views.has(contents.id)) return
    contents.send(pushChannel, this.#wanted)
    this.#wanted = null
  }

  #died(window: BrowserWindow, reason: string): void {
    this.#views.delete(window.webContents.id)
    if (reason === 'clean-exit') return
    this.#options.log.error('the page is gone', { reason })
    const now = performance.now()
    const restless = now - this.#diedAt < steadyAfterMs
    this.#diedAt = now
    clearTimeout(this.#revival)
    this.#revival = setTimeout(() => window.isDestroyed() || window.webContents.reload(), restless ? pauseMs : 0)
  }

  /** The change set with the message rows of the shown conversation only; the number stays. */
  #fitted(push: Extract<Push, { type: 'changes' }>, contentsId: number): Push {
    const view = this.#views.get(contentsId)
    const shown = view?.accountId === push.accountId ? view.conversationId : null
    const messages = push.changes.messages.filter(({ conversationId }) => conversationId === shown)
    return { ...push, changes: { ...push.changes, messages } }
  }

  /** Where the window was, if that place is still on a screen. */
  #storedBounds(): v.InferOutput<typeof boundsSchema> | null {
    const text = this.#options.appStore.readState(boundsKey)
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), boundsSchema), text)
    if (!parsed.success) return null
    const { x, y, width, height } = parsed.output
    const { workArea } = screen.getDisplayMatching({ x, y, width, height })
    const onScreen =
      x < workArea.x + workArea.width - 80 &&
      x + width > workArea.x + 80 &&
      y >= workArea.y &&
      y < workArea.y + workArea.height - 40
    return onScreen ? parsed.output : null
  }

  #storeBounds(window: BrowserWindow): void {
    const bounds = { ...window.getNormalBounds(), maximized: window.isMaximized() }
    this.#options.appStore.writeState(boundsKey, JSON.stringify(bounds))
  }
}
