import { defineStore } from 'pinia'
import type { Person } from '#common/domain/conversation.ts'
import { createPerAccount } from './perAccount.ts'
import { createRows } from './rows.ts'

/** People as the servers describe them; a person nobody described is known by the id. */
export const usePeople = defineStore('people', () => {
  const rows = createPerAccount(() => createRows<string, Person>((row) => row.userId))

  const find = (accountId: string | null, userId: string): Person | undefined => rows.peek(accountId)?.map.get(userId)

  return {
    find,
    /** Everybody a server ever described. */
    all: (accountId: string | null): Iterable<Person> => rows.peek(accountId)?.map.values() ?? [],
    /** Nickname, else the id. */
    nameOf: (accountId: string | null, userId: string): string => {
      const nickname = find(accountId, userId)?.nickname
      return nickname === undefined || nickname === null || nickname === '' ? userId : nickname
    },
    put: (accountId: string, changed: readonly Person[]) => {
      const known = rows.of(accountId)
      for (const row of changed) known.put(row)
    },
    replaceAll: (accountId: string, all: readonly Person[]) => rows.of(accountId).replaceAll(all),
    forget: (accountId: string) => rows.drop(accountId),
  }
})
