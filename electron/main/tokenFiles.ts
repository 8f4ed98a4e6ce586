/**
 * Token files of managed accounts, read again whenever they change on disk. A file that is missing or cannot be read is
 * waited for. The look is the system's own, far apart, so that an idle program stays idle.
 */
import { type StatsListener, readFileSync, unwatchFile, watchFile } from 'node:fs'
import type { Disposable } from '#common/base/disposable.ts'
import type { ManagedAccount } from '#common/contract/managedConfig.ts'
import type { Log } from '#electron/core/ports/platform.ts'

export const lookEveryMs = 2_000

export interface TokenFilesOptions {
  readonly accounts: readonly ManagedAccount[]
  /** Called with every non-empty token that a change has brought, the same one included. */
  readonly onToken: (account: ManagedAccount, token: string) => void
  readonly log: Log
}

export function watchTokenFiles({ accounts, onToken, log }: TokenFilesOptions): Disposable {
  const watched: (readonly [file: string, listener: StatsListener])[] = []
  for (const account of accounts) {
    const file = account.tokenFile
    if (file === undefined) continue
    const listener: StatsListener = () => {
      try {
        const token = readFileSync(file, 'utf8').trim()
        if (token !== '') onToken(account, token)
      } catch (error) {
        log.warn('token file not readable', { error: error instanceof Error ? error.name : String(error) })
      }
    }
    watchFile(file, { interval: lookEveryMs, persistent: false }, listener)
    watched.push([file, listener])
  }
  return {
    dispose: () => {
      for (const [file, listener] of watched) unwatchFile(file, listener)
    },
  }
}
