import { defineStore } from 'pinia'
import { computed } from 'vue'
import type { Conversation } from '#common/domain/conversation.ts'
import { useAccounts } from './accounts.ts'
import { createPerAccount } from './perAccount.ts'
import { createRows } from './rows.ts'

/** The conversations of every account; order is computed, newest activity first. */
export const useConversations = defineStore('conversations', () => {
  const accounts = useAccounts()
  const rows = createPerAccount(() => createRows<string, Conversation>((row) => row.id))

  const ordered = computed<readonly Conversation[]>(() => {
    const known = rows.peek(accounts.currentId)
    if (known === undefined) return []
    return [...known.map.values()].sort((a, b) => b.activeAt - a.activeAt || (a.id < b.id ? -1 : 1))
  })

  function unreadOf(accountId: string): number {
    let unread = 0
    for (const row of rows.peek(accountId)?.map.values() ?? []) unread += row.unread
    return unread
  }

  return {
    ordered,
    unreadOf,
    find: (accountId: string | null, id: string | null): Conversation | undefined =>
      id === null ? undefined : rows.peek(accountId)?.map.get(id),
    put: (accountId: string, changed: readonly Conversation[]) => {
      const known = rows.of(accountId)
      for (const row of changed) known.put(row)
    },
    replaceAll: (accountId: string, all: readonly Conversation[]) => rows.of(accountId).replaceAll(all),
    forget: (accountId: string) => rows.drop(accountId),
  }
})
