/** The tables of conversations, their members and the sequences known in them. */
import type { Database } from 'better-sqlite3'
import type { Conversation } from '#common/domain/conversation.ts'
import type { ConversationRow, MemberRow, SequenceRange, StoreRows } from '#electron/core/store/rows.ts'
import { type PreferenceColumns, preferenceColumns, readPreferences } from './preferences.ts'
import { bindFlag, bindSequence } from './values.ts'

interface ConversationColumns extends PreferenceColumns {
  readonly id: number
  readonly name: string
  readonly kind: Conversation['kind']
  readonly target_id: string
  readonly remote_id: string | null
  readonly title: string | null
  readonly membership: Conversation['membership']
  readonly membership_at: number | null
  readonly created_at: number
  readonly active_at: number
  readonly unread: number
  readonly mentions: number
  readonly draft: string
  readonly last: string | null
  readonly last_id: number | null
  readonly last_seq: string
  readonly last_time: number
  readonly last_tie: string
  readonly numbered: number
  readonly unnumbered_until: number | null
  readonly revision: number
}

function readConversation(columns: ConversationColumns): ConversationRow {
  return {
    key: columns.id,
    id: columns.name,
    kind: columns.kind,
    targetId: columns.target_id,
    remoteId: columns.remote_id,
    title: columns.title,
    membership: columns.membership,
    membershipAt: columns.membership_at,
    createdAt: columns.created_at,
    activeAt: columns.active_at,
    unread: columns.unread,
    mentions: columns.mentions,
    draft: columns.draft,
    preferences: readPreferences(columns),
    last: columns.last === null ? null : (JSON.parse(columns.last) as Conversation['last']),
    lastId: columns.last_id,
    lastSequence: columns.last_seq,
    lastTime: columns.last_time,
    lastTie: columns.last_tie,
    numbered: columns.numbered === 1,
    unnumberedUntil: columns.unnumbered_until,
    revision: columns.revision,
  }
}

