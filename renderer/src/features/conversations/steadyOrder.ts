/**
 * Keeps rows where they are while somebody aims at them.
 *
 * Promises: while it is held, what is shown keeps its order, with every row as it is now; what is gone is gone; what is
 * new waits at its place until it is let go. Must never hold on: whoever rests the pointer in the list for longer than
 * `steadyMs` does not aim any more.
 */
import { type Ref, computed, onScopeDispose, ref, shallowRef, watch } from 'vue'

export const steadyMs = 2_000

export interface SteadyOrder<T> {
  readonly rows: Readonly<Ref<readonly T[]>>
  /** Somebody aims: the pointer moved, a key was pressed. */
  touch(): void
  /** Nobody does any more. */
  release(): void
}

/** `pinned`: while it is true the order is held without end, as under an open menu. */
export function useSteadyOrder<T extends { readonly id: string }>(
  source: Readonly<Ref<readonly T[]>>,
  pinned: Readonly<Ref<boolean>>,
): SteadyOrder<T> {
  const touched = ref(false)
  const frozen = shallowRef<readonly string[] | null>(null)
  let timer: number | undefined

  const held = computed(() => touched.value || pinned.value)
  watch(
    held,
    (isHeld) => {
      frozen.value = isHeld ? source.value.map(({ id }) => id) : null
    },
    { flush: 'sync' },
  )
  const rows = computed<readonly T[]>(() => {
    if (frozen.value === null) return source.value
    const now = new Map(source.value.map((row) => [row.id, row]))
    return frozen.value.flatMap((id) => now.get(id) ?? [])
  })

  function release(): void {
    window.clearTimeout(timer)
    timer = undefined
    touched.value = false
  }
  onScopeDispose(release)

  return {
    rows,
    release,
    touch() {
      window.clearTimeout(timer)
      timer = window.setTimeout(release, steadyMs)
      touched.value = true
    },
  }
}
