import type { Migration } from '../../migrate.ts'

/** What the user decided about conversations; a conversation without any decision has no row. */
export const preferences: Migration = {
  version: 3,
  up(database) {
    database.exec(`
      CREATE TABLE preferences (
        conversation_id INTEGER PRIMARY KEY REFERENCES conversations (id),
        pinned INTEGER NOT NULL,
        muted_until INTEGER,
        archived INTEGER NOT NULL,
        marked_unread INTEGER NOT NULL,
        hidden INTEGER NOT NULL,
        alias TEXT
      ) STRICT;
    `)
  },
}