export function conversationRows(database: Database): StoreRows['conversations'] {
  const all = database.prepare<[], ConversationColumns>(
    `SELECT id, name, kind, target_id, remote_id, title, membership, membership_at, created_at, active_at, unread,
       mentions, draft, last, last_id, CAST(last_seq AS TEXT) AS last_seq, last_time, last_tie, numbered,
       unnumbered_until, revision, ${preferenceColumns}
     FROM conversations LEFT JOIN preferences ON conversation_id = id ORDER BY id`,
  )
  const insert = database.prepare(
    `INSERT INTO conversations (name, kind, target_id, created_at, remote_id, title, membership, membership_at,
       active_at, unread, mentions, draft, last, last_id, last_seq, last_time, last_tie, numbered, unnumbered_until,
       revision)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const update = database.prepare(
    `UPDATE conversations SET remote_id = ?, title = ?, membership = ?, membership_at = ?, active_at = ?, unread = ?,
       mentions = ?, draft = ?, last = ?, last_id = ?, last_seq = ?, last_time = ?, last_tie = ?, numbered = ?,
       unnumbered_until = ?, revision = ?
     WHERE id = ?`,
  )
  const recount = database.prepare<[], { conversation_id: number; unread: number; mentions: number }>(
    `SELECT conversation_id, count(*) AS unread, sum(mentioned) AS mentions FROM messages
     WHERE unread = 1 GROUP BY conversation_id`,
  )
  const changing = (row: ConversationRow) =>
    [
      row.remoteId,
      row.title,
      row.membership,
      row.membershipAt,
      row.activeAt,
      row.unread,
      row.mentions,
      row.draft,
      row.last === null ? null : JSON.stringify(row.last),
      row.lastId,
      bindSequence(row.lastSequence),
      row.lastTime,
      row.lastTie,
      bindFlag(row.numbered),
      row.unnumberedUntil,
      row.revision,
    ] as const
  return {
    all: () => all.all().map(readConversation),
    insert: (row) =>
      Number(insert.run(row.id, row.kind, row.targetId, row.createdAt, ...changing(row)).lastInsertRowid),
    update: (row) => void update.run(...changing(row), row.key),
    recount: () =>
      new Map(recount.all().map(({ conversation_id, unread, mentions }) => [conversation_id, { unread, mentions }])),
  }
}

interface MemberColumns {
  readonly conversation_id: number
  readonly user_id: string
  readonly role: string
  readonly present: number
  readonly changed_at: number | null
}

function readMember(columns: MemberColumns): MemberRow {
  return {
    userId: columns.user_id,
    role: columns.role,
    present: columns.present === 1,
    changedAt: columns.changed_at,
  }
}

export function memberRows(database: Database): StoreRows['members'] {
  const of = database.prepare<[number], MemberColumns>('SELECT * FROM members WHERE conversation_id = ?')
  const all = database.prepare<[], MemberColumns>('SELECT * FROM members')
  const put = database.prepare(
    `INSERT INTO members (conversation_id, user_id, role, present, changed_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (conversation_id, user_id) DO UPDATE SET role = excluded.role, present = excluded.present,
       changed_at = excluded.changed_at`,
  )
  return {
    of: (conversation) => of.all(conversation).map(readMember),
    all() {
      const byConversation = new Map<number, MemberRow[]>()
      for (const columns of all.all()) {
        const known = byConversation.get(columns.conversation_id)
        if (known === undefined) byConversation.set(columns.conversation_id, [readMember(columns)])
        else known.push(readMember(columns))
      }
      return byConversation
    },
    put: (conversation, row) => void put.run(conversation, row.userId, row.role, bindFlag(row.present), row.changedAt),
  }
}

/** Sequences are int64, so they are bound and read as bigint. */
export function rangeRows(database: Database): StoreRows['ranges'] {
  const overlapping = database
    .prepare<[number, bigint], SequenceRange>(
      'SELECT first, last FROM sequence_ranges WHERE conversation_id = ? AND first <= ? ORDER BY first DESC',
    )
    .safeIntegers()
  const all = database
    .prepare<[number], SequenceRange>(
      'SELECT first, last FROM sequence_ranges WHERE conversation_id = ? ORDER BY first',
    )
    .safeIntegers()
  const top = database
    .prepare<[number], SequenceRange>(
      'SELECT first, last FROM sequence_ranges WHERE conversation_id = ? ORDER BY first DESC LIMIT 1',
    )
    .safeIntegers()
  const exists = (condition: string) =>
    database
      .prepare<[number, bigint], number>(
        `SELECT EXISTS (SELECT 1 FROM sequence_ranges WHERE conversation_id = ? AND ${condition})`,
      )
      .pluck()
  const below = exists('first < ?')
  const above = exists('first > ?')
  const insert = database.prepare('INSERT INTO sequence_ranges (conversation_id, first, last) VALUES (?, ?, ?)')
  const extend = database.prepare('UPDATE sequence_ranges SET last = ? WHERE conversation_id = ? AND first = ?')
  const remove = database.prepare('DELETE FROM sequence_ranges WHERE conversation_id = ? AND first = ?')
  const largest = 2n ** 63n - 1n
  return {
    touching(conversation, range) {
      const found: SequenceRange[] = []
      const limit = range.last < largest ? range.last + 1n : largest
      // Ranges do not overlap: walking down, the first that ends too early ends the search.
      for (const { first, last } of overlapping.iterate(conversation, limit)) {
        if (last + 1n < range.first) break
        found.push({ first, last })
      }
      return found.reverse()
    },
    all: (conversation) => all.all(conversation),
    top: (conversation) => top.get(conversation),
    beyond: (conversation, range) => ({
      below: below.get(conversation, range.first) === 1,
      above: above.get(conversation, range.last) === 1,
    }),
    replace(conversation, old, by) {
      const [first, ...others] = old
      for (const range of others) remove.run(conversation, range.first)
      if (first === undefined) insert.run(conversation, by.first, by.last)
      else if (first.first === by.first) extend.run(by.last, conversation, by.first)
      else {
        remove.run(conversation, first.first)
        insert.run(conversation, by.first, by.last)
      }
    },
  }
}
