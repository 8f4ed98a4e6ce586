/**
 * Conversations and who is in them. Facts with a time outrank older ones in whatever order they come; of two at the
 * same time a departure wins. A whole list, which carries no time, holds from when it comes. Each fact becomes a line of
 * the timeline once: servers tell the same one in two forms, each with an id of its own.
 */
import type { ContentOf } from '#common/domain/content/content.ts'
import type { Member } from '#common/domain/conversation.ts'
import type { ServerEvent } from '#common/domain/events.ts'
import { recheckQueue } from './queue.ts'
import type { ConversationRow, MemberRow } from './rows.ts'
import { cleanTime, reservedIdPrefix } from './sequence.ts'
import { placeByServer } from './timeline.ts'
import { type UnitOfWork, standingOf } from './unit.ts'

type MembershipEvent = Extract<ServerEvent, { type: 'conversation.membership' }>
type DismissedEvent = Extract<ServerEvent, { type: 'conversation.dismissed' }>
type KnownEvent = Extract<ServerEvent, { type: 'conversation.known' }>

const usualRole = 'member'
const lineOf = { joined: 'member.joined', left: 'member.left', removed: 'member.removed', role: 'member.role' } as const

export function knowConversation(unit: UnitOfWork, event: KnownEvent, at: number): void {
  const conversation = unit.resolve(event.conversation, at)
  if (conversation.kind !== 'group') return
  if (event.told !== undefined) tellOf(unit, conversation, event, event.told, at)
  if (event.title !== null && event.title !== conversation.title) {
    conversation.title = event.title
    unit.touchConversation(conversation)
  }
  if (event.members === null) return
  replaceMembers(unit, conversation, event.members)
  const named = event.members.some((member) => member.userId === unit.selfId)
  if (named && conversation.membership === 'left') {
    unit.setMembership(conversation, 'member', conversation.membershipAt)
    recheckQueue(unit, conversation)
  }
}

/** A name that is told again is no news; neither is the first name we hear of. */
function tellOf(
  unit: UnitOfWork,
  conversation: ConversationRow,
  { title }: KnownEvent,
  { what, eventId, by, at: toldAt }: NonNullable<KnownEvent['told']>,
  at: number,
): void {
  if (what === 'renamed' && (title === null || conversation.title === null || title === conversation.title)) return
  addLine(unit, conversation, eventId, cleanTime(toldAt), at, {
    kind: 'event',
    event: what === 'created' ? 'group.created' : 'group.renamed',
    ...(by !== null && { by }),
    ...(what === 'renamed' && title !== null && { detail: title }),
  })
}

function replaceMembers(unit: UnitOfWork, conversation: ConversationRow, list: readonly Member[]): void {
  const named = new Map(list.map((member) => [member.userId, member.role]))
  for (const row of unit.members(conversation.key)) {
    const role = named.get(row.userId)
    named.delete(row.userId)
    setMember(unit, conversation, row, role !== undefined, role ?? row.role)
  }
  for (const [userId, role] of named) {
    setMember(unit, conversation, addMember(unit, conversation, userId), true, role)
  }
}

function addMember(unit: UnitOfWork, conversation: ConversationRow, userId: string): MemberRow {
  const row: MemberRow = { userId, role: usualRole, present: false, changedAt: null }
  unit.members(conversation.key).push(row)
  return row
}

function setMember(
  unit: UnitOfWork,
  conversation: ConversationRow,
  row: MemberRow,
  present: boolean,
  role: string,
): void {
  if (row.present === present && row.role === role) return
  row.present = present
  row.role = role
  unit.rows.members.put(conversation.key, row)
  unit.touchConversation(conversation)
}

/** Whether a fact counts beside the one that decided before. Without a time it is taken for the newest. */
function outranks(at: number | null, departs: boolean, knownAt: number | null, knownDeparted: boolean): boolean {
  if (at === null || knownAt === null) return true
  return at > knownAt || (at === knownAt && departs && !knownDeparted)
}

