/** The calls of the diagnostics page: part of `callSchemas`. */
import * as v from 'valibot'
import { examinationSchema } from '../domain/doctor.ts'
import { databaseCheckSchema, meterReadingSchema, versionsSchema } from '../domain/meter.ts'

const accountId = v.pipe(v.string(), v.minLength(1), v.maxLength(100))
const nothing = v.object({})
/** False when the person closed the system's dialog. */
const saved = v.object({ saved: v.boolean() })

export const diagnosticsCalls = {
  /** Begins an examination of the connection, ending one under way; what it finds comes as pushes. */
  'doctor.start': { input: v.object({ accountId }), output: nothing },
  'doctor.stop': { input: nothing, output: nothing },
  /** The last examination of this account, or null. */
  'doctor.last': { input: v.object({ accountId }), output: v.object({ examination: v.nullable(examinationSchema) }) },
  /** Counts anew what is derived from rows, and measures what is stored. */
  'database.check': { input: v.object({ accountId }), output: databaseCheckSchema },
  /** Asked once a second while it is looked at. */
  'meter.read': { input: v.object({ accountId: v.nullable(accountId) }), output: meterReadingSchema },
  'diagnostics.versions': { input: nothing, output: versionsSchema },
  /** What is known, in plain lines for whoever helps; no secret, no name, nobody's words. */
  'diagnostics.report': {
    input: v.object({ accountId: v.nullable(accountId) }),
    output: v.object({ text: v.string() }),
  },
  'diagnostics.saveReport': { input: v.object({ accountId: v.nullable(accountId) }), output: saved },
  /** The log of this program, with secrets and words taken out. */
  'diagnostics.saveLog': { input: nothing, output: saved },
} as const
