/** The tables that concern the account as a whole: people, notices, policy, facts, undecoded frames, numbering. */
import type { Database } from 'better-sqlite3'
import type { Notice, PolicyValues } from '#common/domain/notice.ts'
import type { PersonRow, PolicyFact, StoreRows } from '#electron/core/store/rows.ts'
import { bindFlag } from './values.ts'

const maxUndecodedFrames = 500
const maxUndecodedBytes = 16 * 1024
const maxUndecodedWords = 500

export function metaRows(database: Database): StoreRows['meta'] {
  const read = database.prepare<[], { change_number: number; outbox_number: number }>(
    'SELECT change_number, outbox_number FROM meta',
  )
  const write = database.prepare('UPDATE meta SET change_number = ?, outbox_number = ?')
  return {
    read() {
      const row = read.get()
      return { changeNumber: row?.change_number ?? 0, outboxNumber: row?.outbox_number ?? 0 }
    },
    write: (meta) => void write.run(meta.changeNumber, meta.outboxNumber),
  }
}

interface PersonColumns {
  readonly user_id: string
  readonly nickname: string | null
  readonly avatar: string | null
  readonly online: number | null
  readonly presence_at: number | null
  readonly revision: number
}

function readPerson(columns: PersonColumns): PersonRow {
  return {
    userId: columns.user_id,
    nickname: columns.nickname,
    avatar: columns.avatar,
    online: columns.online === null ? null : columns.online === 1,
    presenceAt: columns.presence_at,
    revision: columns.revision,
  }
}

export function peopleRows(database: Database): StoreRows['people'] {
  const all = database.prepare<[], PersonColumns>('SELECT * FROM people')
  const get = database.prepare<[string], PersonColumns>('SELECT * FROM people WHERE user_id = ?')
  const put = database.prepare(
    `INSERT INTO people (user_id, nickname, avatar, online, presence_at, revision) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (user_id) DO UPDATE SET nickname = excluded.nickname, avatar = excluded.avatar,
       online = excluded.online, presence_at = excluded.presence_at, revision = excluded.revision`,
  )
  return {
    all: () => all.all().map(readPerson),
    get(userId) {
      const found = get.get(userId)
      return found && readPerson(found)
    },
    put: (row) =>
      void put.run(
        row.userId,
        row.nickname,
        row.avatar,
        row.online === null ? null : bindFlag(row.online),
        row.presenceAt,
        row.revision,
      ),
  }
}

interface NoticeColumns {
  readonly id: string
  readonly at: number
  readonly read_at: number | null
  readonly acknowledged_at: number | null
  readonly body: string
  readonly revision: number
}

type NoticeBody = Omit<Notice, 'id' | 'at' | 'readAt' | 'acknowledgedAt' | 'revision'>

/** What bodies of earlier versions do not say. */
const unsaid = { startsAt: null, endsAt: null }

/** More than this many that insist on an answer are not asked for at once. */
const insistentLimit = 200

function readNotice(columns: NoticeColumns): Notice {
  return {
    ...unsaid,
    ...(JSON.parse(columns.body) as NoticeBody),
    id: columns.id,
    at: columns.at,
    readAt: columns.read_at,
    acknowledgedAt: columns.acknowledged_at,
    revision: columns.revision,
  }
}

export function noticeRows(database: Database): StoreRows['notices'] {
  const latest = database.prepare<[number], NoticeColumns>('SELECT * FROM notices ORDER BY at DESC, id DESC LIMIT ?')
  const insistent = database.prepare<[number], NoticeColumns>(
    `SELECT * FROM notices WHERE acknowledged_at IS NULL
       AND CASE WHEN json_valid(body) THEN body ->> 'kind' <> 'promotion' AND body ->> 'priority' IN ('high', 'urgent') END
     ORDER BY at DESC, id DESC LIMIT ?`,
  )
  const get = database.prepare<[string], NoticeColumns>('SELECT * FROM notices WHERE id = ?')
  const put = database.prepare(
    `INSERT INTO notices (id, at, read_at, acknowledged_at, body, revision) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET at = excluded.at, read_at = excluded.read_at,
       acknowledged_at = excluded.acknowledged_at, body = excluded.body, revision = excluded.revision`,
  )
  return {
    latest(limit) {
      const newest = latest.all(limit)
      // Fewer than asked for: that is all there are.
      const older = newest.length < limit ? [] : insistent.all(insistentLimit)
      const ids = new Set(newest.map(({ id }) => id))
      return [...newest, ...older.filter(({ id }) => !ids.has(id))].map(readNotice)
    },
    get(id) {
      const found = get.get(id)
      return found && readNotice(found)
    },
    put({ id, at, readAt, acknowledgedAt, revision, ...body }) {
      put.run(id, at, readAt, acknowledgedAt, JSON.stringify(body), revision)
    },
  }
}

