/** Fetches what a message shows, bounded in bytes and time. What it may reach is the business of `follow`. */
import { type Result, fail, ok } from '#common/base/result.ts'
import type { AccountMedia, DownloadRequest } from '#electron/core/ports/media.ts'
import { problemOfError } from '../stomp/problems.ts'
import { type FollowAnswer, follow } from './follow.ts'
import { type WayOut, bodyOf } from './wayOut.ts'

export const downloadStallMs = 30_000
/** However steadily it trickles. */
export const downloadWithinMs = 5 * 60_000

export interface DownloadOptions extends WayOut {
  readonly stallMs?: number
}

const refused = (detail: string): Result<never> => fail('attachment.notAvailable', detail)

export function createDownload(options: DownloadOptions): AccountMedia['download'] {
  return (request) => {
    const ending = new AbortController()
    const limit = options.clock.after(downloadWithinMs, () => ending.abort())
    const outcome = run(options, request, ending.signal)
      .catch((error: unknown) =>
        refused(ending.signal.aborted ? 'ended' : error instanceof Error ? problemOfError(error).code : 'failed'),
      )
      .finally(() => limit.dispose())
    return { outcome, abort: () => ending.abort() }
  }
}

async function run(
  options: DownloadOptions,
  { url, maxBytes, allowLoopback }: DownloadRequest,
  signal: AbortSignal,
): Promise<Result<Uint8Array>> {
  const stallMs = options.stallMs ?? downloadStallMs
  const followed = await follow(
    options,
    { url, allowLoopback, headers: { accept: 'image/*' }, signal, stallMs },
    (answer) => whole(answer, maxBytes),
  )
  return followed.ok ? followed.value : followed
}

async function whole({ answer, status, moved }: FollowAnswer, maxBytes: number): Promise<Result<Uint8Array>> {
  if (status !== 200) return refused(`HTTP ${status}`)
  if (Number(answer.headers['content-length'] ?? 0) > maxBytes) return refused('too big')
  const bytes = await bodyOf(answer, maxBytes, moved)
  return bytes === null ? refused('too big') : ok(bytes)
}
