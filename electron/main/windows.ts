/**
 * The windows and what each of them shows. It owns their making, and the way of pushes to them: message rows go only to
 * windows that show the conversation. There is one main window, and one for each conversation that has its own; all of
 * them live on the same sessions.
 *
 * Promises: while the program is locked, no page hears of anything but settings, the screen and the lock itself, and none
 * keeps what it held before; where the user was, and whatever was to be shown meanwhile, comes when it is unlocked. A
 * window whose page has died shows it again at once; everything the page knew is with main. A page that dies again soon
 * is given a pause first, so that it never keeps the machine busy with dying.
 */
import { BrowserWindow, type BrowserWindowConstructorOptions, type WebContents, nativeTheme } from 'electron'
import { pushChannel } from '#common/contract/bridge.ts'
import type { Place } from '#common/contract/place.ts'
import type { Push } from '#common/contract/pushes.ts'
import type { Log } from '#electron/core/ports/platform.ts'
import { preloadFile } from './paths.ts'
import { chatAddress, pageAddress } from './urls.ts'
import type { WindowBounds } from './windowBounds.ts'

const mainSize = { width: 1080, height: 720, minWidth: 720, minHeight: 480 }
const chatSize = { width: 560, height: 680, minWidth: 360, minHeight: 360 }
/** A page that lives so long has nothing to do with the death of the one before. */
const steadyAfterMs = 10_000
const pauseMs = 2_000

export interface View {
  readonly accountId: string | null
  readonly conversationId: string | null
}

/** How a window that is made comes before the user. */
export type Appearance = 'shown' | 'minimized' | 'hidden'

export interface WindowsOptions {
  readonly bounds: WindowBounds
  readonly log: Log
  /** The user closes the main window. `stay`: nothing happens to it now. */
  readonly onClose: (window: BrowserWindow) => 'close' | 'hide' | 'stay'
  /** The main window was closed and is gone. */
  readonly onMainClosed: () => void
  /** A window was made; its page is not there yet. */
  readonly onMade: (window: BrowserWindow) => void
  /** The program begins locked. */
  readonly locked: boolean
}

/** What a locked page may hear. */
const heardLocked: ReadonlySet<Push['type']> = new Set(['lock', 'settings', 'screen'])

export class Windows {
  readonly #options: WindowsOptions
  /** By webContents id. */
  readonly #views = new Map<number, View>()
  /** By `chatKey`. */
  readonly #chats = new Map<string, BrowserWindow>()
  /** For the main window's page, once it is there. */
  readonly #untold: Push[] = []
  #main: BrowserWindow | null = null
  #diedAt = -Infinity
  #locked: boolean
  readonly #revivals = new Map<number, NodeJS.Timeout>()

  constructor(options: WindowsOptions) {
    this.#options = options
    this.#locked = options.locked
  }

  /** The main window, where there is one. */
  get main(): BrowserWindow | null {
    return this.#main
  }

