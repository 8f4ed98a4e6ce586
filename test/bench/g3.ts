/**
 * G3: the store's real ingest, which keeps the search index in the same transaction, against a bare batched insert whose
 * trigger writes the same words into the same index.
 */
import type { Bench } from './bench.ts'
import { compareIngest } from './g2.ts'

const trigger = `
  CREATE TRIGGER bare_index AFTER INSERT ON messages BEGIN
    INSERT INTO search (rowid, words) VALUES (new.id, new.text);
  END`

export const g3: Bench = {
  id: 'G3',
  title: 'ingest of 100 k messages with the search index, against a bare insert with an index trigger',
  goal: 0.7,
  stretch: 2,
  run: (pairs) => Promise.resolve(compareIngest(pairs, trigger)),
}
