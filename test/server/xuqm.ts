/**
 * The `xuqm` server: XuqmGroup IM over STOMP. JSON both ways, the token in the URL and in CONNECT, missed messages on
 * `/app/chat.sync`, no events.
 *
 * The client's message id is the message's id: it names the echo, the revocation and every repetition.
 */
import { checkBody, checkContent, text } from './checks.ts'
import type { BodyShape, ContentKind, JsonObject } from './checks.ts'
import { createDeliveryLog } from './delivery.ts'
import type { Channel, Entry } from './delivery.ts'
import { admit, bearerToken, mayRecall, newId, receivers } from './dialect.ts'
import type { DialectContext, DialectServer, OperationResult, PostInput, PostResult } from './dialect.ts'
import { summary } from './session.ts'
import { headerOf } from './stompCodec.ts'
import type { StompFrame } from './stompCodec.ts'
import type { Store, StoredMessage } from './store.ts'
import type { ConnectDecision, OutboundBody, SendOutcome, Session } from './types.ts'

export interface XuqmOptions {
  readonly context: DialectContext
  readonly heartbeat: readonly [number, number]
  readonly appKey: string
}

export interface XuqmServer extends DialectServer {
  readonly name: 'xuqm'
  readonly appKey: string
  /** Any JSON value, to one session. */
  push(session: Session, destination: string, json: unknown): boolean
}

export const xuqmQueue = '/user/queue/messages'
const topicPrefix = '/topic/group/'

const kinds: Readonly<Record<string, ContentKind>> = {
  TEXT: 'text',
  IMAGE: 'image',
  FILE: 'file',
  VOICE: 'voice',
  VIDEO: 'video',
  LOCATION: 'location',
  CARD: 'card',
  QUOTE: 'quote',
  FORWARD: 'forward',
  CUSTOM: 'custom',
}

const shapes = {
  '/app/chat.send': {
    required: {
      appKey: 'nonEmpty',
      messageId: 'nonEmpty',
      toId: 'nonEmpty',
      chatType: 'nonEmpty',
      msgType: 'nonEmpty',
      content: 'string',
    },
  },
  '/app/chat.revoke': { required: { appKey: 'nonEmpty', messageId: 'nonEmpty' } },
  '/app/chat.sync': { required: { appKey: 'nonEmpty' } },
} as const satisfies Record<string, BodyShape>

type AppDestination = keyof typeof shapes

const isAppDestination = (destination: string): destination is AppDestination => Object.hasOwn(shapes, destination)

