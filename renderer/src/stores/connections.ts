import { defineStore } from 'pinia'
import { computed, shallowReactive } from 'vue'
import type { Account } from '#common/domain/account.ts'
import type { ConnectionStatus } from '#common/domain/connection.ts'
import { useAccounts } from './accounts.ts'

/** Where a link stands, in the five words a person is told. */
export type ShownConnection = 'online' | 'connecting' | 'syncing' | 'offline' | 'signedOut'

export function shownConnection(status: ConnectionStatus | undefined, signedIn: boolean): ShownConnection {
  if (!signedIn) return 'signedOut'
  switch (status?.state) {
    case undefined:
    case 'offline':
      return 'offline'
    case 'connecting':
    case 'authenticating':
      return 'connecting'
    case 'syncing':
      return 'syncing'
    case 'online':
      return 'online'
    case 'rejected':
    case 'kicked':
      return 'signedOut'
  }
}

/** The connection of every account, as main proved it. */
export const useConnections = defineStore('connections', () => {
  const accounts = useAccounts()
  const statuses: Map<string, ConnectionStatus> = shallowReactive(new Map<string, ConnectionStatus>())

  const current = computed(() => (accounts.currentId === null ? undefined : statuses.get(accounts.currentId)))

  return {
    current,
    shown: computed(() => shownConnection(current.value, accounts.current?.signedIn ?? false)),
    shownOf: (account: Account) => shownConnection(statuses.get(account.id), account.signedIn),
    put: (accountId: string, status: ConnectionStatus) => void statuses.set(accountId, status),
    forget: (accountId: string) => void statuses.delete(accountId),
  }
})
