/**
 * A toast of Windows, written by ourselves so that what it hands back names what it is about, also to a program that
 * was started by the click: Electron's own toasts carry a number that means nothing after a restart.
 */
import type { DesktopNotification, NotificationAction } from '#electron/core/ports/notifier.ts'
import { cleanLine, cleanText, escapeMarkup } from './plainText.ts'
import type { notifierTexts } from './texts.ts'

/** Windows refuses a toast of more than 5 kB; what is written here stays well below, in whatever script. */
const titleRoom = 300
const bodyRoom = 900

/** The name of the field; Electron looks for the answer under this one. */
const replyField = 'reply'

export interface ToastActivation {
  readonly key: string
  /** One toast, not one key: tells an activation that is repeated from one of a toast shown before a restart. */
  readonly toast: string
  readonly act: 'open' | 'reply' | NotificationAction['id']
}

const acts: readonly ToastActivation['act'][] = ['open', 'reply', 'markRead', 'muteHour', 'acknowledge']

/** `type` and `action` are read by Electron, the rest by {@link readToastArguments}. */
function toastArguments({ key, toast, act }: ToastActivation, index: number): string {
  const type = act === 'open' ? 'click' : act === 'reply' ? 'reply' : 'action'
  return new URLSearchParams({ type, ...(type === 'action' ? { action: `${index}` } : {}), key, toast, act }).toString()
}

/** Null where the arguments are not ours. Any program may start an activator with any words: a key proves nothing. */
export function readToastArguments(raw: string): ToastActivation | null {
  const read = new URLSearchParams(raw)
  const key = read.get('key')
  const toast = read.get('toast')
  const act = acts.find((known) => known === read.get('act'))
  return key === null || key === '' || toast === null || act === undefined ? null : { key, toast, act }
}

function element(name: string, attributes: Readonly<Record<string, string>>, ...inside: readonly string[]): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeMarkup(value)}"`)
  return `<${name}${written.join('')}>${inside.join('')}</${name}>`
}

/** Cut between characters, by its length once escaped. */
function fitted(text: string, room: number): string {
  let length = 0
  let out = ''
  for (const character of text) {
    length += escapeMarkup(character).length
    if (length > room) return `${out}…`
    out += character
  }
  return out
}

export function toastXml(
  notification: DesktopNotification,
  toast: string,
  texts: (typeof notifierTexts)[keyof typeof notifierTexts],
): string {
  const { key, title, body, sound, urgency, lasting, actions, reply } = notification
  const args = (act: ToastActivation['act'], index = 0): string => toastArguments({ key, toast, act }, index)
  const scenario = lasting ? { scenario: 'reminder' } : urgency === 'critical' ? { scenario: 'urgent' } : {}
  const text = (words: string): string => element('text', {}, escapeMarkup(words))
  const buttons = actions.map(({ id, label }, index) =>
    element('action', { content: cleanLine(label), activationType: 'foreground', arguments: args(id, index) }),
  )
  const input = reply === null ? [] : [element('input', { id: replyField, type: 'text', placeHolderContent: reply })]
  const send = {
    content: texts.send,
    activationType: 'foreground',
    arguments: args('reply'),
    'hint-inputId': replyField,
  }
  const inside = [...input, ...buttons, ...(reply === null ? [] : [element('action', send)])]
  // A toast that stays needs a button: Windows shows it as any other where it has none.
  if (lasting && inside.length === 0)
    inside.push(element('action', { content: '', activationType: 'system', arguments: 'dismiss' }))
  return element(
    'toast',
    { launch: args('open'), ...scenario },
    element(
      'visual',
      {},
      element(
        'binding',
        { template: 'ToastGeneric' },
        text(fitted(cleanLine(title), titleRoom)),
        ...(body === '' ? [] : [text(fitted(cleanText(body), bodyRoom))]),
      ),
    ),
    ...(inside.length === 0 ? [] : [element('actions', {}, ...inside)]),
    ...(sound ? [] : [element('audio', { silent: 'true' })]),
  )
}
