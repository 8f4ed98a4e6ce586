/**
 * The `im2` server: CONNECT, subscriptions and the `/app` destinations of the IM 2.0.0 document (sections 2 to 8).
 *
 * Owns the life of a message: checked, stored once, numbered, pushed to both sides, its delivery told to the sender.
 * What the server says by itself (events, greetings, policy) is in im2Events.ts.
 */
import { checkBody, checkContent, text } from './checks.ts'
import type { BodyShape, ContentKind, JsonObject } from './checks.ts'
import { createDeliveryLog } from './delivery.ts'
import type { Channel, Entry } from './delivery.ts'
import { admit, bearerToken, findDirect, mayRecall, newId, receivers } from './dialect.ts'
import type { DialectContext, DialectServer, OperationResult, PostInput, PostResult } from './dialect.ts'
import { im2Status, im2Type } from './im2Envelope.ts'
import type { EncodeIm2, Envelope, Im2BodyForm } from './im2Envelope.ts'
import { createIm2Events, im2Queues, protocolVersion } from './im2Events.ts'
import type { Im2Events } from './im2Events.ts'
import { headerOf } from './stompCodec.ts'
import type { StompFrame } from './stompCodec.ts'
import { summary } from './session.ts'
import type { Store, StoredMessage } from './store.ts'
import type { ConnectDecision, OutboundBody, SendOutcome, Session } from './types.ts'

export interface Im2Options {
  readonly context: DialectContext
  readonly encode: EncodeIm2
  readonly heartbeat: readonly [number, number]
  readonly bodyForm: Im2BodyForm
  /** SockJS carries no binary: `refuse` closes with 1002 as Spring does, the others write a text form. */
  readonly sockJsBodyForm: 'json' | 'base64' | 'refuse'
  /** How long a client may go on after its token expired, to send a new one to `/app/auth`. */
  readonly authGraceMs: number
}

export interface Im2Server extends DialectServer {
  readonly name: 'im2'
  readonly events: Im2Events
  /** Any envelope, to every session of the user that is subscribed to the destination. */
  push(session: Session, destination: string, envelope: Envelope): boolean
}

const topicPrefix = '/topic/conversation/'
const serverSource = 'server'

const kinds: Readonly<Record<number, ContentKind>> = {
  [im2Type.text]: 'text',
  [im2Type.image]: 'image',
  [im2Type.file]: 'file',
  [im2Type.voice]: 'voice',
  [im2Type.video]: 'video',
  [im2Type.location]: 'location',
  [im2Type.card]: 'card',
  [im2Type.quote]: 'quote',
  [im2Type.forward]: 'forward',
}

const shapes = {
  '/app/chat': {
    required: {
      conversationId: 'nonEmpty',
      content: 'string',
      msgType: 'number',
      clientMsgId: 'nonEmpty',
      timestamp: 'number',
    },
  },
  '/app/private-message': {
    required: { receiverId: 'nonEmpty', content: 'string', clientMsgId: 'nonEmpty', timestamp: 'number' },
    optional: { msgType: 'number' },
  },
  '/app/edit-message': {
    required: { messageId: 'nonEmpty', newContent: 'string', editReason: 'string', timestamp: 'number' },
  },
  '/app/delete-message': {
    required: { messageId: 'nonEmpty', deleteScope: 'scope', deleteReason: 'string', timestamp: 'number' },
  },
  '/app/pin-message': { required: { messageId: 'nonEmpty', pinScope: 'scope', timestamp: 'number' } },
  '/app/heartbeat': { required: { timestamp: 'number', deviceId: 'nonEmpty' } },
  '/app/auth': { required: { token: 'string', timestamp: 'number' } },
} as const satisfies Record<string, BodyShape>

type AppDestination = keyof typeof shapes

const isAppDestination = (destination: string): destination is AppDestination => Object.hasOwn(shapes, destination)

const clientTypes: ReadonlySet<string> = new Set(['web', 'desktop', 'ios', 'android', 'mobile', 'pc'])

