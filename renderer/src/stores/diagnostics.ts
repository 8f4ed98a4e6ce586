import { defineStore } from 'pinia'
import { computed, shallowReactive } from 'vue'
import type { AppError } from '#common/base/errors.ts'
import type { Examination } from '#common/domain/doctor.ts'
import type { DatabaseCheck } from '#common/domain/meter.ts'
import { useClient } from '../bridge/useClient.ts'
import { useAccounts } from './accounts.ts'
import { useFeedback } from './feedback.ts'

/** What has become of the check of an account's database. */
export type CheckState =
  | { readonly state: 'running' }
  | { readonly state: 'done'; readonly check: DatabaseCheck }
  | { readonly state: 'failed'; readonly error: AppError }

/** Examinations of connections and checks of databases, one of each per account; they go on behind other pages. */
export const useDiagnostics = defineStore('diagnostics', () => {
  const client = useClient()
  const accounts = useAccounts()
  const feedback = useFeedback()
  const examinations: Map<string, Examination> = shallowReactive(new Map<string, Examination>())
  const checks: Map<string, CheckState> = shallowReactive(new Map<string, CheckState>())

  return {
    examination: computed(() => examinations.get(accounts.currentId ?? '') ?? null),
    check: computed(() => checks.get(accounts.currentId ?? '') ?? null),
    put: (examination: Examination) => void examinations.set(examination.accountId, examination),
    /** A page that was loaded anew has missed what was pushed. */
    async recall(accountId: string): Promise<void> {
      const answer = await client.call('doctor.last', { accountId })
      if (answer.ok && answer.value.examination !== null && !examinations.has(accountId))
        examinations.set(accountId, answer.value.examination)
    },
    async examine(accountId: string): Promise<void> {
      const answer = await client.call('doctor.start', { accountId })
      if (!answer.ok) feedback.fail(answer.error)
    },
    async stop(): Promise<void> {
      const answer = await client.call('doctor.stop', {})
      if (!answer.ok) feedback.fail(answer.error)
    },
    async checkDatabase(accountId: string): Promise<void> {
      checks.set(accountId, { state: 'running' })
      const answer = await client.call('database.check', { accountId })
      checks.set(
        accountId,
        answer.ok ? { state: 'done', check: answer.value } : { state: 'failed', error: answer.error },
      )
    },
    forget(accountId: string) {
      examinations.delete(accountId)
      checks.delete(accountId)
    },
  }
})
