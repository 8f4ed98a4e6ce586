/** One value per account. Rows of two accounts never lie in one map, so none can show up in the other. */
import { shallowReactive } from 'vue'

export interface PerAccount<T> {
  /** Made when first asked for; not for use in a computed value. */
  of(accountId: string): T
  /** Reactive. */
  peek(accountId: string | null): T | undefined
  drop(accountId: string): void
}

export function createPerAccount<T>(make: () => T): PerAccount<T> {
  const values: Map<string, T> = shallowReactive(new Map<string, T>())
  return {
    of(accountId) {
      const known = values.get(accountId)
      if (known !== undefined) return known
      const made = make()
      values.set(accountId, made)
      return made
    },
    peek: (accountId) => (accountId === null ? undefined : values.get(accountId)),
    drop: (accountId) => void values.delete(accountId),
  }
}
