/** Recordings that are made and not sent yet, one per conversation, while the window lives. Nothing of them is on disk. */
import { defineStore } from 'pinia'

export interface Voice {
  readonly sound: Blob
  readonly seconds: number
  /** How loud it was along the way, 0 to 1. */
  readonly levels: readonly number[]
}

const keyOf = (accountId: string, conversationId: string): string => JSON.stringify([accountId, conversationId])

export const useVoices = defineStore('voices', () => {
  const voices = new Map<string, Voice>()
  return {
    put(accountId: string, conversationId: string, voice: Voice) {
      voices.set(keyOf(accountId, conversationId), voice)
    },
    /** Answers it, and keeps it no longer. */
    take(accountId: string, conversationId: string): Voice | null {
      const key = keyOf(accountId, conversationId)
      const voice = voices.get(key) ?? null
      voices.delete(key)
      return voice
    },
    forget(accountId: string) {
      for (const key of voices.keys()) if ((JSON.parse(key) as string[])[0] === accountId) voices.delete(key)
    },
  }
})
