import { type Ref, onScopeDispose, ref } from 'vue'

/** The local clock as a reactive value; ticks only while somebody uses it. */
export function useNow(everyMs: number): Readonly<Ref<number>> {
  const now = ref(Date.now())
  const timer = window.setInterval(() => {
    now.value = Date.now()
  }, everyMs)
  onScopeDispose(() => window.clearInterval(timer))
  return now
}
