/**
 * Notifications by Electron: Windows, macOS, and a Linux without a session bus.
 *
 * Owns the objects it shows: one that is collected loses its events, on macOS even its place on the screen. Promises one
 * per key, at most one answer each but `closed`, none after it was withdrawn or replaced, and answers to what was shown
 * before a restart where the system hands them over (Windows: the activator; macOS: the Notification Center). Must never
 * put strangers' words into a log.
 */
import { createHash } from 'node:crypto'
import { Emitter, type Event } from '#common/base/emitter.ts'
import type { DesktopNotification, NotificationAnswer, Notifier } from '#electron/core/ports/notifier.ts'
import type { Log } from '#electron/core/ports/platform.ts'
import { cleanLine, cleanText, escapeMarkup } from './plainText.ts'
import { type NotifierLocale, notifierTexts } from './texts.ts'
import { type ToastActivation, readToastArguments, toastXml } from './toastXml.ts'

/** What is used of Electron's `Notification`. */
interface NativeNotification {
  readonly id: string
  readonly groupId: string
  show(): void
  close(): void
  on(event: 'click' | 'show', listener: () => void): unknown
  on(event: 'close', listener: (details: { reason?: string }) => void): unknown
  on(event: 'reply', listener: (details: { reply: string }) => void): unknown
  on(event: 'action', listener: (details: { actionIndex: number }) => void): unknown
  on(event: 'failed', listener: (event: unknown, error: string) => void): unknown
  removeAllListeners(): unknown
}

interface NativeOptions {
  id?: string
  groupId?: string
  title?: string
  body?: string
  silent?: boolean
  hasReply?: boolean
  replyPlaceholder?: string
  timeoutType?: 'default' | 'never'
  urgency?: 'normal' | 'critical' | 'low'
  actions?: { type: 'button'; text: string }[]
  toastXml?: string
}

/** Electron's class; what belongs to one system is asked for on that system alone. */
export interface NativeNotifications {
  new (options: NativeOptions): NativeNotification
  isSupported(): boolean
  /** Windows. */
  handleActivation(callback: (details: { arguments: string; reply?: string }) => void): void
  /** macOS. */
  getHistory(): Promise<NativeNotification[]>
}

export interface ElectronNotifierOptions {
  readonly Notification: NativeNotifications
  readonly platform: NodeJS.Platform
  readonly locale: () => NotifierLocale
  readonly uuid: () => string
  readonly log: Log
  /** macOS: what the `ready` event of the app said of the notification that started it. */
  readonly launch?: unknown
}

interface Shown {
  readonly native: NativeNotification
  /** The order of its buttons; null where it was shown before a restart, whose order is not known any more. */
  readonly notification: DesktopNotification | null
  readonly toast: string
}

/** As many toasts of Windows as may still be told a second time. */
const endedRoom = 500

/** To be used once the app is ready. */
export function createElectronNotifier(options: ElectronNotifierOptions): Notifier {
  return new ElectronNotifier(options)
}

class ElectronNotifier implements Notifier {
  readonly #options: ElectronNotifierOptions
  readonly #answers = new Emitter<NotificationAnswer>()
  readonly #shown = new Map<string, Shown>()
  readonly #ended = new Set<string>()
  #heard = false
  #disposed = false
  #trouble: string | null

  constructor(options: ElectronNotifierOptions) {
    this.#options = options
    this.#trouble = options.Notification.isSupported() ? null : 'the system has no notifications'
  }

  get trouble(): string | null {
    return this.#trouble
  }

  focusMode(): boolean | null {
    return null
  }

  /** What came before the first listener waits for him: a click may be what started the program. */
  readonly onAnswer: Event<NotificationAnswer> = (listener) => {
    const subscription = this.#answers.event(listener)
    if (!this.#heard) {
      this.#heard = true
      this.#hearFromBefore()
    }
    return subscription
  }

