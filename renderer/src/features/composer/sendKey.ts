/** What the Enter key does in the composer. */
import type { Settings } from '#common/contract/settings.ts'

export type EnterMeaning = 'send' | 'newline' | 'insertNewline'

/**
 * `newline` is left to the text field; `insertNewline` is a line break the text field would not make by itself. Keys of
 * an input method never come here.
 */
export function enterMeaning(
  event: Pick<KeyboardEvent, 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>,
  sendKey: Settings['sendKey'],
): EnterMeaning {
  const mod = event.ctrlKey || event.metaKey
  if (sendKey === 'modEnter') return mod ? 'send' : 'newline'
  if (event.shiftKey) return 'newline'
  return mod || event.altKey ? 'insertNewline' : 'send'
}
