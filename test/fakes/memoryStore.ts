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
  const promised = new Proxy(inside, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name)
      if (typeof method !== 'function') return method
      return async (...args: unknown[]): Promise<unknown> => {
        await Promise.resolve()
        return Reflect.apply(method, target, args) as unknown
      }
    },
  })
  return { inside, store: promised as object as Store }
}
