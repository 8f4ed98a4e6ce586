/**
 * Tokens at rest, sealed by the system's key store and kept as bytes in the application's database. Where there is no
 * real key store (Linux's `basic_text` is none) nothing is written: tokens then live as long as the program.
 */
import { safeStorage } from 'electron'
import type { AppStore } from '#electron/core/ports/appStore.ts'
import type { Log, Secrets } from '#electron/core/ports/platform.ts'

export interface SealedSecretsOptions {
  readonly store: Pick<AppStore, 'readSealed' | 'writeSealed' | 'removeSealed'>
  readonly log: Log
}

/** To be called once the app is ready: before that the key store answers wrongly on Linux. */
export function createSealedSecrets({ store, log }: SealedSecretsOptions): Secrets {
  const durable =
    safeStorage.isEncryptionAvailable() &&
    (process.platform !== 'linux' || !['basic_text', 'unknown'].includes(safeStorage.getSelectedStorageBackend()))
  const session = new Map<string, string>()
  return {
    durable,
    read: (accountId) => {
      const known = session.get(accountId)
      if (known !== undefined || !durable) return Promise.resolve(known ?? null)
      const sealed = store.readSealed(accountId)
      if (sealed === null) return Promise.resolve(null)
      try {
        return Promise.resolve(safeStorage.decryptString(Buffer.from(sealed)))
      } catch (error) {
        // The key store changed or is locked: the user signs in again; the sealed bytes stay for a later start.
        log.warn('token could not be unsealed', { error: error instanceof Error ? error.name : 'unknown' })
        return Promise.resolve(null)
      }
    },
    write: (accountId, secret) => {
      session.set(accountId, secret)
      if (durable) store.writeSealed(accountId, safeStorage.encryptString(secret))
      return Promise.resolve()
    },
    remove: (accountId) => {
      session.delete(accountId)
      store.removeSealed(accountId)
      return Promise.resolve()
    },
  }
}
