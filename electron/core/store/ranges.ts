/**
 * Which sequences of a conversation are known: unbroken runs, and the holes between them. Pure arithmetic on bigint;
 * nothing before the first known sequence counts as a hole, because a server need not start at one.
 */
import type { Hole } from '#common/domain/message.ts'
import type { SequenceRange } from './rows.ts'

/** Sequences seen in one batch. Consecutive ones, the usual case, cost an addition. */
export class SequenceRuns {
  #done: SequenceRange[] = []
  #first: bigint
  #last: bigint

  constructor(sequence: string) {
    this.#first = this.#last = BigInt(sequence)
  }

  add(sequence: string): void {
    const value = BigInt(sequence)
    if (value === this.#last + 1n) this.#last = value
    else if (value < this.#first || value > this.#last) {
      this.#done.push({ first: this.#first, last: this.#last })
      this.#first = this.#last = value
    }
  }

  /** Disjoint, not touching, in order. */
  ranges(): SequenceRange[] {
    return mergeRanges([...this.#done, { first: this.#first, last: this.#last }])
  }
}

/** The same sequences in as few ranges as possible, in order. */
export function mergeRanges(ranges: readonly SequenceRange[]): SequenceRange[] {
  const sorted = [...ranges].sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0))
  const merged: SequenceRange[] = []
  for (const range of sorted) {
    const previous = merged.at(-1)
    if (previous !== undefined && range.first <= previous.last + 1n) {
      if (range.last > previous.last) merged[merged.length - 1] = { first: previous.first, last: range.last }
    } else merged.push(range)
  }
  return merged
}

/** The gaps between ranges that are in order and do not touch. */
export function holesBetween(ranges: readonly SequenceRange[]): Hole[] {
  const holes: Hole[] = []
  for (let index = 1; index < ranges.length; index++) {
    const before = ranges[index - 1]
    const after = ranges[index]
    if (before === undefined || after === undefined) continue
    holes.push({
      after: before.last.toString(),
      before: after.first.toString(),
      count: (after.first - before.last - 1n).toString(),
    })
  }
  return holes
}
