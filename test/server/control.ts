/**
 * Everything a test, a bot or a person at `/control` can make the server do, in one list: say things, break things,
 * change who belongs where, and read what was stored.
 *
 * Each call takes one plain object, so that the HTTP side (controlHttp.ts) is a table. Calls that name a user no
 * session belongs to do nothing and say 0; calls that make no sense throw ControlError.
 */
import { randomUUID } from 'node:crypto'
import type { DialectServer, OperationResult } from './dialect.ts'
import type { Faults } from './faults.ts'
import type { Im2Server } from './im2.ts'
import { im2Queues } from './im2Events.ts'
import type { Notice } from './im2Events.ts'
import { im2Type } from './im2Envelope.ts'
import type { Envelope } from './im2Envelope.ts'
import type { Seed } from './seed.ts'
import type { Group, Settings } from './store.ts'
import type { StompFrame } from './stompCodec.ts'
import type { Tokens } from './tokens.ts'
import type { DialectName, MessageRow, Permission, Role, Session, Violation } from './types.ts'
import { xuqmQueue } from './xuqm.ts'
import type { XuqmServer } from './xuqm.ts'

export class ControlError extends Error {
  override readonly name = 'ControlError'
}

/** Which sessions; all of them, when nothing is given. */
export interface SessionFilter {
  readonly dialect?: DialectName | undefined
  readonly userId?: string | undefined
  readonly sessionId?: string | undefined
}

export interface PostRequest {
  readonly dialect?: DialectName | undefined
  readonly from: string
  readonly to?: string | undefined
  readonly group?: string | undefined
  /** Plain text, or `content` and `msgType` as they go on the wire. */
  readonly text?: string | undefined
  readonly content?: string | undefined
  readonly msgType?: number | string | undefined
  readonly clientId?: string | undefined
  readonly serverTime?: number | undefined
}

export interface SessionInfo {
  readonly sessionId: string
  readonly dialect: DialectName
  readonly transport: 'websocket' | 'sockjs'
  readonly userId: string
  readonly deviceId: string
  readonly destinations: readonly string[]
  readonly stalled: boolean
}

export interface WireFrame {
  readonly at: number
  readonly session: string
  readonly frame: StompFrame
}

export interface ControlParts {
  readonly dialects: readonly DialectServer[]
  readonly im2: Im2Server | null
  readonly xuqm: XuqmServer | null
  readonly faults: Faults
  readonly tokens: Tokens
  readonly sessions: () => Session[]
  readonly violations: Violation[]
  readonly now: () => number
  readonly wire: { readonly record: (on: boolean) => void; readonly frames: () => readonly WireFrame[] }
  readonly listening: { readonly stop: () => Promise<void>; readonly start: () => Promise<void> }
}

interface ByMember {
  readonly groupId: string
  readonly userId: string
  readonly by?: string | undefined
}

export interface Control {
  // Reading
  messages(filter?: { dialect?: DialectName | undefined }): MessageRow[]
  violations(): readonly Violation[]
  clearViolations(): void
  sessions(): SessionInfo[]
  /** Client frames as they came, tokens and all: in memory, off until asked for, never over HTTP. */
  recordWire(on: boolean): void
  wire(): readonly WireFrame[]

  // People and groups
  seed(seed: Seed): void
  issueToken(request: { userId: string; ttlMs?: number | undefined; deviceId?: string | undefined }): string
  addUser(user: { userId: string; nickname: string; avatar?: string | undefined; bot?: boolean | undefined }): void
  updateProfile(change: { userId: string; nickname?: string | undefined; avatar?: string | undefined }): void
  addGroup(group: {
    groupId: string
    name: string
    members: readonly { userId: string; role?: Role | undefined }[]
    /** Ms since 1970; default: now. */
    createdAt?: number | undefined
  }): void
  renameGroup(change: { groupId: string; name: string; by?: string | undefined }): void
  dismissGroup(change: { groupId: string; by?: string | undefined }): void
  addMember(change: ByMember & { role?: Role | undefined }): void
  removeMember(change: ByMember): void
  setRole(change: ByMember & { role: Role }): void

