/** Files of messages that are here or on their way, as main tells; asked for once, by the first who wants to know. */
import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'
import type { Result } from '#common/base/result.ts'
import type { Download } from '#common/domain/download.ts'
import { useClient } from '../bridge/useClient.ts'
import { useFeedback } from './feedback.ts'

export const useDownloads = defineStore('downloads', () => {
  const client = useClient()
  const feedback = useFeedback()
  const byAccount: Map<string, ReadonlyMap<number, Download>> = shallowReactive(
    new Map<string, ReadonlyMap<number, Download>>(),
  )
  const asked = new Set<string>()

  function put(accountId: string, changed: readonly Download[], removed: readonly number[]): void {
    const rows = new Map(byAccount.get(accountId))
    for (const download of changed) rows.set(download.messageId, download)
    for (const messageId of removed) rows.delete(messageId)
    byAccount.set(accountId, rows)
  }

  async function told(answer: Promise<Result<unknown>>): Promise<void> {
    const settled = await answer
    if (!settled.ok) feedback.fail(settled.error)
  }

  return {
    put,
    find: (accountId: string | null, messageId: number): Download | undefined =>
      accountId === null ? undefined : byAccount.get(accountId)?.get(messageId),
    async load(accountId: string): Promise<void> {
      if (asked.has(accountId)) return
      asked.add(accountId)
      const answer = await client.call('download.list', { accountId })
      if (!answer.ok) {
        asked.delete(accountId)
        return
      }
      // What was pushed meanwhile is newer than what was asked.
      put(
        accountId,
        answer.value.downloads.filter(({ messageId }) => byAccount.get(accountId)?.has(messageId) !== true),
        [],
      )
    },
    forget(accountId: string) {
      asked.delete(accountId)
      byAccount.delete(accountId)
    },
    act: (accountId: string, messageId: number, act: 'fetch' | 'pause' | 'cancel') =>
      told(client.call('download.act', { accountId, messageId, act })),
    open: (accountId: string, messageId: number) => told(client.call('download.open', { accountId, messageId })),
    show: (accountId: string, messageId: number) => told(client.call('download.show', { accountId, messageId })),
    /** The user names the place; what is not here is fetched. */
    save: (accountId: string, messageId: number) => told(client.call('media.save', { accountId, messageId })),
  }
})
