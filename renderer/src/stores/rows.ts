/**
 * Rows by id, as main writes them: a row is replaced by a newer one, never changed, so that a component redraws only
 * for rows that were replaced.
 */
import { shallowReactive } from 'vue'

export interface Rows<K, R> {
  /** Reactive; read only. */
  readonly map: ReadonlyMap<K, R>
  /** False when a row of the same or a higher revision is already there. */
  put(row: R): boolean
  remove(key: K): void
  /** Forgets everything else. */
  replaceAll(rows: readonly R[]): void
}

export function createRows<K, R extends { readonly revision: number }>(keyOf: (row: R) => K): Rows<K, R> {
  const map: Map<K, R> = shallowReactive(new Map<K, R>())
  return {
    map,
    put(row) {
      const key = keyOf(row)
      const known = map.get(key)
      if (known !== undefined && known.revision >= row.revision) return false
      map.set(key, row)
      return true
    },
    remove: (key) => void map.delete(key),
    replaceAll(rows) {
      const keys = new Set(rows.map(keyOf))
      for (const key of [...map.keys()]) if (!keys.has(key)) map.delete(key)
      for (const row of rows) {
        const key = keyOf(row)
        if (map.get(key)?.revision !== row.revision) map.set(key, row)
      }
    },
  }
}
