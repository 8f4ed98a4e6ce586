/** How many rows there are, for diagnostics. */
import type { Database } from 'better-sqlite3'
import type { StoreRows } from '#electron/core/store/rows.ts'

export function countRows(database: Database): StoreRows['counts'] {
  // Ranges of one conversation never touch: between two of them there is always a gap.
  const few = database.prepare<[], { undecoded: number; holes: number; conversations: number }>(
    `SELECT (SELECT COUNT(*) FROM undecoded) AS undecoded,
       (SELECT COUNT(*) - COUNT(DISTINCT conversation_id) FROM sequence_ranges) AS holes,
       (SELECT COUNT(*) FROM conversations) AS conversations`,
  )
  const messages = database.prepare<[], number>('SELECT COUNT(*) FROM messages').pluck()
  return {
    few: () => few.get() ?? { undecoded: 0, holes: 0, conversations: 0 },
    messages: () => messages.get() ?? 0,
  }
}
