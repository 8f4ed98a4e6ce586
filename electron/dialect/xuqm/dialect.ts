/** The xuqm dialect: JSON both ways, token in the address and in CONNECT (section 2 of our protocol reading). */
import { fail } from '#common/base/result.ts'
import type { Dialect } from '#electron/core/ports/dialect.ts'
import { baseUrl, checkToken, checkUserId, hostHeader } from '../credentials.ts'
import { readServerError } from '../serverErrors.ts'
import { decode } from './decode.ts'
import { encode } from './encode.ts'

export const xuqmDialect: Dialect = {
  name: 'xuqm',
  capabilities: {
    edit: false,
    recall: true,
    deleteForMe: false,
    pin: false,
    presence: false,
    notices: false,
    sequences: false,
    resync: true,
    needsServerId: false,
    renewal: false,
    // The document names no limit; this is the pace of a very quick typist with a paste board.
    sendRate: 20,
  },
  defaultPaths: ['/ws/im'],
  checkCredentials: ({ userId, appKey }, token) => {
    if (appKey === undefined || appKey.trim() === '') return fail('account.appKeyMissing')
    const user = checkUserId(userId)
    return user.ok ? checkToken(token) : user
  },
  link: ({ url }, token) => ({
    url: `${baseUrl(url)}?token=${encodeURIComponent(token)}`,
    connectHeaders: { ...hostHeader(url), Authorization: `Bearer ${token}` },
    heartbeat: { outgoingMs: 0, incomingMs: 0 },
  }),
  baseSubscriptions: () => [{ id: 'messages', destination: '/user/queue/messages' }],
  groupSubscription: (groupId) => ({ id: `group-${groupId}`, destination: `/topic/group/${groupId}` }),
  afterSubscribing: () => [{ type: 'session.sync' }],
  pulseMs: null,
  decode,
  encode,
  readError: readServerError,
}
