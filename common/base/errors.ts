/**
 * The closed list of what can go wrong in an expected way. Expected failures travel as values (`Result`), because a
 * thrown error loses its code on the way over IPC; bugs throw. The text a person reads is looked up by code in the
 * renderer's messages (`errors.<code>`), never taken from here or from a server.
 */
export const errorCodes = [
  // input
  'input.invalid',
  'input.tooLong',
  'input.empty',
  // account
  'account.unknown',
  'account.exists',
  'account.tokenMalformed',
  'account.appKeyMissing',
  'account.secretUnavailable',
  // server address
  'server.addressInvalid',
  'server.insecure',
  // link: reasons why no connection stands (appendix B and section 9.1 of the im2 document, and HTTP's)
  'link.refused',
  'link.timedOut',
  'link.notPermitted',
  'link.invalid',
  'link.notFound',
  'link.unreachable',
  'link.tls',
  'link.tlsExpired',
  'link.tlsHost',
  'link.tlsUntrusted',
  'link.proxy',
  'link.proxyUnsupported',
  'link.httpForbidden',
  'link.httpNotFound',
  'link.httpTooMany',
  'link.httpServerError',
  'link.serverError',
  'link.httpUnexpected',
  'link.noAnswer',
  'link.protocol',
  'link.closed',
  'link.serverStopping',
  'link.tooBig',
  'link.tooSlow',
  'link.silent',
  'link.offline',
  // session
  'session.unauthorized',
  'session.tokenMissing',
  'session.kicked',
  'session.tokenExpired',
  // message
  'message.unknown',
  'message.notYours',
  'message.notSupported',
  'message.refused',
  'message.gaveUp',
  'message.readOnly',
  'message.notMember',
  'message.recalled',
  // attachment
  'attachment.tooBig',
  'attachment.empty',
  'attachment.unreadable',
  'attachment.noEndpoint',
  'attachment.unauthorized',
  'attachment.refused',
  'attachment.noAddress',
  'attachment.notAvailable',
  'attachment.gone',
  'attachment.noProgram',
  'attachment.notSaved',
  // conversation
  'conversation.unknown',
  // links of our own scheme
  'deepLink.malformed',
  'deepLink.secret',
  'deepLink.notOffered',
  'deepLink.noAccount',
  'deepLink.noConversation',
  // lock
  'lock.locked',
  'lock.wrongPin',
  'lock.mustWait',
  // storage
  'storage.failed',
  'storage.full',
  'storage.readOnly',
  'storage.corrupt',
  'storage.newer',
  'storage.foreign',
  'storage.locked',
  // archive
  'archive.notOne',
  'archive.damaged',
  'archive.newer',
  'archive.foreign',
  'archive.unwritable',
  'archive.unreadable',
  'archive.busy',
  // new versions
  'update.off',
  'update.unreachable',
  'update.untrusted',
  'update.noRoom',
  'update.notReady',
  'update.notInstalled',
  // this program
  'internal',
  'ipc.refused',
  'ipc.unknownCall',
] as const

export type ErrorCode = (typeof errorCodes)[number]

/** `detail` is for engineers: short, without secrets, never shown as the message itself. */
export interface AppError {
  readonly code: ErrorCode
  readonly detail?: string
  /** Numbers the text may name: a limit, a length, a status code. */
  readonly data?: Readonly<Record<string, string | number>>
}

export function appError(code: ErrorCode, detail?: string, data?: AppError['data']): AppError {
  return { code, ...(detail === undefined ? {} : { detail }), ...(data === undefined ? {} : { data }) }
}
