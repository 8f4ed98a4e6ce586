/**
 * The one oracle: what the server stored and what a client's database shows must be the same messages, in the same
 * order, each once, with nothing left to send and unread counts that a recount confirms. Used by every test that moves
 * messages. Reads the database itself, not through the app's code.
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { MessageRow } from './server/types.ts'

interface ClientRow {
  readonly conversation: string
  readonly kind: string
  readonly serverId: string | null
  readonly clientId: string | null
  readonly senderId: string
  /** Decimal, or null where the server did not number it. */
  readonly sequence: string | null
  readonly words: string
  readonly marks: string | null
  readonly state: number
}

/** The database of the only account in an app's data folder. */
export function accountDatabase(dataDir: string): string {
  const [account, ...others] = readdirSync(join(dataDir, 'accounts'))
  if (account === undefined || others.length > 0) throw new Error('not exactly one account')
  return join(dataDir, 'accounts', account, 'messages.db')
}

/** Every disagreement between the server's log and the client's database, in words; empty when they agree. */
export function disagreements(serverRows: readonly MessageRow[], databaseFile: string, selfId: string): string[] {
  const database = new Database(databaseFile, { readonly: true, fileMustExist: true })
  try {
    return [
      ...compareMessages(expectedRows(serverRows, selfId), shownRows(database)),
      ...unsettled(database),
      ...miscounted(database),
      ...unsound(database),
    ]
  } finally {
    database.close()
  }
}

/** What the user was entitled to, by local conversation name, in the server's order. */
function expectedRows(rows: readonly MessageRow[], selfId: string): Map<string, MessageRow[]> {
  const byConversation = new Map<string, MessageRow[]>()
  for (const row of rows) {
    if (!row.members.includes(selfId) || row.state === 'deleted' || row.deletedFor.includes(selfId)) continue
    const peer = row.senderId === selfId ? row.receiverId : row.senderId
    const name = row.conversationKind === 'group' ? `group:${row.conversationId}` : `direct:${peer ?? ''}`
    append(byConversation, name, row)
  }
  for (const list of byConversation.values()) list.sort(inServerOrder)
  return byConversation
}

function inServerOrder(a: MessageRow, b: MessageRow): number {
  if (a.sequence !== null && b.sequence !== null) return Number(BigInt(a.sequence) - BigInt(b.sequence))
  return a.serverTime - b.serverTime || (a.serverId < b.serverId ? -1 : 1)
}

function shownRows(database: Database.Database): Map<string, ClientRow[]> {
  const rows = database
    .prepare<[], ClientRow>(
      `SELECT c.name AS conversation, m.kind, m.server_id AS serverId, m.client_id AS clientId, m.sender_id AS senderId,
              CASE m.numbered WHEN 1 THEN CAST(m.order_seq AS TEXT) END AS sequence, m.text AS words, m.marks, m.state
       FROM messages m JOIN conversations c ON c.id = m.conversation_id
       WHERE m.deleted = 0 AND m.kind <> 'event'
       ORDER BY c.name, m.order_seq, m.order_time, ifnull(m.server_id, m.client_id)`,
    )
    .all()
  const byConversation = new Map<string, ClientRow[]>()
  for (const row of rows) append(byConversation, row.conversation, row)
  return byConversation
}

function append<T>(lists: Map<string, T[]>, name: string, row: T): void {
  const list = lists.get(name)
  if (list === undefined) lists.set(name, [row])
  else list.push(row)
}

function compareMessages(expected: Map<string, MessageRow[]>, shown: Map<string, ClientRow[]>): string[] {
  const found: string[] = []
  for (const name of new Set([...expected.keys(), ...shown.keys()])) {
    const wanted = expected.get(name) ?? []
    const there = shown.get(name) ?? []
    const wantedIds = wanted.map(({ serverId }) => serverId)
    const thereIds = there.map(({ serverId, clientId }) => serverId ?? `unsent ${clientId ?? ''}`)
    const isWanted = new Set(wantedIds)
    const isThere = new Set(thereIds)
    for (const id of wantedIds) if (!isThere.has(id)) found.push(`${name}: ${id} is missing`)
    for (const id of thereIds) if (!isWanted.has(id)) found.push(`${name}: ${id} is not the server's`)
    if (isThere.size !== thereIds.length) found.push(`${name}: something stands twice`)
    const common = thereIds.filter((id) => isWanted.has(id))
    if (common.join() !== wantedIds.filter((id) => isThere.has(id)).join()) found.push(`${name}: out of order`)
    const byServerId = new Map(there.map((row) => [row.serverId, row]))
    for (const row of wanted) {
      const own = byServerId.get(row.serverId)
      if (own !== undefined) found.push(...compareRow(name, row, own))
    }
  }
  return found
}

function compareRow(name: string, wanted: MessageRow, there: ClientRow): string[] {
  const found: string[] = []
  const differs = (what: string, server: unknown, client: unknown): void => {
    if (server !== client)
      found.push(`${name}: ${wanted.serverId}: ${what} ${String(client)}, server ${String(server)}`)
  }
  differs('sender', wanted.senderId, there.senderId)
  differs('sequence', wanted.sequence, there.sequence)
  const marks = JSON.parse(there.marks ?? '{}') as { recalled?: unknown; edited?: unknown }
  differs('recalled', wanted.state === 'recalled', marks.recalled !== undefined)
  if (wanted.state === 'recalled') return found
  differs('edited', wanted.editedContent !== null, marks.edited !== undefined)
  differs('words', wordsOf(wanted.editedContent ?? wanted.content), wordsOf(there.words))
  return found
}

/** The words of a content document, or the text itself where it is none. */
function wordsOf(content: string): string {
  try {
    const parsed: unknown = JSON.parse(content)
    if (typeof parsed === 'object' && parsed !== null && 'content' in parsed && typeof parsed.content === 'string') {
      return parsed.content
    }
    return content
  } catch {
    return content
  }
}

function unsettled(database: Database.Database): string[] {
  const rows = database.prepare<[], { id: number; kind: string }>('SELECT id, kind FROM outbox').all()
  return rows.map(({ id, kind }) => `outbox: ${kind} ${id} is not settled`)
}

function miscounted(database: Database.Database): string[] {
  return database
    .prepare<[], { name: string; unread: number; counted: number }>(
      `SELECT name, unread, (SELECT count(*) FROM messages m WHERE m.conversation_id = c.id AND m.unread = 1) AS counted
       FROM conversations c WHERE unread <> counted`,
    )
    .all()
    .map(({ name, unread, counted }) => `${name}: unread ${unread}, counted ${counted}`)
}

function unsound(database: Database.Database): string[] {
  const answer = database.pragma('integrity_check', { simple: true })
  return answer === 'ok' ? [] : [`integrity: ${String(answer)}`]
}
