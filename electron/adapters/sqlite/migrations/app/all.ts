import type { Migration } from '../../migrate.ts'
import { initial } from './0001-initial.ts'

/** In order; only ever appended to. */
export const appMigrations: readonly Migration[] = [initial]
