import { defineStore } from 'pinia'
import { computed } from 'vue'
import type { Notice } from '#common/domain/notice.ts'
import { useAccounts } from './accounts.ts'
import { createPerAccount } from './perAccount.ts'
import { createRows } from './rows.ts'

/** Announcements of every account, newest first. */
export const useNotices = defineStore('notices', () => {
  const accounts = useAccounts()
  const rows = createPerAccount(() => createRows<string, Notice>((row) => row.id))

  const ordered = computed<readonly Notice[]>(() =>
    [...(rows.peek(accounts.currentId)?.map.values() ?? [])].sort((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1)),
  )
  const open = computed(() => ordered.value.filter((notice) => notice.acknowledgedAt === null).length)

  return {
    ordered,
    /** How many wait for an acknowledgement. */
    open,
    put: (accountId: string, changed: readonly Notice[]) => {
      const known = rows.of(accountId)
      for (const row of changed) known.put(row)
    },
    replaceAll: (accountId: string, all: readonly Notice[]) => rows.of(accountId).replaceAll(all),
    forget: (accountId: string) => rows.drop(accountId),
  }
})
