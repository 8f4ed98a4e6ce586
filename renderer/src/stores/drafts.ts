/**
 * What is being written, per conversation. Main keeps drafts; this store is the truth while the window is open, and
 * follows other windows that show the same conversation: what was written last counts, wherever that was.
 *
 * Promises: a draft reaches main at most `saveAfterMs` after the last key, and at once on `flush`. Must never: let a
 * late echo of main, or what another window wrote before, replace what was typed since.
 */
import { defineStore } from 'pinia'
import { shallowReactive, shallowRef } from 'vue'
import type { KeptMode, RecalledMode } from '#common/contract/calls.ts'
import type { Message } from '#common/domain/message.ts'
import { useClient } from '../bridge/useClient.ts'
import { useConversations } from './conversations.ts'

export const saveAfterMs = 500

/** What the words are for, where they are not simply the next message. */
export type DraftMode =
  | { readonly kind: 'quote'; readonly message: Message }
  /** `text`: the message's words as they shall become. The draft that was interrupted stands untouched beside it. */
  | { readonly kind: 'edit'; readonly message: Message; readonly text: string }

function keptMode(mode: DraftMode | undefined): KeptMode | null {
  if (mode === undefined) return null
  return { kind: mode.kind, messageId: mode.message.id, text: mode.kind === 'edit' ? mode.text : '' }
}

/** Null where there is none, or its message can no longer be answered or edited. */
function usable(kept: RecalledMode | null): DraftMode | null {
  if (kept === null || kept.message === null) return null
  const { kind, message, text } = kept
  return kind === 'edit' ? { kind, message, text } : { kind, message }
}

export const useDrafts = defineStore('drafts', () => {
  const client = useClient()
  const conversations = useConversations()
  const typed = new Map<string, string>()
  const modes: Map<string, DraftMode> = shallowReactive(new Map<string, DraftMode>())
  /** Conversations whose mode is known here better than in main. */
  const decided = new Set<string>()
  interface Unsaved {
    readonly accountId: string
    readonly conversationId: string
    readonly timer: number
    readonly text: boolean
    readonly mode: boolean
  }
  const unsaved = new Map<string, Unsaved>()
  const keyOf = (accountId: string, conversationId: string): string => JSON.stringify([accountId, conversationId])

  function saveSoon(accountId: string, conversationId: string, what: 'text' | 'mode'): void {
    const key = keyOf(accountId, conversationId)
    const waiting = unsaved.get(key)
    if (waiting !== undefined) window.clearTimeout(waiting.timer)
    const timer = window.setTimeout(() => void save(accountId, conversationId), saveAfterMs)
    const { text = false, mode = false } = waiting ?? {}
    unsaved.set(key, {
      accountId,
      conversationId,
      timer,
      text: text || what === 'text',
      mode: mode || what === 'mode',
    })
  }

  async function save(accountId: string, conversationId: string): Promise<void> {
    const key = keyOf(accountId, conversationId)
    const waiting = unsaved.get(key)
    if (waiting === undefined) return
    window.clearTimeout(waiting.timer)
    unsaved.delete(key)
    // Both leave at once: the window may be closing.
    const draft = typed.get(key) ?? ''
    const mode = keptMode(modes.get(key))
    await Promise.all([
      waiting.text ? client.call('conversation.setDraft', { accountId, conversationId, draft }) : null,
      waiting.mode ? client.call('conversation.keepMode', { accountId, conversationId, mode }) : null,
    ])
  }

  /** Where another window wrote last, for whoever shows that conversation. */
  const followed = shallowRef<{ readonly accountId: string; readonly conversationId: string } | null>(null)

  async function follow(accountId: string, conversationId: string, text: string | null): Promise<void> {
    const key = keyOf(accountId, conversationId)
    if (text !== null) {
      if (unsaved.get(key)?.text === true) return
      typed.set(key, text)
    } else {
      if (unsaved.get(key)?.mode === true) return
      const answer = await client.call('conversation.recallMode', { accountId, conversationId })
      if (!answer.ok || unsaved.get(key)?.mode === true) return
      decided.add(key)
      const mode = usable(answer.value.mode)
      if (mode === null) modes.delete(key)
      else modes.set(key, mode)
    }
    followed.value = { accountId, conversationId }
  }

  const textOf = (accountId: string, conversationId: string): string =>
    typed.get(keyOf(accountId, conversationId)) ?? conversations.find(accountId, conversationId)?.draft ?? ''

  function set(accountId: string, conversationId: string, text: string): void {
    typed.set(keyOf(accountId, conversationId), text)
    saveSoon(accountId, conversationId, 'text')
  }

  return {
    followed,
    follow,
    textOf,
    modeOf: (accountId: string, conversationId: string): DraftMode | null =>
      modes.get(keyOf(accountId, conversationId)) ?? null,
    setMode(accountId: string, conversationId: string, mode: DraftMode | null) {
      const key = keyOf(accountId, conversationId)
      const nothingKept = decided.has(key) && !modes.has(key)
      decided.add(key)
      if (mode === null && nothingKept) return
      if (mode === null) modes.delete(key)
      else modes.set(key, mode)
      saveSoon(accountId, conversationId, 'mode')
    },
    /**
     * Brings back what main kept from an earlier run; true when that is a mode. Words whose message is gone become part
     * of the draft.
     */
    async recallMode(accountId: string, conversationId: string): Promise<boolean> {
      const key = keyOf(accountId, conversationId)
      if (decided.has(key)) return false
      const answer = await client.call('conversation.recallMode', { accountId, conversationId })
      if (!answer.ok || decided.has(key)) return false
      decided.add(key)
      const kept = answer.value.mode
      if (kept === null) return false
      const mode = usable(kept)
      if (mode !== null) {
        modes.set(key, mode)
        return true
      }
      saveSoon(accountId, conversationId, 'mode')
      if (kept.kind === 'quote') return false
      const draft = textOf(accountId, conversationId)
      set(accountId, conversationId, [draft, kept.text].filter((part) => part !== '').join('\n'))
      return true
    },
    set,
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
      for (const kept of [typed, modes, decided]) {
        for (const key of [...kept.keys()]) if (key.startsWith(`${prefix},`)) kept.delete(key)
      }
    },
  }
})
