/**
 * Fetches the file of a message into the account's folder, from where the last try stopped (RFC 9110, Range and
 * If-Range). What came is gone on from only when the server names the very version it was of; else it begins anew.
 *
 * Promises: `done` means all bytes the server spoke of, on stable storage; a cut keeps what came. Must never put parts
 * of two versions together.
 */
import { type FileHandle, mkdir, open, readFile, rm, writeFile } from 'node:fs/promises'
import { type AppError, type ErrorCode, appError } from '#common/base/errors.ts'
import { headBytes } from '#electron/core/attachments/sniff.ts'
import type { AccountMedia, FetchOutcome, FetchRequest } from '#electron/core/ports/media.ts'
import { partPaths } from '../media/accountFiles.ts'
import { problemOfError } from '../stomp/problems.ts'
import { downloadStallMs } from './download.ts'
import { type FollowAnswer, follow } from './follow.ts'
import type { WayOut } from './wayOut.ts'

export interface FetchFileOptions extends WayOut {
  /** The account's folder. */
  readonly dir: string
  readonly stallMs?: number
}

/** These speak of the moment, not of the file. */
const passing: ReadonlySet<number> = new Set([407, 408, 421, 423, 425, 429])
const diskCodes: Readonly<Record<string, ErrorCode>> = {
  ENOSPC: 'storage.full',
  EDQUOT: 'storage.full',
  EROFS: 'storage.readOnly',
  EACCES: 'storage.readOnly',
  EPERM: 'storage.readOnly',
}

export function createFetchFile(options: FetchFileOptions): AccountMedia['fetch'] {
  return (request) => {
    const ending = new AbortController()
    const outcome = run(options, request, ending.signal).catch((error: unknown): FetchOutcome => {
      if (ending.signal.aborted) return { result: 'aborted' }
      const disk = diskProblem(error)
      if (disk !== null) return { result: 'refused', error: disk }
      const problem = error instanceof Error ? problemOfError(error) : appError('link.closed')
      // An address that may not be asked stays one.
      return { result: problem.code === 'link.notPermitted' ? 'refused' : 'cut', error: problem }
    })
    return { outcome, abort: () => ending.abort() }
  }
}

async function run(options: FetchFileOptions, request: FetchRequest, signal: AbortSignal): Promise<FetchOutcome> {
  const { folder, part, tag } = partPaths(options.dir, request.messageId)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const file = await open(part, 'a+', 0o600)
  try {
    const version = await readFile(tag, 'utf8').catch(() => '')
    const { size } = await file.stat()
    const offset = version === '' ? 0 : size
    const followed = await follow(
      options,
      {
        url: request.url,
        allowLoopback: request.allowLoopback,
        headers: { accept: '*/*', ...(offset > 0 && { range: `bytes=${offset}-`, 'if-range': version }) },
        signal,
        stallMs: options.stallMs ?? downloadStallMs,
      },
      (answer) => take(answer, { file, tag, offset, request }),
    )
    return followed.ok ? followed.value : { result: 'refused', error: followed.error }
  } finally {
    await file.close()
  }
}

interface Taking {
  readonly file: FileHandle
  readonly tag: string
  readonly offset: number
  readonly request: FetchRequest
}

async function take({ answer, status, moved }: FollowAnswer, taking: Taking): Promise<FetchOutcome> {
  const { file, tag, offset, request } = taking
  const range = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(answer.headers['content-range'] ?? '')
  if (status === 416 && offset > 0) {
    // All of it had come already, or what came is of no use any more.
    if (Number(range?.[2]) === offset) return done(file, offset)
    await rm(tag, { force: true })
    return { result: 'cut', error: appError('link.httpUnexpected', 'HTTP 416') }
  }
  if (status !== 200 && status !== 206) return refusal(status)
  if ((answer.headers['content-encoding'] ?? 'identity') !== 'identity') return refusal(406)
  const goesOn = status === 206 && offset > 0 && Number(range?.[1]) === offset
  if (status === 206 && !goesOn) {
    await rm(tag, { force: true })
    return { result: 'cut', error: appError('link.httpUnexpected', 'range') }
  }
  const start = goesOn ? offset : 0
  const length = answer.headers['content-length']
  const total = length === undefined ? null : start + Number(length)
  if (total !== null && total > request.maxBytes) return { result: 'refused', error: appError('attachment.tooBig') }
  if (!goesOn) {
    await file.truncate(0)
    const version = versionOf(answer.headers.etag, answer.headers['last-modified'])
    if (version === null) await rm(tag, { force: true })
    else await writeFile(tag, version, { mode: 0o600 })
  }
  request.onProgress(start, total)
  let received = start
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    moved()
    if (received + chunk.length > request.maxBytes) return { result: 'refused', error: appError('attachment.tooBig') }
    await file.writeFile(chunk)
    received += chunk.length
    request.onProgress(received, total)
  }
  if (total !== null && received !== total) return { result: 'cut', error: appError('link.closed') }
  return done(file, received)
}

async function done(file: FileHandle, size: number): Promise<FetchOutcome> {
  await file.sync()
  const { buffer, bytesRead } = await file.read(new Uint8Array(Math.min(size, headBytes)), { position: 0 })
  return { result: 'done', size, head: buffer.subarray(0, bytesRead) }
}

/** What `If-Range` may carry: a strong tag, else the date. */
function versionOf(etag: string | undefined, modified: string | undefined): string | null {
  if (etag !== undefined && /^"[^"]{1,500}"$/.test(etag)) return etag
  return modified !== undefined && /^[\x20-\x7e]{1,60}$/.test(modified) ? modified : null
}

function refusal(status: number): FetchOutcome {
  const detail = `HTTP ${status}`
  if (status >= 500 || passing.has(status)) {
    return { result: 'cut', error: appError(status === 429 ? 'link.httpTooMany' : 'link.httpServerError', detail) }
  }
  return { result: 'refused', error: appError('attachment.gone', detail) }
}

function diskProblem(error: unknown): AppError | null {
  // Of the disk are those that a call to the system names; EACCES without one is an address that is not allowed.
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return null
  const code = diskCodes[String(error.code)]
  const isOfDisk = code !== undefined && /^(open|write|mkdir|fsync|ftruncate|rm|unlink)$/.test(String(error.syscall))
  return isOfDisk ? appError(code, String(error.code)) : null
}
