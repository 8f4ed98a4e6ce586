/** Types 20–23 (section 5 of the im2 document). A content that is no document is the notice's text. */
import { type Json, type JsonObject, objectOf } from '#common/base/json.ts'
import type { Notice } from '#common/domain/notice.ts'
import type { Decoded } from '#electron/core/ports/dialect.ts'
import { undecoded, understood } from '../decoded.ts'
import { capped, firstText, firstTime, stableId } from '../fields.ts'
import { documentOf } from './chat.ts'
import type { Envelope } from './envelope.ts'
import { MessageType } from './wire.ts'

const kinds: ReadonlyMap<number, Notice['kind']> = new Map([
  [MessageType.NOTIFICATION_ANNOUNCEMENT, 'announcement'],
  [MessageType.NOTIFICATION_ALERT, 'alert'],
  [MessageType.NOTIFICATION_PROMOTION, 'promotion'],
  [MessageType.NOTIFICATION_MAINTENANCE, 'maintenance'],
] as const)

const priorities: ReadonlyMap<string, Notice['priority']> = new Map([
  ['low', 'low'],
  ['medium', 'medium'],
  ['high', 'high'],
  ['urgent', 'urgent'],
  ['critical', 'urgent'],
] as const)

export function readNotice(envelope: Envelope): Decoded {
  const kind = kinds.get(envelope.type)
  if (kind === undefined || envelope.content === null) return undecoded('noticeUnknown')
  const document = documentOf(envelope) ?? { content: envelope.content }
  const title = firstText(document, 'title') ?? ''
  const content = firstText(document, 'content', 'message') ?? ''
  const at = envelope.timestamp ?? firstTime(document, 'timestamp', 'createdAt')
  return understood([
    {
      type: 'notice.received',
      notice: {
        id: envelope.messageId || stableId('notice', kind, title, content, at),
        kind,
        title,
        content,
        priority: priorities.get((firstText(document, 'priority') ?? '').toLowerCase()) ?? 'medium',
        category: firstText(document, 'category') ?? null,
        expiresAt: firstTime(document, 'expiresAt'),
        action: firstText(document, 'action') ?? null,
        data: dataOf(document['data']),
        maintenanceType: firstText(document, 'maintenanceType') ?? null,
        estimatedDuration: firstText(document, 'estimatedDuration') ?? null,
        ...windowOf(kind, document),
        at: at ?? 0,
      },
    },
  ])
}

/** The document prints a maintenance's times in its words only; servers that also give fields use these names (ours). */
function windowOf(kind: Notice['kind'], document: JsonObject): Pick<Notice, 'startsAt' | 'endsAt'> {
  if (kind !== 'maintenance') return { startsAt: null, endsAt: null }
  const data = objectOf(document['data']) ?? {}
  const time = (...names: readonly string[]): number | null =>
    firstTime(document, ...names) ?? firstTime(data, ...names)
  const startsAt = time('startTime', 'startsAt', 'startAt', 'scheduledStart')
  const endsAt = time('endTime', 'endsAt', 'endAt', 'scheduledEnd')
  return { startsAt, endsAt: startsAt !== null && endsAt !== null && endsAt <= startsAt ? null : endsAt }
}

/** Data too big to be an action's is left out, not cut: half a JSON text is none. */
function dataOf(data: Json | undefined): string | null {
  if (data === undefined || data === null) return null
  const text = JSON.stringify(data)
  return capped(text) === text ? text : null
}
