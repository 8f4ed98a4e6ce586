/**
 * The one table from what a network says to what this program calls it (appendix B and section 9.1 of the im2 document,
 * HTTP's statuses, WebSocket's close codes). `detail` is a code or a number, never an address or a server's words.
 */
import { type AppError, type ErrorCode, appError } from '#common/base/errors.ts'
import { ProxyError } from './proxy.ts'

const systemCodes: Readonly<Record<string, ErrorCode>> = {
  ECONNREFUSED: 'link.refused',
  ETIMEDOUT: 'link.timedOut',
  ESOCKETTIMEDOUT: 'link.timedOut',
  EPERM: 'link.notPermitted',
  EACCES: 'link.notPermitted',
  EINVAL: 'link.invalid',
  ERR_INVALID_URL: 'link.invalid',
  ERR_INVALID_CHAR: 'link.invalid',
  ERR_SOCKET_BAD_PORT: 'link.invalid',
  ENOTFOUND: 'link.notFound',
  EAI_AGAIN: 'link.notFound',
  EAI_FAIL: 'link.notFound',
  EAI_NODATA: 'link.notFound',
  ENODATA: 'link.notFound',
  ENETUNREACH: 'link.unreachable',
  EHOSTUNREACH: 'link.unreachable',
  ENETDOWN: 'link.unreachable',
  EHOSTDOWN: 'link.unreachable',
  EADDRNOTAVAIL: 'link.unreachable',
  ECONNRESET: 'link.closed',
  ECONNABORTED: 'link.closed',
  EPIPE: 'link.closed',
  EPROTO: 'link.tls',
  CERT_HAS_EXPIRED: 'link.tlsExpired',
  CERT_NOT_YET_VALID: 'link.tlsExpired',
  CERT_UNTRUSTED: 'link.tlsUntrusted',
  ERR_TLS_CERT_ALTNAME_INVALID: 'link.tlsHost',
  HOSTNAME_MISMATCH: 'link.tlsHost',
  UNABLE_TO_GET_ISSUER_CERT: 'link.tlsUntrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'link.tlsUntrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'link.tlsUntrusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'link.tlsUntrusted',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'link.tlsUntrusted',
  INVALID_CA: 'link.tlsUntrusted',
  INVALID_PURPOSE: 'link.tls',
  PATH_LENGTH_EXCEEDED: 'link.tls',
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 'link.tooBig',
  WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: 'link.tooBig',
  WS_ERR_TOO_MANY_BUFFERED_PARTS: 'link.tooBig',
}

/** Families of codes, tried in order where the table has no entry. */
const systemFamilies: readonly (readonly [RegExp, ErrorCode])[] = [
  [/^(CERT_|CRL_|ERR_TLS_|ERR_SSL_|ERR_OSSL_)/, 'link.tls'],
  [/^(WS_ERR_|HPE_)/, 'link.protocol'],
  [/^ERR_INVALID_/, 'link.invalid'],
]

const closeCodes: Readonly<Record<number, ErrorCode>> = {
  1001: 'link.serverStopping',
  1002: 'link.protocol',
  1003: 'link.protocol',
  1007: 'link.protocol',
  1008: 'link.httpForbidden',
  1009: 'link.tooBig',
  1011: 'link.httpServerError',
  1012: 'link.serverStopping',
  1013: 'link.serverStopping',
  4500: 'link.tooSlow',
}

/** Anything a socket, a resolver, a TLS stack or the WebSocket library throws or emits. */
export function problemOfError(error: unknown): AppError {
  if (error instanceof ProxyError) return error.problem
  const code = codeOf(error)
  if (code !== undefined) {
    const known = Object.hasOwn(systemCodes, code) ? systemCodes[code] : undefined
    return appError(known ?? systemFamilies.find(([family]) => family.test(code))?.[1] ?? 'link.closed', code)
  }
  const message = error instanceof Error ? error.message : ''
  if (/subprotocol/i.test(message)) return appError('link.protocol', 'sub-protocol')
  if (/upgrade|sec-websocket/i.test(message)) return appError('link.protocol', 'upgrade')
  return appError('link.closed')
}

/** An HTTP answer in place of the upgrade. */
export function problemOfStatus(status: number, contentType: string | undefined): AppError {
  const data = { status }
  if (status === 401) return appError('session.unauthorized', 'HTTP 401', data)
  if (status === 403) return appError('link.httpForbidden', 'HTTP 403', data)
  if (status === 407) return appError('link.proxy', 'HTTP 407', data)
  if (status === 404 || status === 410) return appError('link.httpNotFound', `HTTP ${status}`, data)
  if (status === 429) return appError('link.httpTooMany', 'HTTP 429', data)
  // 511: sign in to the network first.
  if (status >= 500 && status !== 511) return appError('link.httpServerError', `HTTP ${status}`, data)
  // A page where an upgrade was asked for is what hotel networks answer.
  const page = contentType !== undefined && /html/i.test(contentType)
  return appError('link.httpUnexpected', page ? `HTTP ${status} with a page` : `HTTP ${status}`, data)
}

/**
 * Whether the answer to an upgrade, or to a SockJS request, means that this way is not offered here: the address is
 * unknown, the upgrade was not taken for one, or something else than a chat server answered with a page. A redirect is
 * somebody who wants to talk to a person: it is the answer.
 */
export function isStatusNotOffered(status: number): boolean {
  return (status >= 200 && status < 300) || notOfferedStatuses.has(status)
}

const notOfferedStatuses: ReadonlySet<number> = new Set([400, 404, 405, 406, 410, 415, 426, 501])

/** The same of a handshake that broke off: closed in the middle, or answered by what is no WebSocket server of ours. */
export function isHandshakeNotOffered({ code, detail }: AppError): boolean {
  return code === 'link.closed' || (code === 'link.protocol' && detail?.startsWith('HPE_') !== true)
}

/** The close code of a WebSocket or SockJS session that stood. */
export function problemOfClose(code: number): AppError {
  return appError(closeCodes[code] ?? 'link.closed', `close ${code}`, { closeCode: code })
}

/** Longer waits are not believed. */
const maxRetryAfterMs = 3_600_000

/**
 * Ms to wait by a Retry-After header, seconds or date, at most an hour; null where there is none. A date is compared
 * with the answer's own Date, because the local clock may be wrong.
 */
export function retryAfterMs(
  headers: { readonly 'retry-after'?: string | undefined; readonly date?: string | undefined },
  now: number,
): number | null {
  const value = headers['retry-after']?.trim()
  if (value === undefined || value === '') return null
  const sent = Date.parse(headers.date ?? '')
  const wait = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - (Number.isNaN(sent) ? now : sent)
  return Number.isNaN(wait) || wait < 0 ? null : Math.min(wait, maxRetryAfterMs)
}

/** The system's code; of several addresses tried in vain, the first one's. */
function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  if ('code' in error && typeof error.code === 'string') return error.code
  return error instanceof AggregateError ? codeOf(error.errors[0]) : undefined
}