export function createXuqmServer(options: XuqmOptions): XuqmServer {
  const { context } = options
  const { store, report, tokens, now } = context
  const expiries = new Map<Session, NodeJS.Timeout>()
  const revocations = new Map<string, Entry>()

  const route = (session: Session, channel: Channel): string | null => {
    // The topic where the client listens to it, else the personal queue: never both, or every message came twice.
    if (channel.kind === 'group' && session.isSubscribed(`${topicPrefix}${channel.groupId}`)) {
      return `${topicPrefix}${channel.groupId}`
    }
    return session.isSubscribed(xuqmQueue) ? xuqmQueue : null
  }

  const delivery = createDeliveryLog({
    faults: context.faults,
    now,
    acknowledge: context.acknowledge,
    heardMarginMs: context.heardMarginMs,
    sessionsOf: context.sessionsOf,
    route,
    entitled: (userId, channel) => channel.kind !== 'group' || isMember(store, channel.groupId, userId),
  })

  const push = (session: Session, destination: string, json: unknown): boolean =>
    session.message(destination, jsonBody(json))

  const entryOf = (message: StoredMessage): Entry => ({
    channel: channelOf(message),
    render: () => jsonBody(frameOf(message)),
    written: (session) => {
      if (session.userId !== message.senderId && message.delivery < 3) message.delivery = 3
    },
  })

  const post = (input: PostInput): PostResult => {
    const admission = admit(store, input)
    if (!admission.ok) return admission
    const swallowed = input.session !== undefined && context.faults.takeAck(input.senderId)
    const { known } = admission
    if (known !== null) {
      known.duplicates += 1
      if (input.session !== undefined) {
        if (known.content !== input.content)
          report(input.session, 'protocol', 'message id used again for another content')
        if (!swallowed && context.echo) delivery.repeat(entryOf(known), input.session)
      }
      return { ok: true, message: known, duplicate: true, acknowledged: !swallowed }
    }
    const id = input.clientId ?? newId('m')
    if (store.byServerId(id) !== null) return { ok: false, reason: 'message id is taken' }
    const message = store.add({
      conversation: admission.conversation,
      serverId: id,
      clientId: id,
      senderId: input.senderId,
      deviceId: input.session?.identity?.deviceId ?? '',
      clientType: 'xuqm',
      msgType: input.msgType,
      content: input.content,
      serverTime: input.serverTime ?? now(),
    })
    const entry = entryOf(message)
    const { sender, others } = receivers(store, message)
    delivery.publish(entry, sender, {
      ...(input.session !== undefined && !context.echo ? { settledFor: input.session } : {}),
      ...(swallowed ? { muted: new Set(sender) } : {}),
    })
    delivery.publish(entry, others)
    return { ok: true, message, duplicate: false, acknowledged: !swallowed }
  }

  const recall: XuqmServer['recall'] = ({ serverId, by }) => {
    const message = store.byServerId(serverId)
    if (message === null) return { ok: false, reason: 'message is unknown' }
    if (!mayRecall(store, message, by)) return { ok: false, reason: 'only the sender may revoke' }
    const before = revocations.get(serverId)
    if (before !== undefined) {
      for (const session of context.sessionsOf(by)) delivery.repeat(before, session)
      return { ok: true }
    }
    message.state = 'recalled'
    const entry: Entry = { channel: channelOf(message), render: () => jsonBody(frameOf(message)) }
    revocations.set(serverId, entry)
    const { sender, others } = receivers(store, message)
    delivery.publish(entry, [...sender, ...others])
    return { ok: true }
  }

  const receivedSend = (session: Session, fields: JsonObject, frame: StompFrame): SendOutcome => {
    const msgType = text(fields, 'msgType')
    const content = text(fields, 'content')
    const chatType = text(fields, 'chatType')
    const toId = text(fields, 'toId')
    const refuse = (reason: string, kind: 'protocol' | 'policy'): SendOutcome => {
      report(session, kind, reason, summary(frame))
      const failed = {
        id: text(fields, 'messageId'),
        fromId: session.userId,
        toId,
        chatType,
        msgType,
        content,
        status: 'FAILED',
        createdAt: now(),
        reason,
      }
      push(session, xuqmQueue, failed)
      return { acknowledged: false }
    }
    if (text(fields, 'appKey') !== options.appKey) return refuse('appKey is unknown', 'policy')
    if (chatType !== 'SINGLE' && chatType !== 'GROUP') return refuse('chatType is neither SINGLE nor GROUP', 'protocol')
    const kind = kinds[msgType]
    if (kind === undefined) return refuse(`msgType ${msgType} cannot be sent`, 'protocol')
    let shown: string | null = null
    if (kind === 'text') {
      if (content.trim() === '') return refuse('text is empty', 'protocol')
      shown = content
    } else if (kind !== 'custom') {
      const checked = checkContent(kind, content)
      if (!checked.ok) return refuse(checked.reason, 'protocol')
      shown = checked.shown
    }
    const result = post({
      senderId: session.userId,
      target: chatType === 'SINGLE' ? { kind: 'user', userId: toId } : { kind: 'conversation', conversationId: toId },
      msgType,
      content,
      shown,
      clientId: text(fields, 'messageId'),
      session,
    })
    return result.ok ? { acknowledged: result.acknowledged } : refuse(result.reason, 'policy')
  }

  const watchExpiry = (session: Session): void => {
    const expiresAt = session.identity?.expiresAt ?? null
    const left = expiresAt === null ? Infinity : expiresAt - Date.now()
    if (left < 2 ** 31) {
      expiries.set(
        session,
        setTimeout(() => tokenExpired(session), Math.max(0, left)),
      )
    }
  }

  const tokenExpired = (session: Session): void => session.error('Unauthorized', 'Unauthorized')
  const nothing = (): void => undefined

  return {
    name: 'xuqm',
    path: '/ws/im',
    appKey: options.appKey,
    heartbeat: options.heartbeat,
    store,
    delivery,
    push,
    post,
    recall,
    tokenExpired,
    textContent: (content) => ({ msgType: 'TEXT', content }),

    connect(session, frame, url): ConnectDecision {
      const inUrl = new URL(url, 'ws://localhost').searchParams.get('token')
      const token = bearerToken(headerOf(frame, 'Authorization'))
      if (inUrl === null) return { ok: false, reason: 'no token in the URL' }
      if (token === null) return { ok: false, reason: 'CONNECT without Authorization: Bearer' }
      if (token !== inUrl) return { ok: false, reason: 'the token of the URL is not the token of CONNECT' }
      const check = tokens.check(token)
      if (!check.ok) return check
      const { userId, deviceId, expiresAt } = check.claims
      if (!store.users.has(userId)) return { ok: false, reason: 'user is unknown' }
      if (headerOf(frame, 'host') === undefined) report(session, 'protocol', 'CONNECT without host', 'CONNECT')
      if (headerOf(frame, 'heart-beat') !== '0,0') {
        report(session, 'protocol', 'CONNECT heart-beat is not 0,0', 'CONNECT')
      }
      return { ok: true, identity: { userId, deviceId: deviceId ?? '', clientType: 'xuqm', token, expiresAt } }
    },
    connected: watchExpiry,
    isKnownDestination: (destination) => destination === xuqmQueue || destination.startsWith(topicPrefix),
    refuseSubscription(session, destination) {
      if (!destination.startsWith(topicPrefix)) return null
      const groupId = destination.slice(topicPrefix.length)
      return isMember(store, groupId, session.userId) ? null : `Not a member of ${groupId}`
    },
    // Nothing is sent unasked: what was missed comes with chat.sync.
    subscribed: nothing,
    received(session, destination, frame) {
      if (!isAppDestination(destination)) {
        report(session, 'protocol', 'unknown destination', summary(frame))
        return { acknowledged: false }
      }
      const check = checkBody(frame.body, headerOf(frame, 'content-type'), shapes[destination])
      if (!check.ok) {
        report(session, 'protocol', check.reason, summary(frame))
        const id = check.body?.['messageId']
        if (typeof id === 'string') push(session, xuqmQueue, { id, status: 'FAILED', reason: check.reason })
        return { acknowledged: false }
      }
      for (const name of check.unexpected) report(session, 'protocol', `unexpected field ${name}`, summary(frame))
      const valid = tokens.check(session.identity?.token ?? '')
      if (!valid.ok) {
        report(session, 'auth', valid.reason, summary(frame))
        session.error('Unauthorized', 'Unauthorized')
        return { acknowledged: false }
      }
      if (destination === '/app/chat.send') return receivedSend(session, check.body, frame)
      if (text(check.body, 'appKey') !== options.appKey) {
        report(session, 'policy', 'appKey is unknown', summary(frame))
        return { acknowledged: false }
      }
      if (destination === '/app/chat.sync') {
        delivery.pump(session)
        return { acknowledged: true }
      }
      const result = recall({ serverId: text(check.body, 'messageId'), by: session.userId, reason: '' })
      if (!result.ok) report(session, 'policy', result.reason, summary(frame))
      return { acknowledged: result.ok }
    },
    closed(session) {
      clearTimeout(expiries.get(session))
      expiries.delete(session)
      delivery.ended(session)
    },

    edit: unsupported,
    remove: unsupported,
    markRead(serverId) {
      const message = store.byServerId(serverId)
      if (message === null) return { ok: false, reason: 'message is unknown' }
      message.delivery = 4
      for (const session of context.sessionsOf(message.senderId)) delivery.repeat(entryOf(message), session)
      return { ok: true }
    },
    // This protocol has no events: clients learn of groups from their configuration or from a message.
    groupCreated: nothing,
    groupUpdated: nothing,
    memberAdded: nothing,
    memberRemoved({ group, userId }) {
      for (const session of context.sessionsOf(userId)) session.dropSubscription(`${topicPrefix}${group.groupId}`)
    },
    memberRoleChanged: nothing,
    profileUpdated: nothing,
    kick(session, { reason }) {
      session.error(reason)
    },
    dispose() {
      for (const timer of expiries.values()) clearTimeout(timer)
      expiries.clear()
    },
  }
}

function unsupported(): OperationResult {
  return { ok: false, reason: 'this protocol has no such operation' }
}

function channelOf(message: StoredMessage): Channel {
  return message.kind === 'group' ? { kind: 'group', groupId: message.conversationId } : { kind: 'direct' }
}

function frameOf(message: StoredMessage): JsonObject {
  const gone = message.state !== 'normal'
  return {
    id: message.serverId,
    fromId: message.senderId,
    toId: message.receiverId ?? message.conversationId,
    chatType: message.kind === 'group' ? 'GROUP' : 'SINGLE',
    msgType: message.msgType,
    content: gone ? '' : message.content,
    status: gone ? 'REVOKED' : message.delivery === 4 ? 'READ' : 'SENT',
    createdAt: message.serverTime,
  }
}

function jsonBody(json: unknown): OutboundBody {
  return { contentType: 'application/json', bytes: Buffer.from(JSON.stringify(json)), binary: false }
}

function isMember(store: Store, groupId: string, userId: string): boolean {
  const group = store.groups.get(groupId)
  return group !== undefined && !group.dismissed && group.members.has(userId)
}
