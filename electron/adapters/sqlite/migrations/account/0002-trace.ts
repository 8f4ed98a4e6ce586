import type { Migration } from '../../migrate.ts'

/**
 * What happened to messages written here, step by step (`common/domain/trace.ts`), and how long a queued command has
 * been tried while connected. Messages from before have no steps.
 */
export const trace: Migration = {
  version: 2,
  up(database) {
    database.exec(`
      ALTER TABLE outbox ADD COLUMN tried_ms INTEGER NOT NULL DEFAULT 0;

      CREATE TABLE trace (
        message_id INTEGER NOT NULL REFERENCES messages (id),
        position INTEGER NOT NULL,
        step TEXT NOT NULL,
        command TEXT NOT NULL,
        at INTEGER NOT NULL,
        server_time INTEGER,
        number INTEGER,
        times INTEGER NOT NULL,
        last_at INTEGER NOT NULL,
        cause TEXT,
        proof TEXT,
        code TEXT,
        detail TEXT,
        PRIMARY KEY (message_id, position)
      ) STRICT, WITHOUT ROWID;
    `)
  },
}
