/** What the rows of messages take up, which of them may be let go, and the pages of the file. */
import type { Database } from 'better-sqlite3'
import { deliveryStates } from '#common/domain/delivery.ts'
import type { StoreRows } from '#electron/core/store/rows.ts'

/** It has arrived, and nothing is to be done to it any more. */
const settled = `state > ${deliveryStates.indexOf('failed')}
  AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.message_id = messages.id)`
const withFile = `kind IN ('image', 'file', 'voice', 'video')`

interface UseColumns {
  readonly conversation_id: number
  readonly count: number
  readonly bytes: number
}

interface FactColumns {
  readonly id: number
  readonly conversation_id: number
  readonly kind: string
  readonly at: number
  readonly deleted: number
  readonly settled: number
}

export function storageRows(database: Database): StoreRows['storage'] {
  const page = `SELECT id, conversation_id, deleted, octet_length(text) + ifnull(octet_length(extra), 0) + ifnull(octet_length(marks), 0)
      + ifnull(length(server_id), 0) + ifnull(length(client_id), 0) + length(sender_id) AS bytes
    FROM messages WHERE id > @after ORDER BY id LIMIT @limit`
  const use = database.prepare<{ after: number; limit: number }, UseColumns>(
    `SELECT conversation_id, count(*) AS count, sum(bytes) AS bytes FROM (${page}) WHERE deleted = 0 GROUP BY conversation_id`,
  )
  const last = database
    .prepare<{ after: number; limit: number }, number | null>(
      'SELECT id FROM messages WHERE id > @after ORDER BY id LIMIT 1 OFFSET @limit - 1',
    )
    .pluck()
  const facts = database.prepare<[string], FactColumns>(
    `SELECT id, conversation_id, kind, coalesce(server_time, local_time) AS at, deleted, ${settled} AS settled
     FROM messages WHERE id IN (SELECT value FROM json_each(?))`,
  )
  const settledFiles = database
    .prepare<[number], number>(
      `SELECT id FROM messages WHERE conversation_id = ? AND deleted = 0 AND ${withFile} AND ${settled}`,
    )
    .pluck()
  const clearTraces = database.prepare(
    `DELETE FROM trace WHERE message_id IN (SELECT id FROM messages WHERE conversation_id = ? AND deleted = 0 AND ${settled})`,
  )
  const erase = database.prepare(
    `UPDATE messages SET deleted = 1, unread = 0, mentioned = 0, pinned = 0, kind = 'text', text = '', extra = NULL,
       marks = NULL, revision = ?
     WHERE conversation_id = ? AND deleted = 0 AND ${settled}`,
  )
  const number = (pragma: string): number => database.pragma(pragma, { simple: true }) as number
  return {
    use: (after, limit) => ({
      last: last.get({ after, limit }) ?? null,
      amounts: use
        .all({ after, limit })
        .map(({ conversation_id, count, bytes }) => ({ conversation: conversation_id, count, bytes })),
    }),
    facts: (ids) =>
      facts.all(JSON.stringify(ids)).map((row) => ({
        id: row.id,
        conversation: row.conversation_id,
        kind: row.kind,
        at: row.at,
        gone: row.deleted === 1,
        settled: row.settled === 1,
      })),
    settledFiles: (conversation) => settledFiles.all(conversation),
    erase(conversation, revision) {
      clearTraces.run(conversation)
      return erase.run(revision, conversation).changes
    },
    pages() {
      const pageBytes = number('page_size')
      return { bytes: number('page_count') * pageBytes, free: number('freelist_count') * pageBytes }
    },
    compact() {
      // Words of what is gone stay in the index until its parts are merged.
      database.prepare(`INSERT INTO search (search) VALUES ('optimize')`).run()
      // The copy of a large file has no place in memory.
      database.pragma('temp_store = FILE')
      try {
        database.exec('VACUUM')
      } finally {
        database.pragma('temp_store = MEMORY')
      }
      database.pragma('wal_checkpoint(TRUNCATE)')
    },
  }
}
