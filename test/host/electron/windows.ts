/** All windows there are, and which one has the focus: one at most, as on a desktop. */
import type { WebContents } from './webContents.ts'

export interface RegisteredWindow {
  readonly id: number
  readonly webContents: WebContents
  isDestroyed(): boolean
  emit(name: string, ...args: unknown[]): boolean
}

export interface Windows<W extends RegisteredWindow> {
  add(window: W): void
  all(): W[]
  focused(): W | undefined
  /** Moves the focus; undefined takes it away. Tells both windows. */
  focus(window: W | undefined): void
}

export function createWindows<W extends RegisteredWindow>(options: {
  onFocus(window: W): void
  onBlur(window: W): void
}): Windows<W> {
  const windows: W[] = []
  let focused: W | undefined

  return {
    add: (window) => void windows.push(window),
    all: () => windows.filter((window) => !window.isDestroyed()),
    focused: () => (focused?.isDestroyed() ? undefined : focused),
    focus(window) {
      if (window === focused) return
      const previous = focused
      focused = window
      if (previous && !previous.isDestroyed()) options.onBlur(previous)
      if (window) options.onFocus(window)
    },
  }
}
