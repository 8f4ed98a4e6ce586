/**
 * Which languages words are checked in. macOS decides by itself; elsewhere those of the system's languages that have a
 * dictionary, else English: Chinese has none, and needs none.
 */
import type { Session } from 'electron'
import type { Log } from '#electron/core/ports/platform.ts'

export interface SpellingOptions {
  readonly session: Pick<
    Session,
    'availableSpellCheckerLanguages' | 'setSpellCheckerLanguages' | 'setSpellCheckerEnabled'
  >
  readonly platform: NodeJS.Platform
  /** The system's, the most wanted first. */
  readonly languages: readonly string[]
  readonly log: Log
}

export function applySpelling(enabled: boolean, { session, platform, languages, log }: SpellingOptions): void {
  session.setSpellCheckerEnabled(enabled)
  if (!enabled || platform === 'darwin') return
  const chosen = spellingLanguages(languages, session.availableSpellCheckerLanguages)
  try {
    session.setSpellCheckerLanguages(chosen)
  } catch (error) {
    log.warn('spelling is not checked', { error: error instanceof Error ? error.message : String(error) })
  }
}

/** `de-AT` is served by `de-AT`, else `de`, else any `de-…`; no language twice. */
export function spellingLanguages(wanted: readonly string[], available: readonly string[]): string[] {
  const served = wanted.flatMap((language) => {
    const [base = ''] = language.split('-')
    return (
      available.find((one) => one.toLowerCase() === language.toLowerCase()) ??
      available.find((one) => one === base) ??
      available.find((one) => one.startsWith(`${base}-`)) ??
      []
    )
  })
  if (served.length > 0) return [...new Set(served)]
  const english = available.find((one) => one === 'en-US') ?? available.find((one) => one.startsWith('en'))
  return english === undefined ? [] : [english]
}
