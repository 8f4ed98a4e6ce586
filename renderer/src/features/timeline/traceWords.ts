/** What happened to a message, in plain words: a sentence on where it stands, and a line for each step. */
import { useI18n } from 'vue-i18n'
import type { Message } from '#common/domain/message.ts'
import type { TraceStep } from '#common/domain/trace.ts'
import type { Formats } from '../../composables/formats.ts'
import type { Words } from '../../composables/words.ts'
import type { ShownConnection } from '../../stores/connections.ts'

/** How long main waits for a proof before it writes again, for the text. */
const patienceSeconds = 15
/** Clocks of well-kept computers differ by less. */
const worthTellingMs = 1_000

/** What a line looks like. */
export type TraceTone = 'plain' | 'good' | 'wait' | 'bad'

export interface TraceLine {
  readonly text: string
  /** Smaller, under it. */
  readonly notes: readonly string[]
  readonly at: number
  /** When the last of several was that are told as one. */
  readonly lastAt: number
  readonly tone: TraceTone
}

export interface Standing {
  readonly text: string
  /** What proves it; null where there is nothing to prove. */
  readonly proof: string | null
  readonly tone: TraceTone
}

export interface StandingFacts {
  readonly message: Message
  readonly steps: readonly TraceStep[]
  readonly connection: ShownConnection
  /** Its file is not with the upload endpoint yet. */
  readonly uploading: boolean
}

const tones: Readonly<Record<TraceStep['step'], TraceTone>> = {
  stored: 'plain',
  changed: 'plain',
  held: 'wait',
  released: 'plain',
  uploaded: 'plain',
  written: 'plain',
  proved: 'good',
  identified: 'plain',
  delivered: 'good',
  read: 'good',
  failed: 'bad',
  retried: 'plain',
}

/** What happened; what to do about it is past. */
function firstSentence(text: string): string {
  return /^[^.。]+[.。]/.exec(text)?.[0] ?? text
}

export function useTraceWords(formats: Formats, words: Words) {
  const { t } = useI18n()

  function reasonOf({ code, detail }: TraceStep): string {
    return words.problemText({ code: code ?? 'internal', detail })
  }

  function textOf(step: TraceStep): string {
    switch (step.step) {
      case 'written':
        return step.cause === null
          ? t('trace.steps.written')
          : t(`trace.again.${step.cause}`, { seconds: patienceSeconds })
      case 'proved':
        return t(`trace.proved.${step.proof ?? 'status'}`)
      case 'held':
        return t('trace.steps.held', { reason: reasonOf(step) })
      case 'failed':
        return t(step.command === 'send' ? 'trace.steps.failed' : 'trace.steps.notDone', { reason: reasonOf(step) })
      case 'stored':
      case 'changed':
      case 'released':
      case 'uploaded':
      case 'identified':
      case 'delivered':
      case 'read':
      case 'retried':
        return t(`trace.steps.${step.step}`)
    }
  }

  function notesOf(step: TraceStep): string[] {
    const notes: string[] = []
    const { number, times, lastAt, serverTime, code } = step
    const tries: string[] = []
    if (number !== null && times > 1) {
      tries.push(t('trace.times', { times, first: number - times + 1, last: number, time: formats.second(lastAt) }))
    } else if (number !== null && number > 1) tries.push(t('trace.tries', { number }))
    if (step.cause === 'linkLost' && code !== null) tries.push(firstSentence(words.errorText({ code })))
    if (tries.length > 0) notes.push(tries.join(' · '))
    if (serverTime !== null && Math.abs(serverTime - step.at) >= worthTellingMs) {
      notes.push(t('trace.serverClock', { time: formats.second(serverTime) }))
    }
    return notes
  }

  function standingText({ message, steps, connection, uploading }: StandingFacts): string {
    if (message.recalled !== null) return t('trace.standing.recalled')
    switch (message.state) {
      case 'read':
      case 'delivered':
        return t(`trace.standing.${message.state}`)
      case 'sent':
        return t(message.proof === 'alive' ? 'trace.standing.unconfirmed' : 'trace.standing.sent')
      case 'failed':
        return message.problem === null
          ? t('states.failed')
          : t('trace.standing.failed', { reason: words.problemText(message.problem) })
      case 'sending': {
        if (message.problem !== null) {
          return t('trace.standing.waiting', { reason: words.problemText(message.problem) })
        }
        if (uploading) return t('trace.standing.file')
        const written = steps.some(({ step, command }) => step === 'written' && command === 'send')
        if (connection === 'online') return t(written ? 'trace.standing.answer' : 'trace.standing.turn')
        return t(written ? 'trace.standing.cut' : 'trace.standing.offline')
      }
    }
  }

  function toneOf({ state, problem, recalled }: Message): TraceTone {
    if (recalled !== null) return 'plain'
    if (state === 'failed') return 'bad'
    if (state === 'sending') return problem === null ? 'plain' : 'wait'
    return 'good'
  }

  function lineOf(step: TraceStep): TraceLine {
    const text = textOf(step)
    return {
      text: step.command === 'send' ? text : t('trace.about', { what: t(`trace.commands.${step.command}`), text }),
      notes: notesOf(step),
      at: step.at,
      lastAt: step.lastAt,
      tone: step.step === 'proved' && step.proof === 'alive' ? 'wait' : tones[step.step],
    }
  }

  return {
    /** An id that came together with the proof needs no line of its own. */
    lines(steps: readonly TraceStep[]): TraceLine[] {
      const lines: TraceLine[] = []
      for (const [index, step] of steps.entries()) {
        const before = steps[index - 1]
        const last = lines.at(-1)
        if (step.step === 'identified' && before?.step === 'proved' && before.at === step.at && last !== undefined) {
          lines[lines.length - 1] = { ...last, notes: [t('trace.named'), ...last.notes] }
        } else lines.push(lineOf(step))
      }
      return lines
    },

    standing(facts: StandingFacts): Standing {
      const { message } = facts
      const arrived = message.state !== 'sending' && message.state !== 'failed'
      const proof = arrived && message.proof === null ? null : t(`trace.proofs.${message.proof ?? 'none'}`)
      return { text: standingText(facts), proof, tone: toneOf(message) }
    },
  }
}
