/**
 * What the `im2` server says by itself: greeting, heart-beat and authentication answers, presence, membership, message
 * events, administration (sections 5 to 7 of the im2 document).
 *
 * Facts that must not be missed (membership, deletions, pins) go through the delivery log and reach a device that was
 * away; presence and answers are said once to whoever is there.
 */
import { isoTime, newId } from './dialect.ts'
import type { DialectContext, MemberChange } from './dialect.ts'
import type { DeliveryLog } from './delivery.ts'
import { im2Status, im2Type } from './im2Envelope.ts'
import type { Envelope } from './im2Envelope.ts'
import type { JsonObject } from './checks.ts'
import type { Group, Settings, StoredMessage, User } from './store.ts'
import type { OutboundBody, Permission, Session } from './types.ts'

export const protocolVersion = '2.0.0'

/** Section 2.3, all but the conversations' topics. */
export const im2Queues = {
  privateMessages: '/user/queue/private-messages',
  notifications: '/topic/system/notifications',
  userStatus: '/user/queue/user-status',
  messageStatus: '/user/queue/message-status',
} as const

export interface Notice {
  readonly type?: 'announcement' | 'alert' | 'promotion' | 'maintenance' | undefined
  readonly title: string
  readonly content: string
  readonly priority?: 'low' | 'medium' | 'high' | 'urgent' | undefined
  readonly category?: string | undefined
  readonly expiresAt?: string | undefined
  readonly action?: string | undefined
  readonly data?: JsonObject | undefined
  readonly maintenanceType?: 'scheduled' | 'emergency' | undefined
  readonly estimatedDuration?: string | undefined
  /** Beyond the document: a maintenance's times as ISO texts. */
  readonly startTime?: string | undefined
  readonly endTime?: string | undefined
}

export interface Im2Events {
  subscribed(session: Session, destination: string): void
  messageStatus(message: StoredMessage, status: number): void
  sendRefused(session: Session, content: JsonObject & { readonly reason: string }): void
  messageEdited(message: StoredMessage, by: { by: string; newContent: string; reason: string }): void
  messageRecalled(message: StoredMessage, by: { by: string; reason: string }): void
  messageDeleted(message: StoredMessage, users: string[], by: { by: string; reason: string; scope: 0 | 1 }): void
  messagePinned(message: StoredMessage, users: string[], by: { by: string; scope: 0 | 1 }): void
  heartbeat(session: Session, timestamp: unknown): void
  authResult(session: Session, result: { success: boolean; expiresAt?: number | null; message?: string }): void
  presence(session: Session, change: 'login' | 'logout'): void
  profileUpdated(user: User): void
  groupCreated(group: Group): void
  groupUpdated(group: Group, change: 'info_updated' | 'dismissed', by: string): void
  memberAdded(change: MemberChange): void
  memberRemoved(change: MemberChange): void
  memberRoleChanged(change: MemberChange): void
  settingsChanged(before: Settings, after: Settings, by: string, reason: string): void
  permissionChanged(user: User, before: Permission, by: string, reason: string): void
  notify(notice: Notice, userId?: string): void
  systemStatus(content: JsonObject): void
  disconnect(session: Session, content: { reason: string; operator: string; code: number }): void
}

export interface Im2EventsOptions {
  readonly context: DialectContext
  readonly delivery: DeliveryLog
  readonly push: (session: Session, destination: string, envelope: Envelope) => boolean
  readonly body: (session: Session, envelope: Envelope) => OutboundBody
}

