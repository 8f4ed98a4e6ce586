/**
 * Hands keys over to whoever serves the shortcut they mean.
 *
 * Promises: no key of an input method, and none while a dialog is open unless the table says so; the newest handler of
 * a shortcut has it. Must never take a key that nobody serves, nor any while
 * the program is locked.
 */
import { defineStore } from 'pinia'
import { ref } from 'vue'
import type { Disposable } from '#common/base/disposable.ts'
import { useLock } from './lock.ts'
import { type Shortcut, type ShortcutId, pressedIndex, shortcuts } from '../features/shortcuts/shortcutTable.ts'

/** `index` is that of the key within the shortcut's keys. */
export type ShortcutHandler = (index: number) => void

const modal = '[role="dialog"], [role="alertdialog"]'

export const useShortcuts = defineStore('shortcuts', () => {
  const handlers = new Map<ShortcutId, ShortcutHandler[]>()
  const listShown = ref(false)
  const lock = useLock()

  return {
    /** The list of shortcuts is open. */
    listShown,
    serve(id: ShortcutId, handler: ShortcutHandler): Disposable {
      handlers.set(id, [...(handlers.get(id) ?? []), handler])
      return {
        dispose: () =>
          void handlers.set(
            id,
            (handlers.get(id) ?? []).filter((other) => other !== handler),
          ),
      }
    },
    /** As if its first key had been pressed. Nothing happens where nobody serves it, or a dialog is open that forbids it. */
    run(id: ShortcutId): void {
      if (lock.isLocked) return
      const { inDialogs }: Shortcut = shortcuts[id]
      if (inDialogs === true || document.querySelector(modal) === null) handlers.get(id)?.at(-1)?.(0)
    },
    handle(event: KeyboardEvent): void {
      if (lock.isLocked || event.defaultPrevented || event.isComposing || event.keyCode === 229) return
      for (const [id, own] of handlers) {
        const handler = own.at(-1)
        const index = handler === undefined ? -1 : pressedIndex(id, event)
        if (handler === undefined || index < 0) continue
        const { inDialogs }: Shortcut = shortcuts[id]
        if (inDialogs !== true && document.querySelector(modal) !== null) return
        event.preventDefault()
        handler(index)
        return
      }
    },
  }
})
