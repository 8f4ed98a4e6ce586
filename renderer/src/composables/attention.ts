/** Whether somebody is looking: the window is visible and has the focus. */
import { type Ref, onMounted, onScopeDispose, ref } from 'vue'

export function isAttentive(): boolean {
  return document.visibilityState === 'visible' && document.hasFocus()
}

/** The same as a reactive value. */
export function useAttention(): Readonly<Ref<boolean>> {
  const attentive = ref(isAttentive())
  const update = (): void => {
    attentive.value = isAttentive()
  }
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
