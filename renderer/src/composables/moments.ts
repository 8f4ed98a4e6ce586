import { type Ref, onScopeDispose, ref, watchEffect } from 'vue'

/** Timers do not reach further than 24 days; nothing here is worth one that long. */
const longestWaitMs = 3_600_000

/**
 * The clock as a reactive value that moves on whenever one of the moments has come: what depends on them is worked out
 * then, and not in between. `offsetMs` is what the clock that counts is ahead of ours.
 */
export function useMoments(moments: () => readonly number[], offsetMs: () => number): Readonly<Ref<number>> {
  const now = ref(Date.now())
  let timer: number | undefined
  watchEffect(() => {
    window.clearTimeout(timer)
    const ahead = offsetMs()
    if (now.value < Date.now() + ahead) now.value = Date.now() + ahead
    const next = Math.min(Infinity, ...moments().filter((moment) => moment > now.value))
    if (next === Infinity) return
    timer = window.setTimeout(
      () => {
        now.value = Date.now() + ahead
      },
      Math.min(longestWaitMs, Math.max(0, next - Date.now() - ahead)),
    )
  })
  onScopeDispose(() => window.clearTimeout(timer))
  return now
}
