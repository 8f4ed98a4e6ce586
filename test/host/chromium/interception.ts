/**
 * Every request of a page, its frames and workers, put before one decision maker before it leaves Chromium.
 *
 * Owns: the Fetch domain of the sessions given to it. Promises: each paused request is answered exactly once; a decision
 * maker that throws fails the request and reports. Must never: decide.
 */
import { type CdpSession, type Protocol, ignoreGone } from './cdp.ts'

type PausedRequest = Protocol.Events['Fetch.requestPaused']

export interface HeaderEntry {
  name: string
  value: string
}

export interface InterceptedRequest {
  url: string
  method: string
  headers: Record<string, string>
  body: Uint8Array<ArrayBuffer> | undefined
  /** Chromium's word: Document, Script, Image, Media … */
  resourceType: string
  frameId: string
  /** It continues a request that was redirected. */
  redirected: boolean
}

export type RequestDecision =
  | { kind: 'continue'; headers?: HeaderEntry[]; inspectResponse?: boolean }
  | { kind: 'fulfil'; status: number; statusText?: string; headers: HeaderEntry[]; body: Uint8Array }
  | { kind: 'fail'; reason: FailReason }

export type FailReason = 'Aborted' | 'AccessDenied' | 'BlockedByClient' | 'Failed'

export type ResponseDecision =
  { kind: 'continue'; status?: number; headers?: HeaderEntry[] } | { kind: 'fail'; reason: FailReason }

export interface Interceptor {
  request(request: InterceptedRequest): Promise<RequestDecision>
  /** Called when a continued request asked for it with `inspectResponse`. */
  response(request: InterceptedRequest, status: number, headers: HeaderEntry[]): Promise<ResponseDecision>
  /** A decision that threw: the request has been failed. */
  onError(error: unknown): void
}

/** Puts the requests of one session before the interceptor. Enables the domain; the answer says when it is on. */
export function intercept(session: CdpSession, interceptor: Interceptor): Promise<unknown> {
  session.on('Fetch.requestPaused', (paused) => {
    void answer(session, paused, interceptor).catch(ignoreGone)
  })
  return session.send('Fetch.enable', { patterns: [{ urlPattern: '*', requestStage: 'Request' }] })
}

async function answer(session: CdpSession, paused: PausedRequest, interceptor: Interceptor): Promise<unknown> {
  const { requestId } = paused
  try {
    if (paused.responseErrorReason !== undefined) return await session.send('Fetch.continueRequest', { requestId })
    if (paused.responseStatusCode !== undefined) return await answerResponse(session, paused, interceptor)
    const decision = await interceptor.request(described(paused))
    switch (decision.kind) {
      case 'continue':
        return await session.send('Fetch.continueRequest', {
          requestId,
          ...(decision.headers && { headers: decision.headers }),
          ...(decision.inspectResponse && { interceptResponse: true }),
        })
      case 'fail':
        return await session.send('Fetch.failRequest', { requestId, errorReason: decision.reason })
      case 'fulfil':
        return await session.send('Fetch.fulfillRequest', {
          requestId,
          responseCode: decision.status,
          ...(decision.statusText && { responsePhrase: decision.statusText }),
          responseHeaders: decision.headers,
          body: Buffer.from(decision.body).toString('base64'),
        })
    }
  } catch (error) {
    ignoreGoneOrReport(error, interceptor)
    return session.send('Fetch.failRequest', { requestId, errorReason: 'Failed' })
  }
}

async function answerResponse(session: CdpSession, paused: PausedRequest, interceptor: Interceptor): Promise<unknown> {
  const { requestId, responseStatusCode = 200, responseHeaders = [] } = paused
  const decision = await interceptor.response(described(paused), responseStatusCode, responseHeaders)
  if (decision.kind === 'fail') {
    return session.send('Fetch.failRequest', { requestId, errorReason: decision.reason })
  }
  return session.send('Fetch.continueResponse', {
    requestId,
    // Chromium wants both or neither.
    ...((decision.headers ?? decision.status) && {
      responseCode: decision.status ?? responseStatusCode,
      responseHeaders: decision.headers ?? responseHeaders,
    }),
  })
}

function ignoreGoneOrReport(error: unknown, interceptor: Interceptor): void {
  try {
    ignoreGone(error)
  } catch {
    interceptor.onError(error)
  }
}

function described(paused: PausedRequest): InterceptedRequest {
  const { request } = paused
  const parts = request.postDataEntries?.map((entry) => Buffer.from(entry.bytes ?? '', 'base64'))
  return {
    url: request.url + (request.urlFragment ?? ''),
    method: request.method,
    headers: request.headers,
    body: parts ? new Uint8Array(Buffer.concat(parts)) : undefined,
    resourceType: paused.resourceType,
    frameId: paused.frameId,
    redirected: paused.redirectedRequestId !== undefined,
  }
}
