/** For how long a conversation can be muted. */
import { muteForEver } from '#common/domain/conversation.ts'

export const muteSpans = ['hour', 'eightHours', 'tomorrow', 'forEver'] as const
export type MuteSpan = (typeof muteSpans)[number]

const hourMs = 3_600_000
/** When a night is over, local time. */
const morning = 8

/** Ms since 1970. `tomorrow` is the next morning after a night: before it, in the small hours, that is today's. */
export function muteEnd(span: MuteSpan, now: number): number {
  switch (span) {
    case 'hour':
      return now + hourMs
    case 'eightHours':
      return now + 8 * hourMs
    case 'tomorrow': {
      const end = new Date(now)
      if (end.getHours() >= 4) end.setDate(end.getDate() + 1)
      end.setHours(morning, 0, 0, 0)
      return end.getTime()
    }
    case 'forEver':
      return muteForEver
  }
}
