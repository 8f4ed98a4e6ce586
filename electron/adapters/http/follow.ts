/**
 * One GET for what a message shows or carries, through its redirects: no token, no cookie, no referrer.
 *
 * Must never reach this machine unless it is asked to, or follow a redirect into a network that the first address was
 * not in.
 */
import type { IncomingMessage } from 'node:http'
import { type Result, fail, ok } from '#common/base/result.ts'
import { fileAddress, staysHere } from '#electron/core/attachments/endpoint.ts'
import { guardedLookup, isRefusedLiteral } from './addresses.ts'
import { type WayOut, openRequest } from './wayOut.ts'

const maxRedirects = 3
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

export interface FollowRequest {
  readonly url: string
  readonly allowLoopback: boolean
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  readonly stallMs: number
}

export interface FollowAnswer {
  readonly answer: IncomingMessage
  readonly status: number
  /** Something moved: the watch begins anew. */
  moved(): void
}

/** `use` has the answer that is no redirect; when it is done, nothing is left of the request. */
export async function follow<T>(
  wayOut: WayOut,
  { url, allowLoopback, headers, signal, stallMs }: FollowRequest,
  use: (answer: FollowAnswer) => Promise<T>,
): Promise<Result<T>> {
  const first = new URL(url)
  let current = first
  for (let hop = 0; hop <= maxRedirects; hop++) {
    const elsewhere = current.hostname !== first.hostname
    const allowed = { here: allowLoopback, inside: !elsewhere }
    if (!allowLoopback && staysHere(current.href)) return refused('loopback')
    if (isRefusedLiteral(current.hostname, allowed)) return refused('address')
    const fetching = await openRequest(wayOut, {
      url: current,
      method: 'GET',
      headers: { ...headers, 'accept-encoding': 'identity' },
      signal,
      stallMs,
      lookup: guardedLookup(allowed),
    })
    fetching.request.end()
    try {
      const answer = await fetching.answered
      fetching.moved()
      const status = answer.statusCode ?? 0
      if (!redirects.has(status)) return ok(await use({ answer, status, moved: () => fetching.moved() }))
      const next = fileAddress(answer.headers.location ?? '', current.href)
      if (next === null || (current.protocol === 'https:' && !next.startsWith('https:')))
        return refused(`HTTP ${status}`)
      current = new URL(next)
    } finally {
      fetching.end()
    }
  }
  return refused('redirects')
}

function refused(detail: string): Result<never> {
  return fail('attachment.notAvailable', detail)
}
