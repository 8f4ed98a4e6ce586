/**
 * What administrators announce, of every account: what waits for the reader and why, what is over, and what the inbox
 * shows of it.
 *
 * Promises: what has to be acknowledged waits until it is, over restarts, or until it is over. Advertising never counts.
 */
import { defineStore } from 'pinia'
import { computed, ref, shallowReactive, watch } from 'vue'
import { type MaintenancePhase, longestMs, phaseOf } from '#common/domain/maintenance.ts'
import { type Notice, isQuiet } from '#common/domain/notice.ts'
import { type NoticeReason, isOver as isOverAt, noticeReason, windowOf } from '#common/domain/noticeAttention.ts'
import { useMoments } from '../composables/moments.ts'
import { useAccounts } from './accounts.ts'
import { createPerAccount } from './perAccount.ts'
import { createRows } from './rows.ts'
import { useSessions } from './sessions.ts'

/** A maintenance this close is said above the chats too. */
export const nearMs = 3_600_000
/** A smaller difference of the clocks is how long a heart-beat takes. */
const clockNoiseMs = 2_000

export const noticeFilters = ['all', 'unread', 'announcement', 'alert', 'maintenance', 'promotion'] as const
export type NoticeFilter = (typeof noticeFilters)[number]

function momentsOf(notice: Notice): number[] {
  const window = windowOf(notice)
  const ends = notice.expiresAt === null ? [] : [notice.expiresAt]
  if (window === null) return ends
  const { startsAt, endsAt } = window
  return [...ends, startsAt - nearMs, startsAt, endsAt ?? startsAt + longestMs]
}

export const useNotices = defineStore('notices', () => {
  const accounts = useAccounts()
  const sessions = useSessions()
  const rows = createPerAccount(() => createRows<string, Notice>((row) => row.id))
  const all = computed(() => [...(rows.peek(accounts.currentId)?.map.values() ?? [])])

  /** The server's clock less ours. */
  const offsetMs = computed(() => {
    const measured = sessions.current.pulse?.clockOffsetMs ?? 0
    return Math.abs(measured) < clockNoiseMs ? 0 : measured
  })
  const now = useMoments(
    () => all.value.flatMap(momentsOf),
    () => offsetMs.value,
  )

  function phase(notice: Notice): MaintenancePhase | null {
    const window = windowOf(notice)
    return window === null ? null : phaseOf(window, now.value)
  }
  const isOver = (notice: Notice): boolean => isOverAt(notice, now.value)
  const reason = (notice: Notice): NoticeReason | null => noticeReason(notice, now.value)
  /** Nobody has looked at it; of advertising too. */
  const isUnread = (notice: Notice): boolean =>
    notice.readAt === null && notice.acknowledgedAt === null && !isOver(notice)

  const rank = (notice: Notice): number => {
    if (isOver(notice)) return 3
    if (reason(notice) !== 'acknowledge') return 2
    return notice.priority === 'urgent' ? 0 : 1
  }
  const ordered = computed<readonly Notice[]>(() =>
    all.value.toSorted((a, b) => rank(a) - rank(b) || b.at - a.at || (a.id < b.id ? -1 : 1)),
  )
  const waiting = computed(() =>
    ordered.value.flatMap((notice) => {
      const why = reason(notice)
      return why === null ? [] : [{ notice, why }]
    }),
  )

  /** Which of the two pages of the announcements is shown. */
  const page = ref<'inbox' | 'changes'>('inbox')
  const filter = ref<NoticeFilter>('all')
  /** The one that is read; null: none was chosen. */
  const chosenId = ref<string | null>(null)
  const passes = (notice: Notice): boolean => {
    if (filter.value === 'all') return true
    // What is being read does not go from under the reader's eyes.
    if (filter.value === 'unread') return isUnread(notice) || reason(notice) !== null || notice.id === chosenId.value
    return notice.kind === filter.value
  }
  const shown = computed(() => ordered.value.filter(passes))
  watch(
    () => accounts.currentId,
    () => {
      page.value = 'inbox'
      filter.value = 'all'
      chosenId.value = null
    },
  )

  /** What was put away above the chats, each until something new is to be said of it. */
  const putAway: Set<string> = shallowReactive(new Set<string>())
  const bannerKey = (notice: Notice): string => `${accounts.currentId ?? ''} ${notice.id} ${phase(notice) ?? ''}`
  /** It stays until it is acknowledged. */
  const isCritical = (notice: Notice): boolean => notice.priority === 'urgent' && reason(notice) !== null
  function isPressing(notice: Notice): boolean {
    if (isQuiet(notice) || isOver(notice)) return false
    if (isCritical(notice)) return true
    if (putAway.has(bannerKey(notice))) return false
    if (notice.kind === 'alert') return isUnread(notice)
    const window = windowOf(notice)
    return window !== null && now.value >= window.startsAt - nearMs
  }

  return {
    all,
    ordered,
    shown,
    page,
    filter,
    chosenId,
    isOver,
    isUnread,
    isCritical,
    phase,
    reason,
    offsetMs,
    /** False until the account's first answer. */
    isLoaded: computed(() => rows.peek(accounts.currentId) !== undefined),
    /** What waits for the reader, the most important first, each with the reason why. */
    waiting,
    open: computed(() => waiting.value.length),
    /** What is said above the chats, the most important first. */
    pressing: computed(() => ordered.value.filter(isPressing)),
    putAway: (notice: Notice) => void putAway.add(bannerKey(notice)),
    put: (accountId: string, changed: readonly Notice[]) => {
      const known = rows.of(accountId)
      for (const row of changed) known.put(row)
    },
    replaceAll: (accountId: string, all: readonly Notice[]) => rows.of(accountId).replaceAll(all),
    forget: (accountId: string) => rows.drop(accountId),
  }
})
