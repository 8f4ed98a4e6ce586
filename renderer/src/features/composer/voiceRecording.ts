/**
 * A voice message from the first press to the sending: asked for, recorded, listened to, sent or thrown away.
 *
 * Promises: the microphone listens only between the start and the end that the user sees; nothing leaves before he sends
 * it; what was recorded stays until it is safely queued or thrown away, also when he looks at another chat meanwhile.
 */
import { computed, onBeforeUnmount, ref, shallowRef } from 'vue'
import { useClient } from '../../bridge/useClient.ts'
import { useFeedback } from '../../stores/feedback.ts'
import { type Voice, useVoices } from '../../stores/voices.ts'
import { type Capture, type MicrophoneProblem, isMicrophoneProblem } from './voiceMicrophone.ts'

/** Seconds. What is shorter was a slip of the finger. */
export const shortest = 1
export const longest = 60
/** The end is announced from here on. */
const nearTheEnd = 10
export const levelEveryMs = 80
/** So long without a sound, and the user is told. */
const silenceTold = 3_000 / levelEveryMs
const silentBelow = 0.02

type Phase = 'idle' | 'asking' | 'recording' | 'ending' | 'ready' | 'sending'

/** `refused`: by the user, to us; `denied`: by the system. */
export type VoiceProblem = MicrophoneProblem | 'refused' | 'tooShort'

export interface VoiceOptions {
  readonly accountId: () => string
  readonly conversationId: () => string
  readonly open: () => Promise<Capture | MicrophoneProblem>
  /** True once it is safe. */
  readonly send: (sound: Blob, seconds: number) => Promise<boolean>
  readonly onSent: () => void
}

export function useVoiceRecording({ accountId, conversationId, open, send, onSent }: VoiceOptions) {
  const client = useClient()
  const feedback = useFeedback()
  const voices = useVoices()

  const phase = ref<Phase>('idle')
  const problem = ref<VoiceProblem | null>(null)
  const seconds = ref(0)
  const levels = ref<number[]>([])
  const voice = shallowRef<Voice | null>(null)
  const active = computed(() => phase.value !== 'idle' && phase.value !== 'asking')
  const left = computed(() => {
    const remaining = Math.ceil(longest - seconds.value)
    return phase.value === 'recording' && remaining <= nearTheEnd ? remaining : null
  })
  const silent = computed(
    () =>
      phase.value === 'recording' &&
      levels.value.length >= silenceTold &&
      levels.value.slice(-silenceTold).every((level) => level < silentBelow),
  )

  let capture: Capture | null = null
  let startedAt = 0
  let timer: ReturnType<typeof setInterval> | undefined
  /** Whoever asked last; an answer to an earlier one is let go. */
  let asked = 0
  let gone = false

  function watch(): void {
    seconds.value = Math.min(longest, (performance.now() - startedAt) / 1000)
    levels.value.push(capture?.level() ?? 0)
    if (seconds.value >= longest) void stop()
  }

  async function start(again = false): Promise<void> {
    if (phase.value !== 'idle') return
    const mine = ++asked
    problem.value = null
    phase.value = 'asking'
    const answer = await client.call('microphone.allow', { again })
    if (mine !== asked) return
    if (!answer.ok || !answer.value.allowed) {
      phase.value = 'idle'
      if (answer.ok) problem.value = 'refused'
      else feedback.fail(answer.error)
      return
    }
    const opened = await open()
    if (mine !== asked) {
      if (!isMicrophoneProblem(opened)) opened.cancel()
      return
    }
    if (isMicrophoneProblem(opened)) {
      phase.value = 'idle'
      problem.value = opened
      return
    }
    begin(opened)
  }

  function begin(opened: Capture): void {
    capture = opened
    startedAt = performance.now()
    seconds.value = 0
    levels.value = []
    phase.value = 'recording'
    timer = setInterval(watch, levelEveryMs)
    void opened.lost.then(() => (capture === opened ? stop() : null))
  }

  /** What there is now, or null where it is too little. */
  async function finish(): Promise<Voice | null> {
    clearInterval(timer)
    const ending = capture
    capture = null
    if (ending === null) return null
    seconds.value = Math.min(longest, (performance.now() - startedAt) / 1000)
    if (seconds.value < shortest) {
      ending.cancel()
      return null
    }
    const facts = { seconds: seconds.value, levels: [...levels.value] }
    return { sound: await ending.stop(), ...facts }
  }

  /** To be listened to before it is sent. */
  async function stop(): Promise<void> {
    if (phase.value === 'asking') {
      asked++
      phase.value = 'idle'
    }
    if (phase.value !== 'recording') return
    phase.value = 'ending'
    const ended = end(asked)
    voices.expect(ended)
    await ended
  }

  async function end(mine: number): Promise<void> {
    const finished = await finish()
    if (mine !== asked) return
    if (gone) {
      if (finished !== null) voices.put(accountId(), conversationId(), finished)
      return
    }
    voice.value = finished
    phase.value = finished === null ? 'idle' : 'ready'
    if (finished === null) problem.value = 'tooShort'
  }

  /** Nothing of it stays. */
  function cancel(): void {
    asked++
    clearInterval(timer)
    capture?.cancel()
    capture = null
    voice.value = null
    phase.value = 'idle'
  }

  async function submit(): Promise<void> {
    if (phase.value === 'recording') await stop()
    const recorded = voice.value
    if (phase.value !== 'ready' || recorded === null) return
    phase.value = 'sending'
    const [account, conversation] = [accountId(), conversationId()]
    const sent = await send(recorded.sound, recorded.seconds)
    if (gone) {
      if (!sent) voices.put(account, conversation, recorded)
      return
    }
    if (!sent) {
      phase.value = 'ready'
      return
    }
    cancel()
    onSent()
  }

  /** Another chat is looked at: what was said waits in this one. */
  async function leave(): Promise<void> {
    gone = true
    const [account, conversation] = [accountId(), conversationId()]
    const wasSending = phase.value === 'sending'
    if (phase.value === 'asking') asked++
    const kept = voice.value ?? (await finish())
    if (kept !== null && !wasSending) voices.put(account, conversation, kept)
  }

  const kept = voices.take(accountId(), conversationId())
  if (kept !== null) {
    voice.value = kept
    seconds.value = kept.seconds
    levels.value = [...kept.levels]
    phase.value = 'ready'
  }
  onBeforeUnmount(() => voices.expect(leave()))

  return {
    phase,
    problem,
    seconds,
    levels,
    voice,
    active,
    left,
    silent,
    start,
    stop,
    cancel,
    submit,
    dismiss: () => {
      problem.value = null
    },
  }
}

export type VoiceRecording = ReturnType<typeof useVoiceRecording>
