import { SequenceRuns, mergeRanges } from './ranges.ts'
import type { SequenceRange, StoreRows } from './rows.ts'

/** Gathers the sequences a transaction shows and adds them to the known ranges when it ends. */
export class KnownSequences {
  readonly #ranges: StoreRows['ranges']
  #runs = new Map<number, SequenceRuns>()
  #whole = new Map<number, SequenceRange[]>()
  /** The highest known range of each conversation: what comes next nearly always continues it. */
  #tops = new Map<number, SequenceRange>()

  constructor(ranges: StoreRows['ranges']) {
    this.#ranges = ranges
  }

  cover(conversation: number, sequence: string): void {
    const runs = this.#runs.get(conversation)
    if (runs === undefined) this.#runs.set(conversation, new SequenceRuns(sequence))
    else runs.add(sequence)
  }

  coverRange(conversation: number, range: SequenceRange): void {
    const ranges = this.#whole.get(conversation)
    if (ranges === undefined) this.#whole.set(conversation, [range])
    else ranges.push(range)
  }

  /** Writes the ranges; answers the conversations whose holes are other than before. */
  flush(): number[] {
    const changed: number[] = []
    for (const conversation of new Set([...this.#runs.keys(), ...this.#whole.keys()])) {
      let holesChanged = false
      const ranges = [...(this.#runs.get(conversation)?.ranges() ?? []), ...(this.#whole.get(conversation) ?? [])]
      for (const range of mergeRanges(ranges)) if (this.#add(conversation, range)) holesChanged = true
      if (holesChanged) changed.push(conversation)
    }
    return changed
  }

  endTransaction(): void {
    this.#runs.clear()
    this.#whole.clear()
  }

  /** After a failure. */
  forget(): void {
    this.#tops.clear()
  }

  /** Whether the holes of the conversation are other than before. */
  #add(conversation: number, range: SequenceRange): boolean {
    const top = this.#tops.get(conversation) ?? this.#ranges.top(conversation)
    if (top !== undefined && range.first >= top.first && range.first <= top.last + 1n) {
      const grown = range.last > top.last ? { first: top.first, last: range.last } : top
      if (grown !== top) this.#ranges.replace(conversation, [top], grown)
      this.#tops.set(conversation, grown)
      return false
    }
    this.#tops.delete(conversation)
    const touching = this.#ranges.touching(conversation, range)
    const [first] = touching
    if (first !== undefined && first.first <= range.first && first.last >= range.last) return false
    const [merged] = mergeRanges([...touching, range])
    if (merged === undefined) return false
    const around = this.#ranges.beyond(conversation, merged)
    this.#ranges.replace(conversation, touching, merged)
    if (touching.length > 1) return true
    if (first === undefined) return around.below || around.above
    return (around.below && merged.first < first.first) || (around.above && merged.last > first.last)
  }
}
