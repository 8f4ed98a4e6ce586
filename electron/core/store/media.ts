/** What a conversation holds besides words: pictures, videos, voices, files, and words with addresses in them. */
import { type Result, fail, ok } from '#common/base/result.ts'
import type { MediaPage } from '#common/contract/media.ts'
import type { MediaRequest } from '../ports/store.ts'
import { placeOf, toMessage } from './messageRules.ts'
import type { UnitOfWork } from './unit.ts'

/**
 * At most `limit` messages, the nearest to `from` first; what was recalled is not among them, so that a page may have
 * fewer and yet go on.
 */
export function readMedia(unit: UnitOfWork, conversationId: string, request: MediaRequest): Result<MediaPage> {
  const conversation = unit.conversation(conversationId)
  if (conversation === undefined) return fail('conversation.unknown')
  const { kind, query, from, direction, limit } = request
  const place = from === null ? null : { sequence: from.sequence, time: from.time, tie: from.id }
  const rows = unit.rows.media.list(conversation.key, { kind, words: query.trim(), place, direction, limit })
  const last = rows.at(-1)
  const end = last === undefined || rows.length < limit ? null : placeOf(last)
  return ok({
    messages: rows.filter((row) => row.recalled === null).map((row) => toMessage(row, conversation, unit.selfId)),
    next: end === null ? null : { sequence: end.sequence, time: end.time, id: end.tie },
  })
}
