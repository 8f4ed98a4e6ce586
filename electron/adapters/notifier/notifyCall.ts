/**
 * One `Notify` of the Desktop Notifications Specification 1.2, in what the daemon declares and nothing else.
 *
 * Promises that strangers' words are never markup: escaped where the daemon reads any, as they are where it does not. The
 * summary is plain text by the specification.
 */
import { Variant } from '@jellybrick/dbus-next'
import type { DesktopNotification } from '#electron/core/ports/notifier.ts'
import { cleanLine, cleanText, escapeMarkup } from './plainText.ts'
import type { notifierTexts } from './texts.ts'

export const notifySignature = 'susssasa{sv}i'

/** The actions that are the daemon's and not ours. */
export const defaultAction = 'default'
export const replyAction = 'inline-reply'

const urgencies = { low: 0, normal: 1, critical: 2 } as const

export interface NotifyOptions {
  /** As `GetCapabilities` says. */
  readonly capabilities: ReadonlySet<string>
  /** What it takes the place of; 0: nothing. */
  readonly replaces: number
  readonly texts: (typeof notifierTexts)[keyof typeof notifierTexts]
  /** The name of the program's desktop file, without its ending: the daemon takes name, icon and rules from it. */
  readonly desktopEntry: string
}

export function notifyBody(notification: DesktopNotification, options: NotifyOptions): readonly unknown[] {
  const { capabilities, replaces, texts, desktopEntry } = options
  const { title, sound, urgency, lasting, reply } = notification
  const body = cleanText(notification.body)
  const hints = {
    urgency: new Variant('y', urgencies[urgency]),
    category: new Variant('s', 'im.received'),
    'desktop-entry': new Variant('s', desktopEntry),
    ...(sound ? {} : { 'suppress-sound': new Variant('b', true) }),
    ...(sound && capabilities.has('sound') ? { 'sound-name': new Variant('s', 'message-new-instant') } : {}),
    ...(reply !== null && canReply(capabilities)
      ? {
          'x-kde-reply-placeholder-text': new Variant('s', cleanLine(reply)),
          'x-kde-reply-submit-button-text': new Variant('s', texts.send),
        }
      : {}),
  }
  return [
    'Godwit',
    replaces,
    '',
    cleanLine(title),
    capabilities.has('body-markup') ? escapeMarkup(body) : body,
    actionsOf(notification, capabilities, texts),
    hints,
    lasting ? 0 : -1,
  ]
}

function canReply(capabilities: ReadonlySet<string>): boolean {
  return capabilities.has('actions') && capabilities.has('inline-reply')
}

/** Key, label, key, label. */
function actionsOf(
  { actions, reply }: DesktopNotification,
  capabilities: ReadonlySet<string>,
  texts: NotifyOptions['texts'],
): string[] {
  if (!capabilities.has('actions')) return []
  return [
    ...[defaultAction, texts.open],
    ...(reply !== null && canReply(capabilities) ? [replyAction, texts.reply] : []),
    ...actions.flatMap(({ id, label }) => [id, cleanLine(label)]),
  ]
}
