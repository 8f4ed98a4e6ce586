/**
 * Notices that somebody was away while messages came, and offers to catch up.
 *
 * Promises: one offer per absence; it goes when it is taken, put away, or when nothing is unread any more. Must never
 * change what is on the screen by itself: somebody may be writing.
 */
import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'

/** Shorter ones are pauses. */
export const awayMs = 15 * 60_000
/** Fewer messages are read faster than listed. */
export const enoughUnread = 10

export interface Presence {
  /** The account's link is up and what was missed has come. */
  readonly online: boolean
  /** Somebody looks at the window. */
  readonly attentive: boolean
  readonly unread: number
  /** Local clock, ms. */
  readonly at: number
}

export interface Absence {
  /** Local clock, ms; null: the program was not running. */
  readonly since: number | null
}

export const useAbsences = defineStore('absences', () => {
  const lastThere = new Map<string, number>()
  const offers: Map<string, Absence> = shallowReactive(new Map<string, Absence>())

  return {
    offerOf: (accountId: string | null): Absence | undefined =>
      accountId === null ? undefined : offers.get(accountId),
    /** To be told whenever any of it changes, and now and then. */
    note(accountId: string, { online, attentive, unread, at }: Presence) {
      if (unread === 0) offers.delete(accountId)
      if (!online || !attentive) return
      const since = lastThere.get(accountId)
      lastThere.set(accountId, at)
      const wasAway = since === undefined || at - since >= awayMs
      if (wasAway && unread >= enoughUnread) offers.set(accountId, { since: since ?? null })
    },
    putAway: (accountId: string) => void offers.delete(accountId),
    forget(accountId: string) {
      offers.delete(accountId)
      lastThere.delete(accountId)
    },
  }
})
