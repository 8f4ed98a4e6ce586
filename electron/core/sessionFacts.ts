/**
 * What a running session learns beside rows: how its heart-beats are answered, what the server says about itself, when
 * the token ends. It tells of each change once, and keeps nothing that outlives the program.
 */
import type { Disposable } from '#common/base/disposable.ts'
import { Emitter } from '#common/base/emitter.ts'
import { type RefusedGroup, type SessionStatus, quietSession } from '#common/domain/connection.ts'
import type { SessionEvent } from '#common/domain/events.ts'
import { Expiry } from './expiry.ts'
import type { Clock } from './ports/platform.ts'
import { PulseMeter } from './pulse.ts'

export type TellingEvent = Extract<SessionEvent, { type: 'session.pulse' | 'session.greeted' | 'session.status' }>

export interface SessionFactsOptions {
  readonly clock: Clock
  /** New tokens come by themselves: nobody has to be asked before the old one ends. */
  readonly feedsItself: () => boolean
}

export class SessionFacts implements Disposable {
  readonly pulse: PulseMeter
  readonly #expiry: Expiry
  readonly #changed = new Emitter<SessionStatus>()
  readonly onChanged = this.#changed.event
  #status: SessionStatus = quietSession

  constructor({ clock, feedsItself }: SessionFactsOptions) {
    this.pulse = new PulseMeter(clock)
    this.#expiry = new Expiry(clock, (endsAt) => this.#learn({ tokenEndsAt: feedsItself() ? null : endsAt }))
  }

  get status(): SessionStatus {
    return this.#status
  }

  /** The token in use from now on. */
  watchToken(token: string | null): void {
    this.#expiry.watch(token)
  }

  /** All groups that the server does not let us follow now. */
  refused(refusedGroups: readonly RefusedGroup[]): void {
    this.#learn({ refusedGroups: [...refusedGroups] })
  }

  /** What was missed is not asked for before then, local clock ms; null: it is asked for as ever. */
  missedRests(until: number | null): void {
    this.#learn({ missedRestsUntil: until })
  }

  take(event: TellingEvent): void {
    switch (event.type) {
      case 'session.pulse': {
        const pulse = this.pulse.answered(event.echoed, event.serverTime)
        if (pulse !== null) this.#learn({ pulse })
        return
      }
      case 'session.greeted':
        this.#learn({ greetedAt: event.serverTime })
        return
      case 'session.status':
        this.#learn({ announcement: { number: (this.#status.announcement?.number ?? 0) + 1, text: event.text } })
    }
  }

  dispose(): void {
    this.#expiry.dispose()
    this.#changed.dispose()
  }

  #learn(facts: Partial<SessionStatus>): void {
    const before = JSON.stringify(this.#status)
    this.#status = { ...this.#status, ...facts }
    if (JSON.stringify(this.#status) !== before) this.#changed.fire(this.#status)
  }
}
