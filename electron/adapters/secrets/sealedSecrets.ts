/**
 * Tokens at rest, sealed by the system's key store and kept as bytes in the application's database. Where there is no
 * real key store (Linux's `basic_text` is none) nothing is written: tokens then live as long as the program.
 */
import { safeStorage } from 'electron'
import { fail, ok } from '#common/base/result.ts'
import type { AppStore } from '#electron/core/ports/appStore.ts'
import type { Log, Secrets } from '#electron/core/ports/platform.ts'
import { isStorageError } from '#electron/core/store/storageError.ts'

export interface SealedSecretsOptions {
  readonly store: Pick<AppStore, 'readSealed' | 'writeSealed' | 'removeSealed'>
  readonly log: Log
}

/** To be used once the app is ready: before that the key store answers wrongly on Linux. */
export function createSealedSecrets({ store, log }: SealedSecretsOptions): Secrets {
  const session = new Map<string, string>()
  const unavailable = (what: string, error: unknown): void =>
    log.warn(what, { error: error instanceof Error ? error.name : 'unknown' })
  return {
    read: (accountId) => {
      const known = session.get(accountId)
      if (known !== undefined) return Promise.resolve(ok(known))
      const sealed = store.readSealed(accountId)
      if (sealed === null) return Promise.resolve(ok(null))
      // The key store changed or is locked: the sealed bytes stay, for when it is as it was.
      if (!isKeyStoreThere()) return Promise.resolve(fail('account.secretUnavailable', 'no key store'))
      try {
        return Promise.resolve(ok(safeStorage.decryptString(Buffer.from(sealed))))
      } catch (error) {
        unavailable('token could not be unsealed', error)
        return Promise.resolve(fail('account.secretUnavailable'))
      }
    },
    write: (accountId, secret) => {
      session.set(accountId, secret)
      if (!isKeyStoreThere()) return Promise.resolve()
      try {
        store.writeSealed(accountId, safeStorage.encryptString(secret))
      } catch (error) {
        if (isStorageError(error)) throw error
        unavailable('token could not be sealed', error)
      }
      return Promise.resolve()
    },
    remove: (accountId) => {
      session.delete(accountId)
      store.removeSealed(accountId)
      return Promise.resolve()
    },
  }
}

/** Asked every time: it can be locked and unlocked while the program runs. */
function isKeyStoreThere(): boolean {
  if (!safeStorage.isEncryptionAvailable()) return false
  return process.platform !== 'linux' || !['basic_text', 'unknown'].includes(safeStorage.getSelectedStorageBackend())
}
