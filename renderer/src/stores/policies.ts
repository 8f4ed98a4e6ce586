import { defineStore } from 'pinia'
import { computed, shallowReactive } from 'vue'
import type { Policy } from '#common/domain/notice.ts'
import { useAccounts } from './accounts.ts'

/** What administrators allow each account right now. */
export const usePolicies = defineStore('policies', () => {
  const accounts = useAccounts()
  const policies: Map<string, Policy> = shallowReactive(new Map<string, Policy>())

  return {
    current: computed(() => (accounts.currentId === null ? undefined : policies.get(accounts.currentId))),
    put: (accountId: string, policy: Policy) => {
      const known = policies.get(accountId)
      if (known === undefined || policy.revision > known.revision) policies.set(accountId, policy)
    },
    replace: (accountId: string, policy: Policy) => void policies.set(accountId, policy),
    forget: (accountId: string) => void policies.delete(accountId),
  }
})
