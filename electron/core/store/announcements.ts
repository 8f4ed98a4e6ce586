/**
 * What concerns the account rather than a conversation: people, notices, and what administrators allow. The policy in
 * force is, field by field, what the latest event says; the events are kept as its history.
 */
import type { ServerEvent } from '#common/domain/events.ts'
import { type Notice, type PolicyChange, type PolicyValues, defaultMaxMessageLength } from '#common/domain/notice.ts'
import type { Changed } from '../ports/store.ts'
import { recheckQueue } from './queue.ts'
import type { PersonRow } from './rows.ts'
import { cleanTime } from './sequence.ts'
import type { UnitOfWork } from './unit.ts'

type PresenceEvent = Extract<ServerEvent, { type: 'person.presence' }>
type ProfileEvent = Extract<ServerEvent, { type: 'person.profile' }>
type NoticeEvent = Extract<ServerEvent, { type: 'notice.received' }>
type PolicyEvent = Extract<ServerEvent, { type: 'policy.changed' }>

export function personRow(unit: UnitOfWork, userId: string): PersonRow {
  return (
    unit.rows.people.get(userId) ?? {
      userId,
      nickname: null,
      avatar: null,
      online: null,
      presenceAt: null,
      revision: 0,
    }
  )
}

export function takePresence(unit: UnitOfWork, event: PresenceEvent): void {
  const row = personRow(unit, event.userId)
  const at = cleanTime(event.at)
  if (at !== null && row.presenceAt !== null && at < row.presenceAt) return
  const later = at !== null && at !== row.presenceAt
  // At the same moment both were said: presence is the weaker claim of the two, in either order.
  const online = at !== null && at === row.presenceAt ? event.online && row.online === true : event.online
  if (row.online === online && !later) return
  if (later) row.presenceAt = at
  row.online = online
  unit.touchPerson(row)
}

/** What an event leaves out stays as it is. */
export function takeProfile(unit: UnitOfWork, event: ProfileEvent): void {
  const row = personRow(unit, event.userId)
  const nickname = event.nickname ?? row.nickname
  const avatar = event.avatar ?? row.avatar
  if (row.revision !== 0 && nickname === row.nickname && avatar === row.avatar) return
  row.nickname = nickname
  row.avatar = avatar
  unit.touchPerson(row)
}

export function takeNotice(unit: UnitOfWork, event: NoticeEvent): void {
  const known = unit.rows.notices.get(event.notice.id)
  const notice: Notice = {
    ...event.notice,
    // New words are to be read again; that it was acknowledged stays.
    readAt: known !== undefined && saidBy(known) === saidBy(event.notice) ? known.readAt : null,
    acknowledgedAt: known?.acknowledgedAt ?? null,
    revision: unit.number,
  }
  if (known !== undefined) {
    const current = wordsOf(known)
    const next = wordsOf(notice)
    if (current === next || known.at > notice.at || (known.at === notice.at && current > next)) return
  }
  unit.touchNotice(notice)
}

export function markNoticesRead(unit: UnitOfWork, noticeIds: readonly string[], at: number): Changed<null> {
  return unit.write('normal', () => {
    for (const id of noticeIds) {
      const notice = unit.rows.notices.get(id)
      if (notice?.readAt === null) unit.touchNotice({ ...notice, readAt: at, revision: unit.number })
    }
    return null
  })
}

function wordsOf(notice: Notice): string {
  return JSON.stringify([notice.at, saidBy(notice)])
}

/** All that it says, whenever it was said. */
function saidBy(notice: NoticeEvent['notice']): string {
  const { kind, title, content, priority, category, expiresAt, action, data } = notice
  const { maintenanceType, estimatedDuration, startsAt, endsAt } = notice
  return JSON.stringify([
    kind,
    title,
    content,
    priority,
    category,
    expiresAt,
    action,
    data,
    maintenanceType,
    estimatedDuration,
    startsAt,
    endsAt,
  ])
}

export function takePolicy(unit: UnitOfWork, event: PolicyEvent, at: number): void {
  const { maxMessageLength: length, fileUploadLimit: upload } = event
  const isNew = unit.rows.policy.record({
    eventId: event.eventId,
    at: cleanTime(event.at) ?? at,
    maxMessageLength: length !== null && Number.isSafeInteger(length) && length >= 1 ? length : null,
    fileUploadLimit: upload !== null && Number.isFinite(upload) && upload >= 0 ? upload : null,
    readOnly: event.readOnly,
    before: event.before ?? null,
    changedBy: event.changedBy,
    reason: event.reason,
  })
  if (!isNew) return
  unit.touchPolicy()
  recheckQueue(unit, null)
}

/** Changes older than this many are not shown. */
const historyShown = 200

/** What each change replaced is as the server said it, else what the changes before it left in force. */
export function readPolicyHistory(unit: UnitOfWork): PolicyChange[] {
  const inForce: { -readonly [K in keyof PolicyValues]: PolicyValues[K] } = {
    maxMessageLength: defaultMaxMessageLength,
    fileUploadLimit: null,
    readOnly: false,
  }
  const changes: PolicyChange[] = []
  for (const fact of unit.rows.policy.history(historyShown).reverse()) {
    const { eventId, at, maxMessageLength, fileUploadLimit, readOnly, before, changedBy, reason } = fact
    changes.push({
      eventId,
      at,
      before: {
        maxMessageLength: before?.maxMessageLength ?? inForce.maxMessageLength,
        fileUploadLimit: before?.fileUploadLimit ?? inForce.fileUploadLimit,
        readOnly: before?.readOnly ?? inForce.readOnly,
      },
      after: { maxMessageLength, fileUploadLimit, readOnly },
      changedBy,
      reason,
    })
    inForce.maxMessageLength = maxMessageLength ?? inForce.maxMessageLength
    inForce.fileUploadLimit = fileUploadLimit ?? inForce.fileUploadLimit
    inForce.readOnly = readOnly ?? inForce.readOnly
  }
  return changes.reverse()
}
