/**
 * Files that were pasted or dropped and not sent yet, per conversation, while the window lives. Only the page's own
 * handles: nothing is read before it is sent.
 */
import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'

export interface TrayFile {
  readonly id: number
  readonly file: File
}

const none: readonly TrayFile[] = []
const keyOf = (accountId: string, conversationId: string): string => JSON.stringify([accountId, conversationId])

export const useTrays = defineStore('trays', () => {
  const trays: Map<string, readonly TrayFile[]> = shallowReactive(new Map<string, readonly TrayFile[]>())
  let lastId = 0

  function filesOf(accountId: string, conversationId: string): readonly TrayFile[] {
    return trays.get(keyOf(accountId, conversationId)) ?? none
  }
  function set(accountId: string, conversationId: string, files: readonly TrayFile[]): void {
    if (files.length === 0) trays.delete(keyOf(accountId, conversationId))
    else trays.set(keyOf(accountId, conversationId), files)
  }

  return {
    filesOf,
    add(accountId: string, conversationId: string, files: readonly File[]) {
      const added = files.map((file) => ({ id: ++lastId, file }))
      set(accountId, conversationId, [...filesOf(accountId, conversationId), ...added])
    },
    remove(accountId: string, conversationId: string, id: number) {
      set(
        accountId,
        conversationId,
        filesOf(accountId, conversationId).filter((one) => one.id !== id),
      )
    },
    /** Empties it, and answers what was in it. */
    take(accountId: string, conversationId: string): readonly TrayFile[] {
      const files = filesOf(accountId, conversationId)
      set(accountId, conversationId, [])
      return files
    },
    /** Empties all of them, each in its order. */
    takeAll(): { accountId: string; conversationId: string; file: File }[] {
      const all = [...trays].flatMap(([key, files]) => {
        const [accountId = '', conversationId = ''] = JSON.parse(key) as string[]
        return files.map(({ file }) => ({ accountId, conversationId, file }))
      })
      trays.clear()
      return all
    },
    forget(accountId: string) {
      for (const key of trays.keys()) if ((JSON.parse(key) as string[])[0] === accountId) trays.delete(key)
    },
  }
})
