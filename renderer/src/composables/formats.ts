/** Times, dates and sizes in the language of the window. */
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { useNow } from './now.ts'

const dayMs = 86_400_000
const minuteMs = 60_000

function startOfDay(at: number): number {
  const day = new Date(at)
  day.setHours(0, 0, 0, 0)
  return day.getTime()
}

/** Whole days of the local calendar between two times. */
export function daysBetween(earlier: number, later: number): number {
  return Math.round((startOfDay(later) - startOfDay(earlier)) / dayMs)
}

/** Bytes in the largest unit that leaves a number to look at. */
export function shownSize(bytes: number, locale: string): string {
  const units = ['B', 'KB', 'MB', 'GB']
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return `${new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(value)} ${units[unit] ?? ''}`
}

export function useFormats() {
  const { t, locale } = useI18n()
  const now = useNow(minuteMs)

  const formats = computed(() => {
    const make = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
      new Intl.DateTimeFormat(locale.value, options)
    return {
      time: make({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
      second: make({ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }),
      weekday: make({ weekday: 'short' }),
      monthDay: make({ month: 'numeric', day: 'numeric' }),
      shortDate: make({ year: 'numeric', month: 'numeric', day: 'numeric' }),
      day: make({ weekday: 'long', month: 'long', day: 'numeric' }),
      dayOfYear: make({ weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' }),
      full: make({ dateStyle: 'medium', timeStyle: 'medium' }),
      number: new Intl.NumberFormat(locale.value, { maximumFractionDigits: 1 }),
    }
  })
  const thisYear = (at: number): boolean => new Date(at).getFullYear() === new Date(now.value).getFullYear()

  return {
    now,
    clock: (at: number): string => formats.value.time.format(at),
    /** To the second, for what is measured in seconds. */
    second: (at: number): string => formats.value.second.format(at),
    full: (at: number): string => formats.value.full.format(at),
    /** For lists: the time of today, else the day, as short as it can be told. */
    brief(at: number): string {
      const days = daysBetween(at, now.value)
      if (days <= 0) return formats.value.time.format(at)
      if (days === 1) return t('time.yesterday')
      if (days < 7) return formats.value.weekday.format(at)
      return (thisYear(at) ? formats.value.monthDay : formats.value.shortDate).format(at)
    },
    /** A time to come: of today the clock, else the day too. */
    soon(at: number): string {
      const days = daysBetween(now.value, at)
      const time = formats.value.time.format(at)
      if (days <= 0) return time
      if (days === 1) return t('time.tomorrowAt', { time })
      return `${(thisYear(at) ? formats.value.monthDay : formats.value.shortDate).format(at)} ${time}`
    },
    /** A day and its time, whatever day it is. */
    dated: (at: number): string =>
      `${(thisYear(at) ? formats.value.monthDay : formats.value.shortDate).format(at)} ${formats.value.time.format(at)}`,
    /** For the line between two days. */
    day(at: number): string {
      const days = daysBetween(at, now.value)
      if (days === 0) return t('time.today')
      if (days === 1) return t('time.yesterday')
      return (thisYear(at) ? formats.value.day : formats.value.dayOfYear).format(at)
    },
    /** A difference of clocks, signed: plus when theirs is ahead. */
    offset(ms: number): string {
      const sign = ms < 0 ? '−' : '+'
      const size = Math.abs(ms)
      const n = (value: number): string => `${sign}${formats.value.number.format(value)}`
      if (size < 1_000) return t('diagnostics.ms', { n: n(Math.round(size)) })
      if (size < 2 * minuteMs) return t('diagnostics.seconds', { n: n(size / 1_000) })
      return t('diagnostics.minutes', { n: n(size / minuteMs) })
    },
    size: (bytes: number): string => shownSize(bytes, locale.value),
    /** Seconds as minutes and seconds. */
    duration: (seconds: number): string =>
      `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`,
  }
}

export type Formats = ReturnType<typeof useFormats>
