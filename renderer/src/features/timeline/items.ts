/**
 * What the timeline shows, in order: messages with the lines between them. A pure function of the rows, so that the
 * same rows always look the same.
 */
import { type Hole, type Message, type Position, comparePositions } from '#common/domain/message.ts'

export type TimelineItem =
  | { readonly kind: 'date'; readonly key: string; readonly at: number }
  | { readonly kind: 'unread'; readonly key: string }
  | { readonly kind: 'hole'; readonly key: string; readonly hole: Hole }
  | {
      readonly kind: 'message'
      readonly key: string
      readonly message: Message
      /** First and last of a run by one sender. */
      readonly first: boolean
      readonly last: boolean
    }

export interface TimelineInput {
  /** In order. */
  readonly messages: readonly Message[]
  readonly holes: readonly Hole[]
  readonly unreadFrom: Position | null
  /** Older messages are not loaded yet: then nobody knows whether a day begins with the first one. */
  readonly hasOlder: boolean
  /** Newer messages are not loaded: then what is missing behind the last one is shown when they are. */
  readonly hasNewer: boolean
  /** Whole days of the local calendar between two times. */
  readonly daysBetween: (earlier: number, later: number) => number
}

/** A pause longer than this ends a run. */
const runGapMs = 5 * 60_000

/** The time a person is shown: the server's, and the local one until the server has spoken. */
export function shownTime(message: Message): number {
  return message.serverTime ?? message.localTime
}

function isLine(message: Message): boolean {
  return message.recalled !== null || message.content.kind === 'event'
}

/** Compares decimal int64 texts without sign. */
function notAfter(a: string, b: string): boolean {
  return a.length === b.length ? a <= b : a.length < b.length
}

export function timelineItems({
  messages,
  holes,
  unreadFrom,
  hasOlder,
  hasNewer,
  daysBetween,
}: TimelineInput): TimelineItem[] {
  const items: TimelineItem[] = []
  const waitingHoles = [...holes].sort((a, b) => (a.before === b.before ? 0 : notAfter(a.before, b.before) ? -1 : 1))
  let previous: Message | undefined
  let unreadShown = unreadFrom === null

  messages.forEach((message, index) => {
    const at = shownTime(message)
    let broken = previous === undefined

    while (waitingHoles[0] !== undefined) {
      const hole = waitingHoles[0]
      if (!notAfter(hole.before, message.position.sequence)) break
      waitingHoles.shift()
      // A hole whose older shore is not loaded is shown when that page is.
      if (previous === undefined) continue
      items.push(holeItem(hole))
      broken = true
    }
    // A separator that goes away again when older messages come would take the reader's place with it.
    if (previous === undefined ? !hasOlder : daysBetween(shownTime(previous), at) !== 0) {
      items.push({ kind: 'date', key: `date-${message.id}`, at })
      broken = true
    }
    if (!unreadShown && unreadFrom !== null && comparePositions(message.position, unreadFrom) >= 0) {
      unreadShown = true
      // Above what is loaded: it does not begin with what happens to be the oldest here.
      if (previous !== undefined || !hasOlder || comparePositions(message.position, unreadFrom) === 0) {
        items.push({ kind: 'unread', key: 'unread' })
        broken = true
      }
    }

    const first = broken || previous === undefined || !sameRun(previous, message)
    if (first) endRun(items, previous)
    const next = messages[index + 1]
    items.push({
      kind: 'message',
      key: `message-${message.id}`,
      message,
      first,
      last: next === undefined || !sameRun(message, next),
    })
    previous = message
  })
  // What bounds these from above is no message: an edit or a recall has shown its number.
  if (previous !== undefined && !hasNewer) for (const hole of waitingHoles) items.push(holeItem(hole))
  return items
}

function holeItem(hole: Hole): TimelineItem {
  return { kind: 'hole', key: `hole-${hole.after}-${hole.before}`, hole }
}

function sameRun(earlier: Message, later: Message): boolean {
  return (
    earlier.senderId === later.senderId &&
    !isLine(earlier) &&
    !isLine(later) &&
    Math.abs(shownTime(later) - shownTime(earlier)) < runGapMs
  )
}

/** A line that came between two messages of one sender ends the run before it. */
function endRun(items: TimelineItem[], previous: Message | undefined): void {
  if (previous === undefined) return
  for (let index = items.length - 1; index >= 0; index--) {
    const item = items[index]
    if (item?.kind !== 'message') continue
    if (!item.last) items[index] = { ...item, last: true }
    return
  }
}
