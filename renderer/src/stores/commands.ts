/**
 * What the palette can do: commands by id, added by whoever can carry them out, for as long as they can. A command is
 * its name, words it is also found by, and what it does.
 */
import { defineStore } from 'pinia'
import { computed, onScopeDispose, shallowReactive } from 'vue'
import type { Component } from 'vue'
import type { Disposable } from '#common/base/disposable.ts'
import type { ShortcutId } from '../features/shortcuts/shortcutTable.ts'

export interface Command {
  readonly id: string
  /** In the language of the window, read each time it is shown. */
  title(): string
  /** Further words it is found by, in the language of the window. */
  keywords?(): string
  readonly icon?: Component
  /** Shown beside it. */
  readonly shortcut?: ShortcutId
  /** Whether it makes sense now; default: always. */
  isOffered?(): boolean
  run(): void
}

export const useCommands = defineStore('commands', () => {
  const known: Map<string, Command> = shallowReactive(new Map<string, Command>())

  return {
    /** In the order of adding. */
    offered: computed(() => [...known.values()].filter((command) => command.isOffered?.() !== false)),
    /** A command of the same id is replaced. */
    add(command: Command): Disposable {
      known.set(command.id, command)
      return {
        dispose() {
          if (known.get(command.id) === command) known.delete(command.id)
        },
      }
    },
  }
})

/** Offers commands as long as the component is there. */
export function useCommand(...commands: readonly Command[]): void {
  const store = useCommands()
  const added = commands.map((command) => store.add(command))
  onScopeDispose(() => {
    for (const command of added) command.dispose()
  })
}
