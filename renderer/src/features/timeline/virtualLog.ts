/**
 * The scrolled list of the timeline: which of its lines exist, where they lie, and how one gets from here to there.
 *
 * Promises: only what is near the screen exists, and what somebody holds on to (the focus and where it goes next, the end of a selection);
 * what is being read stays in its place while older lines come in, lines grow or the window is resized; at the end it
 * follows. Must never: scroll behind the back of the virtualizer, which would take that for the reader's hand.
 */
import {
  type Range,
  type Virtualizer,
  defaultRangeExtractor,
  elementScroll,
  useVirtualizer,
} from '@tanstack/vue-virtual'
import {
  type ComponentPublicInstance,
  type Ref,
  type ShallowRef,
  computed,
  onBeforeUnmount,
  onMounted,
  ref,
  watch,
} from 'vue'
import type { TimelineItem } from './items.ts'

const endThresholdPx = 60
const longestJourneyFrames = 40
const estimates: Readonly<Record<TimelineItem['kind'], number>> = { date: 44, unread: 44, hole: 44, message: 64 }

export interface VirtualLogOptions {
  readonly scroller: Readonly<ShallowRef<HTMLElement | null>>
  readonly sizer: Readonly<ShallowRef<HTMLElement | null>>
  readonly items: Readonly<Ref<readonly TimelineItem[]>>
  /** Keys of lines that are there although they are far away. */
  readonly held: Readonly<Ref<ReadonlySet<string>>>
  /** Nothing newer is to be loaded: the end of the list is the end. */
  readonly isComplete: () => boolean
  /** Something came into view or went out of it; at most once per drawing. */
  readonly onView: () => void
}

export type VirtualLog = ReturnType<typeof useVirtualLog>

