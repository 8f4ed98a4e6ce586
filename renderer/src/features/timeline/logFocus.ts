/**
 * The keyboard in the log: one message has the tab stop, arrows move it, and a key does what the menu would.
 *
 * Promises: one key press is one message; the message that has the focus stays drawn, however far it is scrolled away.
 * Must never: take a key of a field or a button inside a message.
 */
import { type Ref, computed, nextTick, ref } from 'vue'
import type { Message } from '#common/domain/message.ts'
import type { MessageAction } from './actions.ts'
import type { TimelineItem } from './items.ts'
import type { Selection } from './selection.ts'
import type { VirtualLog } from './virtualLog.ts'

export interface LogFocusOptions {
  readonly scroller: Readonly<Ref<HTMLElement | null>>
  readonly items: Readonly<Ref<readonly TimelineItem[]>>
  readonly ordered: Readonly<Ref<readonly Message[]>>
  readonly log: Pick<VirtualLog, 'reveal'>
  readonly selection: Selection
  readonly offered: (message: Message) => readonly MessageAction[]
  readonly act: (action: MessageAction, message: Message) => void
  readonly openMenu: (message: Message, at: { x: number; y: number }) => void
  /** The newest message of all is loaded. */
  readonly isComplete: () => boolean
  readonly toEnd: () => void
  readonly toUnread: () => void
  readonly toDay: () => void
}

const actionKeys: Readonly<Record<string, MessageAction>> = {
  r: 'reply',
  e: 'edit',
  c: 'copy',
  f: 'forward',
  i: 'details',
  Delete: 'deleteForMe',
}
const moves: Readonly<Record<string, number | 'first' | 'last'>> = {
  ArrowUp: -1,
  ArrowDown: 1,
  PageUp: -10,
  PageDown: 10,
  Home: 'first',
  End: 'last',
}

/** The message an element belongs to. */
export function rowIdAt(target: EventTarget | null): number | null {
  const article = target instanceof Element ? target.closest('[data-row-id]') : null
  return article instanceof HTMLElement ? Number(article.dataset['rowId']) : null
}

export function useLogFocus(options: LogFocusOptions) {
  const { scroller, items, ordered, log, selection, offered, act, openMenu } = options
  const { isComplete, toEnd, toUnread, toDay } = options
  const focused = ref<number | null>(null)
  /** The message that had the focus last: where the arrows go on from. */
  const reached = ref<number | null>(null)

  const find = (id: number | null): Message | undefined =>
    id === null ? undefined : ordered.value.find((message) => message.id === id)
  const tabStop = computed(() => find(reached.value)?.id ?? ordered.value.at(-1)?.id ?? null)

  async function focusMessage(step: number | 'first' | 'last'): Promise<Message | undefined> {
    const all = ordered.value
    const from = all.findIndex((message) => message.id === tabStop.value)
    const index = step === 'first' ? 0 : step === 'last' ? all.length - 1 : from + step
    const target = all[Math.max(0, Math.min(all.length - 1, index))]
    if (target === undefined) return undefined
    reached.value = target.id
    log.reveal(items.value.findIndex((item) => item.kind === 'message' && item.message.id === target.id))
    await nextTick()
    await nextTick()
    scroller.value?.querySelector<HTMLElement>(`[data-row-id="${target.id}"]`)?.focus({ preventScroll: true })
    return target
  }

  async function move(step: number | 'first' | 'last', choosing: boolean): Promise<void> {
    const from = tabStop.value
    const target = await focusMessage(step)
    if (choosing && target !== undefined && from !== null) selection.extend(target.id, from)
  }

  /** True when the key meant something here. */
  function pressed(event: KeyboardEvent, message: Message | undefined, at: HTMLElement): boolean {
    const step = moves[event.key]
    if (step === 'last' && !event.shiftKey && !isComplete()) {
      toEnd()
      return true
    }
    if (step !== undefined) {
      void move(step, event.shiftKey)
      return true
    }
    if (event.key === 'Escape' && selection.active.value) {
      selection.end()
      return true
    }
    if (event.shiftKey) return false
    if (event.key === 'u' || event.key === 'g') {
      if (event.key === 'u') toUnread()
      else toDay()
      return true
    }
    if (message === undefined) return false
    if (event.key === ' ') {
      selection.toggle(message.id)
      return true
    }
    if (event.key === 'Enter') {
      if (selection.active.value) selection.toggle(message.id)
      else {
        const box = at.getBoundingClientRect()
        openMenu(message, { x: box.left + box.width / 2, y: Math.min(box.bottom, window.innerHeight - 40) })
      }
      return true
    }
    const action = actionKeys[event.key]
    if (action === undefined || selection.active.value || !offered(message).includes(action)) return false
    act(action, message)
    return true
  }

  return {
    focused,
    reached,
    /** The only message the tab key reaches. */
    tabStop,
    focusMessage,

    /** A jump ended at the message: the arrows go on from it, and the focus goes with it if it was in the log. */
    async arrive(id: number): Promise<void> {
      // Nobody who is at the end stays behind there.
      reached.value = id === ordered.value.at(-1)?.id ? null : id
      await nextTick()
      const element = scroller.value
      if (element === null || !element.contains(document.activeElement) || tabStop.value !== id) return
      element.querySelector<HTMLElement>(`[data-row-id="${id}"]`)?.focus({ preventScroll: true })
    },

    onKeydown(event: KeyboardEvent): void {
      const { target } = event
      if (!(target instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.altKey) return
      if (target !== scroller.value && target.dataset['rowId'] === undefined) return
      if (pressed(event, find(rowIdAt(target)), target)) event.preventDefault()
    },
    onFocusIn(event: FocusEvent): void {
      const id = rowIdAt(event.target)
      if (id === null) return
      focused.value = id
      reached.value = id
    },
    async onFocusOut(event: FocusEvent): Promise<void> {
      if (rowIdAt(event.relatedTarget) !== null) return
      focused.value = null
      // On its way to another place: between the two, nothing has it.
      if (event.relatedTarget !== null) return
      // A message that is taken away takes the focus with it; it stays in the log, so that the arrows go on working.
      await nextTick()
      if (event.target instanceof Element && !event.target.isConnected && document.activeElement === document.body) {
        scroller.value?.focus({ preventScroll: true })
      }
    },
  }
}
