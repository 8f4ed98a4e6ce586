import { defineStore } from 'pinia'
import { computed } from 'vue'
import type { Notice } from '#common/domain/notice.ts'
import { useNow } from '../composables/now.ts'
import { useAccounts } from './accounts.ts'
import { createPerAccount } from './perAccount.ts'
import { createRows } from './rows.ts'

const minuteMs = 60_000

/** Advertising: shown, and never counted or insisted on. */
export function isQuiet(notice: Notice): boolean {
  return notice.kind === 'promotion'
}

/** Announcements of every account, newest first, those that are over last. */
export const useNotices = defineStore('notices', () => {
  const accounts = useAccounts()
  const now = useNow(minuteMs)
  const isOver = (notice: Notice): boolean => notice.expiresAt !== null && notice.expiresAt <= now.value
  const rows = createPerAccount(() => createRows<string, Notice>((row) => row.id))

  const ordered = computed<readonly Notice[]>(() =>
    [...(rows.peek(accounts.currentId)?.map.values() ?? [])].sort(
      (a, b) => Number(isOver(a)) - Number(isOver(b)) || b.at - a.at || (a.id < b.id ? -1 : 1),
    ),
  )
  const open = computed(
    () =>
      ordered.value.filter((notice) => notice.acknowledgedAt === null && !isQuiet(notice) && !isOver(notice)).length,
  )

  return {
    ordered,
    isOver,
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
