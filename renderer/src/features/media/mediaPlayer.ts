/**
 * A sound or video element as values a bar can show.
 *
 * Promises: one plays at a time; it goes at the speed that was chosen last; what goes from the screen is silent.
 */
import { type Ref, onBeforeUnmount, ref, watch } from 'vue'
import { speeds, usePlayback } from '../../stores/playback.ts'

export interface MediaPlayer {
  readonly playing: Readonly<Ref<boolean>>
  /** Seconds. */
  readonly at: Readonly<Ref<number>>
  /** Seconds; 0 while nobody knows. */
  readonly length: Readonly<Ref<number>>
  /** It cannot be played here. */
  readonly failed: Readonly<Ref<boolean>>
  readonly speed: Readonly<Ref<number>>
  readonly toggle: () => void
  readonly play: () => void
  readonly seek: (seconds: number) => void
  readonly nextSpeed: () => void
}

export function useMediaPlayer(element: Readonly<Ref<HTMLMediaElement | null>>, told: () => number): MediaPlayer {
  const playback = usePlayback()
  const playing = ref(false)
  const at = ref(0)
  const length = ref(told())
  const failed = ref(false)
  const speed = ref(playback.speed)

  const listeners = {
    play: (media: HTMLMediaElement) => {
      playback.began(media)
      playing.value = true
    },
    pause: () => {
      playing.value = false
    },
    ended: (media: HTMLMediaElement) => {
      playing.value = false
      media.currentTime = 0
    },
    timeupdate: (media: HTMLMediaElement) => {
      at.value = media.currentTime
    },
    // A recording made piece by piece does not say its length in the beginning.
    durationchange: (media: HTMLMediaElement) => {
      if (Number.isFinite(media.duration) && media.duration > 0) length.value = media.duration
    },
    error: (media: HTMLMediaElement) => {
      if (media.error !== null) failed.value = true
    },
  }
  let undo = (): void => undefined
  watch(
    element,
    (media) => {
      undo()
      if (media === null) return
      const bound = Object.entries(listeners).map(([name, listener]) => [name, () => listener(media)] as const)
      for (const [name, listener] of bound) media.addEventListener(name, listener)
      undo = () => {
        for (const [name, listener] of bound) media.removeEventListener(name, listener)
        media.pause()
        playback.ended(media)
      }
    },
    { flush: 'post' },
  )
  watch(
    () => playback.speed,
    (next) => {
      speed.value = next
      if (element.value !== null) element.value.playbackRate = next
    },
  )
  onBeforeUnmount(() => undo())

  function play(): void {
    const media = element.value
    if (media === null) return
    media.playbackRate = playback.speed
    media.play().catch(() => {
      playing.value = false
      if (media.error !== null) failed.value = true
    })
  }

  return {
    playing,
    at,
    length,
    failed,
    speed,
    play,
    toggle() {
      if (playing.value) element.value?.pause()
      else play()
    },
    seek(seconds) {
      const media = element.value
      if (media === null) return
      media.currentTime = Math.max(0, Math.min(seconds, length.value))
      at.value = media.currentTime
    },
    nextSpeed() {
      const next = speeds[(speeds.findIndex((one) => one === playback.speed) + 1) % speeds.length]
      playback.speed = next ?? 1
    },
  }
}
