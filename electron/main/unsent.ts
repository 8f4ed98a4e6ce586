/**
 * Files and recordings that pages hold and have not sent, while these pages begin anew because the program was locked.
 *
 * Promises: they are given back to the window they came from, in their order; they go with the window, with their
 * account, and with the program. Must never write them anywhere.
 */
import type { Unsent } from '#common/contract/unsent.ts'

export interface KeptUnsent {
  /** False where there is no room for it. */
  keep(contentsId: number, unsent: Unsent): boolean
  /** The first of that window, or null. */
  take(contentsId: number): Unsent | null
  forgetWindow(contentsId: number): void
  forgetAccounts(isKnown: (accountId: string) => boolean): void
}

export function createUnsent(mostBytes: number): KeptUnsent {
  let kept: { readonly contentsId: number; readonly unsent: Unsent }[] = []
  const bytes = (): number => kept.reduce((sum, { unsent }) => sum + unsent.what.bytes.byteLength, 0)
  return {
    keep(contentsId, unsent) {
      if (bytes() + unsent.what.bytes.byteLength > mostBytes) return false
      kept.push({ contentsId, unsent })
      return true
    },
    take(contentsId) {
      const first = kept.find((one) => one.contentsId === contentsId)
      kept = kept.filter((one) => one !== first)
      return first?.unsent ?? null
    },
    forgetWindow(contentsId) {
      kept = kept.filter((one) => one.contentsId !== contentsId)
    },
    forgetAccounts(isKnown) {
      kept = kept.filter(({ unsent }) => isKnown(unsent.accountId))
    },
  }
}
