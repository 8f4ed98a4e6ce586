/** What any STOMP server could never accept as a credential, checked before anything is sent. */
import { type Result, fail, ok } from '#common/base/result.ts'

/** Spring does not unescape CONNECT headers: none of these can stand in one. */
const unspeakable = /[\u0000-\u001f\u007f\\]/

export function checkToken(token: string): Result<null> {
  if (token.trim() === '' || unspeakable.test(token)) return fail('account.tokenMalformed')
  return ok(null)
}

export function checkUserId(userId: string): Result<null> {
  if (userId.trim() === '' || unspeakable.test(userId)) return fail('input.invalid', 'user id')
  return ok(null)
}

/** The address without query and fragment, whatever was stored. */
export function baseUrl(url: string): string {
  return url.replace(/[?#].*$/s, '')
}

/** STOMP 1.2 wants a `host` header: the name the server goes by, without port. */
export function hostHeader(url: string): Readonly<Record<string, string>> {
  const host = /^[a-z]+:\/\/(?:[^/@]*@)?(\[[^\]]+\]|[^/:?#]+)/i.exec(url)?.[1]
  return host === undefined ? {} : { host }
}
