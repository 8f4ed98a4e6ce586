/**
 * Notifications by the Linux desktop's own daemon, over the session bus (Desktop Notifications Specification 1.2).
 *
 * Owns what is to be seen per key, and brings the daemon there: one request per key at a time, the newest state last.
 * Promises what the port does, over daemons that come late, go and come back: what lasts is shown again, and what nobody
 * could show yet is shown then. Must never trust a signal that is not from the daemon, nor log what is shown.
 */
import { DisposableStack } from '#common/base/disposable.ts'
import { Emitter } from '#common/base/emitter.ts'
import type { DesktopNotification, NotificationAnswer, Notifier } from '#electron/core/ports/notifier.ts'
import type { Log } from '#electron/core/ports/platform.ts'
import type { BusSignal, SessionBus } from '../dbus/sessionBus.ts'
import { type DaemonFocus, watchDaemonFocus } from './daemonFocus.ts'
import { defaultAction, notifyBody, notifySignature, replyAction } from './notifyCall.ts'
import { type NotifierLocale, notifierTexts } from './texts.ts'

const serviceName = 'org.freedesktop.Notifications'
const service = {
  destination: serviceName,
  path: '/org/freedesktop/Notifications',
  interface: 'org.freedesktop.Notifications',
} as const

/** What the bus answers in place of a daemon that fell. */
const wentAway: ReadonlySet<string> = new Set(
  ['NoReply', 'NameHasNoOwner', 'ServiceUnknown', 'Disconnected'].map((name) => `org.freedesktop.DBus.Error.${name}`),
)

/** How many wait for a daemon; the oldest make room. */
const waitingRoom = 50

export interface FreedesktopNotifierOptions {
  readonly bus: SessionBus
  readonly locale: () => NotifierLocale
  readonly log: Log
  /** The name of the program's desktop file, without its ending. */
  readonly desktopEntry: string
}

interface Daemon {
  /** Its unique name. */
  readonly owner: string
  readonly capabilities: ReadonlySet<string>
  readonly focus: DaemonFocus
}

interface Entry {
  /** What is to be seen; null: nothing. */
  wanted: DesktopNotification | null
  /** What the daemon shows. */
  shown: DesktopNotification | null
  /** The daemon's number; 0: none. */
  id: number
  busy: boolean
  /** A sound is due that no daemon was asked for: what takes the place of its notification inherits it. */
  unheard: boolean
}

/** Takes over the bus. To be disposed with it. */
export async function createFreedesktopNotifier(options: FreedesktopNotifierOptions): Promise<Notifier> {
  return new FreedesktopNotifier(options, await options.bus.isActivatable(serviceName))
}

class FreedesktopNotifier implements Notifier {
  readonly #options: FreedesktopNotifierOptions
  readonly #activatable: boolean
  readonly #scope = new DisposableStack()
  readonly #answers: Emitter<NotificationAnswer>
  readonly #entries = new Map<string, Entry>()
  /** Signals about numbers that an answer on its way may be about to name. */
  readonly #early: BusSignal[] = []
  /** Who owns the name; its abilities may still be asked for. Undefined: not known yet. */
  #owner: string | null | undefined
  #daemon: Daemon | null = null
  #failure: string | null = null
  #disposed = false
  /** No bus any more. */
  #ended = false

  readonly onAnswer: Notifier['onAnswer']

  constructor(options: FreedesktopNotifierOptions, activatable: boolean) {
    this.#options = options
    this.#activatable = activatable
    const { bus } = options
    this.#scope.add(bus)
    this.#answers = this.#scope.add(new Emitter<NotificationAnswer>())
    this.onAnswer = this.#answers.event
    this.#scope.add(bus.onEnd(() => this.#end('the session bus is gone')))
    this.#scope.add(bus.onSignal(service, (signal) => this.#hear(signal)))
    this.#scope.add(bus.watchOwner(serviceName, (owner) => this.#owned(owner)))
  }

