/**
 * What pages may ask while the program is locked: what their first paint and the unlocking need. A page that was there
 * when it was locked may hand over what it holds — drafts, files, recordings — until it has begun anew; that is only
 * taken, never answered.
 */
import type { CallName } from '#common/contract/calls.ts'

const always: ReadonlySet<CallName> = new Set<CallName>([
  'app.boot',
  'app.reportError',
  'connection.check',
  'lock.now',
  'lock.unlock',
  'lock.forget',
])
const parting: ReadonlySet<CallName> = new Set<CallName>([
  'conversation.setDraft',
  'conversation.keepMode',
  'unsent.keep',
  'lock.parted',
])

export interface LockedCalls {
  /** Locked just now: the ids of the pages that are there. */
  begin(contentsIds: readonly number[]): void
  /** `true`: as if nothing were locked. */
  mayCall(name: CallName, contentsId: number): boolean
}

export function createLockedCalls(isLocked: () => boolean): LockedCalls {
  let leaving = new Set<number>()
  return {
    begin: (contentsIds) => {
      leaving = new Set(contentsIds)
    },
    mayCall(name, contentsId) {
      if (!isLocked()) return true
      if (name === 'app.boot') leaving.delete(contentsId)
      return always.has(name) || (parting.has(name) && leaving.has(contentsId))
    },
  }
}
