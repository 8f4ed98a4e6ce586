/** What an upload endpoint's answer means: the one table from status to outcome, and the address in the answer. */
import { appError } from '#common/base/errors.ts'
import { objectOf, parseJson } from '#common/base/json.ts'
import { fileAddress } from '#electron/core/attachments/endpoint.ts'
import type { UploadOutcome } from '#electron/core/ports/media.ts'

/** These 4xx speak of the moment, not of the request. */
const passing: ReadonlySet<number> = new Set([407, 408, 421, 423, 425, 429])

/** Null for success: then the body has the word. `data` of a too big one carries the size, in bytes. */
export function outcomeOfStatus(status: number, size: number, retryAfterMs: number | null): UploadOutcome | null {
  if (status >= 200 && status < 300) return null
  const detail = `HTTP ${status}`
  if (status === 401 || status === 403) {
    return { result: 'unauthorized', error: appError('attachment.unauthorized', detail, { status }) }
  }
  if (status === 413) return { result: 'refused', error: appError('attachment.tooBig', detail, { size }) }
  if (status === 429) return { result: 'retry', error: appError('link.httpTooMany', detail, { status }), retryAfterMs }
  if (status >= 500 || passing.has(status)) {
    return { result: 'retry', error: appError('link.httpServerError', detail, { status }), retryAfterMs }
  }
  // Everything else under 500, redirects that lead elsewhere among it.
  return { result: 'refused', error: appError('attachment.refused', detail, { status }) }
}

/** Where the answer says the file is now; relative addresses belong to the endpoint's. */
export function outcomeOfBody(body: Buffer | null, responsePath: string, url: string): UploadOutcome {
  let value = body === null ? undefined : parseJson(body.toString('utf8'))
  for (const key of responsePath.split('.')) {
    const object = objectOf(value)
    value = object !== undefined && Object.hasOwn(object, key) ? object[key] : undefined
  }
  const address = typeof value === 'string' ? fileAddress(value, url) : null
  return address === null
    ? { result: 'refused', error: appError('attachment.noAddress', body === null ? 'too long' : 'answer') }
    : { result: 'done', url: address }
}
