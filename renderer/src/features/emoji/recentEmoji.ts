/** The emoji chosen last, while the window lives. */
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'

const kept = 18

export const useRecentEmoji = defineStore('recentEmoji', () => {
  const recent = shallowRef<readonly string[]>([])
  return {
    recent,
    chosen(text: string) {
      recent.value = [text, ...recent.value.filter((one) => one !== text)].slice(0, kept)
    },
  }
})