  // Saying things
  message(request: PostRequest): MessageRow
  edit(request: {
    serverId: string
    newContent: string
    by?: string | undefined
    dialect?: DialectName | undefined
  }): void
  recall(request: {
    serverId: string
    by?: string | undefined
    reason?: string | undefined
    dialect?: DialectName | undefined
  }): void
  /** Removed for everybody by the administration (`im2`). */
  remove(request: { serverId: string; by?: string | undefined; reason?: string | undefined }): void
  markRead(request: { serverId: string; dialect?: DialectName | undefined }): void
  /** Any `im2` envelope, unstored. Returns how many sessions were subscribed. */
  push(request: SessionFilter & { destination?: string | undefined; envelope: Partial<Envelope> }): number
  /** Any event content, as an `im2` event message. */
  event(
    request: SessionFilter & { type?: number | undefined; destination?: string | undefined; content: unknown },
  ): number
  /** Any JSON value as an `xuqm` message body. */
  pushJson(request: SessionFilter & { destination?: string | undefined; json: unknown }): number
  /** Any STOMP frame. `{subscription}` headers are the caller's business. */
  frame(
    request: SessionFilter & {
      command: string
      headers?: readonly (readonly [string, string])[] | undefined
      body?: string | undefined
    },
  ): number
  /** One WebSocket message as it is: text, or binary given as base64. */
  raw(request: SessionFilter & { text?: string | undefined; base64?: string | undefined }): number
  notify(request: Notice & { userId?: string | undefined }): void
  systemStatus(request: { status: string; message?: string | undefined }): void
  policy(change: Partial<Settings> & { by?: string | undefined; reason?: string | undefined }): void
  permission(change: {
    userId: string
    permission: Permission
    by?: string | undefined
    reason?: string | undefined
  }): void

  // Breaking things
  readonly dropPushes: Faults['dropPushes']
  readonly dropAcks: Faults['dropAcks']
  readonly loseSends: Faults['loseSends']
  readonly doublePushes: Faults['doublePushes']
  readonly reorderPushes: Faults['reorderPushes']
  readonly delayPushes: Faults['delayPushes']
  flushPushes(): void
  clearFaults(): void
  skewClock(request: { ms: number }): void
  deafToConnect(request: { on: boolean }): void
  /** HTTP status for every new handshake and request; `status: 0` ends it. */
  refuse(request: { status: number; retryAfterSeconds?: number | undefined; count?: number | undefined }): void
  stall(filter?: SessionFilter): number
  resume(filter?: SessionFilter): number
  /** Numbers of a conversation that will never be sent: a hole nothing can fill. */
  skipSequences(request: { conversationId: string; count: number | string }): void
  expireToken(request: { token?: string | undefined; userId?: string | undefined }): number
  kick(
    request: SessionFilter & {
      reason: string
      operator?: string | undefined
      code?: number | undefined
      closeCode?: number | undefined
    },
  ): number
  /** A closing frame with this code, or, with `abrupt`, none at all. */
  closeSockets(request: SessionFilter & { code?: number | undefined; abrupt?: boolean | undefined }): number
  /** Closes everything and refuses connections, for so long or until `start`. */
  stop(request?: { forMs?: number | undefined }): Promise<void>
  start(): Promise<void>
  dispose(): void
}

