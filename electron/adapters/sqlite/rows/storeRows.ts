/**
 * The rows port over SQLite, and its transactions. `full` ones end with an fsync of the log: a message that was accepted
 * survives a power cut. The pragma is switched outside the transaction, because inside it has no effect.
 */
import type { Database } from 'better-sqlite3'
import type { StoreRows } from '#electron/core/store/rows.ts'
import { toStorageError } from '../errors.ts'
import { factRows, metaRows, noticeRows, peopleRows, policyRows, undecodedRows } from './account.ts'
import { countRows } from './counts.ts'
import { ledgerRows } from './ledger.ts'
import { conversationRows, memberRows, rangeRows } from './conversations.ts'
import { mediaRows } from './media.ts'
import { preferenceRows } from './preferences.ts'
import { messageRows } from './messages.ts'
import { attachmentRows } from './attachments.ts'
import { outboxRows, pendingRows } from './outbox.ts'
import { searchRows } from './search.ts'
import { storageRows } from './storage.ts'
import { traceRows } from './trace.ts'

export function storeRows(database: Database): StoreRows {
  const begin = database.prepare('BEGIN IMMEDIATE')
  const commit = database.prepare('COMMIT')
  const rollback = database.prepare('ROLLBACK')

  function inTransaction<T>(run: () => T): T {
    begin.run()
    try {
      const value = run()
      commit.run()
      return value
    } finally {
      // Only after a failure; SQLite has ended the worst of them by itself.
      if (database.inTransaction) rollback.run()
    }
  }

  function durably<T>(run: () => T): T {
    database.pragma('synchronous = FULL')
    try {
      return inTransaction(run)
    } finally {
      database.pragma('synchronous = NORMAL')
    }
  }

  return {
    transaction(durability, run) {
      try {
        return durability === 'full' ? durably(run) : inTransaction(run)
      } catch (error) {
        throw toStorageError(error)
      }
    },
    meta: metaRows(database),
    conversations: conversationRows(database),
    preferences: preferenceRows(database),
    members: memberRows(database),
    messages: messageRows(database),
    media: mediaRows(database),
    search: searchRows(database),
    storage: storageRows(database),
    pending: pendingRows(database),
    ranges: rangeRows(database),
    outbox: outboxRows(database),
    trace: traceRows(database),
    attachments: attachmentRows(database),
    people: peopleRows(database),
    notices: noticeRows(database),
    policy: policyRows(database),
    ledger: ledgerRows(database),
    counts: countRows(database),
    undecoded: undecodedRows(database),
    facts: factRows(database),
  }
}
