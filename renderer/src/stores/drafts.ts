/**
 * What is being written, per conversation. Main keeps drafts; this store is the truth while the window is open, because
 * the window is the only place they are written in.
 *
 * Promises: a draft reaches main at most `saveAfterMs` after the last key, and at once on `flush`. Must never: let a
 * late echo of main replace what was typed since.
 */
import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'
import type { Message } from '#common/domain/message.ts'
import { useClient } from '../bridge/useClient.ts'
import { useConversations } from './conversations.ts'

export const saveAfterMs = 500

/** What the words are for, where they are not simply the next message. */
export type DraftMode =
  | { readonly kind: 'quote'; readonly message: Message }
  /** `text`: the message's words as they shall become. The draft that was interrupted stands untouched beside it. */
  | { readonly kind: 'edit'; readonly message: Message; readonly text: string }

export const useDrafts = defineStore('drafts', () => {
  const client = useClient()
  const conversations = useConversations()
  const typed = new Map<string, string>()
  const modes: Map<string, DraftMode> = shallowReactive(new Map<string, DraftMode>())
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
    modeOf: (accountId: string, conversationId: string): DraftMode | null =>
      modes.get(keyOf(accountId, conversationId)) ?? null,
    setMode(accountId: string, conversationId: string, mode: DraftMode | null) {
      if (mode === null) modes.delete(keyOf(accountId, conversationId))
      else modes.set(keyOf(accountId, conversationId), mode)
    },
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
      for (const kept of [typed, modes]) {
        for (const key of [...kept.keys()]) if (key.startsWith(`${prefix},`)) kept.delete(key)
      }
    },
  }
})
