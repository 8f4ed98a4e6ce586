import { onScopeDispose } from 'vue'
import type { ShortcutId } from '../features/shortcuts/shortcutTable.ts'
import { type ShortcutHandler, useShortcuts } from '../stores/shortcuts.ts'

/** Serves a shortcut of the table as long as the component is there. */
export function useShortcut(id: ShortcutId, handler: ShortcutHandler): void {
  const served = useShortcuts().serve(id, handler)
  onScopeDispose(() => served.dispose())
}
