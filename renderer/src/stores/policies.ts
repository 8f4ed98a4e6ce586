import { defineStore } from 'pinia'
import { computed, shallowReactive } from 'vue'
import type { Policy, PolicyChange } from '#common/domain/notice.ts'
import { useAccounts } from './accounts.ts'

type News = Pick<PolicyChange, 'before' | 'after' | 'changedBy' | 'reason'>

/** What administrators allow each account right now, and what they changed while the window looked on. */
export const usePolicies = defineStore('policies', () => {
  const accounts = useAccounts()
  const policies: Map<string, Policy> = shallowReactive(new Map<string, Policy>())
  const news: Map<string, News> = shallowReactive(new Map<string, News>())

  function noteNews(accountId: string, before: Policy, after: Policy): void {
    const same =
      before.maxMessageLength === after.maxMessageLength &&
      before.fileUploadLimit === after.fileUploadLimit &&
      before.readOnly === after.readOnly
    if (!same) news.set(accountId, { before, after, changedBy: after.changedBy, reason: after.reason })
  }

  return {
    current: computed(() => (accounts.currentId === null ? undefined : policies.get(accounts.currentId))),
    /** The last change, until it is put away. */
    news: computed(() => (accounts.currentId === null ? null : (news.get(accounts.currentId) ?? null))),
    /** What is older than what is known is left; what is newer than it is news. */
    put: (accountId: string, policy: Policy) => {
      const known = policies.get(accountId)
      if (known !== undefined && policy.revision <= known.revision) return
      policies.set(accountId, policy)
      if (known !== undefined) noteNews(accountId, known, policy)
    },
    putAway() {
      if (accounts.currentId !== null) news.delete(accounts.currentId)
    },
    /** The account as it is; what changed while nobody was told is news as well. */
    replace: (accountId: string, policy: Policy) => {
      const known = policies.get(accountId)
      policies.set(accountId, policy)
      if (known !== undefined && policy.revision > known.revision) noteNews(accountId, known, policy)
    },
    forget: (accountId: string) => {
      policies.delete(accountId)
      news.delete(accountId)
    },
  }
})