export function changeMembership(unit: UnitOfWork, event: MembershipEvent, at: number): void {
  const conversation = unit.resolve(event.conversation, at)
  if (conversation.kind !== 'group') return
  const changedAt = cleanTime(event.at)
  const departs = event.change === 'left' || event.change === 'removed'
  const member =
    unit.members(conversation.key).find((row) => row.userId === event.userId) ??
    addMember(unit, conversation, event.userId)
  const line: ContentOf<'event'> = {
    kind: 'event',
    event: lineOf[event.change],
    userId: event.userId,
    ...(event.by !== null && { by: event.by }),
    ...(event.role !== null && { detail: event.role }),
  }
  const what = event.change === 'role' ? `role:${event.role ?? ''}` : departs ? 'out' : 'in'
  const key = factKey(`${what}:${event.userId}`, event.eventId, changedAt)
  const seen = addLine(unit, conversation, key, changedAt, at, line)

  const isNews = !seen || isLater(changedAt, member.changedAt)
  if (isNews && outranks(changedAt, departs, member.changedAt, !member.present)) {
    const known = member.changedAt
    member.changedAt = changedAt ?? known
    if (member.changedAt !== known) unit.rows.members.put(conversation.key, member)
    setMember(unit, conversation, member, !departs, event.role ?? (departs ? member.role : usualRole))
  }
  if (event.userId !== unit.selfId || event.change === 'role') return
  if (!seen || isLater(changedAt, conversation.membershipAt)) decide(unit, conversation, departs, changedAt)
}

/** Two tellings of one fact lie closer together than this. */
const sameFactMs = 10_000

function factKey(what: string, eventId: string, at: number | null): string {
  return at === null ? eventId : `${what}:${Math.floor(at / sameFactMs)}`
}

function isLater(at: number | null, knownAt: number | null): boolean {
  return at !== null && knownAt !== null && at > knownAt
}

export function dismissConversation(unit: UnitOfWork, event: DismissedEvent, at: number): void {
  const conversation = unit.resolve(event.conversation, at)
  const changedAt = cleanTime(event.at)
  const seen = addLine(unit, conversation, factKey('dismissed', event.eventId, changedAt), changedAt, at, {
    kind: 'event',
    event: 'group.dismissed',
    ...(event.by !== null && { by: event.by }),
  })
  if (!seen || isLater(changedAt, conversation.membershipAt)) decide(unit, conversation, true, changedAt)
}

/** Our own membership. */
function decide(unit: UnitOfWork, conversation: ConversationRow, departs: boolean, at: number | null): void {
  const known = conversation.membershipAt
  if (!outranks(at, departs, known, conversation.membership === 'left')) return
  const before = conversation.membership
  unit.setMembership(conversation, departs ? 'left' : 'member', at ?? known)
  if (conversation.membership !== before) recheckQueue(unit, conversation)
}

/**
 * True when the fact has been told already, of this very time; of two tellings at different times one line is made, the
 * one that says more at the earlier time, but which of them counts is decided by their times.
 */
function addLine(
  unit: UnitOfWork,
  conversation: ConversationRow,
  key: string,
  serverTime: number | null,
  at: number,
  content: ContentOf<'event'>,
): boolean {
  const serverId = `${reservedIdPrefix}event:${conversation.id}:${key}`
  const senderId = content.userId ?? content.by ?? ''
  const known = unit.messageByServerId(serverId)
  if (known !== undefined) {
    const before = standingOf(known)
    const told = serverTime === known.serverTime
    const earlier = serverTime !== null && known.serverTime !== null && serverTime < known.serverTime
    const fuller = known.content.kind === 'event' && saysMore(content, known.content)
    if (!earlier && !fuller) return told
    if (fuller) known.content = content
    if (earlier) {
      known.serverTime = serverTime
      placeByServer(unit, known, conversation, at)
    }
    unit.saveMessage(known, before)
    return told
  }
  const row = {
    id: 0,
    conversation: conversation.key,
    serverId,
    clientId: null,
    senderId,
    content,
    sequence: null,
    serverTime,
    localTime: at,
    orderSequence: '0',
    orderTime: 0,
    state: 'sent' as const,
    proof: null,
    edited: null,
    recalled: null,
    problem: null,
    attempts: 0,
    deleted: false,
    pinned: false,
    unread: false,
    mentioned: false,
    revision: 0,
  }
  placeByServer(unit, row, conversation, at)
  unit.insertMessage(row, conversation)
  return false
}

/** A total order of tellings: who did it, that it was not of one's own will, the role, and then any difference. */
function saysMore(a: ContentOf<'event'>, b: ContentOf<'event'>): boolean {
  const weight = (line: ContentOf<'event'>): number =>
    (line.by === undefined ? 0 : 4) + (line.event === 'member.removed' ? 2 : 0) + (line.detail === undefined ? 0 : 1)
  const difference = weight(a) - weight(b)
  return difference === 0 ? JSON.stringify(a) > JSON.stringify(b) : difference > 0
}
