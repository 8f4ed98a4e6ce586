/**
 * Notifications turned off by the user: kept as a setting, ended by itself when its time has come, by the clock on the
 * wall, whether the computer slept meanwhile or not.
 *
 * Must never end before its time, or stay on after it because a timer slept.
 */
import type { Disposable } from '#common/base/disposable.ts'
import { settingsFrom } from '#common/contract/settings.ts'
import { type SilenceSpan, silenceEnd, silentUntil } from '#common/domain/silence.ts'
import type { AppStore } from '#electron/core/ports/appStore.ts'
import type { Clock } from '#electron/core/ports/platform.ts'

/** A clock may be set: looked at no more seldom than this. */
const lookEveryMs = 3_600_000

export interface DoNotDisturbOptions {
  readonly appStore: Pick<AppStore, 'settings' | 'saveSetting'>
  readonly clock: Pick<Clock, 'now' | 'after'>
  /** The setting is another one: everybody who shows it is to be told, and `follow` called. */
  readonly onChanged: () => void
  /** It was on and is no longer, however that came. */
  readonly onEnded: () => void
}

export interface DoNotDisturb extends Disposable {
  /** Local clock, ms since 1970; null: notifications are not turned off. */
  readonly until: number | null
  /** Null turns notifications on again. */
  choose(span: SilenceSpan | null): void
  /** Settings may be others, or the computer has slept: goes by what they and the clock say now. */
  follow(): void
}

export function createDoNotDisturb(options: DoNotDisturbOptions): DoNotDisturb {
  const { appStore, clock, onChanged, onEnded } = options
  const stored = (): number | null => settingsFrom(appStore.settings()).doNotDisturbUntil
  const now = (): number | null => silentUntil(stored(), clock.now())
  let wasOn = false
  let timer: Disposable | null = null

  const save = (until: number | null): void => {
    appStore.saveSetting('doNotDisturbUntil', until)
    onChanged()
  }
  const look = (): void => {
    timer?.dispose()
    timer = null
    // What has passed is taken back, so that nobody shows it as if it were still to come.
    if (stored() !== null && now() === null) return save(null)
    const until = now()
    if (until !== null) timer = clock.after(Math.min(until - clock.now(), lookEveryMs), look)
    const ended = wasOn && until === null
    wasOn = until !== null
    if (ended) onEnded()
  }

  return {
    get until() {
      return now()
    },
    choose: (span) => save(span === null ? null : silenceEnd(span, clock.now())),
    follow: look,
    dispose: () => timer?.dispose(),
  }
}
