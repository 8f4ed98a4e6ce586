/** Handlers of the lock. */
import { type Result, fail, ok } from '#common/base/result.ts'
import type { Accounts } from '#electron/core/accounts.ts'
import type { Lock } from '../lock.ts'
import type { Handlers } from './router.ts'

export interface LockHandlersOptions {
  readonly lock: Lock
  readonly accounts: Pick<Accounts, 'list' | 'signOut'>
  readonly onParted: (contentsId: number) => void
}

type LockCall = 'lock.set' | 'lock.remove' | 'lock.now' | 'lock.parted' | 'lock.unlock' | 'lock.forget'

const done: Result<Record<string, never>> = ok({})

export function createLockHandlers({ lock, accounts, onParted }: LockHandlersOptions): Pick<Handlers, LockCall> {
  return {
    'lock.set': ({ newPin, oldPin }) => lock.set(newPin, oldPin),
    'lock.remove': ({ pin }) => lock.remove(pin),
    'lock.now': () => {
      lock.lock()
      return done
    },
    'lock.parted': (_input, { id }) => {
      onParted(id)
      return done
    },
    'lock.unlock': ({ pin }) => lock.unlock(pin),
    'lock.forget': async () => {
      // Only somebody before a locked window can have forgotten it.
      if (!lock.isLocked) return fail('ipc.refused')
      for (const { id } of accounts.list()) {
        const left = await accounts.signOut(id)
        if (!left.ok) return left
      }
      lock.forget()
      return done
    },
  }
}
