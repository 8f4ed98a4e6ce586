/** For how long something is to be silent: a chat that is muted, or all notifications. */
import { muteForEver } from './conversation.ts'

export const silenceSpans = ['hour', 'eightHours', 'tomorrow', 'forEver'] as const
export type SilenceSpan = (typeof silenceSpans)[number]

const hourMs = 3_600_000
/** When a night is over, local time. */
const morning = 8
/** Before this hour it is still the night of the day before, and its morning is today's. */
const smallHours = 5

/** Ms since 1970. `tomorrow` is the next morning after a night, by the clock on the wall. */
export function silenceEnd(span: SilenceSpan, now: number): number {
  switch (span) {
    case 'hour':
      return now + hourMs
    case 'eightHours':
      return now + 8 * hourMs
    case 'tomorrow': {
      const end = new Date(now)
      if (end.getHours() >= smallHours) end.setDate(end.getDate() + 1)
      end.setHours(morning, 0, 0, 0)
      return end.getTime()
    }
    case 'forEver':
      return muteForEver
  }
}

/** `until` as it is kept. Null: there is no silence at that time, ms since 1970. */
export function silentUntil(until: number | null, at: number): number | null {
  return until !== null && at < until ? until : null
}
