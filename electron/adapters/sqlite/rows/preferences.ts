/** The table of what the user decided about conversations. */
import type { Database } from 'better-sqlite3'
import { type Preferences, noPreferences } from '#common/domain/conversation.ts'
import type { StoreRows } from '#electron/core/store/rows.ts'
import { bindFlag } from './values.ts'

export const preferenceColumns = 'pinned, muted_until, archived, marked_unread, hidden, alias'

/** All null where the conversation has no row. */
export interface PreferenceColumns {
  readonly pinned: number | null
  readonly muted_until: number | null
  readonly archived: number | null
  readonly marked_unread: number | null
  readonly hidden: number | null
  readonly alias: string | null
}

export function readPreferences(columns: PreferenceColumns): Preferences {
  if (columns.pinned === null) return noPreferences
  return {
    pinned: columns.pinned === 1,
    mutedUntil: columns.muted_until,
    archived: columns.archived === 1,
    markedUnread: columns.marked_unread === 1,
    hidden: columns.hidden === 1,
    alias: columns.alias,
  }
}

export function preferenceRows(database: Database): StoreRows['preferences'] {
  const put = database.prepare(
    `INSERT OR REPLACE INTO preferences (conversation_id, ${preferenceColumns}) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  )
  return {
    put: (conversation, { pinned, mutedUntil, archived, markedUnread, hidden, alias }) =>
      void put.run(
        conversation,
        bindFlag(pinned),
        mutedUntil,
        bindFlag(archived),
        bindFlag(markedUnread),
        bindFlag(hidden),
        alias,
      ),
  }
}
