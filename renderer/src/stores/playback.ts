/** What plays: one sound or video at a time, and the speed the user chose last. */
import { defineStore } from 'pinia'
import { ref } from 'vue'

export const speeds = [1, 1.5, 2] as const

export const usePlayback = defineStore('playback', () => {
  const speed = ref<number>(1)
  let playing: HTMLMediaElement | null = null

  return {
    speed,
    /** Whatever played before stops. */
    began(element: HTMLMediaElement) {
      if (playing !== element) playing?.pause()
      playing = element
    },
    ended(element: HTMLMediaElement) {
      if (playing === element) playing = null
    },
  }
})
