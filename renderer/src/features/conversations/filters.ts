/** Which conversations a filter of the list lets through. */
import type { Conversation } from '#common/domain/conversation.ts'

export const conversationFilters = ['all', 'unread', 'mentions', 'groups', 'archived'] as const
export type ConversationFilter = (typeof conversationFilters)[number]

export function isUnread({ unread, preferences }: Conversation): boolean {
  return unread > 0 || preferences.markedUnread
}

/** The open conversation stays while it is read: nothing vanishes under the reader. */
export function passes(conversation: Conversation, filter: ConversationFilter, openId: string | null): boolean {
  const { archived } = conversation.preferences
  if (filter === 'archived') return archived
  if (archived) return false
  const isOpen = conversation.id === openId
  switch (filter) {
    case 'all':
      return true
    case 'unread':
      return isOpen || isUnread(conversation)
    case 'mentions':
      return isOpen || conversation.mentions > 0
    case 'groups':
      return conversation.kind === 'group'
  }
}
