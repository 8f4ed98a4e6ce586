/** The days of a month as a calendar shows them: whole weeks, in the local zone. */

export interface CalendarDay {
  /** When it begins, ms since 1970. */
  readonly start: number
  readonly day: number
  readonly inMonth: boolean
}

/** 0 is Sunday, as `Date` has it. */
export function firstWeekday(locale: string): number {
  const intl = new Intl.Locale(locale).maximize() as Intl.Locale & {
    getWeekInfo?: () => { readonly firstDay: number }
    readonly weekInfo?: { readonly firstDay: number }
  }
  return (intl.getWeekInfo?.() ?? intl.weekInfo ?? { firstDay: 1 }).firstDay % 7
}

export function startOfMonth(at: number): number {
  const date = new Date(at)
  return new Date(date.getFullYear(), date.getMonth(), 1).getTime()
}

export function addMonths(month: number, count: number): number {
  const date = new Date(month)
  return new Date(date.getFullYear(), date.getMonth() + count, 1).getTime()
}

export function addDays(day: number, count: number): number {
  const date = new Date(day)
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + count).getTime()
}

/** As many whole weeks as the month touches. `month`: its start. */
export function weeksOf(month: number, firstDay: number): CalendarDay[][] {
  const first = new Date(month)
  const before = (first.getDay() - firstDay + 7) % 7
  const weeks: CalendarDay[][] = []
  for (let start = addDays(month, -before); start < addMonths(month, 1); start = addDays(start, 7)) {
    weeks.push(
      Array.from({ length: 7 }, (_, index) => {
        const at = addDays(start, index)
        const date = new Date(at)
        return { start: at, day: date.getDate(), inMonth: date.getMonth() === first.getMonth() }
      }),
    )
  }
  return weeks
}
