/** One tab stop for a list of buttons: arrows move, Home and End go to the ends. Items carry `data-roving`, their key. */
import { type Ref, nextTick, ref } from 'vue'

export interface Roving {
  readonly tabindexOf: (key: string, first: boolean) => 0 | -1
  readonly onKeydown: (event: KeyboardEvent) => void
  readonly onFocusin: (event: FocusEvent) => void
  /** To be called when items went: the focus that went with them moves to what took their place. */
  readonly keepFocus: () => void
}

const selector = '[data-roving]'

export function useRoving(list: Readonly<Ref<HTMLElement | null>>): Roving {
  const reached = ref<string | null>(null)
  let place = 0
  let inside = false

  const items = (): HTMLElement[] => [...(list.value?.querySelectorAll<HTMLElement>(selector) ?? [])]

  return {
    tabindexOf(key, first) {
      const known = reached.value !== null && items().some((item) => item.dataset['roving'] === reached.value)
      return (known ? key === reached.value : first) ? 0 : -1
    },
    onKeydown(event) {
      const all = items()
      const at = all.findIndex((item) => item === document.activeElement)
      if (at < 0) return
      const targets: Readonly<Record<string, number>> = {
        ArrowDown: at + 1,
        ArrowUp: at - 1,
        Home: 0,
        End: all.length - 1,
      }
      const target = targets[event.key]
      if (target === undefined) return
      event.preventDefault()
      all[Math.max(0, Math.min(all.length - 1, target))]?.focus()
    },
    onFocusin(event) {
      const item = event.target instanceof Element ? event.target.closest<HTMLElement>(selector) : null
      inside = item !== null
      if (item === null) return
      reached.value = item.dataset['roving'] ?? null
      place = items().indexOf(item)
    },
    keepFocus() {
      if (!inside) return
      void nextTick(() => {
        if (document.activeElement !== document.body && document.activeElement !== null) return
        const all = items()
        all[Math.min(place, all.length - 1)]?.focus()
      })
    },
  }
}
