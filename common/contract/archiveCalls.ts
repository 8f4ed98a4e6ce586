/** What may be asked about archives: written, read back, watched, given up. Main asks for the folders; no path crosses. */
import * as v from 'valibot'

const accountId = v.pipe(v.string(), v.minLength(1), v.maxLength(100))
const conversationId = v.pipe(v.string(), v.minLength(1), v.maxLength(600))
const count = v.pipe(v.number(), v.integer(), v.minValue(0))

export const archiveProgressSchema = v.object({
  task: v.picklist(['exporting', 'checking', 'importing']),
  /** 0 to 1, or null where nobody can say yet. */
  share: v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
})
export type ArchiveProgress = v.InferOutput<typeof archiveProgressSchema>

export const archiveCalls = {
  /**
   * Asks for a folder and writes an archive into a new one there; answers when it is done. `done` is null when the user
   * chose none or gave it up: nothing is left of it then.
   */
  'archive.export': {
    input: v.object({
      accountId,
      /** Null: all that are shown. */
      conversationId: v.nullable(conversationId),
      /** Pictures and files as well, as far as they are on this computer. */
      media: v.boolean(),
    }),
    output: v.object({
      done: v.nullable(
        v.object({
          /** The new folder's own name. */
          name: v.string(),
          conversations: count,
          messages: count,
          media: count,
          bytes: v.pipe(v.number(), v.minValue(0)),
        }),
      ),
    }),
  },
  /** Asks for an archive's folder and takes back what is not here; as above. What came before it was given up stays. */
  'archive.import': {
    input: v.object({ accountId }),
    output: v.object({
      done: v.nullable(
        v.object({
          added: count,
          /** Were here already. */
          known: count,
          /** Have been deleted here, and stay so. */
          deleted: count,
          /** Were never sent; they stay in the archive. */
          unsent: count,
          media: count,
        }),
      ),
    }),
  },
  /** Null when nothing is under way. */
  'archive.progress': {
    input: v.object({ accountId }),
    output: v.object({ progress: v.nullable(archiveProgressSchema) }),
  },
  'archive.cancel': { input: v.object({ accountId }), output: v.object({}) },
  /** Shows the archive that was written last in the system's own window for files. */
  'archive.show': { input: v.object({ accountId }), output: v.object({}) },
} as const
