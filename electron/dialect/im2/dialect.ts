/** The im2 dialect: protobuf in, JSON out (section 1 of our protocol reading). */
import { fail } from '#common/base/result.ts'
import type { Dialect } from '#electron/core/ports/dialect.ts'
import { baseUrl, checkToken, checkUserId, hostHeader } from '../credentials.ts'
import { readServerError } from '../serverErrors.ts'
import { decode } from './decode.ts'
import { encode } from './encode.ts'

/** The document's own pattern (section 10.4). */
const tokenForm = /^[A-Za-z0-9-_]+\.[A-Za-z0-9-_]+\.[A-Za-z0-9-_]*$/

export const im2Dialect: Dialect = {
  name: 'im2',
  capabilities: {
    edit: true,
    recall: true,
    deleteForMe: true,
    pin: true,
    presence: true,
    notices: true,
    sequences: true,
    resync: false,
    needsServerId: true,
    renewal: true,
    sendRate: 10,
  },
  defaultPaths: ['/ws'],
  checkCredentials: ({ userId }, token) => {
    const user = checkUserId(userId)
    if (!user.ok) return user
    const speakable = checkToken(token)
    if (!speakable.ok) return speakable
    return tokenForm.test(token) ? speakable : fail('account.tokenMalformed')
  },
  link: ({ url, userId, deviceId }, token) => ({
    url: baseUrl(url),
    connectHeaders: {
      ...hostHeader(url),
      Authorization: `Bearer ${token}`,
      userId,
      deviceId,
      clientType: 'desktop',
    },
    heartbeat: { outgoingMs: 10_000, incomingMs: 10_000 },
  }),
  baseSubscriptions: () => [
    { id: 'private', destination: '/user/queue/private-messages' },
    { id: 'notifications', destination: '/topic/system/notifications' },
    { id: 'user-status', destination: '/user/queue/user-status' },
    { id: 'message-status', destination: '/user/queue/message-status' },
  ],
  groupSubscription: (groupId) => ({ id: `group-${groupId}`, destination: `/topic/conversation/${groupId}` }),
  // The document names no call for what was missed: sequence gaps are detected and shown.
  afterSubscribing: () => [],
  pulseMs: 30_000,
  decode,
  encode,
  readError: readServerError,
}
