/**
 * What can still be read of a damaged account, in the order of its worth: what waits to be sent and the drafts first,
 * then the rest. The target is empty, at the source's version, and its foreign keys are off.
 *
 * Promises: every row keeps its id and place; a queued message whose row is lost comes from its copy, and a queue whose
 * own rows are lost is made again from the messages that say they are on their way; where messages are lost, the numbers known of their conversations are too, so that a hole is
 * shown. Must never take rows of another user.
 */
import type { Database } from 'better-sqlite3'
import type { RepairReport } from '#common/domain/storage.ts'
import { type Row, type Reading, copyTable, insertInto, readableRows } from './rows.ts'
import { dropOrphans } from './salvageTables.ts'
import { tablesOf } from './tables.ts'

const jsonColumns: Readonly<Record<string, readonly string[]>> = {
  conversations: ['last'],
  messages: ['extra', 'marks'],
  outbox_copies: ['extra'],
  outbox: ['undo'],
  pending_ops: ['event'],
  notices: ['body'],
  policy_history: ['replaced'],
}

/** `sending` stands first among the states, and what is not yet placed by the server stands last of all. */
const onItsWay = 'state = 0 AND server_id IS NULL AND order_seq = 9223372036854775807 AND deleted = 0'

export type Saved = Omit<RepairReport, 'keptAs'>

export interface SalvageOptions {
  /** Null when nothing of the file can be read. */
  readonly source: Database | null
  readonly target: Database
  readonly selfId: string
}

export function salvageAccount({ source, target, selfId }: SalvageOptions): Saved {
  const lost = { messages: false }
  if (source !== null && isOf(source, selfId)) {
    const queueIsWhole = target.transaction(() => salvageQueue(source, target)).immediate()
    target.transaction(() => salvageConversations(source, target)).immediate()
    lost.messages = target.transaction(() => salvageRest(source, target)).immediate()
    target.transaction(() => {
      insertInto(target, 'meta')({ id: 1, self_id: selfId })
      if (!queueIsWhole) remakeQueue(target)
      dropOrphans(target, 'messages')
      if (lost.messages) showHoles(target)
      settleNumbers(target)
    })()
  }
  const count = (sql: string): number => Number(target.prepare<[], number>(sql).pluck().get() ?? 0)
  return {
    queued: count('SELECT count(*) FROM outbox'),
    drafts: count("SELECT count(*) FROM conversations WHERE draft <> ''"),
    conversations: count('SELECT count(*) FROM conversations'),
    messages: count('SELECT count(*) FROM messages WHERE deleted = 0'),
    whole: source !== null && !lost.messages,
  }
}

/** A file that cannot say whose it is lies in the account's own folder and counts as its own. */
function isOf(source: Database, selfId: string): boolean {
  const reading: Reading = { whole: true }
  if (!tablesOf(source).includes('meta')) return false
  for (const { self_id: owner } of readableRows(source, 'meta', reading)) return owner === selfId
  return true
}

/** Answers whether the whole queue could be read. */
function salvageQueue(source: Database, target: Database): boolean {
  const reading: Reading = { whole: true }
  const insert = {
    conversation: insertInto(target, 'conversations', jsonColumns['conversations']),
    message: insertInto(target, 'messages', jsonColumns['messages']),
    attachment: insertInto(target, 'attachments'),
    entry: insertInto(target, 'outbox', jsonColumns['outbox']),
  }
  let whole = true
  for (const entry of readRows(source, 'outbox', reading)) {
    const message = oneRow(source, 'messages', 'id', entry['message_id'])
    const conversation = oneRow(source, 'conversations', 'id', entry['conversation_id'])
    const attachment = oneRow(source, 'attachments', 'message_id', entry['message_id'])
    if (conversation !== undefined) insert.conversation(conversation)
    if (message !== undefined) insert.message(message)
    if (attachment !== undefined) insert.attachment(attachment)
    if (!insert.entry(entry)) whole = false
  }
  // Only what is not there yet.
  for (const copy of readRows(source, 'outbox_copies', { whole: true })) insert.message(copy)
  return whole && reading.whole
}

