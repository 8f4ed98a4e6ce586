/** The servers of the registered dialects; a new dialect is a file and a line here. */
import type { DialectName } from '#common/domain/account.ts'
import { im2Words } from './im2.ts'
import type { ServerWords } from './words.ts'
import { xuqmWords } from './xuqm.ts'

export const serverWords: Readonly<Record<DialectName, ServerWords>> = { im2: im2Words, xuqm: xuqmWords }
