/**
 * Puts words where the caret is, in the place of what is selected, as if they had been typed: they can be undone.
 * Promises: the field holds them when this returns.
 */
export function insertAtCaret(field: HTMLTextAreaElement, words: string, { focus = true } = {}): void {
  if (focus) field.focus()
  // The only way that keeps the field's history; where it is gone, the words still come.
  const done = focus && typeof document.execCommand === 'function' && document.execCommand('insertText', false, words)
  if (!done) field.setRangeText(words, field.selectionStart, field.selectionEnd, 'end')
}
