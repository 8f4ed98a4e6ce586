/** The system's notifications, as the core needs them. What a system cannot do, its adapter leaves out without a word. */
import type { Disposable } from '#common/base/disposable.ts'
import type { Event } from '#common/base/emitter.ts'

export interface NotificationAction {
  readonly id: 'markRead' | 'muteHour' | 'acknowledge'
  readonly label: string
}

export interface DesktopNotification {
  /** One per key is on the screen: a newer one takes its place. Says enough to act on it after a restart. */
  readonly key: string
  /** Plain text; whatever markup a system knows is escaped by its adapter. Never empty. */
  readonly title: string
  /** Plain text, lines parted by a line feed; may be empty. */
  readonly body: string
  readonly sound: boolean
  readonly urgency: 'low' | 'normal' | 'critical'
  /** Stays until it is answered, where the system has such a thing. */
  readonly lasting: boolean
  readonly actions: readonly NotificationAction[]
  /** The hint in the field for an answer; null: it cannot be answered. */
  readonly reply: string | null
}

export type NotificationAnswer =
  | { readonly key: string; readonly kind: 'open' }
  | { readonly key: string; readonly kind: 'reply'; readonly text: string }
  | { readonly key: string; readonly kind: 'action'; readonly id: NotificationAction['id'] }
  /** Put away by the user, or by the system after its time. */
  | { readonly key: string; readonly kind: 'closed' }

export interface Notifier extends Disposable {
  /** Null: notifications are shown. Else why the system shows none, for the engineers. */
  readonly trouble: string | null
  /** Whether the system asks for silence now; null where it does not say. */
  focusMode(): boolean | null
  show(notification: DesktopNotification): void
  /** Nothing happens where none of that key is shown. */
  withdraw(key: string): void
  /** At most one answer but `closed` per notification. */
  readonly onAnswer: Event<NotificationAnswer>
}
