import { defineStore } from 'pinia'
import { computed, reactive, shallowReactive } from 'vue'
import type { AppError } from '#common/base/errors.ts'
import type { RepairReport } from '#common/domain/storage.ts'
import { useClient } from '../bridge/useClient.ts'
import { useAccounts } from './accounts.ts'
import { useFeedback } from './feedback.ts'

/** What a person does about stored messages that are in trouble, and what a repair has saved. */
export const useRepairs = defineStore('repairs', () => {
  const client = useClient()
  const accounts = useAccounts()
  const feedback = useFeedback()
  const reports: Map<string, RepairReport> = shallowReactive(new Map<string, RepairReport>())
  const busy: Set<string> = reactive(new Set<string>())

  async function during<T>(accountId: string, run: () => Promise<T>): Promise<T> {
    busy.add(accountId)
    try {
      return await run()
    } finally {
      busy.delete(accountId)
    }
  }

  function tell(answer: { readonly ok: true } | { readonly ok: false; readonly error: AppError }): void {
    if (!answer.ok) feedback.fail(answer.error)
  }

  return {
    isBusy: computed(() => accounts.currentId !== null && busy.has(accounts.currentId)),
    report: computed(() => (accounts.currentId === null ? null : (reports.get(accounts.currentId) ?? null))),
    async tryAgain(accountId: string): Promise<void> {
      tell(await during(accountId, () => client.call('storage.tryAgain', { accountId })))
    },
    async repair(accountId: string): Promise<void> {
      const answer = await during(accountId, () => client.call('storage.repair', { accountId }))
      if (answer.ok) reports.set(accountId, answer.value)
      tell(answer)
    },
    async show(accountId: string): Promise<void> {
      tell(await client.call('storage.show', { accountId }))
    },
    putAway: (accountId: string) => void reports.delete(accountId),
  }
})