export function useVirtualLog({ scroller, sizer, items, held, isComplete, onView }: VirtualLogOptions) {
  const atEnd = ref(true)
  /** The scrolling to the place to begin at is done: from now on the reader scrolls. */
  const placed = ref(false)

  const virtualizer = useVirtualizer<HTMLElement, HTMLElement>(
    computed(() => ({
      count: items.value.length,
      getScrollElement: () => scroller.value,
      estimateSize: (index: number) => estimates[items.value[index]?.kind ?? 'message'],
      getItemKey: (index: number) => items.value[index]?.key ?? index,
      overscan: 6,
      anchorTo: 'end' as const,
      initialRect: { width: 600, height: 700 },
      paddingEnd: 12,
      rangeExtractor: extractorWith(held.value),
      scrollToFn: scrollTo,
      onChange: onChangeSoon,
    })),
  )

  /** A new one for each set: by that the virtualizer knows that it has to look again. */
  function extractorWith(keys: ReadonlySet<string>): (range: Range) => number[] {
    return (range) => {
      const near = defaultRangeExtractor(range)
      const far = items.value.flatMap(({ key }, index) => (keys.has(key) ? [index] : []))
      return [...new Set([...near, ...far])].sort((a, b) => a - b)
    }
  }

  /**
   * The virtualizer scrolls as soon as it knows a size, before Vue has drawn it; then the browser would stop at the old
   * end, and the place would be lost.
   */
  function scrollTo(
    offset: number,
    options: { adjustments?: number; behavior?: ScrollBehavior },
    instance: Virtualizer<HTMLElement, HTMLElement>,
  ): void {
    if (sizer.value !== null) sizer.value.style.height = `${instance.getTotalSize()}px`
    elementScroll(offset, options, instance)
  }

  /** What is drawn, in order. `gap`: pixels between a line that is held from afar and the one before it. */
  const rows = computed(() => {
    let end: number | null = null
    return virtualizer.value.getVirtualItems().flatMap((place) => {
      const item = items.value[place.index]
      if (item === undefined) return []
      const gap = end === null ? 0 : place.start - end
      end = place.end
      return [{ item, place, gap }]
    })
  })
  const shift = computed(() => rows.value[0]?.place.start ?? 0)
  const totalSize = computed(() => virtualizer.value.getTotalSize())

  let changeAsked = false
  /**
   * The virtualizer tells of changes in the middle of Vue's drawing, when a row is measured. A computed value read there
   * would count as drawn, and the change would never show.
   */
  function onChangeSoon(): void {
    if (changeAsked) return
    changeAsked = true
    queueMicrotask(() => {
      changeAsked = false
      onView()
    })
  }

  function measure(element: Element | ComponentPublicInstance | null): void {
    virtualizer.value.measureElement(element instanceof HTMLElement ? element : null)
  }

  function lookForEnd(): void {
    const log = scroller.value
    if (log === null) return
    atEnd.value = log.scrollHeight - log.clientHeight - log.scrollTop <= endThresholdPx && isComplete()
  }

  /** Only scrolling leaves the end; what grows under a reader who is there does not. */
  function onScroll(): void {
    lookForEnd()
    onView()
  }

  /** Counts the journeys: a later one ends the one before. */
  let journeys = 0

  /**
   * Scrolls to a place and stays with it until the lines around it are measured. True when it was reached; false when
   * another journey began meanwhile.
   */
  async function travel(offset: () => number): Promise<boolean> {
    const mine = ++journeys
    virtualizer.value.cancelScroll()
    for (let frame = 0, steady = 0; frame < longestJourneyFrames; frame++) {
      const log = scroller.value
      if (log === null || mine !== journeys) return false
      const wanted = Math.max(0, Math.min(offset(), log.scrollHeight - log.clientHeight))
      steady = Math.abs(log.scrollTop - wanted) <= 1 ? steady + 1 : 0
      if (steady === 2) break
      // Through the virtualizer: it keeps an account of every scrolling, and corrects what it did not do itself.
      if (steady === 0) virtualizer.value.scrollToOffset(wanted)
      await new Promise((done) => requestAnimationFrame(done))
    }
    if (mine !== journeys) return false
    // Now: what comes in before anybody looks again must not seem to have been scrolled away from.
    lookForEnd()
    return true
  }

  /** The journey that goes to the end, while it is under way. */
  let endJourney: number | null = null
  async function toEnd(): Promise<boolean> {
    const journey = travel(() => Number.POSITIVE_INFINITY)
    const mine = journeys
    endJourney = mine
    const arrived = await journey
    if (endJourney === mine) endJourney = null
    return arrived
  }
  const toLine = (key: string, align: 'start' | 'center'): Promise<boolean> =>
    travel(
      () =>
        virtualizer.value.getOffsetForIndex(
          items.value.findIndex((item) => item.key === key),
          align,
        )?.[0] ?? 0,
    )

  /** Whoever is at the end stays there, whatever grows: a new line, a line that was measured, the composer. */
  function keepEnd(): void {
    const log = scroller.value
    if (log === null || !placed.value || !atEnd.value) return
    // Somebody waits for the journey that is under way: it goes on to the new end.
    if (endJourney === journeys) virtualizer.value.scrollToOffset(log.scrollHeight - log.clientHeight)
    else void toEnd()
  }

  let resizing: ResizeObserver | undefined
  onMounted(() => {
    resizing = new ResizeObserver(() => {
      keepEnd()
      onView()
    })
    if (scroller.value !== null) resizing.observe(scroller.value)
  })
  onBeforeUnmount(() => resizing?.disconnect())
  watch([totalSize, () => items.value.at(-1)?.key], keepEnd, { flush: 'post' })

  return {
    atEnd,
    placed,
    rows,
    shift,
    totalSize,
    measure,
    onScroll,
    keepEnd,
    toEnd,
    toLine,
    /** The reader's own hand goes before a journey that is only a convenience. */
    stopTravelling(): void {
      if (placed.value) journeys++
    },
    /** Scrolls just so far that the line is on the screen. */
    reveal(index: number): void {
      virtualizer.value.scrollToIndex(index, { align: 'auto' })
    },
    /** Indexes of the lines on and around the screen, or null before anything is laid out. */
    range: () => virtualizer.value.range,
    /** In pixels of the list. */
    viewport: () => ({ offset: virtualizer.value.scrollOffset ?? 0, height: scroller.value?.clientHeight ?? 0 }),
  }
}
