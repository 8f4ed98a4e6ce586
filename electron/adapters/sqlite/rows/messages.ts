/** The messages table. */
import type { Database } from 'better-sqlite3'
import { deliveryProofs, deliveryStates } from '#common/domain/delivery.ts'
import type { MessageRow, Place, StoreRows } from '#electron/core/store/rows.ts'
import { type MessageColumns, extraColumn, marksColumn, readMessage, wordsColumn } from './messageCodec.ts'
import { bindFlag, bindSequence } from './values.ts'

/** Sequences are read as text, under a name of its own: a number would round them, and text would sort as text. */
export const messageColumns = `id, conversation_id, CAST(order_seq AS TEXT) AS order_text, order_time, numbered, server_id, client_id,
  sender_id, server_time, local_time, state, proof, unread, mentioned, pinned, deleted, revision, kind, text, extra, marks`
const tie = `coalesce(server_id, client_id, '')`
const place = `(order_seq, order_time, ${tie})`
const forwards = `ORDER BY order_seq, order_time, ${tie}`
const backwards = `ORDER BY order_seq DESC, order_time DESC, ${tie} DESC`
/** The largest int64, where messages wait that the server has not confirmed. */
const pending = '9223372036854775807'

/** All values but the id, in the order of the statements below. */
export const insertMessageSql = `
  INSERT INTO messages (conversation_id, order_seq, order_time, numbered, server_id, client_id, sender_id, server_time,
    local_time, state, proof, unread, mentioned, pinned, deleted, revision, kind, text, extra, marks)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT DO NOTHING`

