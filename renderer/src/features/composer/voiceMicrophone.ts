/**
 * The microphone while something is recorded: opened, listened to for its level, and let go of.
 *
 * Promises: the microphone is off as soon as a capture has ended, however it ends; nothing of a cancelled one is kept.
 */

/** Why nothing can be recorded; what helps is told by this. */
export type MicrophoneProblem = 'denied' | 'missing' | 'busy' | 'unsupported'

export interface Capture {
  /** How loud it is now, 0 to 1. */
  level(): number
  /** Ends it, and answers all that was heard. */
  stop(): Promise<Blob>
  /** Ends it, and keeps nothing. */
  cancel(): void
  /** Resolves when it has ended by itself: the microphone was unplugged. */
  readonly lost: Promise<void>
}

/** Ogg where the browser writes it; both carry the same sound. */
const types = ['audio/ogg;codecs=opus', 'audio/webm;codecs=opus']
const bitsPerSecond = 32_000
const samples = 512
/** Quieter than this is shown as silence, ten decibels under the loudest as full. */
const quietestDb = -55
const loudestDb = -10

export function isMicrophoneProblem(opened: Capture | MicrophoneProblem): opened is MicrophoneProblem {
  return typeof opened === 'string'
}

export async function openMicrophone(): Promise<Capture | MicrophoneProblem> {
  const type = types.find((one) => MediaRecorder.isTypeSupported(one))
  if (type === undefined) return 'unsupported'
  let stream: MediaStream
  try {
    stream = await navigator.mediaDevices.getUserMedia({
      audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true },
    })
  } catch (error) {
    return problemOf(error)
  }
  return capture(stream, type)
}

function capture(stream: MediaStream, type: string): Capture {
  const context = new AudioContext()
  const analyser = context.createAnalyser()
  analyser.fftSize = samples
  context.createMediaStreamSource(stream).connect(analyser)
  const heard = new Float32Array(samples)

  const recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: bitsPerSecond })
  const parts: Blob[] = []
  recorder.addEventListener('dataavailable', ({ data }) => void parts.push(data))
  const ended = new Promise<void>((resolve) => {
    recorder.addEventListener('stop', () => {
      for (const track of stream.getTracks()) track.stop()
      void context.close()
      resolve()
    })
  })
  recorder.start()
  const stop = (): void => {
    if (recorder.state !== 'inactive') recorder.stop()
  }
  return {
    level() {
      analyser.getFloatTimeDomainData(heard)
      return levelOf(heard)
    },
    async stop() {
      stop()
      await ended
      return new Blob(parts, { type })
    },
    cancel() {
      stop()
      parts.length = 0
    },
    lost: ended,
  }
}

/** As the ear has it: by decibels. */
export function levelOf(heard: Float32Array): number {
  const power = heard.reduce((sum, value) => sum + value * value, 0) / Math.max(1, heard.length)
  const decibels = 10 * Math.log10(power + 1e-10)
  return Math.min(1, Math.max(0, (decibels - quietestDb) / (loudestDb - quietestDb)))
}

function problemOf(error: unknown): MicrophoneProblem {
  switch (error instanceof Error ? error.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'denied'
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing'
    default:
      return 'busy'
  }
}
