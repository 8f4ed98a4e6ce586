/**
 * The notification ledger as it is looked at: of all chats or of one, everything or only what was not shown; newest
 * first, page by page.
 *
 * Promises: an answer is shown only to the question it belongs to; what is decided while somebody looks stands at the
 * top a moment later, and nothing below it moves out of the list. Must never ask while nobody looks.
 */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import type { AppError } from '#common/base/errors.ts'
import type { Decision } from '#common/contract/ledger.ts'
import { useClient } from '../bridge/useClient.ts'
import { useAccounts } from './accounts.ts'
import { useView } from './view.ts'

export const ledgerFilters = ['all', 'withheld'] as const
export type LedgerFilter = (typeof ledgerFilters)[number]

const pageSize = 50
/** Many decisions that come at once are one question. */
const settleMs = 150

export const useLedger = defineStore('ledger', () => {
  const accounts = useAccounts()
  const client = useClient()
  const view = useView()

  /** Null: of all. */
  const conversationId = ref<string | null>(null)
  const filter = ref<LedgerFilter>('all')
  /** How often somebody came to it. */
  const visits = ref(0)
  const decisions = shallowRef<readonly Decision[]>([])
  const next = ref<number | null>(null)
  const problem = shallowRef<AppError | null>(null)
  const busy = ref(false)
  /** There is an answer to what is asked. */
  const answered = ref(false)
  const shown = computed(() => view.panel === 'ledger')
  let asked = 0
  let timer: number | undefined

  async function ask(from: 'newest' | 'next'): Promise<void> {
    const accountId = accounts.currentId
    if (accountId === null) return
    const mine = ++asked
    busy.value = true
    const answer = await client.call('notifications.decisions', {
      accountId,
      conversationId: conversationId.value,
      outcome: filter.value,
      before: from === 'next' ? next.value : null,
      limit: pageSize,
    })
    if (mine !== asked) return
    busy.value = false
    answered.value = true
    problem.value = answer.ok ? null : answer.error
    if (!answer.ok) return
    const page = answer.value.decisions
    const known = decisions.value
    if (from === 'next') {
      decisions.value = [...known, ...page]
      next.value = answer.value.next
      return
    }
    const last = page.at(-1)?.id ?? 0
    const below = known.filter(({ id }) => id < last)
    // Where more came than one page holds, what is below does not join on, and is asked for again.
    const joins = below.length > 0 && known.some(({ id }) => id >= last)
    decisions.value = joins ? [...page, ...below] : page
    if (!joins) next.value = answer.value.next
  }
  function clear(): void {
    asked++
    window.clearTimeout(timer)
    decisions.value = []
    next.value = null
    problem.value = null
    busy.value = false
    answered.value = false
  }

  watch(
    () => accounts.currentId,
    () => {
      conversationId.value = null
      filter.value = 'all'
    },
  )
  watch([() => accounts.currentId, conversationId, filter, shown], () => {
    clear()
    if (shown.value) void ask('newest')
  })

  return {
    conversationId,
    filter,
    visits,
    decisions,
    problem,
    busy,
    answered,
    hasMore: computed(() => next.value !== null),
    more: () => (busy.value || next.value === null ? Promise.resolve() : ask('next')),
    again: () => ask('newest'),
    /** Shows the ledger; `conversation` null: of all. */
    open(conversation: string | null) {
      conversationId.value = conversation
      filter.value = 'all'
      visits.value++
      view.show('ledger')
    },
    /** Main has written something into an account's ledger. */
    noted(accountId: string) {
      if (!shown.value || accountId !== accounts.currentId) return
      window.clearTimeout(timer)
      timer = window.setTimeout(() => void ask('newest'), settleMs)
    },
  }
})
