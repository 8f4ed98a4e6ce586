import type { Migration } from '../../migrate.ts'

/**
 * What was decided about notifications (`common/domain/notification/ledger.ts`). It names messages and notices without
 * holding on to them: what it tells of may be gone. A decision is there once, however often it is written down.
 */
export const ledger: Migration = {
  version: 7,
  up(database) {
    database.exec(`
      CREATE TABLE ledger (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at INTEGER NOT NULL,
        channel TEXT NOT NULL,
        kind TEXT NOT NULL,
        conversation_id TEXT,
        message_id INTEGER,
        notice_id TEXT,
        shown INTEGER NOT NULL,
        sound INTEGER NOT NULL,
        reason TEXT NOT NULL,
        until INTEGER
      ) STRICT;
      CREATE UNIQUE INDEX ledger_once ON ledger (
        at, kind, reason, ifnull(conversation_id, ''), ifnull(message_id, 0), ifnull(notice_id, '')
      );
    `)
  },
}
