/** Messages with something in them besides words, by the two indexes that hold no others (migrations 6 and 8). */
import type { Database } from 'better-sqlite3'
import type { MediaKind } from '#common/contract/media.ts'
import type { StoreRows } from '#electron/core/store/rows.ts'
import { type MessageColumns, readMessage } from './messageCodec.ts'
import { messageColumns } from './messages.ts'
import { bindSequence } from './values.ts'

/** Which index, with the condition it was made with, and which of its rows. */
const withFile = ['messages_media', "kind IN ('image', 'video', 'voice', 'file')"] as const
const withLink = [
  'messages_links',
  "kind IN ('text', 'quote', 'forward') AND (instr(text, '://') > 0 OR instr(lower(text), 'www.') > 0)",
] as const
const sources: Readonly<Record<MediaKind, readonly [index: string, made: string, wanted: string]>> = {
  picture: [...withFile, "kind = 'image'"],
  visual: [...withFile, "kind IN ('image', 'video')"],
  file: [...withFile, "kind = 'file'"],
  voice: [...withFile, "kind = 'voice'"],
  link: [...withLink, '1'],
}

const tie = "coalesce(server_id, client_id, '')"
const last = { sequence: '9223372036854775807', time: Number.MAX_SAFE_INTEGER, tie: '\u{10ffff}' }
const first = { sequence: '0', time: -1, tie: '' }

export function mediaRows(database: Database): StoreRows['media'] {
  const prepare = (kind: MediaKind, direction: 'older' | 'newer') => {
    const [index, made, wanted] = sources[kind]
    const order = direction === 'older' ? ' DESC' : ''
    return database.prepare<unknown[], MessageColumns>(
      `SELECT ${messageColumns} FROM messages INDEXED BY ${index}
       WHERE conversation_id = ? AND ${made} AND ${wanted} AND deleted = 0
         AND (order_seq, order_time, ${tie}) ${direction === 'older' ? '<' : '>'} (?, ?, ?)
         AND (? = '' OR text LIKE ? ESCAPE '\\')
       ORDER BY order_seq${order}, order_time${order}, ${tie}${order} LIMIT ?`,
    )
  }
  const both = (kind: MediaKind) => ({ older: prepare(kind, 'older'), newer: prepare(kind, 'newer') })
  const statements = {
    picture: both('picture'),
    visual: both('visual'),
    file: both('file'),
    voice: both('voice'),
    link: both('link'),
  }
  return {
    list(conversation, { kind, words, place, direction, limit }) {
      const from = place ?? (direction === 'older' ? last : first)
      const pattern = `%${words.replaceAll(/[\\%_]/g, '\\$&')}%`
      return statements[kind][direction]
        .all(conversation, bindSequence(from.sequence), from.time, from.tie, words, pattern, limit)
        .map(readMessage)
    },
  }
}
