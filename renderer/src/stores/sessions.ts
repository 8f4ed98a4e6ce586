import { defineStore } from 'pinia'
import { computed, shallowReactive } from 'vue'
import { type RefusedGroup, type SessionStatus, quietSession } from '#common/domain/connection.ts'
import { useAccounts } from './accounts.ts'

/** What each running session has learned beside rows, and which of its announcements were put away. */
export const useSessions = defineStore('sessions', () => {
  const accounts = useAccounts()
  const statuses: Map<string, SessionStatus> = shallowReactive(new Map<string, SessionStatus>())
  /** By account: the number of the announcement last put away, and the end of the token last not worried about. */
  const putAway: Map<string, number> = shallowReactive(new Map<string, number>())
  const later: Map<string, number> = shallowReactive(new Map<string, number>())
  /** By account: until it is over and comes again. */
  const missedPutAway: Map<string, boolean> = shallowReactive(new Map<string, boolean>())
  /** By account: the refusals of groups that were put away. */
  const seenRefusals: Map<string, ReadonlySet<string>> = shallowReactive(new Map<string, ReadonlySet<string>>())

  const current = computed(() =>
    accounts.currentId === null ? quietSession : (statuses.get(accounts.currentId) ?? quietSession),
  )

  return {
    current,
    /** What the server says about itself, until it is put away or replaced. */
    announcement: computed(() => {
      const { announcement } = current.value
      return announcement !== null && putAway.get(accounts.currentId ?? '') !== announcement.number
        ? announcement.text
        : null
    }),
    /** When the token ends, ms since 1970, while the person is to be asked for another. */
    tokenEndsAt: computed(() => {
      const { tokenEndsAt } = current.value
      return later.get(accounts.currentId ?? '') === tokenEndsAt ? null : tokenEndsAt
    }),
    /** The server breaks off what was missed, and is not asked for it for a while. Until that is put away. */
    missedRests: computed(
      () => current.value.missedRestsUntil !== null && missedPutAway.get(accounts.currentId ?? '') !== true,
    ),
    putMissedAway() {
      if (accounts.currentId !== null) missedPutAway.set(accounts.currentId, true)
    },
    /** Groups that the server does not let the user follow, until that is put away. */
    refusedGroups: computed(() => {
      const seen = seenRefusals.get(accounts.currentId ?? '')
      return current.value.refusedGroups.filter((refused) => seen?.has(refusalOf(refused)) !== true)
    }),
    putRefusalsAway() {
      if (accounts.currentId === null) return
      const seen = seenRefusals.get(accounts.currentId) ?? []
      seenRefusals.set(accounts.currentId, new Set([...seen, ...current.value.refusedGroups.map(refusalOf)]))
    },
    putAway() {
      const number = current.value.announcement?.number
      if (accounts.currentId !== null && number !== undefined) putAway.set(accounts.currentId, number)
    },
    askLater() {
      const endsAt = current.value.tokenEndsAt
      if (accounts.currentId !== null && endsAt !== null) later.set(accounts.currentId, endsAt)
    },
    put(accountId: string, status: SessionStatus) {
      statuses.set(accountId, status)
      if (status.missedRestsUntil === null) missedPutAway.delete(accountId)
    },
    forget(accountId: string) {
      statuses.delete(accountId)
      putAway.delete(accountId)
      later.delete(accountId)
      seenRefusals.delete(accountId)
      missedPutAway.delete(accountId)
    },
  }
})

/** Other words of the server's are another refusal. */
function refusalOf({ groupId, reason }: RefusedGroup): string {
  return JSON.stringify([groupId, reason])
}
