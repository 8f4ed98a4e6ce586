import * as v from 'valibot'

/**
 * Where the file of a message stands on its way to the upload endpoint; a message without one here has nothing to
 * upload (any more). `waiting` for its turn or for a connection, `retrying` after a failure that may pass, `stopped`
 * until a new connection, because the endpoint refused the token.
 */
export const uploadSchema = v.object({
  messageId: v.number(),
  /** Bytes. */
  sent: v.number(),
  total: v.number(),
  state: v.picklist(['waiting', 'uploading', 'retrying', 'stopped']),
  /** Error code of the last failure, or null. */
  problem: v.nullable(v.string()),
})
export type Upload = v.InferOutput<typeof uploadSchema>

/** Of `fileUploadLimit` and everything a person is told about sizes. */
export const bytesPerMegabyte = 1024 * 1024

/** What may come from the page as bytes, pasted or dropped; larger files are chosen in the system's dialog. */
export const maxAddedBytes = 100 * bytesPerMegabyte

/** The limit in bytes that a policy in megabytes means, or null for none. */
export function uploadLimitBytes(megabytes: number | null): number | null {
  return megabytes === null ? null : Math.floor(megabytes * bytesPerMegabyte)
}
