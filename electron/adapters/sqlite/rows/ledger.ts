/** The table of what was decided about notifications (migration 7). */
import type { Database } from 'better-sqlite3'
import type { LedgerEntry } from '#common/domain/notification/ledger.ts'
import type { StoreRows } from '#electron/core/store/rows.ts'
import { bindFlag } from './values.ts'

interface LedgerColumns {
  readonly id: number
  readonly at: number
  readonly channel: LedgerEntry['channel']
  readonly kind: LedgerEntry['kind']
  readonly conversation_id: string | null
  readonly message_id: number | null
  readonly notice_id: string | null
  readonly shown: number
  readonly sound: number
  readonly reason: LedgerEntry['reason']
  readonly until: number | null
}

function read(columns: LedgerColumns): LedgerEntry {
  const { id, at, channel, kind, reason, until } = columns
  return {
    id,
    at,
    channel,
    kind,
    conversationId: columns.conversation_id,
    messageId: columns.message_id,
    noticeId: columns.notice_id,
    shown: columns.shown === 1,
    sound: columns.sound === 1,
    reason,
    until,
  }
}

const shownOf = { all: null, shown: 1, withheld: 0 } as const

interface Bound {
  readonly before: number | null
  readonly since: number
  readonly conversation: string | null
  readonly shown: number | null
  readonly limit: number
}

export function ledgerRows(database: Database): StoreRows['ledger'] {
  const add = database.prepare(
    `INSERT OR IGNORE INTO ledger
       (at, channel, kind, conversation_id, message_id, notice_id, shown, sound, reason, until)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  // The table is small and read from its end: no index beside the key is worth its keeping.
  const list = database.prepare<Bound, LedgerColumns>(
    `SELECT * FROM ledger
     WHERE (@before IS NULL OR id < @before) AND at >= @since
       AND (@conversation IS NULL OR conversation_id = @conversation)
       AND (@shown IS NULL OR shown = @shown)
     ORDER BY id DESC LIMIT @limit`,
  )
  const trimOld = database.prepare('DELETE FROM ledger WHERE at < ?')
  const trimMany = database.prepare(
    'DELETE FROM ledger WHERE id <= (SELECT id FROM ledger ORDER BY id DESC LIMIT 1 OFFSET ?)',
  )
  const forget = database.prepare('DELETE FROM ledger WHERE conversation_id = ?')
  return {
    add: (entry) =>
      void add.run(
        entry.at,
        entry.channel,
        entry.kind,
        entry.conversationId,
        entry.messageId,
        entry.noticeId,
        bindFlag(entry.shown),
        bindFlag(entry.sound),
        entry.reason,
        entry.until,
      ),
    list: ({ before, since, conversationId, outcome, limit }) =>
      list.all({ before, since, conversation: conversationId, shown: shownOf[outcome], limit }).map(read),
    trim(most, since) {
      trimOld.run(since)
      trimMany.run(most)
    },
    forget: (conversationId) => void forget.run(conversationId),
  }
}