export function createIm2Events({ context, delivery, push, body }: Im2EventsOptions): Im2Events {
  const { store, now } = context
  /** Delivery states of senders who were not there to be told. */
  const untold = new Map<string, Map<StoredMessage, number>>()
  const greeted = new WeakSet<Session>()
  let settingsEverChanged: Envelope | null = null
  const permissionEverChanged = new Set<User>()

  const envelope = (type: number, content: JsonObject, rest: Partial<Envelope> = {}): Envelope => ({
    messageId: newId('e'),
    type,
    status: im2Status.normal,
    senderId: 'system',
    version: protocolVersion,
    source: 'server',
    timestamp: now(),
    content: JSON.stringify(content),
    ...rest,
  })

  /** To whoever of these is there now. */
  const say = (sessions: Iterable<Session>, destination: string, message: Envelope): void => {
    for (const session of sessions) push(session, destination, message)
  }

  /** To each device of these, now or when it comes back. */
  const owe = (users: Iterable<string>, destination: string, message: Envelope): void =>
    delivery.publish(
      { channel: { kind: 'queue', name: destination }, render: (session) => body(session, message) },
      users,
    )

  const statusEnvelope = (message: StoredMessage, status: number): Envelope =>
    envelope(
      im2Type.messageStatusChange,
      {
        messageId: message.serverId,
        clientMessageId: message.clientId,
        conversationId: message.conversationId,
        status,
        timestamp: now(),
      },
      {
        status,
        receiverId: message.senderId,
        conversationId: message.conversationId,
        clientMessageId: message.clientId,
      },
    )

  const groupFacts = (group: Group): JsonObject => ({
    conversationId: group.groupId,
    groupId: group.groupId,
    groupName: group.name,
    title: group.name,
    type: 'group',
    creatorId: group.creatorId,
    memberCount: group.members.size,
    members: [...group.members].map(([userId, role]) => ({
      userId,
      nickname: store.users.get(userId)?.nickname ?? userId,
      role,
    })),
    createTime: isoTime(group.createdAt),
  })

  const groupEnvelope = (group: Group, content: JsonObject): Envelope =>
    envelope(
      im2Type.groupUpdate,
      { groupId: group.groupId, conversationId: group.groupId, ...content, timestamp: isoTime(now()) },
      { conversationId: group.groupId },
    )

  const created = (group: Group): Envelope =>
    groupEnvelope(group, { eventType: 'business.conversation.created', ...groupFacts(group) })

  const profile = (user: User): Envelope =>
    envelope(im2Type.userStatusChange, {
      eventType: 'business.user.profile.updated',
      userId: user.userId,
      nickname: user.nickname,
      avatar: user.avatar,
    })

  const messageFacts = (message: StoredMessage): JsonObject => ({
    messageId: message.serverId,
    conversationId: message.conversationId,
    timestamp: isoTime(now()),
  })

  const messageEvent = (message: StoredMessage, eventType: string, content: JsonObject): Envelope =>
    envelope(
      im2Type.messageStatusChange,
      { eventType, ...messageFacts(message), ...content },
      { conversationId: message.conversationId },
    )

  const sessionsOfMembers = (message: StoredMessage): Session[] => {
    const conversation = store.conversation(message.conversationId)
    return conversation === null ? [] : store.membersOf(conversation).flatMap((userId) => context.sessionsOf(userId))
  }

  /** The document's own form first (6.2), then the same fact as a NATS event (7.1): a client has to bear both. */
  const memberChanged = (change: MemberChange, updateType: string, eventType: string | null): void => {
    const { group, userId, role, by } = change
    const users = new Set([...group.members.keys(), userId])
    const update = { updateType, memberId: userId, memberRole: role, updatedBy: by }
    owe(users, im2Queues.privateMessages, groupEnvelope(group, update))
    if (eventType === null) return
    const nickname = store.users.get(userId)?.nickname ?? userId
    owe(users, im2Queues.privateMessages, groupEnvelope(group, { eventType, userId, nickname, role, operatorId: by }))
  }

  const permissionEnvelope = (user: User, before: Permission, by: string, reason: string): Envelope => {
    const facts = {
      userId: user.userId,
      permissionType: 'chat_permission',
      oldPermission: before,
      newPermission: user.permission,
    }
    return envelope(
      im2Type.systemConfigChange,
      { configType: 'user_permissions', ...facts, newConfig: facts, changedBy: by, reason },
      { receiverId: user.userId },
    )
  }

  const greet = (session: Session): void => {
    if (greeted.has(session)) return
    greeted.add(session)
    const hello = { sessionId: session.id, serverTime: now() }
    push(session, im2Queues.privateMessages, envelope(im2Type.connect, hello, { receiverId: session.userId }))
    for (const group of store.groups.values()) {
      if (group.members.has(session.userId) && !group.dismissed) {
        push(session, im2Queues.privateMessages, created(group))
      }
    }
    if (settingsEverChanged !== null) push(session, im2Queues.privateMessages, settingsEverChanged)
    const user = store.users.get(session.userId)
    if (user !== undefined && permissionEverChanged.has(user)) {
      const before = user.permission === 'read_only' ? 'full_access' : 'read_only'
      const change = permissionEnvelope(user, before, 'admin', 'in force')
      push(session, im2Queues.privateMessages, change)
    }
  }

  const introduce = (session: Session): void => {
    for (const user of store.users.values()) {
      push(session, im2Queues.userStatus, profile(user))
      if (!user.bot && context.sessionsOf(user.userId).length === 0) continue
      const online = { eventType: 'business.user.status.changed', userId: user.userId, status: 'online' }
      push(session, im2Queues.userStatus, envelope(im2Type.userStatusChange, online))
    }
  }

  const tellUntold = (session: Session): void => {
    for (const [message, status] of untold.get(session.userId) ?? []) {
      push(session, im2Queues.messageStatus, statusEnvelope(message, status))
    }
    untold.delete(session.userId)
  }

  return {
    subscribed(session, destination) {
      if (destination === im2Queues.privateMessages) greet(session)
      else if (destination === im2Queues.userStatus) introduce(session)
      else if (destination === im2Queues.messageStatus) tellUntold(session)
    },
    messageStatus(message, status) {
      const update = statusEnvelope(message, status)
      const told = context
        .sessionsOf(message.senderId)
        .filter((session) => push(session, im2Queues.messageStatus, update))
      if (told.length > 0) return
      const waiting = untold.get(message.senderId) ?? new Map<StoredMessage, number>()
      waiting.set(message, status)
      untold.set(message.senderId, waiting)
    },
    sendRefused(session, content) {
      const failed = { ...content, status: im2Status.failed, timestamp: now() }
      const clientMessageId = typeof content['clientMessageId'] === 'string' ? content['clientMessageId'] : ''
      const rest = { status: im2Status.failed, receiverId: session.userId, clientMessageId }
      push(session, im2Queues.messageStatus, envelope(im2Type.messageStatusChange, failed, rest))
    },
    messageEdited(message, { by, newContent, reason }) {
      const facts = { operatorId: by, newContent, editReason: reason }
      say(
        sessionsOfMembers(message),
        im2Queues.messageStatus,
        messageEvent(message, 'communication.message.edited', facts),
      )
    },
    messageRecalled(message, { by, reason }) {
      const event = messageEvent(message, 'communication.message.recalled', { operatorId: by, reason })
      say(sessionsOfMembers(message), im2Queues.messageStatus, event)
    },
    messageDeleted(message, users, { by, reason, scope }) {
      const facts = { operatorId: by, reason, deleteScope: scope }
      owe(users, im2Queues.messageStatus, messageEvent(message, 'communication.message.deleted', facts))
    },
    messagePinned(message, users, { by, scope }) {
      const conversation = store.conversation(message.conversationId)
      const facts = {
        updateType: 'message_pinned',
        type: message.kind,
        // Who talks in a group is said by the group's own events.
        ...(conversation?.parties ? { members: conversation.parties.map((userId) => ({ userId })) } : {}),
        operatorId: by,
        pinScope: scope,
      }
      owe(users, im2Queues.privateMessages, messageEvent(message, 'business.conversation.updated', facts))
    },
    heartbeat(session, timestamp) {
      const content = { timestamp, serverTime: now() }
      push(session, im2Queues.privateMessages, envelope(im2Type.heartbeat, content, { receiverId: session.userId }))
    },
    authResult(session, { success, expiresAt, message }) {
      const content = {
        success,
        userId: session.userId,
        ...(expiresAt === undefined || expiresAt === null ? {} : { expiresAt }),
        ...(message === undefined ? {} : { message }),
      }
      push(session, im2Queues.privateMessages, envelope(im2Type.auth, content, { receiverId: session.userId }))
    },
    presence(session, change) {
      const others = context.sessionsOf(session.userId).filter((other) => other !== session)
      // A second device changes nothing about the person.
      if (others.length > 0) return
      const facts = {
        eventType: `business.user.${change}`,
        userId: session.userId,
        deviceId: session.identity?.deviceId ?? '',
        clientType: session.identity?.clientType ?? '',
        [change === 'login' ? 'loginTime' : 'logoutTime']: isoTime(now()),
      }
      const rest = context.sessions().filter((other) => other.userId !== session.userId)
      say(rest, im2Queues.userStatus, envelope(im2Type.userStatusChange, facts))
    },
    profileUpdated(user) {
      say(context.sessions(), im2Queues.userStatus, profile(user))
    },
    groupCreated(group) {
      for (const userId of group.members.keys()) {
        say(context.sessionsOf(userId), im2Queues.privateMessages, created(group))
      }
    },
    groupUpdated(group, change, by) {
      const update = { updateType: change, groupName: group.name, title: group.name, updatedBy: by }
      owe(group.members.keys(), im2Queues.privateMessages, groupEnvelope(group, update))
    },
    memberAdded(change) {
      say(context.sessionsOf(change.userId), im2Queues.privateMessages, created(change.group))
      memberChanged(change, 'member_added', 'business.group.member.joined')
    },
    memberRemoved(change) {
      memberChanged(change, 'member_removed', 'business.group.member.left')
    },
    memberRoleChanged(change) {
      memberChanged(change, 'member_role_changed', null)
    },
    settingsChanged(before, after, by, reason) {
      const change = {
        configType: 'chat_settings',
        oldConfig: before,
        newConfig: after,
        changedBy: by,
        reason,
      }
      settingsEverChanged = envelope(im2Type.systemConfigChange, change)
      say(context.sessions(), im2Queues.notifications, settingsEverChanged)
    },
    permissionChanged(user, before, by, reason) {
      permissionEverChanged.add(user)
      const change = permissionEnvelope(user, before, by, reason)
      say(context.sessionsOf(user.userId), im2Queues.userStatus, change)
    },
    notify({ type = 'announcement', ...content }, userId) {
      const sessions = userId === undefined ? context.sessions() : context.sessionsOf(userId)
      say(sessions, im2Queues.notifications, envelope(im2Type[type], { priority: 'medium', ...content }))
    },
    systemStatus(content) {
      say(context.sessions(), im2Queues.notifications, envelope(im2Type.systemStatus, content))
    },
    disconnect(session, content) {
      push(session, im2Queues.privateMessages, envelope(im2Type.disconnect, content, { receiverId: session.userId }))
    },
  }
}
