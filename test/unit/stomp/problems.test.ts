import { describe, expect, it } from 'vitest'
import { problemOfClose, problemOfError, problemOfStatus, retryAfterMs } from '#electron/adapters/stomp/problems.ts'

const failure = (code: string): Error => Object.assign(new Error(`connect ${code} wss://host/?token=secret`), { code })

describe('problems of a link', () => {
  it.each([
    ['ECONNREFUSED', 'link.refused'],
    ['ETIMEDOUT', 'link.timedOut'],
    ['EPERM', 'link.notPermitted'],
    ['EACCES', 'link.notPermitted'],
    ['EINVAL', 'link.invalid'],
    ['ENOTFOUND', 'link.notFound'],
    ['EAI_AGAIN', 'link.notFound'],
    ['ENETUNREACH', 'link.unreachable'],
    ['EHOSTUNREACH', 'link.unreachable'],
    ['ECONNRESET', 'link.closed'],
    ['EPIPE', 'link.closed'],
    ['CERT_HAS_EXPIRED', 'link.tlsExpired'],
    ['CERT_NOT_YET_VALID', 'link.tlsExpired'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'link.tlsUntrusted'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'link.tlsUntrusted'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'link.tlsUntrusted'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'link.tlsHost'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'link.tls'],
    ['EPROTO', 'link.tls'],
    ['WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', 'link.tooBig'],
    ['WS_ERR_INVALID_OPCODE', 'link.protocol'],
    ['HPE_INVALID_CONSTANT', 'link.protocol'],
    ['constructor', 'link.closed'],
    ['ESOMETHINGNEW', 'link.closed'],
  ])('%s is %s, told by its code alone', (code, expected) => {
    expect(problemOfError(failure(code))).toEqual({ code: expected, detail: code })
  })

  it('takes the first of several addresses that were tried in vain', () => {
    const all = new AggregateError([failure('EHOSTUNREACH'), failure('ECONNREFUSED')])
    expect(problemOfError(all).code).toBe('link.unreachable')
  })

  it.each([[undefined], ['text'], [null], [new Error('socket at wss://host/?token=secret')]])(
    'anything else that is thrown is a closed link, without its words (%#)',
    (thrown) => {
      expect(problemOfError(thrown)).toEqual({ code: 'link.closed' })
    },
  )

  it('tells a captive portal by its page', () => {
    expect(problemOfStatus(200, 'text/html; charset=utf-8').detail).toBe('HTTP 200 with a page')
    expect(problemOfStatus(200, 'application/json').detail).toBe('HTTP 200')
  })

  it('knows no meaning in a close code nobody agreed on', () => {
    expect(problemOfClose(4999)).toEqual({ code: 'link.closed', detail: 'close 4999', data: { closeCode: 4999 } })
  })
})

describe('Retry-After', () => {
  const now = Date.parse('2026-11-20T10:00:00Z')

  it.each([
    ['120', undefined, 120_000],
    [' 0 ', undefined, 0],
    ['Fri, 20 Nov 2026 10:01:00 GMT', undefined, 60_000],
    // The local clock is an hour behind the server's.
    ['Fri, 20 Nov 2026 11:01:00 GMT', 'Fri, 20 Nov 2026 11:00:00 GMT', 60_000],
    ['Fri, 20 Nov 2026 09:00:00 GMT', undefined, null],
    ['99999999999', undefined, 3_600_000],
    ['-5', undefined, null],
    ['later', undefined, null],
    ['', undefined, null],
    [undefined, undefined, null],
  ])('%j with the date %j is %j ms', (value, date, expected) => {
    expect(retryAfterMs({ 'retry-after': value, date }, now)).toBe(expected)
  })
})
