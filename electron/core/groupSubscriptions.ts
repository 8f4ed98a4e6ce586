/**
 * Which groups are followed on the current link. Normally all of them at once. A server that refuses one subscription
 * answers with ERROR and ends the link. Where the ERROR names the group, that one is left out from then on; where it
 * does not, the next links follow the groups in portions, smaller after each refusal, until the refused one is known.
 *
 * Promises that one refused group keeps nobody from being connected, that no group is given up for ever, and that
 * who is left out, and why, is told. Must never blame a group for an ERROR that came while none was in doubt, or leave
 * out what is no group's.
 */
import { type Disposable } from '#common/base/disposable.ts'
import type { RefusedGroup } from '#common/domain/connection.ts'
import type { Dialect } from './ports/dialect.ts'
import type { Clock, Log } from './ports/platform.ts'
import { type Link, type ServerError, subscriptionReceipt } from './ports/transport.ts'

/** A portion that was not answered with ERROR for so long after it had reached the server is taken as accepted. */
export const portionMs = 400
/** The same, where the server never answers a ping. */
export const unansweredPortionMs = 4_000
/** A refused group is asked for again after so long. */
export const refusedForMs = 24 * 3_600_000
/**
 * Where there is reason to believe in it anew, at once; when that was in vain, after so long, and twice as long each
 * time: some servers tell at every link of a joining that has long been over.
 */
export const believedAfterMs = 60_000

/** What is in doubt is tried in so many portions. */
const portions = 8
/** So often an ERROR that nothing explains ends a link, and then the waits for one become longer. */
const unexplainedLinks = 2
const longestPatience = 32
/** Links that lived longer ended for another reason. */
const youngMs = 60_000
const longestReason = 200

export interface GroupSubscriptionsOptions {
  readonly dialect: Pick<Dialect, 'groupSubscription'>
  readonly clock: Clock
  readonly log: Log
  /** All that are left out now. */
  readonly onRefused: (refused: readonly RefusedGroup[]) => void
}

interface Refusal {
  readonly reason: string
  /** Times of the monotonic clock. */
  readonly at: number
  readonly until: number
  /** Refusals since it was last accepted. */
  readonly times: number
}

/** Groups followed lately, of which an ERROR may still come. */
interface Trial {
  readonly groups: readonly string[]
  readonly at: number
  /** When it was known to have reached the server. */
  reachedAt: number | null
}

export class GroupSubscriptions implements Disposable {
  readonly #options: GroupSubscriptionsOptions
  readonly #known = new Set<string>()
  /** Survived a trial: those of a link in doubt that come first. */
  readonly #trusted = new Set<string>()
  /** Also of groups that are gone, in case they come back. */
  readonly #refused = new Map<string, Refusal>()
  readonly #followed = new Set<string>()
  #trial: Trial | null = null
  /** One of them was refused, and nobody knows which. */
  #suspects: readonly string[] = []
  #unexplained = 0
  /** Times `portionMs`: some servers take long to refuse. */
  #patience = 1
  #link: Link | null = null
  #linkedAt = 0
  #timer: Disposable | null = null
  #retry: Disposable | null = null

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

  /** There is reason to believe that the server takes us now. */
  believe(group: string): void {
    this.#hope(group)
    this.#follow()
  }

  add(groups: Iterable<string>): void {
    for (const group of groups) this.#known.add(group)
    this.#follow()
  }

