/**
 * What is being written, per conversation. Main keeps drafts; this store is the truth while the window is open, because
 * the window is the only place they are written in.
 *
 * Promises: a draft reaches main at most `saveAfterMs` after the last key, and at once on `flush`. Must never: let a
 * late echo of main replace what was typed since.
 */
import { defineStore } from 'pinia'
import { useClient } from '../bridge/useClient.ts'
import { useConversations } from './conversations.ts'

export const saveAfterMs = 500

export const useDrafts = defineStore('drafts', () => {
  const client = useClient()
  const conversations = useConversations()
  const typed = new Map<string, string>()
  const unsaved = new Map<string, { accountId: string; conversationId: string; timer: number }>()
  const keyOf = (accountId: string, conversationId: string): string => JSON.stringify([accountId, conversationId])

  async function save(accountId: string, conversationId: string): Promise<void> {
    const key = keyOf(accountId, conversationId)
    const waiting = unsaved.get(key)
    if (waiting === undefined) return
    window.clearTimeout(waiting.timer)
    unsaved.delete(key)
    await client.call('conversation.setDraft', { accountId, conversationId, draft: typed.get(key) ?? '' })
  }

  return {
    textOf: (accountId: string, conversationId: string): string =>
      typed.get(keyOf(accountId, conversationId)) ?? conversations.find(accountId, conversationId)?.draft ?? '',
    set(accountId: string, conversationId: string, text: string) {
      const key = keyOf(accountId, conversationId)
      typed.set(key, text)
      const waiting = unsaved.get(key)
      if (waiting !== undefined) window.clearTimeout(waiting.timer)
      const timer = window.setTimeout(() => void save(accountId, conversationId), saveAfterMs)
      unsaved.set(key, { accountId, conversationId, timer })
    },
    /** Everything not yet told to main, now. */
    async flush(): Promise<void> {
      await Promise.all([...unsaved.values()].map((draft) => save(draft.accountId, draft.conversationId)))
    },
    forget(accountId: string) {
      for (const [key, draft] of unsaved) {
        if (draft.accountId !== accountId) continue
        window.clearTimeout(draft.timer)
        unsaved.delete(key)
      }
      const prefix = JSON.stringify([accountId]).slice(0, -1)
      for (const key of [...typed.keys()]) if (key.startsWith(`${prefix},`)) typed.delete(key)
    },
  }
})
