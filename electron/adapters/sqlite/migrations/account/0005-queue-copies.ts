import type { Migration } from '../../migrate.ts'

/**
 * What waits to be sent is kept a second time, in pages of its own: nobody else has it, so one damaged page must not
 * cost it. A copy has the columns of `messages` that a message on its way fills; it comes, changes and goes with the
 * queue entry.
 */
export const queueCopies: Migration = {
  version: 5,
  up(database) {
    database.exec(`
      CREATE TABLE outbox_copies (
        id INTEGER PRIMARY KEY,
        conversation_id INTEGER NOT NULL,
        order_seq INTEGER NOT NULL,
        order_time INTEGER NOT NULL,
        client_id TEXT,
        sender_id TEXT NOT NULL,
        local_time INTEGER NOT NULL,
        kind TEXT NOT NULL,
        text TEXT NOT NULL,
        extra TEXT
      ) STRICT;
      CREATE TRIGGER outbox_copy_made AFTER INSERT ON outbox WHEN new.kind = 'send' BEGIN
        INSERT OR REPLACE INTO outbox_copies
          (id, conversation_id, order_seq, order_time, client_id, sender_id, local_time, kind, text, extra)
        SELECT id, conversation_id, order_seq, order_time, client_id, sender_id, local_time, kind, text, extra
        FROM messages WHERE id = new.message_id;
      END;
      CREATE TRIGGER outbox_copy_changed AFTER UPDATE OF kind, text, extra ON messages
      WHEN (new.kind, new.text, new.extra) IS NOT (old.kind, old.text, old.extra) BEGIN
        UPDATE outbox_copies SET kind = new.kind, text = new.text, extra = new.extra WHERE id = new.id;
      END;
      CREATE TRIGGER outbox_copy_gone AFTER DELETE ON outbox WHEN old.kind = 'send' BEGIN
        DELETE FROM outbox_copies WHERE id = old.message_id;
      END;
      INSERT INTO outbox_copies
        (id, conversation_id, order_seq, order_time, client_id, sender_id, local_time, kind, text, extra)
      SELECT m.id, m.conversation_id, m.order_seq, m.order_time, m.client_id, m.sender_id, m.local_time,
        m.kind, m.text, m.extra
      FROM outbox o JOIN messages m ON m.id = o.message_id WHERE o.kind = 'send';
    `)
  },
}
