import type { Migration } from '../../migrate.ts'

/** What belongs to the program rather than to an account's conversations. `position` keeps the order of adding. */
export const initial: Migration = {
  version: 1,
  up(database) {
    database.exec(`
      CREATE TABLE accounts (
        position INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        profile TEXT NOT NULL,
        managed INTEGER NOT NULL,
        signed_in INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE sealed_secrets (
        account_id TEXT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
        sealed BLOB NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
      CREATE TABLE window_state (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    `)
  },
}
