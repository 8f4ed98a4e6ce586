import type { Migration } from '../../migrate.ts'

/**
 * The index of the search: one document per visible message, under the message's id, of the words that
 * `common/domain/search/tokens.ts` cuts; the words themselves are not kept twice. `ascii` cuts nothing further and knows
 * no table of characters that could be older than what people write. Messages from before come in bit by bit, newest
 * first: those from `below` down are not in yet. A message that is gone leaves the index by itself.
 */
export const search: Migration = {
  version: 4,
  up(database) {
    database.exec(`
      CREATE VIRTUAL TABLE search USING fts5 (words, content = '', contentless_delete = 1, tokenize = 'ascii');
      CREATE TRIGGER search_message_gone AFTER DELETE ON messages BEGIN
        DELETE FROM search WHERE rowid = old.id;
      END;
      CREATE TRIGGER search_message_deleted AFTER UPDATE OF deleted ON messages WHEN new.deleted > old.deleted BEGIN
        DELETE FROM search WHERE rowid = old.id;
      END;
      CREATE TABLE search_progress (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        below INTEGER NOT NULL,
        total INTEGER NOT NULL
      ) STRICT;
      INSERT INTO search_progress (id, below, total)
      SELECT 1, coalesce(max(id), 0) + 1, count(*) FROM messages;
    `)
  },
}
