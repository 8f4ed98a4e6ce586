/** The table of files that go out with messages. */
import type { Database } from 'better-sqlite3'
import type { AttachmentRow, StoreRows } from '#electron/core/store/rows.ts'
import { bindFlag } from './values.ts'

interface AttachmentColumns {
  readonly message_id: number
  readonly file: string
  readonly name: string
  readonly mime: string
  readonly size: number
  readonly uploaded: number
  readonly first_tried_at: number | null
}

function read(columns: AttachmentColumns): AttachmentRow {
  return {
    message: columns.message_id,
    file: columns.file,
    name: columns.name,
    mime: columns.mime,
    size: columns.size,
    uploaded: columns.uploaded === 1,
    firstTriedAt: columns.first_tried_at,
  }
}

export function attachmentRows(database: Database): StoreRows['attachments'] {
  const insert = database.prepare(
    `INSERT INTO attachments (message_id, file, name, mime, size, uploaded, first_tried_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  )
  const update = database.prepare('UPDATE attachments SET uploaded = ?, first_tried_at = ? WHERE message_id = ?')
  const remove = database.prepare('DELETE FROM attachments WHERE message_id = ?')
  const of = database.prepare<[number], AttachmentColumns>('SELECT * FROM attachments WHERE message_id = ?')
  const all = database.prepare<[], AttachmentColumns>('SELECT * FROM attachments ORDER BY message_id')
  return {
    insert: (row) =>
      void insert.run(row.message, row.file, row.name, row.mime, row.size, bindFlag(row.uploaded), row.firstTriedAt),
    update: (row) => void update.run(bindFlag(row.uploaded), row.firstTriedAt, row.message),
    remove: (message) => void remove.run(message),
    of(message) {
      const found = of.get(message)
      return found && read(found)
    },
    all: () => all.all().map(read),
  }
}
