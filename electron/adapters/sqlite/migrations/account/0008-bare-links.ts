import type { Migration } from '../../migrate.ts'

/** The index of messages with links, made anew: an address may begin with `www.` and nothing before it. */
export const bareLinks: Migration = {
  version: 8,
  up(database) {
    database.exec(`
      DROP INDEX messages_links;
      CREATE INDEX messages_links ON messages (conversation_id, order_seq, order_time)
      WHERE kind IN ('text', 'quote', 'forward') AND (instr(text, '://') > 0 OR instr(lower(text), 'www.') > 0);
    `)
  },
}
