/**
 * When a maintenance begins and ends. A server says it in fields, or only in words (section 5.2 of the im2 document prints
 * `系统将于22:00-24:00进行维护`); words are read only when they can mean one thing, by the clock of this computer.
 */
import type { Notice } from './notice.ts'

export interface MaintenanceWindow {
  readonly startsAt: number
  /** Null: nobody says how long it takes. */
  readonly endsAt: number | null
  /** Found in the words, not given as such. */
  readonly read: boolean
}

export type MaintenancePhase = 'before' | 'during' | 'after'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** One without an end is taken to be over after this. */
export const longestMs = dayMs

export function phaseOf({ startsAt, endsAt }: MaintenanceWindow, now: number): MaintenancePhase {
  if (now < startsAt) return 'before'
  return now < (endsAt ?? startsAt + longestMs) ? 'during' : 'after'
}

type Said = Pick<
  Notice,
  'kind' | 'title' | 'content' | 'estimatedDuration' | 'startsAt' | 'endsAt' | 'at' | 'maintenanceType'
>

/** Ms since 1970, the server's clock: from then on it says nothing any more; null: it stays. */
export function endOfNotice(notice: Said & Pick<Notice, 'expiresAt'>): number | null {
  const window = maintenanceWindow(notice)
  const ends = [
    ...(notice.expiresAt === null ? [] : [notice.expiresAt]),
    ...(window === null ? [] : [window.endsAt ?? window.startsAt + longestMs]),
  ]
  return ends.length === 0 ? null : Math.min(...ends)
}

/** Null for other notices, and where no time can be told. */
export function maintenanceWindow(notice: Said): MaintenanceWindow | null {
  if (notice.kind !== 'maintenance') return null
  const lasts = durationIn(notice.estimatedDuration ?? '')
  if (notice.startsAt !== null) {
    const { startsAt } = notice
    return { startsAt, endsAt: notice.endsAt ?? (lasts === null ? null : startsAt + lasts), read: false }
  }
  return notice.at > 0 ? windowIn(`${notice.content}\n${notice.title}`, notice.at, lasts) : null
}

const clock = '(\\d{1,2})[:：](\\d{2})(?![:：\\d])'
const range = new RegExp(
  `(?<![\\d:：])${clock}\\s*(?:-|–|—|~|～|至|到|to|until|till)\\s*(次日|翌日)?\\s*${clock}`,
  'gi',
)
const single = new RegExp(`(?<![\\d:：])${clock}`, 'g')

/** Ranges that say the same twice, as a title and its text do, are one. */
function windowIn(text: string, announcedAt: number, lasts: number | null): MaintenanceWindow | null {
  const day = dayIn(text, announcedAt)
  if (day === null) return null
  const ranges = [...text.matchAll(range)]
  if (ranges.length > 0) {
    const found = ranges.map(([, h1, m1, next, h2, m2]) => {
      const from = timeOfDay(h1, m1)
      const to = timeOfDay(h2, m2)
      if (from === null || to === null) return null
      return { from, to: next !== undefined || to <= from ? to + dayMs : to }
    })
    const [first] = found
    if (first === undefined || first === null || found.some((one) => one?.from !== first.from || one.to !== first.to))
      return null
    // Announced at noon for the small hours: it is those of the next day.
    const late = !day.named && at(day.start, first.to) <= announcedAt ? dayMs : 0
    return { startsAt: at(day.start, first.from + late), endsAt: at(day.start, first.to + late), read: true }
  }
  const times = new Set([...text.matchAll(single)].map(([, hours, minutes]) => timeOfDay(hours, minutes)))
  const [only] = times
  if (times.size !== 1 || only === undefined || only === null) return null
  const late = !day.named && at(day.start, only) + (lasts ?? 0) <= announcedAt ? dayMs : 0
  const startsAt = at(day.start, only + late)
  return { startsAt, endsAt: lasts === null ? null : startsAt + lasts, read: true }
}

/** As a clock on the wall would show it, over a change of summer time too. */
function at(dayStart: number, sinceMidnight: number): number {
  const day = new Date(dayStart)
  return new Date(day.getFullYear(), day.getMonth(), day.getDate(), 0, sinceMidnight / minuteMs).getTime()
}

function timeOfDay(hours: string | undefined, minutes: string | undefined): number | null {
  const [hour, minute] = [Number(hours), Number(minutes)]
  return hour > 24 || minute > 59 || (hour === 24 && minute > 0) ? null : hour * hourMs + minute * minuteMs
}

const dates =
  /(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})|(?<![\d年])(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]|(明天|明日|明晚|明早|明晨|\btomorrow\b)|(后天|后日)/gi

/** The day the words mean, at its midnight; null where they name several. */
function dayIn(text: string, announcedAt: number): { readonly start: number; readonly named: boolean } | null {
  const from = new Date(announcedAt)
  const inDays = (days: number): number =>
    new Date(from.getFullYear(), from.getMonth(), from.getDate() + days).getTime()
  const found = new Set<number>()
  for (const [, year, month, day, shortMonth, shortDay, tomorrow, dayAfter] of text.matchAll(dates)) {
    if (year !== undefined) found.add(new Date(Number(year), Number(month) - 1, Number(day)).getTime())
    else if (shortMonth !== undefined) found.add(nearest(from, Number(shortMonth) - 1, Number(shortDay)))
    else if (tomorrow !== undefined) found.add(inDays(1))
    else if (dayAfter !== undefined) found.add(inDays(2))
  }
  if (found.size > 1) return null
  const [only] = found
  return only === undefined ? { start: inDays(0), named: false } : { start: only, named: true }
}

/** Of this year, or of the next one where this year's is long past. */
function nearest(from: Date, month: number, day: number): number {
  const thisYear = new Date(from.getFullYear(), month, day).getTime()
  return thisYear < from.getTime() - 180 * dayMs ? new Date(from.getFullYear() + 1, month, day).getTime() : thisYear
}

const units: readonly (readonly [RegExp, number])[] = [
  [/(\d+(?:\.\d+)?)\s*(?:天|日|days?\b|d\b)/i, dayMs],
  [/(\d+(?:\.\d+)?)\s*(?:个?小时|个?钟头|时|hours?\b|hrs?\b|h\b)/i, hourMs],
  [/(\d+(?:\.\d+)?)\s*(?:分钟?|minutes?\b|mins?\b|m\b)/i, minuteMs],
]

/** Ms from words such as `2小时`, `1 hour 30 minutes` or `90 min`; null from others. */
export function durationIn(text: string): number | null {
  const halves = /半个?小时|half an hour/i.test(text) ? hourMs / 2 : 0
  let sum = halves
  for (const [pattern, size] of units) {
    const number = pattern.exec(text)?.[1]
    if (number !== undefined) sum += Number(number) * size
  }
  return sum > 0 && sum <= 30 * dayMs ? sum : null
}
