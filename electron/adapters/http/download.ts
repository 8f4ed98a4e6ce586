/**
 * Fetches what a message shows: no token, no cookie, no referrer, bounded in bytes and time.
 *
 * Must never reach this machine unless it is asked to, or follow a redirect into a network that the first address was
 * not in.
 */
import type { IncomingMessage } from 'node:http'
import { type Result, fail, ok } from '#common/base/result.ts'
import { fileAddress, staysHere } from '#electron/core/attachments/endpoint.ts'
import type { AccountMedia, DownloadRequest } from '#electron/core/ports/media.ts'
import { problemOfError } from '../stomp/problems.ts'
import { guardedLookup, isRefusedLiteral } from './addresses.ts'
import { type WayOut, bodyOf, openRequest } from './wayOut.ts'

export const downloadStallMs = 30_000
/** However steadily it trickles. */
export const downloadWithinMs = 5 * 60_000
const maxRedirects = 3
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

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
  const first = new URL(url)
  let current = first
  for (let hop = 0; hop <= maxRedirects; hop++) {
    const elsewhere = current.hostname !== first.hostname
    const allowed = { here: allowLoopback, inside: !elsewhere }
    if (!allowLoopback && staysHere(current.href)) return refused('loopback')
    if (isRefusedLiteral(current.hostname, allowed)) return refused('address')
    const fetching = await openRequest(options, {
      url: current,
      method: 'GET',
      headers: { accept: 'image/*', 'accept-encoding': 'identity' },
      signal,
      stallMs: options.stallMs ?? downloadStallMs,
      lookup: guardedLookup(allowed),
    })
    fetching.request.end()
    try {
      const answer = await fetching.answered
      fetching.moved()
      const status = answer.statusCode ?? 0
      if (status === 200) return await whole(answer, maxBytes, () => fetching.moved())
      const next = redirects.has(status) ? fileAddress(answer.headers.location ?? '', current.href) : null
      if (next === null || (current.protocol === 'https:' && !next.startsWith('https:')))
        return refused(`HTTP ${status}`)
      current = new URL(next)
    } finally {
      fetching.end()
    }
  }
  return refused('redirects')
}

async function whole(answer: IncomingMessage, maxBytes: number, moved: () => void): Promise<Result<Uint8Array>> {
  if (Number(answer.headers['content-length'] ?? 0) > maxBytes) return refused('too big')
  const bytes = await bodyOf(answer, maxBytes, moved)
  return bytes === null ? refused('too big') : ok(bytes)
}
