/** Whether the palette is open, and which conversations were opened last. */
import { defineStore } from 'pinia'
import { ref, shallowRef, watch } from 'vue'
import { useAccounts } from './accounts.ts'
import { useView } from './view.ts'

const remembered = 12

export const usePalette = defineStore('palette', () => {
  const accounts = useAccounts()
  const view = useView()
  const shown = ref(false)
  /** Once asked for it stays, so that it can close as it opened. */
  const asked = ref(false)
  watch(shown, () => (asked.value = true))
  const recent = shallowRef<readonly { readonly accountId: string; readonly conversationId: string }[]>([])

  watch(
    () => [accounts.currentId, view.openedId] as const,
    ([accountId, conversationId]) => {
      if (accountId === null || conversationId === null) return
      const others = recent.value.filter((one) => one.accountId !== accountId || one.conversationId !== conversationId)
      recent.value = [{ accountId, conversationId }, ...others].slice(0, remembered)
    },
    { immediate: true },
  )

  return {
    shown,
    asked,
    /** Ids of the current account's, the last one opened first. */
    recentIds: (): string[] =>
      recent.value.filter(({ accountId }) => accountId === accounts.currentId).map((one) => one.conversationId),
  }
})
