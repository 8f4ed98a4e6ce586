/**
 * Knows whether an input method is at work, so that no key of it is taken for a command.
 *
 * Promises: a key counts as the input method's while it composes, when the event says so (`isComposing`, code 229), and
 * when it comes right after the end of composing: some input methods send the end before the very key that caused it.
 */
export interface Ime {
  onCompositionstart(): void
  onCompositionend(event: { readonly timeStamp: number }): void
  /** Whoever loses the focus composes no more, even where the end is not told. */
  onBlur(): void
  /** True when the key belongs to the input method. */
  owns(event: KeyboardEvent): boolean
}

const endGraceMs = 20

export function createIme(): Ime {
  let composing = false
  let endedAt = Number.NEGATIVE_INFINITY

  return {
    onCompositionstart() {
      composing = true
    },
    onCompositionend(event) {
      composing = false
      endedAt = event.timeStamp
    },
    onBlur() {
      composing = false
    },
    owns: (event) => composing || event.isComposing || event.keyCode === 229 || event.timeStamp - endedAt < endGraceMs,
  }
}
