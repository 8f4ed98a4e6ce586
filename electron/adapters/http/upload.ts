/**
 * Uploads of one account's outgoing copies: a form with the file in it, streamed from disk, with the bearer token.
 *
 * Promises: memory does not grow with the file; `onProgress` counts the file's own bytes; every way it can end is one
 * of the outcomes. Must never give the token to another origin, or put address or token anywhere.
 */
import { randomUUID } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { appError } from '#common/base/errors.ts'
import type { AccountMedia, UploadOutcome, UploadRequest } from '#electron/core/ports/media.ts'
import { problemOfError, retryAfterMs } from '../stomp/problems.ts'
import { envelopeOf } from './multipart.ts'
import { outcomeOfBody, outcomeOfStatus } from './outcomes.ts'
import { type WayOut, bodyOf, openRequest } from './wayOut.ts'

/** Without a byte moving, or an answer coming, for so long it is over. */
export const uploadStallMs = 60_000
const maxAnswerBytes = 256 * 1024
const maxRedirects = 3

export interface UploadOptions extends WayOut {
  /** Where an outgoing copy lies. */
  readonly pathOf: (file: string) => string
  readonly now: () => number
  readonly stallMs?: number
}

export function createUpload(options: UploadOptions): AccountMedia['upload'] {
  return (request) => {
    const ending = new AbortController()
    const outcome = run(options, request, ending.signal).catch((error: unknown): UploadOutcome => {
      if (ending.signal.aborted) return { result: 'aborted' }
      return { result: 'retry', error: problemOfError(asError(error)), retryAfterMs: null }
    })
    return { outcome, abort: () => ending.abort() }
  }
}

async function run(options: UploadOptions, request: UploadRequest, signal: AbortSignal): Promise<UploadOutcome> {
  const handle = await open(options.pathOf(request.file), 'r').catch(() => null)
  if (handle === null) return { result: 'refused', error: appError('attachment.unreadable', 'no copy') }
  try {
    if ((await handle.stat()).size !== request.size) {
      return { result: 'refused', error: appError('attachment.unreadable', 'copy of another size') }
    }
    let url = new URL(request.url)
    for (let redirects = 0; ; redirects++) {
      const { outcome, location } = await post(options, request, url, handle, signal)
      if (location === null || redirects >= maxRedirects) return outcome
      url = location
    }
  } finally {
    await handle.close()
  }
}

interface Posted {
  readonly outcome: UploadOutcome
  /** Where to ask again, within the same origin only. */
  readonly location: URL | null
}

async function post(
  options: UploadOptions,
  request: UploadRequest,
  url: URL,
  handle: FileHandle,
  signal: AbortSignal,
): Promise<Posted> {
  const { field, name, mime, size, token, responsePath } = request
  const envelope = envelopeOf({ field, fileName: name, mime, size, boundary: `----godwit${randomUUID()}` })
  const sending = await openRequest(options, {
    url,
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'application/json',
      'content-type': envelope.contentType,
      'content-length': envelope.contentLength,
    },
    signal,
    stallMs: options.stallMs ?? uploadStallMs,
  })
  async function* body(): AsyncGenerator<Uint8Array> {
    yield envelope.head
    let sent = 0
    for await (const chunk of handle.createReadStream({ start: 0, autoClose: false }) as AsyncIterable<Buffer>) {
      yield chunk
      sending.moved()
      sent += chunk.length
      request.onProgress(sent)
    }
    yield envelope.tail
  }
  // What ends the sending early ends the request, and is told by `answered`; an answer may also come before the end.
  const sent = pipeline(body, sending.request).catch(() => null)
  try {
    const answer = await sending.answered
    sending.moved()
    const status = answer.statusCode ?? 0
    const early = outcomeOfStatus(status, size, retryAfterMs(answer.headers, options.now()))
    if (early !== null) return { outcome: early, location: redirection(status, answer.headers.location, url) }
    const bytes = await bodyOf(answer, maxAnswerBytes, () => sending.moved())
    return { outcome: outcomeOfBody(bytes, responsePath, url.href), location: null }
  } finally {
    sending.end()
    await sent
  }
}

/** The two redirects that keep the method, as long as they stay with the origin that was trusted with the token. */
function redirection(status: number, location: string | undefined, from: URL): URL | null {
  if ((status !== 307 && status !== 308) || location === undefined || !URL.canParse(location, from.href)) return null
  const to = new URL(location, from.href)
  return to.origin === from.origin ? to : null
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
