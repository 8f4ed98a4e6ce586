/**
 * The picture or video that fills the window, and its neighbours in the conversation.
 *
 * Promises: the neighbours are those of the timeline, asked for as they are come near to; what is deleted or recalled
 * meanwhile goes from the row at once.
 */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { type Message, comparePositions } from '#common/domain/message.ts'
import { useClient } from '../bridge/useClient.ts'
import { useSync } from './sync.ts'

const pageSize = 20
/** So near to the end of what is known the next ones are asked for. */
const nearEnd = 3

export const useViewer = defineStore('viewer', () => {
  const client = useClient()
  const sync = useSync()
  const accountId = ref<string | null>(null)
  const row = shallowRef<readonly Message[]>([])
  const currentId = ref<number | null>(null)
  const ends = { older: false, newer: false }
  /** Grows with every opening and closing: answers to what was asked before are dropped. */
  let visit = 0
  const asking = new Set<string>()

  const index = computed(() => row.value.findIndex(({ id }) => id === currentId.value))
  const current = computed<Message | null>(() => row.value[index.value] ?? null)

  function close(): void {
    visit++
    accountId.value = null
    row.value = []
    currentId.value = null
  }

  async function more(direction: 'older' | 'newer'): Promise<void> {
    const from = direction === 'older' ? row.value[0] : row.value.at(-1)
    const account = accountId.value
    const key = `${visit} ${direction}`
    if (from === undefined || account === null || ends[direction] || asking.has(key)) return
    const mine = visit
    asking.add(key)
    const { conversationId, position } = from
    const asked = { conversationId, kind: 'visual', query: '', from: position, direction, limit: pageSize } as const
    const answer = await client.call('media.list', { accountId: account, ...asked })
    asking.delete(key)
    if (mine !== visit || !answer.ok) return
    ends[direction] = answer.value.next === null
    const known = new Set(row.value.map(({ id }) => id))
    const found = answer.value.messages.filter(({ id }) => !known.has(id))
    row.value = [...row.value, ...found].sort((a, b) => comparePositions(a.position, b.position))
  }

  function go(step: -1 | 1): void {
    const next = row.value[index.value + step]
    if (next !== undefined) currentId.value = next.id
  }

  watch(index, (at) => {
    if (at < 0) return
    if (at < nearEnd) void more('older')
    if (at >= row.value.length - nearEnd) void more('newer')
  })
  watch(
    () => sync.latest,
    (latest) => {
      if (latest === null || latest.accountId !== accountId.value) return
      const gone = new Set(
        latest.changes.messages
          .filter(({ deleted, recalled, outgoing }) => deleted || (recalled !== null && !outgoing))
          .map(({ id }) => id),
      )
      if (!row.value.some(({ id }) => gone.has(id))) return
      const at = index.value
      const stays = row.value.filter(({ id }) => !gone.has(id))
      if (currentId.value !== null && gone.has(currentId.value)) {
        const beside = stays[Math.min(at, stays.length - 1)]
        if (beside === undefined) return close()
        currentId.value = beside.id
      }
      row.value = stays
    },
  )

  return {
    accountId,
    current,
    hasPrevious: computed(() => index.value > 0),
    hasNext: computed(() => index.value >= 0 && index.value < row.value.length - 1),
    open(account: string, message: Message) {
      visit++
      ends.older = false
      ends.newer = false
      accountId.value = account
      row.value = [message]
      currentId.value = message.id
      void more('older')
      void more('newer')
    },
    previous: () => go(-1),
    next: () => go(1),
    close,
  }
})