interface PolicyColumns {
  readonly event_id: string
  readonly at: number
  readonly max_message_length: number | null
  readonly file_upload_limit: number | null
  readonly read_only: number | null
  readonly replaced: string | null
  readonly changed_by: string | null
  readonly reason: string | null
}

function readPolicyFact(columns: PolicyColumns): PolicyFact {
  return {
    eventId: columns.event_id,
    at: columns.at,
    maxMessageLength: columns.max_message_length,
    fileUploadLimit: columns.file_upload_limit,
    readOnly: columns.read_only === null ? null : columns.read_only === 1,
    before: columns.replaced === null ? null : (JSON.parse(columns.replaced) as PolicyValues),
    changedBy: columns.changed_by,
    reason: columns.reason,
  }
}

export function policyRows(database: Database): StoreRows['policy'] {
  const record = database.prepare(
    `INSERT INTO policy_history (event_id, at, max_message_length, file_upload_limit, read_only, changed_by, reason, replaced)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  )
  const latest = (column: string) =>
    `(SELECT ${column} FROM policy_history WHERE ${column} IS NOT NULL ORDER BY at DESC, event_id DESC LIMIT 1)`
  const ofLast = (column: string) => `(SELECT ${column} FROM policy_history ORDER BY at DESC, event_id DESC LIMIT 1)`
  const ofLastReadOnly = (column: string) =>
    `(SELECT ${column} FROM policy_history WHERE read_only IS NOT NULL ORDER BY at DESC, event_id DESC LIMIT 1)`
  const history = database.prepare<[number], PolicyColumns>(
    'SELECT * FROM policy_history ORDER BY at DESC, event_id DESC LIMIT ?',
  )
  const current = database.prepare<
    [],
    {
      max_message_length: number | null
      file_upload_limit: number | null
      read_only: number | null
      changed_by: string | null
      reason: string | null
      read_only_by: string | null
      read_only_because: string | null
      revision: number
    }
  >(
    `SELECT ${latest('max_message_length')} AS max_message_length, ${latest('file_upload_limit')} AS file_upload_limit,
       ${latest('read_only')} AS read_only, ${ofLast('changed_by')} AS changed_by, ${ofLast('reason')} AS reason,
       ${ofLastReadOnly('changed_by')} AS read_only_by, ${ofLastReadOnly('reason')} AS read_only_because, revision
     FROM policy`,
  )
  const stamp = database.prepare('UPDATE policy SET revision = ?')
  return {
    record: (fact) =>
      record.run(
        fact.eventId,
        fact.at,
        fact.maxMessageLength,
        fact.fileUploadLimit,
        fact.readOnly === null ? null : bindFlag(fact.readOnly),
        fact.changedBy,
        fact.reason,
        fact.before === null ? null : JSON.stringify(fact.before),
      ).changes > 0,
    current() {
      const row = current.get()
      return {
        maxMessageLength: row?.max_message_length ?? null,
        fileUploadLimit: row?.file_upload_limit ?? null,
        readOnly: row === undefined || row.read_only === null ? null : row.read_only === 1,
        changedBy: row?.changed_by ?? null,
        reason: row?.reason ?? null,
        readOnlyBy: row?.read_only_by ?? null,
        readOnlyBecause: row?.read_only_because ?? null,
        revision: row?.revision ?? 0,
      }
    },
    history: (limit) => history.all(limit).map(readPolicyFact),
    stamp: (revision) => void stamp.run(revision),
  }
}

export function undecodedRows(database: Database): StoreRows['undecoded'] {
  const insert = database.prepare(
    `INSERT INTO undecoded (received_at, destination, content_type, reason, size, body) VALUES (?, ?, ?, ?, ?, ?)`,
  )
  const trim = database.prepare(
    `DELETE FROM undecoded WHERE id <= (SELECT id FROM undecoded ORDER BY id DESC LIMIT 1 OFFSET ${maxUndecodedFrames})`,
  )
  const cut = (words: string): string => words.slice(0, maxUndecodedWords)
  return {
    keep(frames, at) {
      for (const frame of frames.slice(-maxUndecodedFrames)) {
        const body = typeof frame.body === 'string' ? Buffer.from(frame.body) : frame.body
        const contentType = frame.contentType === null ? null : cut(frame.contentType)
        const kept = body.subarray(0, maxUndecodedBytes)
        insert.run(at, cut(frame.destination), contentType, cut(frame.reason), body.byteLength, kept)
      }
      trim.run()
    },
  }
}

export function factRows(database: Database): StoreRows['facts'] {
  const read = database.prepare<[string], string>('SELECT value FROM facts WHERE key = ?').pluck()
  const write = database.prepare(
    'INSERT INTO facts (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  )
  return { read: (key) => read.get(key) ?? null, write: (key, value) => void write.run(key, value) }
}
