/**
 * What an ERROR frame means. The server's words are only searched, never passed on as a code or a text of ours: whoever
 * shows them shows them as the server's.
 */
import { type AppError, appError } from '#common/base/errors.ts'

const expired =
  /\b(token|session|jwt|credential\w*|signature|usersig)\b[^.]{0,40}\bexpired\b|\bexpired[ -](token|jwt|credential)|令牌.{0,6}过期|登录.{0,6}过期/i
const refused =
  /\bunauthori[sz]ed\b|\b401\b|\bauthentication (failed|required|error)|\b(not|un)[ -]?authenticated\b|\bbad credentials\b|\b(invalid|malformed|missing|illegal) (token|jwt|credential|usersig|signature)|\b(token|jwt|usersig) (is )?(invalid|malformed|missing|required|revoked)|未授权|未登录|未认证|认证失败|令牌无效/i
const closing = /\bsession closed\b|\bconnection (to broker )?closed\b|\bbroker not available\b|\bshutting down\b/i

/** A long body is a stack trace: any word can stand in it. */
const maxTellingBody = 256

/** `session.tokenExpired` and `session.unauthorized` end the attempts; everything else is a broken link to try again. */
export function readServerError(serverError: { readonly message: string; readonly body: string }): AppError {
  const { message, body } = serverError
  const told = `${message.slice(0, 1024)}\n${body.length <= maxTellingBody ? body : ''}`
  if (expired.test(told)) return appError('session.tokenExpired')
  if (refused.test(told)) return appError('session.unauthorized')
  if (closing.test(told)) return appError('link.closed', 'ERROR frame')
  return appError('link.serverError', 'ERROR frame')
}
