import type { Migration } from '../../migrate.ts'
import { initial } from './0001-initial.ts'
import { trace } from './0002-trace.ts'
import { preferences } from './0003-preferences.ts'
import { search } from './0004-search.ts'
import { queueCopies } from './0005-queue-copies.ts'
import { media } from './0006-media.ts'
import { ledger } from './0007-ledger.ts'
import { bareLinks } from './0008-bare-links.ts'

/** In order; only ever appended to. */
export const accountMigrations: readonly Migration[] = [
  initial,
  trace,
  preferences,
  search,
  queueCopies,
  media,
  ledger,
  bareLinks,
]
