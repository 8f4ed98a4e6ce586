/**
 * Says which messages were really seen.
 *
 * Promises: a message is reported only after it was on the screen of a visible, focused window for `settleMs` on end,
 * and each one once. Must never: report behind the back of somebody who is not looking.
 */
import type { Disposable } from '#common/base/disposable.ts'
import { type Message, comparePositions } from '#common/domain/message.ts'

export interface HonestReadOptions {
  readonly isAttentive: () => boolean
  readonly report: (upTo: Message) => void
  readonly settleMs: number
}

export interface HonestRead extends Disposable {
  /** The newest unread message on the screen now; also to be called when the window's attention changes. */
  look(newest: Message | null): void
}

export function createHonestRead({ isAttentive, report, settleMs }: HonestReadOptions): HonestRead {
  let candidate: Message | null = null
  let reported: Message | null = null
  let timer: number | undefined

  function cancel(): void {
    window.clearTimeout(timer)
    timer = undefined
  }

  return {
    look(newest) {
      if (newest === null || !isAttentive()) {
        cancel()
        candidate = null
        return
      }
      if (candidate?.id === newest.id && timer !== undefined) return
      if (reported !== null && comparePositions(newest.position, reported.position) <= 0) return
      cancel()
      candidate = newest
      timer = window.setTimeout(() => {
        timer = undefined
        if (candidate === null || !isAttentive()) return
        reported = candidate
        report(candidate)
      }, settleMs)
    },
    dispose: cancel,
  }
}

/** One row as it lies in the scrolled list, in pixels. */
export interface LaidOut {
  readonly message: Message | null
  readonly start: number
  readonly size: number
}

/** Pixels of a message that must be on the screen; of a smaller one, all. */
const enoughPx = 32

/** The newest message from somebody else, not yet read, that lies inside the viewport. */
export function newestSeen(rows: readonly LaidOut[], viewport: { offset: number; height: number }): Message | null {
  const bottom = viewport.offset + viewport.height
  let newest: Message | null = null
  for (const { message, start, size } of rows) {
    if (message === null || message.outgoing || !message.unread) continue
    const enough = Math.min(size, enoughPx)
    if (start + enough > bottom + 1 || start + size - enough < viewport.offset - 1) continue
    if (newest === null || comparePositions(message.position, newest.position) > 0) newest = message
  }
  return newest
}