export function messageRows(database: Database): StoreRows['messages'] {
  const select = (rest: string) =>
    database.prepare<unknown[], MessageColumns>(`SELECT ${messageColumns} FROM messages ${rest}`)
  const insert = database.prepare(insertMessageSql)
  const update = database.prepare(`
    UPDATE messages SET order_seq = ?, order_time = ?, numbered = ?, server_id = ?, client_id = ?, server_time = ?,
      state = ?, proof = ?, unread = ?, mentioned = ?, pinned = ?, deleted = ?, revision = ?, kind = ?, text = ?,
      extra = ?, marks = ?
    WHERE id = ?`)
  const byId = select('WHERE id = ?')
  const byServerId = select('WHERE server_id = ?')
  const byClientId = select('WHERE client_id = ? AND sender_id = ?')
  const newest = select(`WHERE conversation_id = ? AND deleted = 0 ${backwards} LIMIT ?`)
  const before = select(`WHERE conversation_id = ? AND deleted = 0 AND ${place} < (?, ?, ?) ${backwards} LIMIT ?`)
  const after = select(`WHERE conversation_id = ? AND deleted = 0 AND ${place} > (?, ?, ?) ${forwards} LIMIT ?`)
  const oldest = select(`WHERE conversation_id = ? AND deleted = 0 ${forwards} LIMIT 1`)
  // For all but a few the place's time is the server's, and the index has it: rows are read only when they are wanted.
  const notBefore = select(
    `WHERE conversation_id = ? AND order_time >= ? AND order_seq < ${pending} AND deleted = 0 ${forwards} LIMIT 1`,
  )
  const timesBetween = database
    .prepare<[number, number, number], number>(
      `SELECT order_time FROM messages
       WHERE conversation_id = ? AND order_time >= ? AND order_time < ? AND order_seq < ${pending} AND deleted = 0`,
    )
    .pluck()
  const lastConfirmed = select(`WHERE conversation_id = ? AND order_seq < ${pending} ${backwards} LIMIT 1`)
  const newestConfirmed = select(
    `WHERE conversation_id = ? AND order_seq < ${pending} AND deleted = 0 ${backwards} LIMIT 1`,
  )
  // Of the messages that share a sequence the numbered one is the earliest, so each step looks at one row.
  const anchor = database
    .prepare<{ conversation: number; time: number }, string | null>(
      `WITH RECURSIVE steps (seq) AS (
         SELECT max(order_seq) FROM messages WHERE conversation_id = @conversation AND order_seq < ${pending}
         UNION ALL
         SELECT (SELECT max(order_seq) FROM messages WHERE conversation_id = @conversation AND order_seq < steps.seq)
         FROM steps WHERE steps.seq IS NOT NULL
       )
       SELECT CAST(seq AS TEXT) FROM steps
       WHERE seq IS NOT NULL AND EXISTS (
         SELECT 1 FROM messages
         WHERE conversation_id = @conversation AND order_seq = seq AND order_time <= @time AND numbered = 1 AND server_time <= @time
       )
       LIMIT 1`,
    )
    .pluck()
  const unnumberedAtStart = select(
    `WHERE conversation_id = ? AND order_seq = 0 AND numbered = 0 AND order_time >= ? AND server_time >= ?`,
  )
  // The planner would rather walk the whole timeline than the few rows of this index.
  const unnumberedBetween = database.prepare<unknown[], MessageColumns>(
    `SELECT ${messageColumns} FROM messages INDEXED BY messages_between
     WHERE conversation_id = ? AND numbered = 0 AND order_seq > 0 AND order_time >= ? AND server_time >= ?
       AND order_seq < ?`,
  )
  const pinnedOf = select(`WHERE conversation_id = ? AND pinned = 1 AND deleted = 0 ${backwards} LIMIT ?`)
  const unreadUpTo = select(`WHERE conversation_id = ? AND unread = 1 AND ${place} <= (?, ?, ?)`)

  const unreadOf = (also: string) =>
    database.prepare<unknown[], MessageColumns>(
      `SELECT ${messageColumns} FROM messages INDEXED BY messages_unread
       WHERE conversation_id = ? AND unread = 1 ${also} ${forwards} LIMIT ?`,
    )
  const unread = { all: unreadOf(''), mentions: unreadOf('AND mentioned = 1') }
  const withFiles = select(
    `WHERE conversation_id = ? AND deleted = 0 AND kind IN ('image', 'file', 'voice', 'video') ${forwards}`,
  )
  const settled = `conversation_id = ? AND state <> ${deliveryStates.indexOf('sending')}`
  const clearTraces = database.prepare(
    `DELETE FROM trace WHERE message_id IN (SELECT id FROM messages WHERE ${settled})`,
  )
  const eraseAll = database.prepare(
    `UPDATE messages SET deleted = 1, unread = 0, mentioned = 0, pinned = 0, kind = 'text', text = '', extra = NULL,
       marks = NULL, revision = ?
     WHERE ${settled} AND deleted = 0`,
  )

  const at = (where: Place) => [bindSequence(where.sequence), where.time, where.tie] as const
  const stateOf = (row: MessageRow): number => deliveryStates.indexOf(row.state)
  const proofOf = (row: MessageRow): number | null => (row.proof === null ? null : deliveryProofs.indexOf(row.proof))
  const one = (found: MessageColumns | undefined) => (found === undefined ? undefined : readMessage(found))

  return {
    insert(row) {
      const result = insert.run(
        row.conversation,
        bindSequence(row.orderSequence),
        row.orderTime,
        row.sequence === null ? 0 : 1,
        row.serverId,
        row.clientId,
        row.senderId,
        row.serverTime,
        row.localTime,
        stateOf(row),
        proofOf(row),
        bindFlag(row.unread),
        bindFlag(row.mentioned),
        bindFlag(row.pinned),
        bindFlag(row.deleted),
        row.revision,
        row.content.kind,
        wordsColumn(row.content),
        extraColumn(row.content),
        marksColumn(row),
      )
      return result.changes === 0 ? null : Number(result.lastInsertRowid)
    },
    update(row) {
      update.run(
        bindSequence(row.orderSequence),
        row.orderTime,
        row.sequence === null ? 0 : 1,
        row.serverId,
        row.clientId,
        row.serverTime,
        stateOf(row),
        proofOf(row),
        bindFlag(row.unread),
        bindFlag(row.mentioned),
        bindFlag(row.pinned),
        bindFlag(row.deleted),
        row.revision,
        row.content.kind,
        wordsColumn(row.content),
        extraColumn(row.content),
        marksColumn(row),
        row.id,
      )
    },
    byId: (id) => one(byId.get(id)),
    byServerId: (serverId) => one(byServerId.get(serverId)),
    byClientId: (senderId, clientId) => one(byClientId.get(clientId, senderId)),
    newest: (conversation, limit) => newest.all(conversation, limit).map(readMessage),
    before: (conversation, where, limit) => before.all(conversation, ...at(where), limit).map(readMessage),
    after: (conversation, where, limit) => after.all(conversation, ...at(where), limit).map(readMessage),
    oldest: (conversation) => one(oldest.get(conversation)),
    notBefore: (conversation, time) => one(notBefore.get(conversation, time)),
    countByDay(conversation, starts) {
      const counts = starts.slice(1).map(() => 0)
      const [first, last] = [starts[0], starts.at(-1)]
      if (first === undefined || last === undefined) return counts
      for (const time of timesBetween.iterate(conversation, first, last)) {
        const day = starts.findLastIndex((start) => start <= time)
        counts[day] = (counts[day] ?? 0) + 1
      }
      return counts
    },
    lastConfirmed(conversation) {
      const row = one(lastConfirmed.get(conversation))
      return row && { sequence: row.orderSequence, time: row.orderTime, tie: row.serverId ?? row.clientId ?? '' }
    },
    newestConfirmed: (conversation) => one(newestConfirmed.get(conversation)),
    anchor: (conversation, serverTime) => anchor.get({ conversation, time: serverTime }) ?? undefined,
    unnumberedBefore: (conversation, sequence, serverTime) => [
      ...(sequence === '0' ? [] : unnumberedAtStart.all(conversation, serverTime, serverTime)).map(readMessage),
      ...unnumberedBetween.all(conversation, serverTime, serverTime, bindSequence(sequence)).map(readMessage),
    ],
    pinned: (conversation, limit) => pinnedOf.all(conversation, limit).map(readMessage),
    unreadUpTo: (conversation, where) => unreadUpTo.all(conversation, ...at(where)).map(readMessage),
    unread: (conversation, only, limit) => unread[only].all(conversation, limit).map(readMessage),
    withFiles: (conversation) => withFiles.all(conversation).map(readMessage),
    eraseAll(conversation, revision) {
      clearTraces.run(conversation)
      eraseAll.run(revision, conversation)
    },
  }
}
