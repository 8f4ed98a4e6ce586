/** What the application keeps beside the accounts' own databases: small, read and written at once. */
import type { Profile } from '#common/domain/account.ts'

export interface AccountRecord {
  readonly id: string
  readonly profile: Profile
  /** Comes from the managed configuration. */
  readonly managed: boolean
  /** False once a token is missing or was refused. */
  readonly signedIn: boolean
}

export interface AppStore {
  /** In the order of adding. */
  accounts(): readonly AccountRecord[]
  /** Adds or replaces by id. */
  saveAccount(record: AccountRecord): void
  /** Its sealed secret goes with it. */
  removeAccount(id: string): void
  settings(): ReadonlyMap<string, unknown>
  saveSetting(key: string, value: unknown): void
  readSealed(accountId: string): Uint8Array | null
  writeSealed(accountId: string, sealed: Uint8Array): void
  removeSealed(accountId: string): void
  /** JSON text by key: window bounds and the like. */
  readState(key: string): string | null
  writeState(key: string, json: string): void
  removeState(key: string): void
  close(): void
}
