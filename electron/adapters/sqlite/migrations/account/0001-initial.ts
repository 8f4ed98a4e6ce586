import type { Migration } from '../../migrate.ts'

/**
 * The account's database. What is filtered or sorted on is a column; the rest of a message's rarer facts is in `marks`.
 * `order_seq` and `order_time` are the message's place in its conversation, ties broken by its id; `numbered` says that
 * `order_seq` is the server's own sequence. States and proofs are places in the lists of `common/domain/delivery.ts`.
 */
export const initial: Migration = {
  version: 1,
  up(database) {
    database.exec(`
      CREATE TABLE meta (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        self_id TEXT NOT NULL,
        change_number INTEGER NOT NULL,
        outbox_number INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE conversations (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL CHECK (kind IN ('direct', 'group')),
        target_id TEXT NOT NULL,
        remote_id TEXT,
        title TEXT,
        membership TEXT NOT NULL CHECK (membership IN ('member', 'left')),
        membership_at INTEGER,
        created_at INTEGER NOT NULL,
        active_at INTEGER NOT NULL,
        unread INTEGER NOT NULL,
        mentions INTEGER NOT NULL,
        draft TEXT NOT NULL,
        last TEXT,
        last_id INTEGER,
        last_seq INTEGER NOT NULL,
        last_time INTEGER NOT NULL,
        last_tie TEXT NOT NULL,
        numbered INTEGER NOT NULL,
        unnumbered_until INTEGER,
        revision INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE members (
        conversation_id INTEGER NOT NULL REFERENCES conversations (id),
        user_id TEXT NOT NULL,
        role TEXT NOT NULL,
        present INTEGER NOT NULL,
        changed_at INTEGER,
        PRIMARY KEY (conversation_id, user_id)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE messages (
        id INTEGER PRIMARY KEY,
        conversation_id INTEGER NOT NULL REFERENCES conversations (id),
        order_seq INTEGER NOT NULL,
        order_time INTEGER NOT NULL,
        numbered INTEGER NOT NULL,
        server_id TEXT,
        client_id TEXT,
        sender_id TEXT NOT NULL,
        server_time INTEGER,
        local_time INTEGER NOT NULL,
        state INTEGER NOT NULL,
        proof INTEGER,
        unread INTEGER NOT NULL,
        mentioned INTEGER NOT NULL,
        pinned INTEGER NOT NULL,
        deleted INTEGER NOT NULL,
        revision INTEGER NOT NULL,
        kind TEXT NOT NULL,
        text TEXT NOT NULL,
        extra TEXT,
        marks TEXT
      ) STRICT;
      CREATE UNIQUE INDEX messages_server_id ON messages (server_id) WHERE server_id IS NOT NULL;
      CREATE UNIQUE INDEX messages_client_id ON messages (client_id, sender_id) WHERE client_id IS NOT NULL;
      CREATE INDEX messages_order ON messages (conversation_id, order_seq, order_time);
      CREATE INDEX messages_unread ON messages (conversation_id, order_seq, order_time) WHERE unread = 1;
      CREATE INDEX messages_pinned ON messages (conversation_id, order_seq, order_time) WHERE pinned = 1;
      CREATE INDEX messages_between ON messages (conversation_id, order_time) WHERE numbered = 0 AND order_seq > 0;

      CREATE TABLE sequence_ranges (
        conversation_id INTEGER NOT NULL REFERENCES conversations (id),
        first INTEGER NOT NULL,
        last INTEGER NOT NULL,
        PRIMARY KEY (conversation_id, first)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE pending_ops (
        id INTEGER PRIMARY KEY,
        server_id TEXT NOT NULL,
        client_id TEXT NOT NULL,
        type TEXT NOT NULL,
        event TEXT NOT NULL,
        UNIQUE (server_id, client_id, type)
      ) STRICT;
      CREATE INDEX pending_ops_client_id ON pending_ops (client_id) WHERE client_id <> '';

      CREATE TABLE outbox (
        id INTEGER PRIMARY KEY,
        conversation_id INTEGER NOT NULL REFERENCES conversations (id),
        message_id INTEGER NOT NULL REFERENCES messages (id),
        kind TEXT NOT NULL CHECK (kind IN ('send', 'edit', 'recall', 'delete', 'pin')),
        text TEXT NOT NULL,
        undo TEXT,
        held INTEGER NOT NULL,
        composed_at INTEGER NOT NULL,
        attempts INTEGER NOT NULL,
        first_written_at INTEGER
      ) STRICT;
      CREATE INDEX outbox_lane ON outbox (conversation_id, id);
      CREATE INDEX outbox_message ON outbox (message_id);

      CREATE TABLE attachments (
        message_id INTEGER PRIMARY KEY REFERENCES messages (id),
        file TEXT NOT NULL,
        name TEXT NOT NULL,
        mime TEXT NOT NULL,
        size INTEGER NOT NULL,
        uploaded INTEGER NOT NULL,
        first_tried_at INTEGER
      ) STRICT;

      CREATE TABLE people (
        user_id TEXT PRIMARY KEY,
        nickname TEXT,
        avatar TEXT,
        online INTEGER,
        presence_at INTEGER,
        revision INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE notices (
        id TEXT PRIMARY KEY,
        at INTEGER NOT NULL,
        read_at INTEGER,
        acknowledged_at INTEGER,
        body TEXT NOT NULL,
        revision INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX notices_at ON notices (at);

      CREATE TABLE policy (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        revision INTEGER NOT NULL
      ) STRICT;
      INSERT INTO policy (id, revision) VALUES (1, 0);
      CREATE TABLE policy_history (
        event_id TEXT PRIMARY KEY,
        at INTEGER NOT NULL,
        max_message_length INTEGER,
        file_upload_limit REAL,
        read_only INTEGER,
        replaced TEXT,
        changed_by TEXT,
        reason TEXT
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX policy_history_at ON policy_history (at);

      CREATE TABLE undecoded (
        id INTEGER PRIMARY KEY,
        received_at INTEGER NOT NULL,
        destination TEXT NOT NULL,
        content_type TEXT,
        reason TEXT NOT NULL,
        size INTEGER NOT NULL,
        body BLOB NOT NULL
      ) STRICT;

      CREATE TABLE facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    `)
  },
}
