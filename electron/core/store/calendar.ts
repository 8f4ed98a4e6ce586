/** On which days something was said in a conversation, for finding one of them again. */
import { type Result, fail, ok } from '#common/base/result.ts'
import type { TimelineDays } from '#common/contract/calls.ts'
import { timeOfRow } from './messageRules.ts'
import type { UnitOfWork } from './unit.ts'

/**
 * How many visible messages each day has: the one that begins at `starts[i]` ends at `starts[i + 1]`. Whoever asks says
 * where days begin, ms since 1970, so that no zone is guessed here. What has no time of the server's is not counted.
 */
export function readDays(unit: UnitOfWork, conversationId: string, starts: readonly number[]): Result<TimelineDays> {
  const conversation = unit.conversation(conversationId)
  if (conversation === undefined) return fail('conversation.unknown')
  const { messages } = unit.rows
  const first = messages.oldest(conversation.key)
  return ok({
    counts: messages.countByDay(conversation.key, starts),
    first: first === undefined ? null : timeOfRow(first),
  })
}
