/**
 * `safeStorage`: real encryption, with a key that is not where the data is.
 *
 * The key stands in for the desktop's key ring: a file of its own folder, mode 0600, made at first use. AES-256-GCM, so
 * that a wrong key or a changed byte is noticed. The backends of Linux behave as documented: `basic_text` counts as no
 * encryption unless the app insists with `setUsePlainTextEncryption`.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SafeStorage as ElectronSafeStorage } from 'electron'
import { type Emulated, strictObject } from './strict.ts'

/** What `GODWIT_HOST_SAFE_STORAGE` may say; anything else is the desktop's own key ring. */
export type SafeStorageMode = 'keyring' | 'basic_text' | 'unavailable'

const prefixes = { keyring: 'v11', basic_text: 'v10' }
const nonceBytes = 12
const tagBytes = 16

export function createSafeStorage(options: { keyringDir: string; mode: SafeStorageMode; isReady(): boolean }) {
  let plainTextAccepted = false

  function available(): boolean {
    if (!options.isReady() || options.mode === 'unavailable') return false
    return options.mode === 'keyring' || plainTextAccepted
  }

  function key(): Buffer {
    // The documented weakness of basic_text: everybody knows this password.
    if (options.mode === 'basic_text') return Buffer.alloc(32, 'peanuts')
    const file = join(options.keyringDir, 'safe-storage.key')
    mkdirSync(options.keyringDir, { recursive: true, mode: 0o700 })
    try {
      writeFileSync(file, randomBytes(32), { mode: 0o600, flag: 'wx' })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    return readFileSync(file)
  }

  const prefix = (): Buffer => Buffer.from(options.mode === 'basic_text' ? prefixes.basic_text : prefixes.keyring)

  function encryptString(plainText: string): Buffer {
    const failed = 'Error while encrypting the text provided to safeStorage.encryptString.'
    if (!available()) throw new Error(`${failed} Encryption is not available.`)
    const nonce = randomBytes(nonceBytes)
    const cipher = createCipheriv('aes-256-gcm', key(), nonce)
    return Buffer.concat([prefix(), nonce, cipher.update(plainText, 'utf8'), cipher.final(), cipher.getAuthTag()])
  }

  function decryptString(encrypted: Buffer): string {
    const failed = 'Error while decrypting the ciphertext provided to safeStorage.decryptString.'
    if (!available()) throw new Error(`${failed} Decryption is not available.`)
    const start = prefix().length
    if (!Buffer.isBuffer(encrypted)) throw new Error('Expected the first argument of decryptString() to be a buffer')
    const isOurs = encrypted.length >= start + nonceBytes + tagBytes && encrypted.subarray(0, start).equals(prefix())
    if (!isOurs) throw new Error(`${failed} Ciphertext does not appear to be encrypted.`)
    const nonce = encrypted.subarray(start, start + nonceBytes)
    const decipher = createDecipheriv('aes-256-gcm', key(), nonce).setAuthTag(encrypted.subarray(-tagBytes))
    try {
      return (
        decipher.update(encrypted.subarray(start + nonceBytes, -tagBytes), undefined, 'utf8') + decipher.final('utf8')
      )
    } catch {
      throw new Error(failed)
    }
  }

  return strictObject('safeStorage', {
    isEncryptionAvailable: available,
    encryptString,
    decryptString,
    getSelectedStorageBackend() {
      if (!options.isReady()) return 'unknown'
      return options.mode === 'keyring' ? 'gnome_libsecret' : 'basic_text'
    },
    setUsePlainTextEncryption(usePlainText: boolean): void {
      plainTextAccepted = usePlainText
    },
    isAsyncEncryptionAvailable: async () => available(),
    encryptStringAsync: async (plainText: string) => encryptString(plainText),
    decryptStringAsync: async (encrypted: Buffer) => ({ result: decryptString(encrypted), shouldReEncrypt: false }),
  } satisfies Emulated<ElectronSafeStorage>)
}
