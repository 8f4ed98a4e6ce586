/** Whether somebody is looking: the window is visible and has the focus, and the screen is not locked. */
import { type Ref, onMounted, onScopeDispose, ref, watch } from 'vue'

/** Behind a locked screen a window can go on having the focus. */
const locked = ref(false)

/** What main says about the screen. */
export function noteScreen(isLocked: boolean): void {
  locked.value = isLocked
}

export function isAttentive(): boolean {
  return document.visibilityState === 'visible' && document.hasFocus() && !locked.value
}

/** The same as a reactive value. */
export function useAttention(): Readonly<Ref<boolean>> {
  const attentive = ref(isAttentive())
  const update = (): void => {
    attentive.value = isAttentive()
  }
  watch(locked, update)
  onMounted(() => {
    update()
    document.addEventListener('visibilitychange', update)
    window.addEventListener('focus', update)
    window.addEventListener('blur', update)
  })
  onScopeDispose(() => {
    document.removeEventListener('visibilitychange', update)
    window.removeEventListener('focus', update)
    window.removeEventListener('blur', update)
  })
  return attentive
}