  show(notification: DesktopNotification): void {
    const { Notification, platform } = this.#options
    if (this.#disposed || !Notification.isSupported()) return
    const { key } = notification
    const toast = this.#options.uuid()
    // The same tag takes the other's place; closing that one could take the new one away.
    this.#end(key, platform !== 'win32')
    const native = new Notification(this.#nativeOptions(notification, toast))
    this.#shown.set(key, { native, notification, toast })
    this.#listen(key, native)
    native.show()
  }

  withdraw(key: string): void {
    this.#end(key, true)
  }

  dispose(): void {
    this.#disposed = true
    // Where an answer starts the program again they stay; elsewhere nobody would hear it.
    const close = this.#options.platform !== 'win32' && this.#options.platform !== 'darwin'
    for (const key of [...this.#shown.keys()]) this.#end(key, close)
    this.#answers.dispose()
  }

  #nativeOptions(notification: DesktopNotification, toast: string): NativeOptions {
    const { platform, locale } = this.#options
    const { key, title, body, sound, urgency, lasting, actions, reply } = notification
    const plain = cleanText(body)
    const common: NativeOptions = {
      title: cleanLine(title),
      // On Linux it comes to a daemon that may read markup, and Electron passes it on as it is.
      body: platform === 'linux' ? escapeMarkup(plain) : plain,
      silent: !sound,
      urgency,
      timeoutType: lasting ? 'never' : 'default',
      actions: actions.map(({ label }) => ({ type: 'button', text: cleanLine(label) })),
    }
    switch (platform) {
      case 'win32':
        return { ...common, id: tagOf(key), toastXml: toastXml(notification, toast, notifierTexts[locale()]) }
      case 'darwin':
        return {
          ...common,
          // Never the id of another: what is collected takes its id from the Notification Center.
          id: `${toast}:${key}`,
          groupId: key,
          ...(reply === null ? {} : { hasReply: true, replyPlaceholder: cleanLine(reply) }),
        }
      default:
        return common
    }
  }

  #listen(key: string, native: NativeNotification): void {
    native.on('click', () => this.#answer(key, { key, kind: 'open' }))
    native.on('reply', ({ reply }) => this.#answer(key, replyOrOpen(key, reply)))
    native.on('action', ({ actionIndex }) => {
      const id = this.#shown.get(key)?.notification?.actions[actionIndex]?.id
      this.#answer(key, id === undefined ? { key, kind: 'open' } : { key, kind: 'action', id })
    })
    native.on('close', ({ reason }) => {
      // Out of sight, but in the Action Center, where it can be answered and must be withdrawn.
      if (this.#options.platform === 'win32' && reason === 'timedOut') return
      this.#end(key, false)
      this.#answers.fire({ key, kind: 'closed' })
    })
    native.on('show', () => void (this.#trouble = null))
    native.on('failed', (_event, error) => {
      this.#trouble = error
      this.#end(key, false)
      this.#options.log.warn('notification not shown', { error })
    })
  }

  #answer(key: string, answer: NotificationAnswer): void {
    this.#end(key, true)
    this.#answers.fire(answer)
  }

  #end(key: string, close: boolean): void {
    const shown = this.#shown.get(key)
    if (shown === undefined) return
    this.#shown.delete(key)
    this.#remember(shown.toast)
    shown.native.removeAllListeners()
    if (close) shown.native.close()
  }

  #remember(toast: string): void {
    this.#ended.add(toast)
    for (const oldest of this.#ended) {
      if (this.#ended.size <= endedRoom) return
      this.#ended.delete(oldest)
    }
  }

  #hearFromBefore(): void {
    const { Notification, platform, log, launch } = this.#options
    if (!Notification.isSupported()) return
    if (platform === 'win32') Notification.handleActivation((details) => this.#activated(details))
    if (platform !== 'darwin') return
    const answer = answerFromLaunch(launch)
    if (answer !== null) this.#answers.fire(answer)
    Notification.getHistory()
      .then((delivered) => {
        for (const native of delivered) this.#adopt(native)
      })
      .catch((error: unknown) =>
        log.warn('delivered notifications not read', { error: error instanceof Error ? error.name : 'unknown' }),
      )
  }

  #activated(details: { arguments: string; reply?: string }): void {
    const activation = readToastArguments(details.arguments)
    if (this.#disposed || activation === null || this.#ended.has(activation.toast)) return
    const { key, toast } = activation
    // A toast of before the restart has no object; one that took its place meanwhile is not the one meant.
    if (this.#shown.get(key)?.toast === toast) this.#end(key, true)
    else this.#remember(toast)
    this.#answers.fire(activationAnswer(activation, details.reply ?? ''))
  }

  /** macOS: shown before a restart and still there. */
  #adopt(native: NativeNotification): void {
    const key = native.groupId
    if (this.#disposed || key === '' || this.#shown.has(key)) return
    this.#shown.set(key, { native, notification: null, toast: native.id })
    this.#listen(key, native)
  }
}

function activationAnswer({ key, act }: ToastActivation, reply: string): NotificationAnswer {
  if (act === 'open') return { key, kind: 'open' }
  return act === 'reply' ? replyOrOpen(key, reply) : { key, kind: 'action', id: act }
}

/** An answer without words opens what it would have answered. */
function replyOrOpen(key: string, text: string): NotificationAnswer {
  return text.trim() === '' ? { key, kind: 'open' } : { key, kind: 'reply', text }
}

/** Electron's `NotificationResponse`; what button it was is not said in our words, so that a button opens. */
function answerFromLaunch(launch: unknown): NotificationAnswer | null {
  if (typeof launch !== 'object' || launch === null || !('identifier' in launch)) return null
  const { identifier } = launch
  if (typeof identifier !== 'string') return null
  const key = identifier.slice(identifier.indexOf(':') + 1)
  if (!identifier.includes(':') || key === '') return null
  const text = 'userText' in launch && typeof launch.userText === 'string' ? launch.userText : ''
  return replyOrOpen(key, text)
}

/** Windows allows a tag letters and digits, 64 at most. */
function tagOf(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 32)
}
