/** What fetches newer versions of the program and puts them in its place. */
import type { Result } from '#common/base/result.ts'

export interface Updater {
  /** The version the feed offers this computer; null: none newer. Nothing is believed that is not signed. */
  check(): Promise<Result<{ readonly version: string } | null>>
  /** Fetches what was found last. `onProgress` hears of whole percents. Nothing is kept that is not as it was signed. */
  load(onProgress: (percent: number) => void): Promise<Result<void>>
  /**
   * Puts what was fetched in the place of this program, after looking once more whether it is what was signed. To be
   * called when all data is closed. `ends`: it ends the process by itself.
   */
  install(options: { readonly restart: boolean }): Promise<Result<{ readonly ends: boolean }>>
}
