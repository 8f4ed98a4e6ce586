/** The index of the search, and the rows it leads to. */
import type { Database } from 'better-sqlite3'
import type { StoreRows } from '#electron/core/store/rows.ts'
import type { Phrase } from '#common/domain/search/matching.ts'
import { type MessageColumns, readMessage } from './messageCodec.ts'
import { messageColumns } from './messages.ts'

/** More is looked at in the rows themselves; the index only has to leave out most of them. */
const longestPhrase = 64
const mostPhrases = 16

/** In the index' own language. Tokens hold letters, digits and pictures only, and stand in quotes all the same. */
function matchText(phrases: readonly Phrase[]): string {
  return phrases
    .slice(0, mostPhrases)
    .map(({ tokens, open }) => {
      const words = tokens.slice(0, longestPhrase).join(' ').replaceAll('"', '')
      return open && tokens.length <= longestPhrase ? `"${words}" *` : `"${words}"`
    })
    .join(' AND ')
}

export function searchRows(database: Database): StoreRows['search'] {
  const add = database.prepare('INSERT INTO search (rowid, words) VALUES (?, ?)')
  const remove = database.prepare('DELETE FROM search WHERE rowid = ?')
  const progress = database.prepare<[], { below: number; total: number }>('SELECT below, total FROM search_progress')
  const advance = database.prepare('UPDATE search_progress SET below = ?, total = ?')
  const isIndexEmpty = database.prepare<[], number>('SELECT NOT EXISTS (SELECT 1 FROM search_docsize)').pluck()
  const newest = database.prepare<[], { id: number | null }>('SELECT max(id) AS id FROM messages')
  const count = database.prepare<[], number>('SELECT count(*) FROM messages').pluck()
  const rowsBelow = database.prepare<[number, number], MessageColumns>(
    `SELECT ${messageColumns} FROM messages WHERE id < ? ORDER BY id DESC LIMIT ?`,
  )
  const newestMatches = database
    .prepare<[string, number, number], number>(
      'SELECT rowid FROM search WHERE search MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT ?',
    )
    .pluck()
  const bestMatches = database
    .prepare<[string, number, number], number>(
      'SELECT rowid FROM search WHERE search MATCH ? AND rowid >= ? ORDER BY rank LIMIT ?',
    )
    .pluck()
  const newestIds = database
    .prepare<[number, number], number>('SELECT id FROM messages WHERE id < ? ORDER BY id DESC LIMIT ?')
    .pluck()
  const chosen = database.prepare<Record<string, string | number | null>, MessageColumns>(
    `SELECT ${messageColumns} FROM (SELECT value AS wanted, key AS place FROM json_each(@ids))
     JOIN messages ON messages.id = wanted
     WHERE deleted = 0
       AND (@conversations IS NULL OR conversation_id IN (SELECT value FROM json_each(@conversations)))
       AND (@senders IS NULL OR sender_id IN (SELECT value FROM json_each(@senders)))
       AND (@kinds IS NULL OR kind IN (SELECT value FROM json_each(@kinds)))
       AND (@after IS NULL OR coalesce(server_time, local_time) >= @after)
       AND (@before IS NULL OR coalesce(server_time, local_time) < @before)
     ORDER BY place`,
  )
  const list = (values: readonly (string | number)[] | null): string | null =>
    values === null ? null : JSON.stringify(values)

  return {
    put(id, words, isNew) {
      if (!isNew) remove.run(id)
      if (words !== '') add.run(id, words)
    },
    progress: () => progress.get() ?? { below: 1, total: 0 },
    advance: (below, total) => void advance.run(below, total),
    isLost: () => isIndexEmpty.get() === 1,
    size: () => ({ below: (newest.get()?.id ?? 0) + 1, total: count.get() ?? 0 }),
    unindexed: (below, limit) => rowsBelow.all(below, limit).map(readMessage),
    newest: (phrases, below, limit) =>
      phrases.length === 0 ? newestIds.all(below, limit) : newestMatches.all(matchText(phrases), below, limit),
    best: (phrases, from, limit) => bestMatches.all(matchText(phrases), from, limit),
    choose: (ids, { conversations, senders, kinds, after, before }) =>
      chosen
        .all({
          ids: JSON.stringify(ids),
          conversations: list(conversations),
          senders: list(senders),
          kinds: list(kinds),
          after,
          before,
        })
        .map(readMessage),
  }
}
