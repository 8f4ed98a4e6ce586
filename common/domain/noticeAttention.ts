/** What a notice asks of its reader, and when it has nothing to say any more. Times are of the server's clock. */
import { type MaintenanceWindow, maintenanceWindow, phaseOf } from './maintenance.ts'
import { type Notice, isInsistent, isQuiet } from './notice.ts'

/** Why one waits: it asks to be acknowledged, or it was not read. */
export type NoticeReason = 'acknowledge' | 'unread'

const windows = new WeakMap<Notice, { readonly window: MaintenanceWindow | null }>()

/** When it is a maintenance whose time can be told. */
export function windowOf(notice: Notice): MaintenanceWindow | null {
  const known = windows.get(notice) ?? { window: maintenanceWindow(notice) }
  windows.set(notice, known)
  return known.window
}

/** Its time has run out, or the maintenance is done. */
export function isOver(notice: Notice, now: number): boolean {
  const window = windowOf(notice)
  return (window !== null && phaseOf(window, now) === 'after') || (notice.expiresAt !== null && notice.expiresAt <= now)
}

/** Null: it waits for nobody. */
export function noticeReason(notice: Notice, now: number): NoticeReason | null {
  if (isQuiet(notice) || isOver(notice, now) || notice.acknowledgedAt !== null) return null
  if (isInsistent(notice)) return 'acknowledge'
  return notice.readAt === null ? 'unread' : null
}
