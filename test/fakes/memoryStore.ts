/** The real store on a database in memory, with the promises of the thread boundary. */
import { type OpenAccountStore, openAccountStore } from '#electron/adapters/sqlite/accountStore.ts'
import type { Store } from '#electron/core/ports/store.ts'

export interface MemoryStore {
  readonly store: Store
  /** The same store, asked directly. */
  readonly inside: OpenAccountStore
}

export function openMemoryStore(selfId: string): MemoryStore {
  const opened = openAccountStore({ file: ':memory:', selfId })
  if (!opened.ok) throw new Error(opened.error.code)
  const inside = opened.value
  const store = new Proxy({} as Store, {
    get: (_target, name) => {
      const method: unknown = Reflect.get(inside, name)
      if (typeof method !== 'function') return undefined
      return async (...args: unknown[]): Promise<unknown> => {
        await Promise.resolve()
        return Reflect.apply(method, inside, args) as unknown
      }
    },
  })
  return { inside, store }
}