export function createControl(parts: ControlParts): Control {
  const { dialects, im2, xuqm, faults, tokens, violations, now } = parts
  let restart: NodeJS.Timeout | undefined

  const matching = (filter: SessionFilter = {}): Session[] =>
    parts
      .sessions()
      .filter(
        (session) =>
          (filter.dialect === undefined || session.dialect === filter.dialect) &&
          (filter.userId === undefined || session.userId === filter.userId) &&
          (filter.sessionId === undefined || session.id === filter.sessionId),
      )

  const each = (filter: SessionFilter | undefined, act: (session: Session) => void): number => {
    const sessions = matching(filter)
    for (const session of sessions) act(session)
    return sessions.length
  }

  const dialectOf = (name: DialectName | undefined): DialectServer => {
    const found = name === undefined ? dialects[0] : dialects.find((dialect) => dialect.name === name)
    if (found === undefined) throw new ControlError(`no dialect ${name ?? ''}`)
    return found
  }

  const ownerOf = (serverId: string, name: DialectName | undefined): DialectServer => {
    if (name !== undefined) return dialectOf(name)
    const found = dialects.find((dialect) => dialect.store.byServerId(serverId) !== null)
    if (found === undefined) throw new ControlError(`no message ${serverId}`)
    return found
  }

  const im2Only = (): Im2Server => {
    if (im2 === null) throw new ControlError('im2 is not spoken here')
    return im2
  }

  const demand = (result: OperationResult): void => {
    if (!result.ok) throw new ControlError(result.reason)
  }

  /** Groups exist on both sides with the same ids; a change is made on each. */
  const onGroup = (groupId: string, act: (dialect: DialectServer, group: Group) => void): void => {
    let found = false
    for (const dialect of dialects) {
      const group = dialect.store.groups.get(groupId)
      if (group === undefined) continue
      found = true
      act(dialect, group)
    }
    if (!found) throw new ControlError(`no group ${groupId}`)
  }

  const senderOf = (dialect: DialectServer, serverId: string): string =>
    dialect.store.byServerId(serverId)?.senderId ?? ''

  const envelope = (given: Partial<Envelope>): Envelope => ({
    messageId: randomUUID(),
    type: im2Type.text,
    timestamp: now(),
    version: '2.0.0',
    source: 'server',
    ...given,
  })

  const control: Control = {
    messages: ({ dialect } = {}) =>
      dialects.filter(({ name }) => dialect === undefined || name === dialect).flatMap(({ store }) => store.rows()),
    violations: () => violations,
    clearViolations: () => {
      violations.length = 0
    },
    sessions: () =>
      parts.sessions().map((session) => ({
        sessionId: session.id,
        dialect: session.dialect,
        transport: session.transport,
        userId: session.userId,
        deviceId: session.identity?.deviceId ?? '',
        destinations: session.destinations,
        stalled: session.stalled,
      })),
    recordWire: parts.wire.record,
    wire: parts.wire.frames,

    seed(seed) {
      for (const user of seed.users) control.addUser(user)
      // Before anybody spoke there.
      const createdAt = now() - 60_000 * (1 + Math.max(0, ...seed.messages.map(({ minutesAgo }) => minutesAgo)))
      for (const group of seed.groups) control.addGroup({ ...group, createdAt })
      for (const { store } of dialects) {
        store.settings.maxMessageLength = seed.settings.maxMessageLength ?? store.settings.maxMessageLength
        store.settings.fileUploadLimit = seed.settings.fileUploadLimit ?? store.settings.fileUploadLimit
      }
      for (const { name } of dialects) {
        for (const { minutesAgo, ...message } of seed.messages) {
          control.message({ ...message, dialect: name, serverTime: now() - minutesAgo * 60_000 })
        }
      }
    },
    issueToken: ({ userId, ttlMs, deviceId }) => tokens.issue(userId, { ttlMs, deviceId }),
    addUser({ userId, nickname, avatar, bot }) {
      for (const dialect of dialects) {
        const user = { userId, nickname, avatar: avatar ?? null, bot: bot ?? false, permission: 'full_access' as const }
        dialect.store.users.set(userId, user)
        dialect.profileUpdated(user)
      }
    },
    updateProfile({ userId, nickname, avatar }) {
      for (const dialect of dialects) {
        const user = dialect.store.users.get(userId)
        if (user === undefined) throw new ControlError(`no user ${userId}`)
        user.nickname = nickname ?? user.nickname
        user.avatar = avatar ?? user.avatar
        dialect.profileUpdated(user)
      }
    },
    addGroup({ groupId, name, members, createdAt = now() }) {
      for (const dialect of dialects) {
        const group: Group = {
          groupId,
          name,
          creatorId: members[0]?.userId ?? '',
          createdAt,
          members: new Map(members.map(({ userId, role }) => [userId, role ?? 'member'])),
          dismissed: false,
        }
        dialect.store.groups.set(groupId, group)
        dialect.groupCreated(group)
      }
    },
    renameGroup: ({ groupId, name, by }) =>
      onGroup(groupId, (dialect, group) => {
        group.name = name
        dialect.groupUpdated(group, 'info_updated', by ?? group.creatorId)
      }),
    dismissGroup: ({ groupId, by }) =>
      onGroup(groupId, (dialect, group) => {
        group.dismissed = true
        dialect.groupUpdated(group, 'dismissed', by ?? group.creatorId)
      }),
    addMember: ({ groupId, userId, role = 'member', by }) =>
      onGroup(groupId, (dialect, group) => {
        group.members.set(userId, role)
        dialect.memberAdded({ group, userId, role, by: by ?? group.creatorId })
      }),
    removeMember: ({ groupId, userId, by }) =>
      onGroup(groupId, (dialect, group) => {
        const role = group.members.get(userId)
        if (role === undefined) throw new ControlError(`${userId} is not a member of ${groupId}`)
        group.members.delete(userId)
        dialect.memberRemoved({ group, userId, role, by: by ?? group.creatorId })
      }),
    setRole: ({ groupId, userId, role, by }) =>
      onGroup(groupId, (dialect, group) => {
        group.members.set(userId, role)
        dialect.memberRoleChanged({ group, userId, role, by: by ?? group.creatorId })
      }),

    message(request) {
      const dialect = dialectOf(request.dialect)
      const { from, to, group } = request
      const target = to === undefined ? group : to
      if (target === undefined) throw new ControlError('neither "to" nor "group" is given')
      const plain = dialect.textContent(request.text ?? '')
      const result = dialect.post({
        senderId: from,
        target: to === undefined ? { kind: 'conversation', conversationId: target } : { kind: 'user', userId: target },
        msgType: request.msgType ?? plain.msgType,
        content: request.content ?? plain.content,
        shown: null,
        ...(request.clientId === undefined ? {} : { clientId: request.clientId }),
        ...(request.serverTime === undefined ? {} : { serverTime: request.serverTime }),
      })
      if (!result.ok) throw new ControlError(result.reason)
      return dialect.store.row(result.message)
    },
    edit({ serverId, newContent, by, dialect }) {
      const owner = ownerOf(serverId, dialect)
      demand(owner.edit({ serverId, newContent, by: by ?? senderOf(owner, serverId), reason: '' }))
    },
    recall({ serverId, by, reason, dialect }) {
      const owner = ownerOf(serverId, dialect)
      demand(owner.recall({ serverId, by: by ?? senderOf(owner, serverId), reason: reason ?? '' }))
    },
    remove({ serverId, by, reason }) {
      demand(im2Only().remove({ serverId, by: by ?? 'admin', reason: reason ?? '' }))
    },
    markRead({ serverId, dialect }) {
      demand(ownerOf(serverId, dialect).markRead(serverId))
    },
    push({ destination = im2Queues.privateMessages, envelope: given, ...filter }) {
      const server = im2Only()
      return matching({ ...filter, dialect: 'im2' }).filter((session) =>
        server.push(session, destination, envelope(given)),
      ).length
    },
    event: ({ type = im2Type.groupUpdate, content, destination, ...filter }) =>
      control.push({
        ...filter,
        destination,
        envelope: { type, senderId: 'system', payload: 'event', content: JSON.stringify(content) },
      }),
    pushJson({ destination = xuqmQueue, json, ...filter }) {
      if (xuqm === null) throw new ControlError('xuqm is not spoken here')
      return matching({ ...filter, dialect: 'xuqm' }).filter((session) => xuqm.push(session, destination, json)).length
    },
    frame: ({ command, headers = [], body, ...filter }) =>
      each(filter, (session) => session.frame({ command, headers, ...(body === undefined ? {} : { body }) })),
    raw({ text, base64, ...filter }) {
      return each(filter, (session) => session.raw(text ?? Buffer.from(base64 ?? '', 'base64')))
    },
    notify: ({ userId, ...notice }) => im2Only().events.notify(notice, userId),
    systemStatus: (request) => im2Only().events.systemStatus({ ...request }),
    policy({ by = 'admin', reason = '', ...change }) {
      for (const dialect of dialects) {
        const before = { ...dialect.store.settings }
        dialect.store.settings.maxMessageLength = change.maxMessageLength ?? before.maxMessageLength
        dialect.store.settings.fileUploadLimit = change.fileUploadLimit ?? before.fileUploadLimit
        if (dialect === im2) im2.events.settingsChanged(before, { ...dialect.store.settings }, by, reason)
      }
    },
    permission({ userId, permission, by = 'admin', reason = '' }) {
      for (const dialect of dialects) {
        const user = dialect.store.users.get(userId)
        if (user === undefined) throw new ControlError(`no user ${userId}`)
        const before = user.permission
        user.permission = permission
        if (dialect === im2) im2.events.permissionChanged(user, before, by, reason)
      }
    },

    dropPushes: faults.dropPushes,
    dropAcks: faults.dropAcks,
    loseSends: faults.loseSends,
    doublePushes: faults.doublePushes,
    reorderPushes: faults.reorderPushes,
    delayPushes: faults.delayPushes,
    flushPushes: faults.flush,
    clearFaults: faults.clear,
    skewClock({ ms }) {
      faults.skewMs = ms
    },
    deafToConnect({ on }) {
      faults.deafToConnect = on
    },
    refuse(request) {
      faults.refusal = request.status === 0 ? null : request
    },
    stall: (filter) => each(filter, (session) => session.stall()),
    resume: (filter) => each(filter, (session) => session.resume()),
    skipSequences({ conversationId, count }) {
      const conversation = im2Only().store.conversation(conversationId)
      if (conversation === null) throw new ControlError(`no conversation ${conversationId}`)
      conversation.sequence += BigInt(count)
    },
    expireToken({ token, userId }) {
      if (token !== undefined) tokens.expire(token)
      if (userId !== undefined) tokens.expireAll(userId)
      const stale = parts.sessions().filter((session) => {
        const own = session.identity?.token
        return own !== undefined && !tokens.check(own).ok
      })
      for (const session of stale) dialectOf(session.dialect).tokenExpired(session)
      return stale.length
    },
    kick: ({ reason, operator = 'admin', code = 4001, closeCode = 1000, ...filter }) =>
      each(filter, (session) => dialectOf(session.dialect).kick(session, { reason, operator, code, closeCode })),
    closeSockets: ({ code = 1001, abrupt = false, ...filter }) =>
      each(filter, (session) => {
        if (abrupt) session.terminate()
        else session.close(code, '')
      }),
    async stop({ forMs } = {}) {
      clearTimeout(restart)
      await parts.listening.stop()
      if (forMs !== undefined) restart = setTimeout(() => void parts.listening.start(), forMs)
    },
    start() {
      clearTimeout(restart)
      return parts.listening.start()
    },
    dispose: () => clearTimeout(restart),
  }
  return control
}
