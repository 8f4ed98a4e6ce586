import { expect, it } from 'vitest'
import { dialects } from '#electron/dialect/registry.ts'

it.each([
  ['Unauthorized', 'Unauthorized', 'session.unauthorized'],
  ['401', '', 'session.unauthorized'],
  ['HTTP 401 for /ws', '', 'session.unauthorized'],
  ['Invalid token', '', 'session.unauthorized'],
  ['error', 'JWT is malformed', 'session.unauthorized'],
  ['Authentication failed', '', 'session.unauthorized'],
  ['未授权', '', 'session.unauthorized'],
  ['Token expired', '', 'session.tokenExpired'],
  ['Unauthorized', 'token has expired', 'session.tokenExpired'],
  ['JWT expired at 2024-01-20', '', 'session.tokenExpired'],
  ['令牌已过期', '', 'session.tokenExpired'],
  ['Session closed.', '', 'link.closed'],
  ['Connection to broker closed.', '', 'link.closed'],
  ['Failed to send message to ExecutorSubscribableChannel[clientInboundChannel]', '', 'link.serverError'],
  ['Access is denied', '', 'link.serverError'],
  ['', '', 'link.serverError'],
  ['Illegal header: port 4010', '', 'link.serverError'],
  // Any word can stand in a stack trace.
  ['Internal error', `at Auth.java:401 ${'x'.repeat(300)} Unauthorized`, 'link.serverError'],
])('ERROR %j %j means %s', (message, body, code) => {
  for (const dialect of Object.values(dialects)) expect(dialect.readError({ message, body }).code).toBe(code)
})
