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
  /** Recordings that are just being ended. */
  const ending = new Set<Promise<void>>()
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
    /** What will be put here when it is done. */
    expect(put: Promise<void>) {
      const done = put.finally(() => ending.delete(done))
      ending.add(done)
    },
    /** Nothing is on its way here any more. */
    async settled(): Promise<void> {
      await Promise.allSettled(ending)
    },
    /** Keeps none of them any longer. */
    takeAll(): { accountId: string; conversationId: string; voice: Voice }[] {
      const all = [...voices].map(([key, voice]) => {
        const [accountId = '', conversationId = ''] = JSON.parse(key) as string[]
        return { accountId, conversationId, voice }
      })
      voices.clear()
      return all
    },
    forget(accountId: string) {
      for (const key of voices.keys()) if ((JSON.parse(key) as string[])[0] === accountId) voices.delete(key)
    },
  }
})