export function createIm2Server(options: Im2Options): Im2Server {
  const { context, encode } = options
  const { store, report, tokens, now } = context
  /** Accepted, but the word of it was swallowed by a fault; nothing more is said until the client asks again. */
  const unacknowledged = new Set<string>()
  const operations = new Map<string, { edit: Entry | null; recall: Entry | null }>()
  const expiries = new Map<Session, NodeJS.Timeout>()

  const body = (session: Session, envelope: Envelope): OutboundBody => {
    if (session.transport === 'websocket') return encode(envelope, options.bodyForm)
    return encode(envelope, options.sockJsBodyForm === 'refuse' ? 'protobuf' : options.sockJsBodyForm)
  }

  const route = (session: Session, channel: Channel): string | null => {
    const destination =
      channel.kind === 'group'
        ? `${topicPrefix}${channel.groupId}`
        : channel.kind === 'direct'
          ? im2Queues.privateMessages
          : channel.name
    return session.isSubscribed(destination) ? destination : null
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

  const push = (session: Session, destination: string, envelope: Envelope): boolean =>
    session.message(destination, body(session, envelope))

  const events = createIm2Events({ context, delivery, push, body })

  const channelOf = (message: StoredMessage): Channel =>
    message.kind === 'group' ? { kind: 'group', groupId: message.conversationId } : { kind: 'direct' }

  const entryOf = (message: StoredMessage): Entry => ({
    channel: channelOf(message),
    render: (session) => body(session, envelopeOf(message)),
    written: (session) => {
      if (session.userId === message.senderId || message.delivery >= 3) return
      message.delivery = 3
      tellStatus(message, im2Status.delivered)
    },
  })

  const tellStatus = (message: StoredMessage, status: number): void => {
    // Nobody waits for word of what a seed, a bot or the control API wrote in a person's name.
    const awaited = message.clientType !== serverSource && !unacknowledged.has(message.serverId)
    if (context.statusEvents && awaited) events.messageStatus(message, status)
  }

  const post = (input: PostInput): PostResult => {
    const admission = admit(store, input)
    if (!admission.ok) return admission
    const swallowed = input.session !== undefined && context.faults.takeAck(input.senderId)
    if (admission.known !== null) return repeat(input, admission.known, swallowed)
    const message = store.add({
      conversation: admission.conversation,
      serverId: newId('m'),
      clientId: input.clientId ?? newId('server'),
      senderId: input.senderId,
      deviceId: input.session?.identity?.deviceId ?? '',
      clientType: input.session?.identity?.clientType ?? serverSource,
      msgType: input.msgType,
      content: input.content,
      serverTime: input.serverTime ?? now(),
    })
    const entry = entryOf(message)
    const { sender, others } = receivers(store, message)
    if (swallowed) unacknowledged.add(message.serverId)
    delivery.publish(entry, sender, {
      ...(input.session !== undefined && !context.echo ? { settledFor: input.session } : {}),
      ...(swallowed ? { muted: new Set(sender) } : {}),
    })
    tellStatus(message, im2Status.sent)
    delivery.publish(entry, others)
    return { ok: true, message, duplicate: false, acknowledged: !swallowed }
  }

  const repeat = (input: PostInput, message: StoredMessage, swallowed: boolean): PostResult => {
    message.duplicates += 1
    if (input.session !== undefined && message.content !== input.content) {
      report(input.session, 'protocol', 'client id used again for another content')
    }
    if (!swallowed) {
      unacknowledged.delete(message.serverId)
      if (input.session !== undefined && context.echo) delivery.repeat(entryOf(message), input.session)
      tellStatus(message, im2Status.sent)
      if (message.delivery > 2) tellStatus(message, message.delivery)
    }
    return { ok: true, message, duplicate: true, acknowledged: !swallowed }
  }

  /** Edits and recalls take a place of their own in the conversation's numbering. */
  const operationEntry = (message: StoredMessage, by: string, type: number, content: JsonObject): Entry => {
    const conversation = store.conversation(message.conversationId)
    const envelope: Envelope = {
      messageId: newId('op'),
      type,
      status: im2Status.normal,
      senderId: by,
      receiverId: message.receiverId ?? '',
      conversationId: message.conversationId,
      version: protocolVersion,
      source: 'server',
      timestamp: now(),
      sequence: conversation === null ? '0' : store.nextSequence(conversation).toString(),
      content: JSON.stringify(content),
    }
    return { channel: channelOf(message), render: (session) => body(session, envelope) }
  }

  const publishOperation = (message: StoredMessage, entry: Entry): void => {
    const { sender, others } = receivers(store, message)
    delivery.publish(entry, [...sender, ...others])
  }

  const edit: Im2Server['edit'] = ({ serverId, by, newContent, reason }) => {
    const message = store.byServerId(serverId)
    if (message === null) return refused('message is unknown')
    if (message.senderId !== by) return refused('only the sender may edit')
    if (message.state !== 'normal') return refused('message is gone')
    const before = operations.get(serverId)
    if (message.editedContent === newContent && before?.edit) return repeatOperation(before.edit, by)
    const shown = checkContent('text', newContent)
    if ([...(shown.ok ? shown.shown : newContent)].length > store.settings.maxMessageLength) {
      return refused('text is too long')
    }
    message.editedContent = newContent
    const entry = operationEntry(message, by, im2Type.edit, { messageId: serverId, newContent, editReason: reason })
    operations.set(serverId, { edit: entry, recall: null })
    publishOperation(message, entry)
    events.messageEdited(message, { by, newContent, reason })
    return { ok: true }
  }

  const recall: Im2Server['recall'] = ({ serverId, by, reason }) => {
    const message = store.byServerId(serverId)
    if (message === null) return refused('message is unknown')
    if (!mayRecall(store, message, by)) return refused('only the sender or a group administrator may recall')
    const before = operations.get(serverId)
    if (message.state === 'recalled' && before?.recall) return repeatOperation(before.recall, by)
    if (message.state !== 'normal') return refused('message is gone')
    message.state = 'recalled'
    const entry = operationEntry(message, by, im2Type.recall, { messageId: serverId, operatorId: by, reason })
    operations.set(serverId, { edit: before?.edit ?? null, recall: entry })
    publishOperation(message, entry)
    events.messageRecalled(message, { by, reason })
    return { ok: true }
  }

  const repeatOperation = (entry: Entry, by: string): OperationResult => {
    for (const session of context.sessionsOf(by)) delivery.repeat(entry, session)
    return { ok: true }
  }

  const receivedPost = (session: Session, fields: JsonObject, frame: StompFrame): SendOutcome => {
    const msgType = typeof fields['msgType'] === 'number' ? fields['msgType'] : im2Type.text
    const clientId = text(fields, 'clientMsgId')
    const content = text(fields, 'content')
    const refuse = (reason: string, kind: 'protocol' | 'policy'): SendOutcome => {
      report(session, kind, reason, summary(frame))
      events.sendRefused(session, { clientMessageId: clientId, reason })
      return { acknowledged: false }
    }
    const kind = kinds[msgType]
    if (kind === undefined) return refuse(`msgType ${msgType} cannot be sent`, 'protocol')
    const checked = checkContent(kind, content)
    if (!checked.ok) return refuse(checked.reason, 'protocol')
    const result = post({
      senderId: session.userId,
      target:
        'receiverId' in fields
          ? { kind: 'user', userId: text(fields, 'receiverId') }
          : { kind: 'conversation', conversationId: text(fields, 'conversationId') },
      msgType,
      content,
      shown: checked.shown,
      clientId,
      session,
    })
    return result.ok ? { acknowledged: result.acknowledged } : refuse(result.reason, 'policy')
  }

  const receivedOperation = (
    session: Session,
    operation: 'edit' | 'delete' | 'pin',
    fields: JsonObject,
    frame: StompFrame,
  ): SendOutcome => {
    const serverId = text(fields, 'messageId')
    const result = operate(session, operation, serverId, fields)
    if (!result.ok) {
      report(session, 'policy', result.reason, summary(frame))
      events.sendRefused(session, { messageId: serverId, operation, reason: result.reason })
    }
    return { acknowledged: result.ok }
  }

  const operate = (
    session: Session,
    operation: 'edit' | 'delete' | 'pin',
    serverId: string,
    fields: JsonObject,
  ): OperationResult => {
    const by = session.userId
    if (operation === 'edit') {
      return edit({ serverId, by, newContent: text(fields, 'newContent'), reason: text(fields, 'editReason') })
    }
    if (operation === 'delete' && fields['deleteScope'] === 1) {
      return recall({ serverId, by, reason: text(fields, 'deleteReason') })
    }
    const message = store.byServerId(serverId)
    const conversation = message === null ? null : store.conversation(message.conversationId)
    if (message === null || conversation === null) return refused('message is unknown')
    if (!store.membersOf(conversation).includes(by)) return refused('not a member')
    if (operation === 'delete') {
      message.deletedFor.add(by)
      events.messageDeleted(message, [by], { by, reason: text(fields, 'deleteReason'), scope: 0 })
    } else {
      const everyone = fields['pinScope'] === 1
      events.messagePinned(message, everyone ? store.membersOf(conversation) : [by], { by, scope: everyone ? 1 : 0 })
    }
    return { ok: true }
  }

  const receivedAuth = (session: Session, fields: JsonObject): SendOutcome => {
    const token = text(fields, 'token')
    const check = tokens.check(token)
    const identity = session.identity
    if (identity === null) return { acknowledged: false }
    if (!check.ok || check.claims.userId !== session.userId) {
      const reason = check.ok ? 'token belongs to another user' : check.reason
      report(session, 'auth', reason)
      events.authResult(session, { success: false, message: reason })
      return { acknowledged: true }
    }
    session.replaceIdentity({ ...identity, token, expiresAt: check.claims.expiresAt })
    watchExpiry(session)
    events.authResult(session, { success: true, expiresAt: check.claims.expiresAt })
    return { acknowledged: true }
  }

  const watchExpiry = (session: Session): void => {
    clearTimeout(expiries.get(session))
    expiries.delete(session)
    const expiresAt = session.identity?.expiresAt ?? null
    if (expiresAt === null) return
    // setTimeout takes 31 bits; a token that lasts longer than 24 days needs no timer.
    const left = expiresAt - Date.now()
    if (left < 2 ** 31) {
      expiries.set(
        session,
        setTimeout(() => tokenExpired(session), Math.max(0, left)),
      )
    }
  }

  const tokenExpired = (session: Session): void => {
    events.authResult(session, { success: false, message: 'token is expired' })
    clearTimeout(expiries.get(session))
    expiries.set(
      session,
      setTimeout(() => session.error('Unauthorized', 'Unauthorized'), options.authGraceMs),
    )
  }

  return {
    name: 'im2',
    path: '/ws',
    heartbeat: options.heartbeat,
    store,
    delivery,
    events,
    push,
    post,
    edit,
    recall,
    tokenExpired,
    textContent: (content) => ({
      msgType: im2Type.text,
      content: JSON.stringify({ content, contentExtra: null }),
    }),

    connect(session, frame): ConnectDecision {
      const token = bearerToken(headerOf(frame, 'Authorization'))
      if (token === null) return { ok: false, reason: 'CONNECT without Authorization: Bearer' }
      const check = tokens.check(token)
      if (!check.ok) return check
      const userId = headerOf(frame, 'userId')
      if (userId !== check.claims.userId) return { ok: false, reason: 'userId is not the user of the token' }
      if (!store.users.has(userId)) return { ok: false, reason: 'user is unknown' }
      const deviceId = headerOf(frame, 'deviceId') ?? ''
      const clientType = headerOf(frame, 'clientType') ?? ''
      if (deviceId === '') report(session, 'protocol', 'CONNECT without deviceId', 'CONNECT')
      if (!clientTypes.has(clientType)) report(session, 'protocol', 'CONNECT without a known clientType', 'CONNECT')
      return { ok: true, identity: { userId, deviceId, clientType, token, expiresAt: check.claims.expiresAt } }
    },
    connected(session) {
      watchExpiry(session)
      events.presence(session, 'login')
    },
    isKnownDestination: (destination) =>
      Object.values(im2Queues).some((queue) => queue === destination) || destination.startsWith(topicPrefix),
    refuseSubscription(session, destination) {
      if (!destination.startsWith(topicPrefix)) return null
      const id = destination.slice(topicPrefix.length)
      if (isMember(store, id, session.userId) || findDirect(store, session.userId, id) !== null) return null
      return `Not a member of ${id}`
    },
    subscribed(session, destination) {
      events.subscribed(session, destination)
      delivery.pump(session)
    },
    received(session, destination, frame) {
      if (!isAppDestination(destination)) {
        report(session, 'protocol', 'unknown destination', summary(frame))
        return { acknowledged: false }
      }
      const check = checkBody(frame.body, headerOf(frame, 'content-type'), shapes[destination])
      if (!check.ok) {
        report(session, 'protocol', check.reason, summary(frame))
        const clientMessageId = check.body?.['clientMsgId']
        if (typeof clientMessageId === 'string') {
          events.sendRefused(session, { clientMessageId, reason: check.reason })
        }
        return { acknowledged: false }
      }
      for (const name of check.unexpected) report(session, 'protocol', `unexpected field ${name}`, summary(frame))
      const valid = tokens.check(session.identity?.token ?? '')
      if (!valid.ok && destination !== '/app/auth') {
        report(session, 'auth', valid.reason, summary(frame))
        session.error('Unauthorized', 'Unauthorized')
        return { acknowledged: false }
      }
      switch (destination) {
        case '/app/chat':
        case '/app/private-message':
          return receivedPost(session, check.body, frame)
        case '/app/edit-message':
          return receivedOperation(session, 'edit', check.body, frame)
        case '/app/delete-message':
          return receivedOperation(session, 'delete', check.body, frame)
        case '/app/pin-message':
          return receivedOperation(session, 'pin', check.body, frame)
        case '/app/heartbeat':
          events.heartbeat(session, check.body['timestamp'])
          return { acknowledged: true }
        case '/app/auth':
          return receivedAuth(session, check.body)
      }
    },
    closed(session) {
      clearTimeout(expiries.get(session))
      expiries.delete(session)
      delivery.ended(session)
      events.presence(session, 'logout')
    },

    remove({ serverId, by, reason }) {
      const message = store.byServerId(serverId)
      const conversation = message === null ? null : store.conversation(message.conversationId)
      if (message === null || conversation === null) return refused('message is unknown')
      message.state = 'deleted'
      events.messageDeleted(message, store.membersOf(conversation), { by, reason, scope: 1 })
      return { ok: true }
    },
    markRead(serverId) {
      const message = store.byServerId(serverId)
      if (message === null) return refused('message is unknown')
      message.delivery = 4
      tellStatus(message, im2Status.read)
      return { ok: true }
    },
    groupCreated: (group) => events.groupCreated(group),
    groupUpdated(group, change, by) {
      events.groupUpdated(group, change, by)
    },
    memberAdded: (change) => events.memberAdded(change),
    memberRemoved(change) {
      events.memberRemoved(change)
      for (const session of context.sessionsOf(change.userId)) {
        session.dropSubscription(`${topicPrefix}${change.group.groupId}`)
      }
    },
    memberRoleChanged: (change) => events.memberRoleChanged(change),
    profileUpdated: (user) => events.profileUpdated(user),
    kick(session, { reason, operator, code, closeCode }) {
      events.disconnect(session, { reason, operator, code })
      session.close(closeCode, reason.slice(0, 30))
    },
    dispose() {
      for (const timer of expiries.values()) clearTimeout(timer)
      expiries.clear()
    },
  }
}

function envelopeOf(message: StoredMessage): Envelope {
  const gone = message.state !== 'normal'
  return {
    messageId: message.serverId,
    type: Number(message.msgType),
    status: message.state === 'recalled' ? im2Status.recalled : gone ? im2Status.deleted : im2Status.normal,
    senderId: message.senderId,
    receiverId: message.receiverId ?? '',
    conversationId: message.conversationId,
    clientMessageId: message.clientId,
    version: protocolVersion,
    deviceId: message.deviceId,
    source: message.clientType,
    timestamp: message.serverTime,
    sequence: message.sequence?.toString() ?? '0',
    // What was recalled while the receiver was away never reaches it.
    content: gone ? JSON.stringify({ content: '', contentExtra: null }) : message.content,
  }
}

function isMember(store: Store, groupId: string, userId: string): boolean {
  const group = store.groups.get(groupId)
  return group !== undefined && !group.dismissed && group.members.has(userId)
}

function refused(reason: string): OperationResult {
  return { ok: false, reason }
}
