/** Quiet hours: the same time of every day, by the clock on the wall. */

/** Minutes since midnight. Over midnight when `to` is not later than `from`; the whole day when they are the same. */
export interface QuietHours {
  readonly from: number
  readonly to: number
}

/** `at` and the answer: local clock, ms since 1970. When the quiet that holds at that moment ends; null: it is not quiet. */
export function quietUntil({ from, to }: QuietHours, at: number): number | null {
  const now = new Date(at)
  const minute = now.getHours() * 60 + now.getMinutes()
  const isQuiet = from < to ? from <= minute && minute < to : from <= minute || minute < to
  if (!isQuiet) return null
  const days = minute < to ? 0 : 1
  // By the calendar, so that a night with a change of summer time ends when the clock says so.
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, 0, to).getTime()
}
