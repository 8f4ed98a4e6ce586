/** The tables of queued commands and of operations that wait for their message. */
import type { Database } from 'better-sqlite3'
import type { OutboxKind, OutboxRow, PendingRow, StoreRows } from '#electron/core/store/rows.ts'
import { bindFlag } from './values.ts'

interface OutboxColumns {
  readonly id: number
  readonly conversation_id: number
  readonly message_id: number
  readonly kind: OutboxKind
  readonly text: string
  readonly undo: string | null
  readonly held: number
  readonly composed_at: number
  readonly attempts: number
  readonly first_written_at: number | null
  readonly tried_ms: number
}

function readOutbox(columns: OutboxColumns): OutboxRow {
  return {
    id: columns.id,
    conversation: columns.conversation_id,
    message: columns.message_id,
    kind: columns.kind,
    text: columns.text,
    undo: columns.undo === null ? null : (JSON.parse(columns.undo) as OutboxRow['undo']),
    held: columns.held === 1,
    composedAt: columns.composed_at,
    attempts: columns.attempts,
    firstWrittenAt: columns.first_written_at,
    triedMs: columns.tried_ms,
  }
}

const named = 'm.server_id IS NOT NULL'
/** `sending` and `failed` stand first among the states; from the third on a message has arrived. */
const arrived = `${named} OR m.state > 1`
const fileIsThere = 'NOT EXISTS (SELECT 1 FROM attachments a WHERE a.message_id = m.id AND a.uploaded = 0)'

export function outboxRows(database: Database): StoreRows['outbox'] {
  const select = (rest: string) => database.prepare<unknown[], OutboxColumns>(`SELECT * FROM outbox ${rest}`)
  const insert = database.prepare(
    `INSERT INTO outbox (id, conversation_id, message_id, kind, text, undo, held, composed_at, attempts, first_written_at,
       tried_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const update = database.prepare(
    'UPDATE outbox SET text = ?, undo = ?, held = ?, attempts = ?, first_written_at = ?, tried_ms = ? WHERE id = ?',
  )
  const remove = database.prepare('DELETE FROM outbox WHERE id = ?')
  const byId = select('WHERE id = ?')
  const ofMessage = select('WHERE message_id = ? ORDER BY id')
  const checked = select(`WHERE kind IN ('send', 'edit') ORDER BY id`)
  const checkedOf = select(`WHERE conversation_id = ? AND kind IN ('send', 'edit') ORDER BY id`)
  // Steps from lane to lane on the index, so that a long queue costs no more than a short one.
  const headsWhere = (ready: string) =>
    select(
      `WHERE id IN (
       WITH RECURSIVE lanes (id) AS (
         SELECT min(conversation_id) FROM outbox
         UNION ALL
         SELECT (SELECT min(conversation_id) FROM outbox WHERE conversation_id > lanes.id)
         FROM lanes WHERE lanes.id IS NOT NULL
       )
       SELECT (
         SELECT o.id FROM outbox o JOIN messages m ON m.id = o.message_id
         WHERE o.conversation_id = lanes.id AND o.held = 0 AND (CASE o.kind WHEN 'send' THEN ${fileIsThere} ELSE ${ready} END)
         ORDER BY o.id LIMIT 1
       ) FROM lanes WHERE lanes.id IS NOT NULL
     ) ORDER BY id`,
    )
  const heads = headsWhere(arrived)
  const namedHeads = headsWhere(named)
  const size = database.prepare<[], number>('SELECT count(*) FROM outbox').pluck()
  const undoOf = (row: OutboxRow): string | null => (row.undo === null ? null : JSON.stringify(row.undo))
  const one = (found: OutboxColumns | undefined) => (found === undefined ? undefined : readOutbox(found))
  return {
    insert: (row) =>
      void insert.run(
        row.id,
        row.conversation,
        row.message,
        row.kind,
        row.text,
        undoOf(row),
        bindFlag(row.held),
        row.composedAt,
        row.attempts,
        row.firstWrittenAt,
        row.triedMs,
      ),
    update: (row) =>
      void update.run(row.text, undoOf(row), bindFlag(row.held), row.attempts, row.firstWrittenAt, row.triedMs, row.id),
    remove: (id) => void remove.run(id),
    byId: (id) => one(byId.get(id)),
    ofMessage: (message) => ofMessage.all(message).map(readOutbox),
    checked: (conversation) => (conversation === null ? checked.all() : checkedOf.all(conversation)).map(readOutbox),
    heads: (onlyNamed) => (onlyNamed ? namedHeads : heads).all().map(readOutbox),
    size: () => size.get() ?? 0,
  }
}

interface PendingColumns {
  readonly id: number
  readonly server_id: string
  readonly client_id: string
  readonly type: string
  readonly event: string
}

function readPending(columns: PendingColumns): PendingRow {
  return {
    serverId: columns.server_id,
    clientId: columns.client_id,
    type: columns.type,
    event: columns.event,
  }
}

export function pendingRows(database: Database): StoreRows['pending'] {
  const ids = database.prepare<[], Pick<PendingColumns, 'server_id' | 'client_id'>>(
    'SELECT server_id, client_id FROM pending_ops',
  )
  const get = database.prepare<[string, string, string], PendingColumns>(
    'SELECT * FROM pending_ops WHERE server_id = ? AND client_id = ? AND type = ?',
  )
  const put = database.prepare(
    `INSERT INTO pending_ops (server_id, client_id, type, event) VALUES (?, ?, ?, ?)
     ON CONFLICT (server_id, client_id, type) DO UPDATE SET event = excluded.event`,
  )
  const dropOldest = database.prepare(
    'DELETE FROM pending_ops WHERE id IN (SELECT id FROM pending_ops ORDER BY id LIMIT ?)',
  )
  const find = database.prepare<[string, string], PendingColumns>(
    `SELECT * FROM pending_ops WHERE (server_id <> '' AND server_id = ?) OR (client_id <> '' AND client_id = ?) ORDER BY id`,
  )
  const remove = database.prepare('DELETE FROM pending_ops WHERE id = ?')
  return {
    waitedFor() {
      const waited = new Set<string>()
      for (const row of ids.all()) {
        if (row.server_id !== '') waited.add(`s${row.server_id}`)
        if (row.client_id !== '') waited.add(`c${row.client_id}`)
      }
      return waited
    },
    get(serverId, clientId, type) {
      const found = get.get(serverId, clientId, type)
      return found && readPending(found)
    },
    put: (row) => void put.run(row.serverId, row.clientId, row.type, row.event),
    dropOldest: (count) => void dropOldest.run(count),
    take(serverId, clientId) {
      const found = find.all(serverId ?? '', clientId ?? '')
      for (const { id } of found) remove.run(id)
      return found.map(readPending)
    },
  }
}
