import { defineStore } from 'pinia'
import { ref } from 'vue'
import type { Layout } from '#common/contract/calls.ts'
import { useClient } from '../bridge/useClient.ts'

export const narrowestPanePx = 240
export const widestPanePx = 560

/** How the window is divided, kept by main. */
export const useLayout = defineStore('layout', () => {
  const client = useClient()
  /** Pixels; null: as wide as the window suggests. */
  const paneWidth = ref<number | null>(null)

  return {
    paneWidth,
    replace(layout: Layout) {
      paneWidth.value = layout.paneWidth
    },
    /** Shows it; `keep` tells main too, once whoever drags has let go. */
    resizePane(width: number | null, keep: boolean) {
      paneWidth.value = width === null ? null : Math.round(Math.max(narrowestPanePx, Math.min(widestPanePx, width)))
      if (keep) void client.call('layout.set', { paneWidth: paneWidth.value })
    },
  }
})
