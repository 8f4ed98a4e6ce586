/**
 * Ways through the history: where a conversation opens, to a message, a day, what is unread, the end.
 *
 * Promises: what was asked for ends on the screen and is shown for a moment; the latest wish wins; what is not kept here
 * is told, and the reader stays where they were.
 */
import { type Ref, nextTick, onMounted, ref, watch } from 'vue'
import { useFeedback } from '../../stores/feedback.ts'
import { useMessages } from '../../stores/messages.ts'
import type { Result } from '#common/base/result.ts'
import type { Message } from '#common/domain/message.ts'
import { type TimelineItem, shownTime } from './items.ts'
import type { VirtualLog } from './virtualLog.ts'

const flashMs = 1600

export interface JumpsOptions {
  readonly log: VirtualLog
  readonly items: Readonly<Ref<readonly TimelineItem[]>>
  /**
   * A place was reached: what is near it may be loaded, what is on the screen counts as seen. `messageId`: the message
   * that was gone to, from which the keyboard goes on; null when nobody asked for one.
   */
  readonly onArrived: (messageId: number | null) => void
}

export function useJumps({ log, items, onArrived }: JumpsOptions) {
  const messages = useMessages()
  const feedback = useFeedback()
  const flashing = ref<number | null>(null)

  type Found = TimelineItem | undefined
  const lineOf = (messageId: number): Found =>
    items.value.find((item) => item.kind === 'message' && item.message.id === messageId)

  /** Where what is unread begins, with the name of its day when that begins there too. */
  function dividerLine(): Found {
    const index = items.value.findIndex((item) => item.kind === 'unread')
    const before = items.value[index - 1]
    return before?.kind === 'date' ? before : items.value[index]
  }

  /** The first message of what is unread. */
  function unreadId(): number | null {
    const index = items.value.findIndex((item) => item.kind === 'unread')
    const item = items.value.slice(index).find(({ kind }) => kind === 'message')
    return index < 0 || item?.kind !== 'message' ? null : item.message.id
  }
  const newestId = (): number | null => messages.ordered.at(-1)?.id ?? null

  function flash(item: TimelineItem): void {
    if (item.kind !== 'message') return
    flashing.value = item.message.id
    window.setTimeout(() => {
      if (flashing.value === item.message.id) flashing.value = null
    }, flashMs)
  }

  async function settle(journey: Promise<boolean>, messageId: () => number | null): Promise<void> {
    // Another journey that began meanwhile settles in its stead.
    if (!(await journey)) return
    log.placed.value = true
    onArrived(messageId())
  }

  async function goTo(item: TimelineItem): Promise<void> {
    flash(item)
    await settle(log.toLine(item.key, 'center'), () => (item.kind === 'message' ? item.message.id : null))
  }

  /** A window was loaded: its message in the middle, or the first unread one near the top, or its end. */
  async function place(): Promise<void> {
    log.placed.value = false
    await nextTick()
    const { target } = messages
    const wanted = typeof target === 'number' ? lineOf(target) : undefined
    if (wanted !== undefined) return goTo(wanted)
    const unread = target === 'unread' ? dividerLine() : undefined
    if (unread === undefined) return settle(log.toEnd(), newestId)
    await settle(log.toLine(unread.key, 'start'), () => null)
  }

  async function load(answer: Promise<Result<null>>): Promise<void> {
    const loaded = await answer
    if (!loaded.ok) feedback.fail(loaded.error)
  }

  onMounted(() => {
    if (messages.shown !== null && messages.loading !== 'first') void place()
  })
  watch(() => messages.windowNumber, place)

  return {
    /** The message that was just gone to. */
    flashing,

    /** By the server's id of it or our own. */
    async toMessage(id: string | number): Promise<void> {
      const isIt = ({ serverId, id: own }: Message): boolean => (typeof id === 'string' ? serverId : own) === id
      const item = items.value.find((one) => one.kind === 'message' && isIt(one.message))
      await (item === undefined ? load(messages.loadAround(id)) : goTo(item))
    },

    /** To the first message not before a time, ms since 1970. */
    async toTime(time: number): Promise<void> {
      const known = messages.ordered[0]
      const inside = known !== undefined && (!messages.hasOlder || shownTime(known) < time)
      const item = inside
        ? items.value.find((one) => one.kind === 'message' && shownTime(one.message) >= time)
        : undefined
      await (item === undefined ? load(messages.loadTime(time)) : goTo(item))
    },

    async toUnread(): Promise<void> {
      const divider = dividerLine()
      await (divider === undefined ? load(messages.loadUnread()) : settle(log.toLine(divider.key, 'start'), unreadId))
    },

    async toEnd(): Promise<void> {
      if (messages.hasNewer) {
        await load(messages.loadNewest())
        return
      }
      log.atEnd.value = true
      await settle(log.toEnd(), newestId)
    },
  }
}