  /** All the groups there are now. One that was missing before is believed anew. */
  replace(groups: readonly string[]): void {
    const missing = groups.filter((group) => !this.#known.has(group))
    this.#known.clear()
    for (const group of groups) this.#known.add(group)
    for (const group of missing) this.#hope(group)
    if (this.#refused.size > 0) this.#tell()
    this.#follow()
  }

  start(link: Link): void {
    this.#link = link
    this.#linkedAt = this.#options.clock.monotonic()
    this.#followed.clear()
    this.#trial = null
    if (this.#suspects.length === 0) this.#follow()
    // What was good before comes first, and alone: an ERROR to that, or to nothing, is no fault of those in doubt.
    else this.#try(this.#followable().filter((group) => this.#trusted.has(group)))
  }

  /** The server has answered a ping: what was written so long ago has reached it. */
  answered(roundTripMs: number): void {
    const now = this.#options.clock.monotonic()
    const trial = this.#trial
    if (trial === null || trial.reachedAt !== null || now - roundTripMs < trial.at) return
    trial.reachedAt = now
    this.#await(trial)
  }

  /**
   * The link is gone; `error`: the server ended it with this ERROR. `alone`: nothing of ours was on its way that it could
   * be about as well.
   */
  stop(error: ServerError | null, alone = true): void {
    const trial = this.#trial
    const followed = [...this.#followed]
    const isYoung = this.#options.clock.monotonic() - this.#linkedAt < youngMs
    this.#link = null
    this.#timer?.dispose()
    this.#timer = null
    this.#trial = null
    this.#followed.clear()
    if (error === null) return
    const named = this.#namedBy(error, followed) ?? this.#namedIn(error, trial?.groups ?? [])
    if (named !== null) return this.#refuse(named, error)
    const isNone = error.receiptId !== undefined || error.destination !== undefined
    if (isNone || !alone) return
    if (trial !== null) this.#doubt(trial.groups, error)
    else if (isYoung && followed.length > 0) this.#wonder()
    else this.#unexplained = 0
  }

  dispose(): void {
    this.#timer?.dispose()
    this.#retry?.dispose()
  }

  /** By the headers of its frame. */
  #namedBy({ receiptId, destination }: ServerError, followed: readonly string[]): string | null {
    const named = followed.find((group) => {
      const subscription = this.#options.dialect.groupSubscription(group)
      return receiptId === subscriptionReceipt(subscription.id) || destination === subscription.destination
    })
    return named ?? null
  }

  /** By its words, where they fit one alone of the groups that were just tried. */
  #namedIn({ receiptId, message, body }: ServerError, tried: readonly string[]): string | null {
    if (receiptId !== undefined) return null
    const said = `${message}\n${body}`
    const [only, ...others] = tried.filter((group) => isNamedIn(said, group))
    return only !== undefined && others.length === 0 ? only : null
  }

  #doubt(tried: readonly string[], error: ServerError): void {
    for (const group of tried) this.#trusted.delete(group)
    const [only, ...others] = tried
    if (only === undefined) return
    // One alone has a second chance: the ERROR may have been about anything.
    const isSure = others.length === 0 && this.#suspects.includes(only)
    if (isSure) this.#refuse(only, error)
    else this.#suspects = tried
  }

  /** Nothing was on trial. The ERROR may have come too late for that. */
  #wonder(): void {
    this.#unexplained++
    if (this.#unexplained < unexplainedLinks || this.#patience >= longestPatience) return
    this.#unexplained = 0
    this.#patience *= 4
    this.#trusted.clear()
  }

  #refuse(group: string, { message }: ServerError): void {
    const { clock, log } = this.#options
    this.#trusted.delete(group)
    const at = clock.monotonic()
    const times = (this.#refused.get(group)?.times ?? 0) + 1
    this.#refused.set(group, { reason: message.slice(0, longestReason).trim(), at, until: at + refusedForMs, times })
    log.warn('group subscription refused', { times })
    this.#tell()
    this.#awaitRetry()
    this.#suspects = []
  }

  #hope(group: string): void {
    const refusal = this.#refused.get(group)
    if (refusal === undefined) return
    const waitMs = refusal.times === 1 ? 0 : believedAfterMs * 2 ** Math.min(refusal.times - 2, 20)
    this.#refused.set(group, { ...refusal, until: Math.min(refusal.until, refusal.at + waitMs) })
    this.#tell()
    this.#awaitRetry()
  }

  #awaitRetry(): void {
    const { clock } = this.#options
    const now = clock.monotonic()
    const next = Math.min(...[...this.#refused.values()].map(({ until }) => until).filter((until) => until > now))
    this.#retry?.dispose()
    this.#retry = null
    if (Number.isFinite(next)) {
      this.#retry = clock.after(next - now, () => {
        this.#awaitRetry()
        this.#follow()
      })
    }
  }

  #tell(): void {
    const now = this.#options.clock.monotonic()
    const told = [...this.#refused].filter(([group, { until }]) => until > now && this.#known.has(group))
    this.#options.onRefused(told.map(([groupId, { reason }]) => ({ groupId, reason })))
  }

  #followable(): string[] {
    const now = this.#options.clock.monotonic()
    return [...this.#known].filter((group) => (this.#refused.get(group)?.until ?? 0) <= now)
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
    if (this.#suspects.length === 0) {
      if (missing.length > 0) this.#try([...(this.#trial?.groups ?? []), ...missing])
    } else if (this.#trial === null) this.#trySuspects(missing)
  }

  #trySuspects(missing: readonly string[]): void {
    const suspects = missing.filter((group) => this.#suspects.includes(group))
    if (suspects.length > 0) return this.#try(suspects.slice(0, Math.ceil(this.#suspects.length / portions)))
    this.#suspects = []
    this.#follow()
  }

  #try(groups: readonly string[]): void {
    const link = this.#link
    if (link === null) return
    for (const group of groups) {
      if (this.#followed.has(group)) continue
      const { id, destination } = this.#options.dialect.groupSubscription(group)
      link.subscribe(id, destination)
      this.#followed.add(group)
    }
    link.ping()
    this.#trial = { groups, at: this.#options.clock.monotonic(), reachedAt: null }
    this.#await(this.#trial)
  }

  #await({ at, reachedAt }: Trial): void {
    const { clock } = this.#options
    const dueAt =
      reachedAt === null ? at + unansweredPortionMs * this.#patience : reachedAt + portionMs * this.#patience
    this.#timer?.dispose()
    this.#timer = clock.after(Math.max(1, dueAt - clock.monotonic()), () => this.#accepted())
  }

  #accepted(): void {
    let isForgiven = false
    for (const group of this.#trial?.groups ?? []) {
      this.#trusted.add(group)
      isForgiven = this.#refused.delete(group) || isForgiven
    }
    if (isForgiven) this.#tell()
    this.#trial = null
    this.#timer = null
    this.#follow()
  }
}

/** As a word of its own: `team` is not named by `team-2`. */
function isNamedIn(said: string, group: string): boolean {
  if (group === '') return false
  for (let at = said.indexOf(group); at >= 0; at = said.indexOf(group, at + 1)) {
    const around = (said[at - 1] ?? ' ') + (said[at + group.length] ?? ' ')
    if (!/[\p{L}\p{N}_-]/u.test(around)) return true
  }
  return false
}
