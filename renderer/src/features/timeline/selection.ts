/**
 * Which messages are chosen, to do something with all of them.
 *
 * Promises: what is gone is not chosen; a range is always what lies between where it began and where it is now, as it
 * is shown. Must never: choose a line that nobody said.
 */
import { type Ref, computed, ref, shallowRef } from 'vue'
import type { Message } from '#common/domain/message.ts'

/** A message that somebody wrote and that is still there. */
export function isChoosable(message: Message): boolean {
  return message.recalled === null && message.content.kind !== 'event'
}

export type Selection = ReturnType<typeof createSelection>

/** `ordered`: what is loaded, oldest first. */
export function createSelection(ordered: Readonly<Ref<readonly Message[]>>) {
  const ids = shallowRef<ReadonlySet<number>>(new Set<number>())
  const active = ref(false)
  /** Where a range begins, and what was chosen before it. */
  let anchor: number | null = null
  let before: ReadonlySet<number> = new Set<number>()

  const chosen = computed<readonly Message[]>(() =>
    ordered.value.filter((message) => ids.value.has(message.id) && isChoosable(message)),
  )

  function begin(id: number | null): void {
    active.value = true
    ids.value = new Set(id === null ? [] : [id])
    setAnchor(id)
  }

  function setAnchor(id: number | null): void {
    anchor = id
    before = ids.value
  }

  return {
    active,
    ids,
    /** In order. */
    chosen,
    begin,

    /** Chooses one, or takes it out again; the first one begins choosing. */
    toggle(id: number): void {
      const message = ordered.value.find((row) => row.id === id)
      if (message === undefined || !isChoosable(message)) return
      if (!active.value) {
        begin(id)
        return
      }
      const next = new Set(ids.value)
      if (!next.delete(id)) next.add(id)
      ids.value = next
      setAnchor(id)
    },

    /** Everything from where the range began to this one, besides what was chosen before; `from` begins one. */
    extend(id: number, from: number | null = null): void {
      if (!active.value) begin(from)
      const start = ordered.value.findIndex((message) => message.id === (anchor ?? from ?? id))
      const end = ordered.value.findIndex((message) => message.id === id)
      if (start < 0 || end < 0) return
      if (anchor === null) setAnchor(from ?? id)
      const between = ordered.value.slice(Math.min(start, end), Math.max(start, end) + 1).filter(isChoosable)
      ids.value = new Set([...before, ...between.map((message) => message.id)])
    },

    end(): void {
      active.value = false
      ids.value = new Set<number>()
      setAnchor(null)
    },
  }
}
