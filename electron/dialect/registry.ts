/** The dialects there are; a new one is a folder and a line here. The conformance suite runs whatever is listed. */
import type { DialectName } from '#common/domain/account.ts'
import type { Dialect } from '#electron/core/ports/dialect.ts'
import { im2Dialect } from './im2/dialect.ts'
import { xuqmDialect } from './xuqm/dialect.ts'

export const dialects: Readonly<Record<DialectName, Dialect>> = { im2: im2Dialect, xuqm: xuqmDialect }
