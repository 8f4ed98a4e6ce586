/** `Notification`: kept, never shown. Tests click, answer and close them through the control. */
import { randomUUID } from 'node:crypto'
import type {
  ActivationArguments,
  Notification as ElectronNotification,
  NotificationConstructorOptions,
} from 'electron'
import type { Recorder } from '../recorder.ts'
import { createEvent } from './event.ts'
import { type Emulated, emitterBase, strictClass } from './strict.ts'

export class HostedNotification extends emitterBase('Notification') implements Emulated<ElectronNotification> {
  readonly #shown: (notification: HostedNotification) => void
  readonly id: string
  readonly groupId: string
  title: string
  subtitle: string
  body: string
  replyPlaceholder: string
  sound: string
  silent: boolean
  hasReply: boolean
  closeButtonText: string
  urgency: 'normal' | 'critical' | 'low'
  timeoutType: 'default' | 'never'
  toastXml: string
  actions: NonNullable<NotificationConstructorOptions['actions']>
  /** For tests: what it is now; `aside`: off the screen, in the Action Center. */
  hostState: 'created' | 'shown' | 'aside' | 'closed' = 'created'

  constructor(shown: (notification: HostedNotification) => void, options: NotificationConstructorOptions) {
    super()
    this.#shown = shown
    this.id = options.id ?? randomUUID()
    this.groupId = options.groupId ?? ''
    this.title = options.title ?? ''
    this.subtitle = options.subtitle ?? ''
    this.body = options.body ?? ''
    this.replyPlaceholder = options.replyPlaceholder ?? ''
    this.sound = options.sound ?? ''
    this.silent = options.silent ?? false
    this.hasReply = options.hasReply ?? false
    this.closeButtonText = options.closeButtonText ?? ''
    this.urgency = options.urgency ?? 'normal'
    this.timeoutType = options.timeoutType ?? 'default'
    this.toastXml = options.toastXml ?? ''
    this.actions = options.actions ?? []
  }

  show(): void {
    this.hostState = 'shown'
    this.#shown(this)
    queueMicrotask(() => this.emit('show', createEvent({})))
  }

  close(): void {
    this.#leave('closed', 'applicationHidden')
  }

  /** Its event comes once, also where it leaves the Action Center later. */
  #leave(state: 'aside' | 'closed', reason: 'userCanceled' | 'applicationHidden' | 'timedOut'): void {
    const wasShown = this.hostState === 'shown'
    if (wasShown || this.hostState === 'aside') this.hostState = state
    if (wasShown) this.emit('close', createEvent({ reason }))
  }

  /** The user's doing, as a test tells it. */
  hostAct(act: NotificationAct): void {
    switch (act.kind) {
      case 'click':
        return void this.emit('click', createEvent({}))
      case 'reply':
        return void this.emit('reply', createEvent({ reply: act.text }), act.text)
      case 'action':
        return void this.emit('action', createEvent({ actionIndex: act.index, selectionIndex: -1 }), act.index, -1)
      case 'close':
        return this.#leave('closed', 'userCanceled')
      case 'timeOut':
        return this.#leave('aside', 'timedOut')
      case 'fail':
        return void this.emit('failed', createEvent({}), act.error)
    }
  }
}

export type NotificationAct =
  | { kind: 'click' }
  | { kind: 'reply'; text: string }
  | { kind: 'action'; index: number }
  | { kind: 'close' }
  | { kind: 'timeOut' }
  | { kind: 'fail'; error: string }

export function createNotifications(options: { recorder: Recorder }) {
  const all: HostedNotification[] = []
  let onActivation: ((details: ActivationArguments) => void) | null = null
  let activatedBefore: ActivationArguments | null = null

  class Notification extends HostedNotification {
    constructor(given: NotificationConstructorOptions = {}) {
      super((notification) => {
        if (!all.includes(notification)) all.push(notification)
        options.recorder.record('Notification.show', { title: notification.title, body: notification.body })
      }, given)
    }
    static isSupported(): boolean {
      return true
    }
    /** Windows: what came before it was called comes now. */
    static handleActivation(callback: (details: ActivationArguments) => void): void {
      onActivation = callback
      if (activatedBefore !== null) callback(activatedBefore)
      activatedBefore = null
    }
    /** macOS: live objects, with no more of each than the Notification Center knows. */
    static getHistory(): Promise<HostedNotification[]> {
      const delivered = all.filter(({ hostState }) => hostState === 'shown')
      return Promise.resolve(
        delivered.map(({ id, groupId, title, subtitle, body }) => {
          const restored = new Notification({ id, groupId, title, subtitle, body })
          restored.hostState = 'shown'
          return restored
        }),
      )
    }
  }
  return {
    Notification: strictClass('Notification', Notification),
    all,
    /** Windows: a toast was acted on, whether or not there is an object for it. */
    activate(details: ActivationArguments): void {
      if (onActivation === null) activatedBefore = details
      else onActivation(details)
    },
  }
}
