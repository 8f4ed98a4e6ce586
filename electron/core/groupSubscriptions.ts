/**
 * Which groups are followed on the current link. Normally all of them at once. A server that refuses one subscription
 * answers with ERROR and ends the link without saying which; then the next link follows them in portions, smaller after
 * each refusal, until the one refused is known. It is left out for a while, and the others are followed meanwhile.
 * It promises that one refused group keeps nobody from being connected, and that no group is given up for ever.
 */
import type { Disposable } from '#common/base/disposable.ts'
import type { Dialect } from './ports/dialect.ts'
import type { Clock, Log } from './ports/platform.ts'
import type { Link } from './ports/transport.ts'

/** A portion that was not answered with ERROR for so long is taken as accepted. */
export const portionMs = 400
/** A refused group is asked for again after so long, or when it becomes known anew. */
export const refusedForMs = 3_600_000

export interface GroupSubscriptionsOptions {
  readonly dialect: Pick<Dialect, 'groupSubscription'>
  readonly clock: Clock
  readonly log: Log
}

export class GroupSubscriptions {
  readonly #options: GroupSubscriptionsOptions
  readonly #known = new Set<string>()
  /** Survived a portion of their own: not doubted again. */
  readonly #accepted = new Set<string>()
  /** Until when, on the monotonic clock. */
  readonly #refused = new Map<string, number>()
  readonly #followed = new Set<string>()
  /** Followed just now, and not yet taken as accepted. */
  #onTrial: readonly string[] = []
  /** How many are tried at once; null while there is no doubt. */
  #portion: number | null = null
  #link: Link | null = null
  #timer: Disposable | null = null

  constructor(options: GroupSubscriptionsOptions) {
    this.#options = options
  }

  has(group: string): boolean {
    return this.#known.has(group)
  }

  /** Known, but not followed before the store says so. */
  learn(group: string): void {
    this.#known.add(group)
  }

  add(groups: Iterable<string>): void {
    for (const group of groups) this.#known.add(group)
    this.#follow()
  }

  /** All the groups there are now. One that was missing before is believed anew. */
  replace(groups: readonly string[]): void {
    for (const group of groups) if (!this.#known.has(group)) this.#refused.delete(group)
    this.#known.clear()
    for (const group of groups) this.#known.add(group)
    this.#follow()
  }

  start(link: Link): void {
    this.#link = link
    this.#followed.clear()
    this.#onTrial = []
    this.#follow()
  }

  /** `byError`: the server ended the link with an ERROR frame. */
  stop(byError: boolean): void {
    this.#link = null
    this.#timer?.dispose()
    this.#timer = null
    if (byError && this.#onTrial.length > 0) this.#doubt(this.#onTrial)
    this.#onTrial = []
  }

  #doubt(trial: readonly string[]): void {
    const { clock, log } = this.#options
    const [only, ...others] = trial
    if (only !== undefined && others.length === 0 && this.#portion === 1) {
      this.#refused.set(only, clock.monotonic() + refusedForMs)
      log.warn('group subscription refused')
      // Nothing else is in doubt until the next refusal.
      this.#portion = this.#followable().every((group) => this.#accepted.has(group)) ? null : 1
    } else this.#portion = Math.max(1, Math.ceil(trial.length / 8))
  }

  #followable(): string[] {
    const now = this.#options.clock.monotonic()
    return [...this.#known].filter((group) => (this.#refused.get(group) ?? 0) <= now)
  }

  /** Subscribes what is new, as much as may be tried now, and unsubscribes what is gone. */
  #follow(): void {
    const link = this.#link
    if (link === null) return
    for (const group of this.#followed) {
      if (this.#known.has(group)) continue
      link.unsubscribe(this.#options.dialect.groupSubscription(group).id)
      this.#followed.delete(group)
    }
    const missing = this.#followable().filter((group) => !this.#followed.has(group))
    const trusted = missing.filter((group) => this.#portion === null || this.#accepted.has(group))
    for (const group of trusted) this.#subscribe(link, group)
    if (this.#timer !== null) {
      if (this.#portion === null) this.#onTrial = [...this.#onTrial, ...trusted]
      return
    }
    const doubtful = missing.filter((group) => !trusted.includes(group)).slice(0, this.#portion ?? 0)
    for (const group of doubtful) this.#subscribe(link, group)
    this.#onTrial = this.#portion === null ? trusted : doubtful
    if (this.#onTrial.length === 0) return
    this.#timer = this.#options.clock.after(portionMs, () => {
      this.#timer = null
      for (const group of this.#onTrial) this.#accepted.add(group)
      this.#onTrial = []
      this.#follow()
    })
  }

  #subscribe(link: Link, group: string): void {
    const { id, destination } = this.#options.dialect.groupSubscription(group)
    link.subscribe(id, destination)
    this.#followed.add(group)
  }
}
