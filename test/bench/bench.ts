/** What a bench is: two sides measured in one run, interleaved, compared pair by pair. */
export interface Bench {
  readonly id: string
  readonly title: string
  /** The ratio has to be at least this, */
  readonly goal: number
  /** and would ideally be this. */
  readonly stretch: number
  /** Measures `pairs` pairs; larger ratios are better. */
  run(pairs: number): Promise<BenchResult>
}

export interface BenchResult {
  /** Median over the pairs of ours divided by the reference. */
  readonly ratio: number
  readonly pairs: number
  /** Figures for the curious, in the units their names say. */
  readonly detail: Readonly<Record<string, number>>
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}
