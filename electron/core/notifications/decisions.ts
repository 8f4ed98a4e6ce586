/** Asks the policy about one account's occasions as things stand now, and has every answer noted. */
import type { LedgerEntry } from '#common/domain/notification/ledger.ts'
import { type Decision, type NotificationRules, type Occasion, decide } from '#common/domain/notification/policy.ts'
import type { Notifier } from '../ports/notifier.ts'
import type { Clock } from '../ports/platform.ts'

export type NewEntry = Omit<LedgerEntry, 'id'>

/** What a decision is about. */
export type About = Partial<Pick<LedgerEntry, 'conversationId' | 'messageId' | 'noticeId'>>

export interface DecisionsOptions {
  readonly accountId: string
  readonly notifier: Pick<Notifier, 'trouble' | 'focusMode'>
  readonly rules: () => NotificationRules
  /** The program is locked, or its screen is being shown to others. */
  readonly isConcealed: () => boolean
  /** Every decision, as it is taken. */
  readonly note: (accountId: string, entries: readonly NewEntry[]) => void
  readonly clock: Clock
}

export class Decisions {
  readonly #options: DecisionsOptions

  constructor(options: DecisionsOptions) {
    this.#options = options
  }

  /** `reading`: the very place is on the screen, and somebody looks at it. */
  decide(occasion: Occasion, reading: boolean): Decision {
    const { clock, notifier, rules, isConcealed } = this.#options
    const situation = {
      at: clock.now(),
      reading,
      focusMode: notifier.focusMode() === true,
      available: notifier.trouble === null,
      concealed: isConcealed(),
    }
    return decide(occasion, situation, rules())
  }

  entry(kind: Occasion['kind'], { channel, shown, sound, reason, until }: Decision, about: About): NewEntry {
    const nothing = { conversationId: null, messageId: null, noticeId: null }
    const at = this.#options.clock.now()
    return { ...nothing, ...about, at, channel, kind, shown, sound: shown && sound, reason, until }
  }

  note(entries: readonly NewEntry[]): void {
    if (entries.length > 0) this.#options.note(this.#options.accountId, entries)
  }
}

/** What only the system refuses is tried all the same: that is how it is found out that it shows notifications again. */
export function isTried({ shown, reason }: Decision): boolean {
  return shown || reason === 'unavailable'
}