  get trouble(): string | null {
    if (this.#failure !== null) return this.#failure
    return this.#owner === null && !this.#activatable ? 'no notification daemon' : null
  }

  focusMode(): boolean | null {
    return this.#daemon?.focus.active ?? null
  }

  show(notification: DesktopNotification): void {
    if (this.#ended || this.#disposed) return
    const { key } = notification
    const entry = this.#entries.get(key) ?? { wanted: null, shown: null, id: 0, busy: false, unheard: false }
    entry.wanted = notification
    entry.unheard ||= notification.sound
    // The newest stands last.
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    if (this.#daemon !== null) this.#settle(key, entry)
    else this.#wait()
  }

  withdraw(key: string): void {
    const entry = this.#entries.get(key)
    if (entry === undefined) return
    entry.wanted = null
    entry.unheard = false
    this.#settle(key, entry)
  }

  /** Nobody would hear an answer to what stays behind: all is taken away, and then the bus is left. */
  dispose(): void {
    if (this.#disposed) return
    this.#disposed = true
    this.#answers.dispose()
    for (const [key, entry] of [...this.#entries]) {
      entry.wanted = null
      this.#settle(key, entry)
    }
    this.#leave()
  }

  #leave(): void {
    if (this.#entries.size > 0) return
    this.#end(null)
    this.#scope.dispose()
  }

  #end(failure: string | null): void {
    this.#ended = true
    this.#failure = failure
    this.#drop()
    this.#entries.clear()
    this.#early.length = 0
  }

  #drop(): void {
    this.#daemon?.focus.dispose()
    this.#daemon = null
  }

  /** No daemon: a call starts one where the system knows how. */
  #wait(): void {
    for (const [key, { busy }] of this.#entries) {
      if (this.#entries.size <= waitingRoom) break
      if (!busy) this.#entries.delete(key)
    }
    if (this.#owner !== null || !this.#activatable) return
    this.#options.bus
      .call({
        destination: 'org.freedesktop.DBus',
        path: '/org/freedesktop/DBus',
        interface: 'org.freedesktop.DBus',
        member: 'StartServiceByName',
        signature: 'su',
        body: [serviceName, 0],
      })
      .catch((error: unknown) => this.#failed('notification daemon not started', error))
  }

  #owned(owner: string | null): void {
    if (this.#ended || owner === this.#owner) return
    this.#owner = owner
    this.#drop()
    this.#early.length = 0
    this.#forgetShown()
    if (owner === null) {
      // One that fell while something lasts is started again at once.
      if (this.#entries.size > 0) this.#wait()
      return
    }
    this.#meet(owner).catch((error: unknown) => this.#failed('notification daemon not asked', error))
  }

  /** What the last daemon showed went with it. */
  #forgetShown(): void {
    const gone: string[] = []
    for (const [key, entry] of this.#entries) {
      const { shown, wanted } = entry
      entry.id = 0
      entry.shown = null
      if (wanted !== null && (wanted !== shown || wanted.lasting)) continue
      this.#entries.delete(key)
      if (wanted !== null) gone.push(key)
    }
    for (const key of gone) this.#answers.fire({ key, kind: 'closed' })
  }

  async #meet(owner: string): Promise<void> {
    const { bus, log } = this.#options
    const [[capabilities], [name, , version]] = await Promise.all([
      bus.call({ ...service, member: 'GetCapabilities', noAutoStart: true }),
      bus.call({ ...service, member: 'GetServerInformation', noAutoStart: true }),
    ])
    if (this.#ended || owner !== this.#owner) return
    const declared = new Set(Array.isArray(capabilities) ? capabilities.filter((one) => typeof one === 'string') : [])
    this.#failure = null
    this.#daemon = { owner, capabilities: declared, focus: watchDaemonFocus(bus, owner) }
    log.info('notification daemon', { name, version, capabilities: [...declared].join(' ') })
    for (const [key, entry] of [...this.#entries]) this.#settle(key, entry)
  }

  #settle(key: string, entry: Entry): void {
    if (entry.busy) return
    entry.busy = true
    this.#bring(key, entry)
      .then(() => {
        entry.busy = false
        // Another daemon came in between.
        if (this.#entries.get(key) === entry && this.#daemon !== null && entry.wanted !== entry.shown)
          this.#settle(key, entry)
      })
      .catch((error: unknown) => {
        entry.busy = false
        // If it fell, the next one is told.
        if (!this.#disposed && (this.#daemon === null || wentAway.has(nameOf(error)))) return
        this.#failed('notification not shown', error)
        if (this.#entries.get(key) === entry) this.#entries.delete(key)
      })
      .then(() => {
        if (this.#disposed) this.#leave()
        else this.#hearEarly()
      })
      .catch((error: unknown) => this.#failed('fault after a notification', error))
  }

  async #bring(key: string, entry: Entry): Promise<void> {
    for (;;) {
      const daemon = this.#daemon
      const { wanted, id } = entry
      if (wanted === null) {
        entry.id = 0
        entry.shown = null
        if (id !== 0) await this.#close(id)
        if (entry.wanted !== null) continue
        if (this.#entries.get(key) === entry) this.#entries.delete(key)
        return
      }
      if (daemon === null || wanted === entry.shown) return
      let shownAs: number
      const sound = wanted.sound || entry.unheard
      entry.unheard = false
      try {
        shownAs = await this.#notify({ ...wanted, sound }, id, daemon)
      } catch (error) {
        entry.unheard ||= sound
        if (this.#daemon !== daemon) return
        throw error
      }
      if (this.#daemon !== daemon) return
      entry.id = shownAs
      entry.shown = wanted
      this.#failure = null
    }
  }

  async #notify(notification: DesktopNotification, replaces: number, daemon: Daemon): Promise<number> {
    const { bus, locale, desktopEntry } = this.#options
    const texts = notifierTexts[locale()]
    const body = notifyBody(notification, { capabilities: daemon.capabilities, replaces, texts, desktopEntry })
    const [id] = await bus.call({ ...service, member: 'Notify', signature: notifySignature, body, noAutoStart: true })
    return typeof id === 'number' ? id : 0
  }

  async #close(id: number): Promise<void> {
    try {
      await this.#options.bus.call({
        ...service,
        member: 'CloseNotification',
        signature: 'u',
        body: [id],
        noAutoStart: true,
      })
    } catch (error) {
      // It was gone already: the specification answers with an error.
      this.#options.log.info('notification not closed', { error: nameOf(error) })
    }
  }

  #hear(signal: BusSignal): void {
    if (signal.sender !== this.#owner) return
    const [id] = signal.body
    if (typeof id !== 'number') return
    for (const [key, entry] of this.#entries) {
      if (entry.id !== id || entry.shown === null) continue
      return this.#heard(key, entry, entry.shown, signal)
    }
    if ([...this.#entries.values()].some(({ busy }) => busy) && this.#early.length < waitingRoom)
      this.#early.push(signal)
  }

  #hearEarly(): void {
    for (const signal of this.#early.splice(0)) this.#hear(signal)
  }

  #heard(key: string, entry: Entry, shown: DesktopNotification, { member, body }: BusSignal): void {
    // Withdrawn, and on its way out.
    if (entry.wanted === null) return
    const answer = member === 'NotificationClosed' ? { key, kind: 'closed' as const } : answerOf(shown, member, body[1])
    if (answer === null) return
    const { id } = entry
    // What newer there is comes up all the same, as a notification of its own.
    if (entry.wanted === shown) this.#entries.delete(key)
    entry.id = 0
    entry.shown = null
    if (answer.kind !== 'closed' && !entry.busy)
      this.#close(id).catch((error: unknown) => this.#failed('notification not closed', error))
    this.#answers.fire(answer)
  }

  #failed(what: string, error: unknown): void {
    if (this.#ended || this.#disposed) return
    this.#failure = `${what}: ${nameOf(error)}`
    this.#options.log.warn(what, { error: nameOf(error) })
  }
}

function answerOf({ key, actions }: DesktopNotification, member: string, said: unknown): NotificationAnswer | null {
  if (typeof said !== 'string') return null
  if (member === 'NotificationReplied')
    return said.trim() === '' ? { key, kind: 'open' } : { key, kind: 'reply', text: said }
  if (member !== 'ActionInvoked') return null
  if (said === defaultAction || said === replyAction) return { key, kind: 'open' }
  const action = actions.find(({ id }) => id === said)
  return action === undefined ? null : { key, kind: 'action', id: action.id }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown'
}
