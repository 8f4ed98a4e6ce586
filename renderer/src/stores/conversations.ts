import { defineStore } from 'pinia'
import { computed } from 'vue'
import { type Conversation, isMuted } from '#common/domain/conversation.ts'
import { useNow } from '../composables/now.ts'
import { useAccounts } from './accounts.ts'
import { createPerAccount } from './perAccount.ts'
import { createRows } from './rows.ts'

/** How late a mute that has run out may be noticed. */
const muteTickMs = 15_000

/** The conversations of every account; order is computed: the pinned ones first, then the newest activity. */
export const useConversations = defineStore('conversations', () => {
  const accounts = useAccounts()
  const now = useNow(muteTickMs)
  const rows = createPerAccount(() => createRows<string, Conversation>((row) => row.id))

  /** Deleted ones left out. */
  const all = computed<readonly Conversation[]>(() => {
    const known = rows.peek(accounts.currentId)
    if (known === undefined) return []
    return [...known.map.values()]
      .filter(({ preferences }) => !preferences.hidden)
      .sort(
        (a, b) =>
          Number(b.preferences.pinned) - Number(a.preferences.pinned) ||
          b.activeAt - a.activeAt ||
          (a.id < b.id ? -1 : 1),
      )
  })
  /** What is archived left out too. */
  const ordered = computed<readonly Conversation[]>(() => all.value.filter(({ preferences }) => !preferences.archived))

  const muted = ({ preferences }: Conversation): boolean => isMuted(preferences, now.value)
  /** Unread messages that ask for attention: of a muted conversation only those that name the user. */
  const loud = (conversation: Conversation): number =>
    muted(conversation) ? conversation.mentions : conversation.unread

  function unreadOf(accountId: string): number {
    let unread = 0
    for (const row of rows.peek(accountId)?.map.values() ?? []) unread += loud(row)
    return unread
  }

  return {
    all,
    ordered,
    muted,
    loud,
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