  /** Shows the main window, making it where there is none. */
  async open(appearance: Appearance = 'shown'): Promise<void> {
    if (this.#main !== null) {
      if (appearance === 'shown') bringForward(this.#main)
      return
    }
    const window = this.#make('main', mainSize, appearance)
    this.#main = window
    window.on('close', (event) => {
      this.#options.bounds.store('main', window)
      const wanted = this.#options.onClose(window)
      if (wanted === 'close') return
      event.preventDefault()
      if (wanted === 'hide') hide(window)
    })
    window.on('closed', () => {
      this.#main = null
      this.#options.onMainClosed()
    })
    await window.loadURL(pageAddress)
  }

  /** Shows a conversation in a window of its own, making it where there is none. */
  async openChat(accountId: string, conversationId: string): Promise<void> {
    const key = chatKey(accountId, conversationId)
    const known = this.#chats.get(key)
    if (known !== undefined) return bringForward(known)
    const window = this.#make('chat', chatSize, 'shown')
    this.#chats.set(key, window)
    window.on('close', () => this.#options.bounds.store('chat', window))
    window.on('closed', () => this.#chats.delete(key))
    await window.loadURL(chatAddress(accountId, conversationId))
  }

  /** Takes down the windows of conversations of accounts that are gone. */
  closeChats(isKnown: (accountId: string) => boolean): void {
    for (const [key, window] of this.#chats) if (!isKnown(key.slice(0, key.indexOf(' ')))) window.close()
  }

  /** Shows the main window and tells its page, as soon as that is there. */
  async tell(push: Push): Promise<void> {
    const contents = this.#main?.webContents
    if (contents !== undefined && this.#views.has(contents.id)) this.#send(contents, push)
    // A menu means what is on the screen now.
    else if (!this.#locked || push.type !== 'menu') this.#untold.push(push)
    await this.open()
  }

  /** Shows the main window, and this in it as soon as its page can. */
  goTo(accountId: string, place: Place): Promise<void> {
    return this.tell({ type: 'goTo', accountId, place })
  }

  /** Somebody may be looking at it: it is on the screen, in a window with the focus. */
  isShown(accountId: string, conversationId: string): boolean {
    return BrowserWindow.getAllWindows().some((window) => {
      if (window.isDestroyed() || !window.isVisible() || window.isMinimized() || !window.isFocused()) return false
      const view = this.#views.get(window.webContents.id)
      return view?.accountId === accountId && view.conversationId === conversationId
    })
  }

  /** Whether the sender of a call is one of our windows. */
  isKnown(contents: WebContents): boolean {
    return BrowserWindow.fromWebContents(contents) !== null
  }

  setView(contents: WebContents, view: View): void {
    this.#views.set(contents.id, view)
    if (contents !== this.#main?.webContents) return
    // A page that has reported what it shows listens.
    for (const push of this.#untold.splice(0)) this.#send(contents, push)
  }

  /** Nothing is told to the pages any more; each is to begin anew, when it has handed over what it holds. */
  lock(): void {
    this.#locked = true
    const view = this.#main === null ? undefined : this.#views.get(this.#main.webContents.id)
    if (view !== undefined && view.accountId !== null && view.conversationId !== null) {
      const place: Place = { kind: 'conversation', conversationId: view.conversationId, messageId: null }
      this.#untold.push({ type: 'goTo', accountId: view.accountId, place })
    }
    this.#views.clear()
  }

  /** Takes everything out of a page. One that has died begins anew by itself. */
  beginAnew(contentsId: number): void {
    for (const { webContents } of BrowserWindow.getAllWindows()) {
      if (webContents.id === contentsId && !webContents.isCrashed()) webContents.reload()
    }
  }

  /** The pages ask for everything again when they are told. */
  unlock(): void {
    this.#locked = false
  }

  /** Of the pages there are. */
  contentsIds(): number[] {
    return BrowserWindow.getAllWindows().map(({ webContents }) => webContents.id)
  }

  push(push: Push): void {
    if (this.#locked && !heardLocked.has(push.type)) return
    for (const { webContents } of BrowserWindow.getAllWindows())
      this.#send(webContents, push.type === 'changes' ? this.#fitted(push, webContents.id) : push)
  }

  /** To all windows but one. */
  tellOthers(own: WebContents, push: Push): void {
    if (this.#locked && !heardLocked.has(push.type)) return
    for (const { webContents } of BrowserWindow.getAllWindows()) if (webContents !== own) this.#send(webContents, push)
  }

  #send(contents: WebContents, push: Push): void {
    if (!contents.isDestroyed() && !contents.isCrashed()) contents.send(pushChannel, push)
  }

  #make(place: string, size: BrowserWindowConstructorOptions, appearance: Appearance): BrowserWindow {
    const { bounds, maximized } = this.#options.bounds.restored(place)
    const window = new BrowserWindow({
      ...size,
      ...bounds,
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
    const contentsId = window.webContents.id
    window.once('ready-to-show', () => {
      if (appearance === 'hidden') return
      // Maximising shows a window, and a hidden one is to stay so.
      if (maximized) window.maximize()
      if (appearance === 'minimized') window.minimize()
      else window.show()
    })
    if (appearance === 'hidden' && maximized) window.once('show', () => window.maximize())
    window.webContents.on('render-process-gone', (_event, { reason }) => this.#died(window, reason))
    window.on('closed', () => {
      clearTimeout(this.#revivals.get(contentsId))
      this.#revivals.delete(contentsId)
      this.#views.delete(contentsId)
    })
    this.#options.onMade(window)
    return window
  }

  #died(window: BrowserWindow, reason: string): void {
    const { id } = window.webContents
    this.#views.delete(id)
    if (reason === 'clean-exit') return
    this.#options.log.error('the page is gone', { reason })
    const now = performance.now()
    const restless = now - this.#diedAt < steadyAfterMs
    this.#diedAt = now
    clearTimeout(this.#revivals.get(id))
    const revive = (): void => void (window.isDestroyed() || window.webContents.reload())
    this.#revivals.set(id, setTimeout(revive, restless ? pauseMs : 0))
  }

  /** The change set with the message rows of the shown conversation only; the number stays. */
  #fitted(push: Extract<Push, { type: 'changes' }>, contentsId: number): Push {
    const view = this.#views.get(contentsId)
    const shown = view?.accountId === push.accountId ? view.conversationId : null
    const messages = push.changes.messages.filter(({ conversationId }) => conversationId === shown)
    return { ...push, changes: { ...push.changes, messages } }
  }
}

/** An account's id holds no space. */
function chatKey(accountId: string, conversationId: string): string {
  return `${accountId} ${conversationId}`
}

function bringForward(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}

/** A window in full screen leaves a black screen behind on macOS when it is hidden there. */
function hide(window: BrowserWindow): void {
  if (!window.isFullScreen()) return window.hide()
  window.once('leave-full-screen', () => window.hide())
  window.setFullScreen(false)
}
