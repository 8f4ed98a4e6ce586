/**
 * What the open conversation holds besides words, by kind: pictures, files, links, voices; newest first, page by page.
 *
 * Promises: an answer is shown only to the question it belongs to; what comes, changes or goes while the panel is open
 * is in it a moment later. Must never ask while nobody looks.
 */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import type { AppError } from '#common/base/errors.ts'
import type { Message, Position } from '#common/domain/message.ts'
import { useClient } from '../bridge/useClient.ts'
import { useAccounts } from './accounts.ts'
import { useSync } from './sync.ts'
import { useView } from './view.ts'

export const fileTabs = ['visual', 'file', 'link', 'voice'] as const
export type FileTab = (typeof fileTabs)[number]

const pageSize = 60
const settleMs = 150
const kinds: ReadonlySet<string> = new Set(['image', 'video', 'voice', 'file', 'text', 'quote', 'forward'])

export const useChatFiles = defineStore('chatFiles', () => {
  const accounts = useAccounts()
  const client = useClient()
  const sync = useSync()
  const view = useView()

  const shown = ref(false)
  const tab = ref<FileTab>('visual')
  const query = ref('')
  const messages = shallowRef<readonly Message[]>([])
  const next = shallowRef<Position | null>(null)
  const problem = shallowRef<AppError | null>(null)
  const busy = ref(false)
  /** There is an answer, to whatever was asked last or before. */
  const answered = ref(false)
  let asked = 0
  let timer: number | undefined

  async function ask(more: boolean): Promise<void> {
    const accountId = accounts.currentId
    const { conversationId } = view
    if (accountId === null || conversationId === null) return
    const mine = ++asked
    busy.value = true
    const answer = await client.call('media.list', {
      accountId,
      conversationId,
      kind: tab.value,
      query: query.value.trim().slice(0, 200),
      from: more ? next.value : null,
      direction: 'older',
      limit: pageSize,
    })
    if (mine !== asked) return
    busy.value = false
    answered.value = true
    problem.value = answer.ok ? null : answer.error
    if (!answer.ok) return
    messages.value = more ? [...messages.value, ...answer.value.messages] : answer.value.messages
    next.value = answer.value.next
  }
  function askSoon(delay: number): void {
    window.clearTimeout(timer)
    if (shown.value) timer = window.setTimeout(() => void ask(false), delay)
  }
  function clear(): void {
    asked++
    window.clearTimeout(timer)
    messages.value = []
    next.value = null
    problem.value = null
    busy.value = false
    answered.value = false
  }

  watch(
    () => [accounts.currentId, view.conversationId, tab.value, shown.value] as const,
    ([account, conversation], [oldAccount, oldConversation]) => {
      clear()
      if (account !== oldAccount || conversation !== oldConversation) query.value = ''
      if (shown.value) void ask(false)
    },
  )
  watch(query, () => askSoon(settleMs))
  watch(
    () => sync.latest,
    (latest) => {
      if (!shown.value || latest === null || latest.accountId !== accounts.currentId) return
      const known = new Set(messages.value.map(({ id }) => id))
      const concerns = latest.changes.messages.some(
        ({ id, conversationId, content }) =>
          conversationId === view.conversationId && (known.has(id) || kinds.has(content.kind)),
      )
      if (concerns) askSoon(settleMs)
    },
  )

  return {
    shown,
    tab,
    query,
    messages,
    problem,
    busy,
    answered,
    hasMore: computed(() => next.value !== null),
    more: () => (busy.value || next.value === null ? Promise.resolve() : ask(true)),
    again: () => ask(false),
    toggle() {
      shown.value = !shown.value
    },
    close() {
      shown.value = false
    },
  }
})
