/**
 * The messages of the conversation that is shown: one window into its history, with the newest page at first.
 *
 * Promises: a row is replaced only by a higher revision; a row that lies outside the loaded window is not let in, so
 * that what is shown never has a hole of our own making; at most `windowLimit` rows are held. Must never: invent a row,
 * or show one before main has it on disk.
 */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { AppError } from '#common/base/errors.ts'
import { type Result, ok } from '#common/base/result.ts'
import type { CallInput, TimelineDays, TimelinePage } from '#common/contract/calls.ts'
import type { ChangeSet } from '#common/domain/changes.ts'
import { type Hole, type Message, type Position, comparePositions } from '#common/domain/message.ts'
import { useClient } from '../bridge/useClient.ts'
import { createRows } from './rows.ts'

export const pageSize = 60
const largestPage = 200
/** Rows kept in memory; beyond it the far end is let go and loaded again when it is scrolled to. */
export const windowLimit = 1000

type PageStart = CallInput<'timeline.page'>['from']

export const useMessages = defineStore('messages', () => {
  const client = useClient()
  const rows = createRows<number, Message>((row) => row.id)

  const shown = shallowRef<{ readonly accountId: string; readonly conversationId: string } | null>(null)
  /** Loading the first page, a page at one end, or nothing. */
  const loading = ref<'first' | 'older' | 'newer' | null>(null)
  const hasOlder = ref(false)
  const hasNewer = ref(false)
  const holes = shallowRef<readonly Hole[]>([])
  const problem = shallowRef<AppError | null>(null)
  /** The server is being asked for what is missing. */
  const asking = ref(false)
  /** Pinned messages of the conversation, wherever they stand. */
  const pinnedRows = createRows<number, Message>((row) => row.id)
  const pinned = computed<readonly Message[]>(() =>
    [...pinnedRows.map.values()].sort((a, b) => comparePositions(b.position, a.position)),
  )
  /**
   * The first message that was unread when the conversation was opened, or when something came while nobody looked; its
   * divider stays until the conversation is left.
   */
  const unreadFirst = shallowRef<Pick<Message, 'id' | 'position'> | null>(null)
  const unreadFrom = computed<Position | null>(() => unreadFirst.value?.position ?? null)
  /** Grows whenever the window was replaced by another part of the history. */
  const windowNumber = ref(0)
  /** What the window was loaded for: a message, the place where the unread ones begin, or its end. */
  const target = ref<number | 'unread' | 'end'>('end')

  /** Answers to what was asked for an earlier window are thrown away. */
  let generation = 0
  /** Rows that main deleted: a page that was read before must not bring them back. */
  const deleted = new Set<number>()
  /** Changes that came while a page was under way: it may have been read before them. */
  let early: Message[] = []

  const ordered = computed<readonly Message[]>(() =>
    [...rows.map.values()].sort((a, b) => comparePositions(a.position, b.position)),
  )

  function ask(from: PageStart, limit: number): Promise<Result<TimelinePage>> {
    const { accountId, conversationId } = shown.value ?? { accountId: '', conversationId: '' }
    return client.call('timeline.page', { accountId, conversationId, from, limit })
  }

  function keepable(message: Message): boolean {
    return !message.deleted && !deleted.has(message.id)
  }

  const isUnread = (message: Message): boolean => message.unread && !message.outgoing

  function belongs(position: Position): boolean {
    const oldest = ordered.value[0]
    const newest = ordered.value.at(-1)
    if (oldest === undefined || newest === undefined) return !hasNewer.value
    if (hasOlder.value && comparePositions(position, oldest.position) < 0) return false
    return !(hasNewer.value && comparePositions(position, newest.position) > 0)
  }

  function mergePinned(message: Message): void {
    if (message.pinned && !message.deleted && message.recalled === null) pinnedRows.put(message)
    else pinnedRows.remove(message.id)
  }

  function merge(message: Message): void {
    mergePinned(message)
    if (message.deleted) {
      deleted.add(message.id)
      rows.remove(message.id)
      return
    }
    if (rows.map.has(message.id) || belongs(message.position)) rows.put(message)
  }

  function trim(end: 'oldest' | 'newest'): void {
    const excess = rows.map.size - windowLimit
    if (excess <= 0) return
    const away = end === 'oldest' ? ordered.value.slice(0, excess) : ordered.value.slice(-excess)
    for (const message of away) rows.remove(message.id)
    if (end === 'oldest') hasOlder.value = true
    else hasNewer.value = true
  }

  /** Replaces the window by the page at `from`; `here` when it is the part that is shown already, as it is now. */
  async function load(from: PageStart, limit: number, here = false): Promise<Result<null>> {
    const mine = ++generation
    loading.value = 'first'
    const page = await ask(from, limit)
    if (mine !== generation) return ok(null)
    loading.value = null
    problem.value = page.ok ? null : page.error
    if (!page.ok) return page
    rows.replaceAll(page.value.messages.filter(keepable))
    pinnedRows.replaceAll(page.value.pinned.filter((message) => message.recalled === null && keepable(message)))
    hasOlder.value = page.value.hasOlder
    hasNewer.value = page.value.hasNewer
    holes.value = page.value.holes
    target.value = from.at === 'unread' ? 'unread' : (page.value.target ?? 'end')
    if (from.at === 'unread') unreadFirst.value = page.value.messages.find(isUnread) ?? null
    if (!here) windowNumber.value++
    for (const message of early.splice(0)) merge(message)
    return ok(null)
  }

  async function extend(end: 'older' | 'newer'): Promise<void> {
    const edge = end === 'older' ? ordered.value[0] : ordered.value.at(-1)
    const more = end === 'older' ? hasOlder.value : hasNewer.value
    if (edge === undefined || !more || loading.value !== null) return
    const mine = generation
    loading.value = end
    const page = await ask({ at: end === 'older' ? 'before' : 'after', position: edge.position }, pageSize)
    if (mine !== generation) return
    loading.value = null
    problem.value = page.ok ? null : page.error
    const meanwhile = early.splice(0)
    if (!page.ok) return
    for (const message of page.value.messages) if (keepable(message)) rows.put(message)
    if (end === 'older') hasOlder.value = page.value.hasOlder
    else hasNewer.value = page.value.hasNewer
    holes.value = page.value.holes
    for (const message of meanwhile) merge(message)
    trim(end === 'older' ? 'newest' : 'oldest')
  }

  function reset(): void {
    generation++
    rows.replaceAll([])
    pinnedRows.replaceAll([])
    deleted.clear()
    early = []
    holes.value = []
    loading.value = null
    problem.value = null
    unreadFirst.value = null
    target.value = 'end'
    hasOlder.value = false
    hasNewer.value = false
  }

  return {
    rows: rows.map,
    ordered,
    shown,
    loading,
    hasOlder,
    hasNewer,
    holes,
    asking,
    pinned,
    problem,
    unreadFrom,
    windowNumber,
    target,

    /**
     * Shows the newest page, or the one where the unread messages begin; main must have been told first
     * (`view.report`), so that nothing is missed between.
     */
    open(accountId: string, conversationId: string): Promise<Result<null>> {
      reset()
      shown.value = { accountId, conversationId }
      return load({ at: 'unread' }, pageSize)
    },
    close() {
      reset()
      shown.value = null
    },
    loadOlder: () => extend('older'),
    loadNewer: () => extend('newer'),
    loadNewest: () => load({ at: 'newest' }, pageSize),
    /** Loads the part of the history around a message; `message.unknown` when it is not kept here. */
    loadAround: (id: string | number) =>
      load(typeof id === 'string' ? { at: 'around', serverId: id } : { at: 'message', messageId: id }, pageSize),
    /** The same from a time on, ms since 1970. */
    loadTime: (time: number) => load({ at: 'time', time }, pageSize),
    /** The same around the first message that was unread. */
    loadUnread: (): Promise<Result<null>> =>
      unreadFirst.value === null
        ? Promise.resolve(ok(null))
        : load({ at: 'message', messageId: unreadFirst.value.id }, pageSize),
    /** How much was said on some days; ends where the last of them begins. */
    days(starts: readonly number[]): Promise<Result<TimelineDays>> {
      const { accountId, conversationId } = shown.value ?? { accountId: '', conversationId: '' }
      return client.call('timeline.days', { accountId, conversationId, starts: [...starts] })
    },

    /** After a gap in the numbering: the same part of the history again, as main has it now. */
    async reload(accountId: string): Promise<void> {
      if (shown.value?.accountId !== accountId) return
      const oldest = ordered.value[0]
      const limit = Math.min(largestPage, Math.max(pageSize, rows.map.size))
      deleted.clear()
      if (hasNewer.value && oldest !== undefined) {
        const before = hasOlder.value
        await load({ at: 'after', position: { ...oldest.position, id: '' } }, limit, true)
        hasOlder.value ||= before
      } else {
        await load({ at: 'newest' }, limit, rows.map.size > 0)
      }
    },

    applyChanges(accountId: string, changes: ChangeSet, attentive: boolean) {
      const view = shown.value
      if (view === null || view.accountId !== accountId) return
      for (const message of changes.messages) {
        if (message.conversationId !== view.conversationId) continue
        if (loading.value !== null) early.push(message)
        if (loading.value === 'first') continue
        // What was unread before has been seen: the divider stands where nobody has looked yet.
        const begins = !attentive && isUnread(message) && !rows.map.has(message.id) && !ordered.value.some(isUnread)
        merge(message)
        if (begins) unreadFirst.value = message
      }
      for (const changed of changes.holes) {
        if (changed.conversationId === view.conversationId) holes.value = changed.holes
      }
      if (!hasNewer.value) trim('oldest')
    },
    /** Asks the server for what is missing in the open conversation; what comes, comes as any message. */
    async askAgain(): Promise<Result<null>> {
      if (shown.value === null || asking.value) return ok(null)
      const mine = generation
      asking.value = true
      const answer = await client.call('timeline.askAgain', shown.value)
      asking.value = false
      if (!answer.ok) return answer
      if (mine === generation) holes.value = answer.value.holes
      return ok(null)
    },
  }
})
