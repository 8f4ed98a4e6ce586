/** One HTTP request on the system's way out of this network, with a watch that nothing stands still. */
import { type ClientRequest, type IncomingMessage, type RequestOptions, request as plain } from 'node:http'
import { request as secure } from 'node:https'
import type { Clock } from '#electron/core/ports/platform.ts'
import { type ResolveProxy, createRoute, hopsOf } from '../stomp/proxy.ts'

export interface WayOut {
  readonly resolveProxy: ResolveProxy
  readonly clock: Pick<Clock, 'after'>
}

export interface OpenRequest {
  readonly request: ClientRequest
  /** Settles with the answer's head, or rejects with what ended the request. */
  readonly answered: Promise<IncomingMessage>
  /** Something moved: the watch begins anew. */
  moved(): void
  /** Ends everything that is left of it. */
  end(): void
}

/** Nothing moved for too long. */
export class StalledError extends Error {
  readonly code = 'ETIMEDOUT'
}

export interface OpenOptions {
  readonly url: URL
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string | number>>
  readonly signal: AbortSignal
  readonly stallMs: number
  readonly lookup?: NonNullable<RequestOptions['lookup']>
}

export async function openRequest({ resolveProxy, clock }: WayOut, options: OpenOptions): Promise<OpenRequest> {
  const { url, method, headers, signal, stallMs, lookup } = options
  signal.throwIfAborted()
  // Without path and query: a proxy script may come from the network.
  const route = createRoute(url, hopsOf(await resolveProxy(`${url.protocol}//${url.host}/`)))
  signal.throwIfAborted()
  const request = (url.protocol === 'https:' ? secure : plain)(url, {
    method,
    headers,
    agent: route.agent,
    signal,
    ...(lookup && { lookup }),
  })
  let answer: IncomingMessage | null = null
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', (head) => {
      answer = head
      resolve(head)
    })
    request.on('error', reject)
  })
  let watch = clock.after(stallMs, stalled)
  function stalled(): void {
    const reason = new StalledError('nothing moved')
    // Whoever reads the answer is told the reason, not only that the connection has closed.
    answer?.destroy(reason)
    request.destroy(reason)
  }
  return {
    request,
    answered,
    moved: () => {
      watch.dispose()
      watch = clock.after(stallMs, stalled)
    },
    end: () => {
      watch.dispose()
      request.destroy()
      route.dispose()
    },
  }
}

/** The answer's body, or null once it is longer than `maxBytes`. */
export async function bodyOf(answer: IncomingMessage, maxBytes: number, moved: () => void): Promise<Buffer | null> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    moved()
    size += chunk.length
    if (size > maxBytes) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
