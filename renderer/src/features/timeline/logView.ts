/** What is on the screen of the log now: the day at its top, and whether what is unread begins above it. */
import { type Ref, ref, watch } from 'vue'
import { comparePositions } from '#common/domain/message.ts'
import { useMessages } from '../../stores/messages.ts'
import { type TimelineItem, shownTime } from './items.ts'
import type { VirtualLog } from './virtualLog.ts'

/** So far down the day's name reaches. */
const chipPx = 36

export interface LogViewOptions {
  readonly log: VirtualLog
  readonly items: Readonly<Ref<readonly TimelineItem[]>>
}

export function useLogView({ log, items }: LogViewOptions) {
  const messages = useMessages()
  /** Any time of the day at the top; null while there is nothing. */
  const day = ref<number | null>(null)
  /** A separator is at the top itself. */
  const daySaid = ref(false)
  /** Grows with every scrolling. */
  const scrolled = ref(0)
  const unreadAbove = ref(false)
  /** Whoever was there knows where it is. */
  let wasThere = false
  watch(
    () => messages.unreadFrom,
    () => {
      wasThere = false
    },
  )

  return {
    day,
    daySaid,
    scrolled,
    unreadAbove,

    look(): void {
      const { offset, height } = log.viewport()
      const visible = log.rows.value.filter(({ place }) => place.end > offset && place.start < offset + height)
      const dated = visible.find(({ item }) => item.kind === 'date' || item.kind === 'message')?.item
      if (dated?.kind === 'date') day.value = dated.at
      else if (dated?.kind === 'message') day.value = shownTime(dated.message)
      // Nothing is laid over another line between messages either.
      daySaid.value = visible.some(({ item, place }) => item.kind !== 'message' && place.start < offset + chipPx)

      const divider = items.value.findIndex((item) => item.kind === 'unread')
      if (visible.some(({ item }) => item.kind === 'unread')) wasThere = true
      const first = visible[0]?.place.index ?? 0
      const { unreadFrom, ordered } = messages
      const [oldest] = ordered
      // After a jump into the past what is unread lies below, and is not loaded either.
      const before = unreadFrom !== null && oldest !== undefined && comparePositions(unreadFrom, oldest.position) < 0
      const above = divider < 0 ? before : divider < first
      unreadAbove.value = log.placed.value && unreadFrom !== null && !wasThere && above
    },
  }
}
