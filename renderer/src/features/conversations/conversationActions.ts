/** What can be done with a conversation from outside it: by its menu, its badge and the catch-up. */
import type { Conversation, Preferences } from '#common/domain/conversation.ts'
import { useClient } from '../../bridge/useClient.ts'
import { useAccounts } from '../../stores/accounts.ts'
import { useDrafts } from '../../stores/drafts.ts'
import { useFeedback } from '../../stores/feedback.ts'
import { useView } from '../../stores/view.ts'

export function useConversationActions() {
  const client = useClient()
  const accounts = useAccounts()
  const drafts = useDrafts()
  const feedback = useFeedback()
  const view = useView()

  async function prefer(conversationId: string, preferences: Partial<Omit<Preferences, 'hidden'>>): Promise<void> {
    const accountId = accounts.currentId
    if (accountId === null) return
    const answer = await client.call('conversation.prefer', { accountId, conversationId, preferences })
    if (!answer.ok) feedback.fail(answer.error)
  }

  return {
    prefer,

    /** Everything that has come so far, in order; stops at the first failure. */
    async markRead(conversations: readonly Conversation[]): Promise<void> {
      const accountId = accounts.currentId
      if (accountId === null) return
      for (const { id, unread, last, preferences } of conversations) {
        if (preferences.markedUnread) await prefer(id, { markedUnread: false })
        if (unread === 0 || last === null) continue
        const answer = await client.call('conversation.markRead', {
          accountId,
          conversationId: id,
          upTo: last.messageId,
        })
        if (!answer.ok) return feedback.fail(answer.error)
      }
    },

    async markSeen(messageIds: readonly number[]): Promise<void> {
      const accountId = accounts.currentId
      if (accountId === null || messageIds.length === 0) return
      const answer = await client.call('conversation.markSeen', { accountId, messageIds: [...messageIds] })
      if (!answer.ok) feedback.fail(answer.error)
    },

    /** An open one is left: whoever looks at it would read it. */
    async markUnread(conversationId: string): Promise<void> {
      if (view.openedId === conversationId) view.closeConversation()
      await prefer(conversationId, { markedUnread: true })
    },

    async openOwnWindow(conversationId: string): Promise<void> {
      const accountId = accounts.currentId
      if (accountId === null) return
      // What was written here goes on there.
      await drafts.flush()
      const answer = await client.call('window.openChat', { accountId, conversationId })
      if (!answer.ok) feedback.fail(answer.error)
    },

    async remove(conversationId: string): Promise<void> {
      const accountId = accounts.currentId
      if (accountId === null) return
      if (view.openedId === conversationId) view.closeConversation()
      drafts.set(accountId, conversationId, '')
      drafts.setMode(accountId, conversationId, null)
      await drafts.flush()
      const answer = await client.call('conversation.delete', { accountId, conversationId })
      if (!answer.ok) feedback.fail(answer.error)
    },
  }
}
