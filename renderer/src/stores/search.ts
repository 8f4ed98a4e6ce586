/**
 * The search of messages that this window shows: what is asked, where, and what was found.
 *
 * Promises: an answer is shown only to the question it belongs to; a new question is asked a moment after the last key.
 * Must never keep what was found in one account for another.
 */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import type { AppError } from '#common/base/errors.ts'
import type { SearchAnswer, SearchHit, SearchOrder } from '#common/domain/search/answer.ts'
import type { Phrase } from '#common/domain/search/matching.ts'
import { isAsking, parseQuery } from '#common/domain/search/query.ts'
import { useClient } from '../bridge/useClient.ts'
import { useAccounts } from './accounts.ts'
import { useView } from './view.ts'

/** After the last key, before it is asked, ms. */
const settleMs = 120
/** While messages from before are still being taken in, it is asked again so often, ms. */
const indexingAgainMs = 2_000

export const useSearch = defineStore('search', () => {
  const accounts = useAccounts()
  const client = useClient()
  const view = useView()

  const shown = ref(false)
  const query = ref('')
  /** Only in this conversation; null: in all. */
  const conversationId = ref<string | null>(null)
  const order = ref<SearchOrder>('newest')

  const hits = shallowRef<readonly SearchHit[]>([])
  const cursor = ref<number | null>(null)
  const tookMs = ref<number | null>(null)
  const indexing = shallowRef<SearchAnswer['indexing']>(null)
  const problem = shallowRef<AppError | null>(null)
  const busy = ref(false)
  /** The query whose answer is shown. */
  const answered = ref<string | null>(null)
  /** Grows with every time the field is to have the focus. */
  const focusNumber = ref(0)
  /** The hit that was opened last, and what to mark in it. */
  const opened = shallowRef<{ readonly messageId: number; readonly phrases: readonly Phrase[] } | null>(null)

  const parsed = computed(() => parseQuery(query.value, new Date()))

  let asked = 0
  let timer: number | undefined

  function clear(): void {
    asked++
    window.clearTimeout(timer)
    hits.value = []
    cursor.value = null
    tookMs.value = null
    indexing.value = null
    problem.value = null
    busy.value = false
    answered.value = null
  }

  async function ask(more: boolean): Promise<void> {
    const accountId = accounts.currentId
    if (accountId === null) return
    const mine = ++asked
    const text = query.value
    busy.value = true
    const answer = await client.call('search.messages', {
      accountId,
      conversationId: conversationId.value,
      query: text.slice(0, 20_000),
      order: order.value,
      cursor: more ? cursor.value : null,
    })
    if (mine !== asked) return
    busy.value = false
    answered.value = text
    problem.value = answer.ok ? null : answer.error
    if (!answer.ok) {
      hits.value = []
      cursor.value = null
      return
    }
    const { value } = answer
    hits.value = more ? [...hits.value, ...value.hits] : value.hits
    cursor.value = value.cursor
    tookMs.value = value.tookMs
    indexing.value = value.indexing
    if (value.indexing !== null && value.cursor === null)
      timer = window.setTimeout(() => void ask(false), indexingAgainMs)
  }

  function askSoon(delayMs: number): void {
    window.clearTimeout(timer)
    asked++
    busy.value = false
    if (!shown.value) return
    if (!isAsking(parsed.value)) clear()
    else timer = window.setTimeout(() => void ask(false), delayMs)
  }

  watch(query, () => askSoon(settleMs))
  watch([conversationId, order], () => askSoon(0))
  watch(
    () => accounts.currentId,
    () => {
      clear()
      shown.value = false
      query.value = ''
      conversationId.value = null
      opened.value = null
    },
  )

  function open(where: string | null, text: string | null): void {
    shown.value = true
    view.show('chats')
    conversationId.value = where
    if (text !== null) query.value = text
    focusNumber.value++
    if (query.value !== answered.value) askSoon(0)
  }

  return {
    shown,
    query,
    conversationId,
    order,
    hits,
    cursor,
    tookMs,
    indexing,
    problem,
    busy,
    answered,
    focusNumber,
    opened,
    parsed,
    /** In all conversations. */
    openEverywhere: (text: string | null = null) => open(null, text),
    openIn: (id: string) => open(id, null),
    close() {
      shown.value = false
      opened.value = null
      window.clearTimeout(timer)
    },
    more: () => (busy.value || cursor.value === null ? Promise.resolve() : ask(true)),
    again: () => ask(false),
    openHit(hit: SearchHit) {
      opened.value = { messageId: hit.messageId, phrases: parsed.value.phrases }
      // Not every server names our own messages.
      view.openMessage(hit.conversationId, hit.serverId ?? hit.messageId)
    },
  }
})
