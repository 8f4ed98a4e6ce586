/** Messages in groups of one month each, in the order they come; months are those of the reader's calendar. */
import type { Message } from '#common/domain/message.ts'

export interface Month {
  /** Year and month, unique. */
  readonly key: string
  /** Some time in it, ms since 1970. */
  readonly at: number
  readonly messages: readonly Message[]
}

export function byMonth(messages: readonly Message[]): Month[] {
  const months: { key: string; at: number; messages: Message[] }[] = []
  for (const message of messages) {
    const at = message.serverTime ?? message.localTime
    const day = new Date(at)
    const key = `${day.getFullYear()}-${day.getMonth() + 1}`
    const last = months.at(-1)
    if (last?.key === key) last.messages.push(message)
    else months.push({ key, at, messages: [message] })
  }
  return months
}
