/** What a notice offers to do (section 5.2 of the im2 document). What we cannot do is not offered. */
import { objectOf, parseJson, textOf } from '#common/base/json.ts'
import type { Conversation } from '#common/domain/conversation.ts'
import type { Notice } from '#common/domain/notice.ts'

/** The conversation that `view_messages` names, by the server's id for it or by its parts; null when it is not here. */
export function conversationToOpen(
  { action, data }: Pick<Notice, 'action' | 'data'>,
  conversations: Iterable<Pick<Conversation, 'id' | 'targetId' | 'remoteId'>>,
): string | null {
  if (action !== 'view_messages' || data === null) return null
  const wanted = textOf(objectOf(parseJson(data))?.['conversationId'])
  if (wanted === undefined) return null
  for (const { id, targetId, remoteId } of conversations) {
    if (remoteId === wanted || targetId === wanted || id === wanted) return id
  }
  return null
}
