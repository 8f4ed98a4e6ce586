import type { Migration } from '../../migrate.ts'

/** For looking through what a conversation holds besides words, without reading all of it. */
export const media: Migration = {
  version: 6,
  up(database) {
    database.exec(`
      CREATE INDEX messages_media ON messages (conversation_id, order_seq, order_time)
      WHERE kind IN ('image', 'video', 'voice', 'file');
      CREATE INDEX messages_links ON messages (conversation_id, order_seq, order_time)
      WHERE kind IN ('text', 'quote', 'forward') AND instr(text, '://') > 0;
    `)
  },
}