/** None where the table itself is lost. */
function* readRows(source: Database, table: string, reading: Reading): Generator<Row> {
  if (tablesOf(source).includes(table)) yield* readableRows(source, table, reading)
  else reading.whole = false
}

function oneRow(source: Database, table: string, column: string, value: unknown): Row | undefined {
  try {
    const found = source.prepare<[unknown], Row>(`SELECT * FROM "${table}" WHERE "${column}" = ?`).safeIntegers()
    return found.get(value)
  } catch (error) {
    if (isUnreadable(error)) return undefined
    throw error
  }
}

function isUnreadable(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^SQLITE_(CORRUPT|ERROR|NOTADB)/.test(String(error.code))
}

/** Drafts are here. A conversation whose row is lost is made again from its name, which an index holds as well. */
function salvageConversations(source: Database, target: Database): void {
  const reading: Reading = { whole: true }
  copyTable(source, target, 'conversations', { jsonColumns: jsonColumns['conversations'] ?? [], reading })
  if (reading.whole) return
  const insert = insertInto(target, 'conversations')
  for (const { id, name } of namesByIndex(source)) {
    const [kind, targetId] = /^(direct|group):(.+)$/s.exec(name)?.slice(1) ?? []
    if (targetId !== undefined) insert({ id, name, kind, target_id: targetId, membership: 'member' })
  }
}

function namesByIndex(source: Database): { id: bigint; name: string }[] {
  try {
    return source
      .prepare<[], { id: bigint; name: string }>(
        `SELECT id, name FROM conversations INDEXED BY sqlite_autoindex_conversations_1 WHERE name > ''`,
      )
      .safeIntegers()
      .all()
  } catch (error) {
    if (isUnreadable(error)) return []
    throw error
  }
}

/** Answers whether messages were lost. */
function salvageRest(source: Database, target: Database): boolean {
  const first = ['messages', 'attachments', 'sequence_ranges', 'pending_ops', 'members', 'people', 'notices']
  const others = tablesOf(target).filter((table) => ![...first, 'outbox', 'conversations'].includes(table))
  target.exec('DELETE FROM policy')
  let lost = false
  for (const table of [...first, ...others]) {
    const reading: Reading = { whole: true }
    copyTable(source, target, table, { jsonColumns: jsonColumns[table] ?? [], reading })
    if (table === 'messages') lost = !reading.whole
  }
  target.exec('INSERT OR IGNORE INTO policy (id, revision) VALUES (1, 0)')
  return lost
}

/** The place of a message on its way is its number in the queue. It may have been written: it cannot be taken back. */
function remakeQueue(target: Database): void {
  target.exec(
    `INSERT OR IGNORE INTO outbox (id, conversation_id, message_id, kind, text, held, composed_at, attempts)
     SELECT order_time, conversation_id, id, 'send', '', 0, local_time, 1 FROM messages
     WHERE ${onItsWay} AND NOT EXISTS (SELECT 1 FROM outbox WHERE message_id = messages.id AND kind = 'send')`,
  )
}

/** Only numbers whose messages are here count as known: the rest shows as a hole and can be asked for again. */
function showHoles(target: Database): void {
  target.exec(`
    DELETE FROM sequence_ranges;
    INSERT INTO sequence_ranges (conversation_id, first, last)
    SELECT conversation_id, min(order_seq), max(order_seq)
    FROM (
      SELECT conversation_id, order_seq,
        order_seq - row_number() OVER (PARTITION BY conversation_id ORDER BY order_seq) AS island
      FROM (SELECT DISTINCT conversation_id, order_seq FROM messages WHERE numbered = 1)
    )
    GROUP BY conversation_id, island;`)
}

/** Numbers that were given out are never given out again, even where the row that remembered them is lost. */
function settleNumbers(target: Database): void {
  target.exec(`
    UPDATE meta SET
      outbox_number = max(outbox_number,
        coalesce((SELECT max(id) FROM outbox), 0),
        coalesce((SELECT max(order_time) FROM messages WHERE ${onItsWay}), 0)),
      change_number = 1 + max(change_number,
        coalesce((SELECT max(revision) FROM messages), 0),
        coalesce((SELECT max(revision) FROM conversations), 0))`)
}
