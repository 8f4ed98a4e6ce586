/**
 * The program's own small database: which accounts there are, their sealed tokens, the settings, where windows stood.
 * Opened in the main process and used synchronously; every write is on stable storage when it returns.
 */
import type { Database } from 'better-sqlite3'
import * as v from 'valibot'
import { type Json, parseJson } from '#common/base/json.ts'
import { type Result, ok } from '#common/base/result.ts'
import { type Profile, profileSchema } from '#common/domain/account.ts'
import { toStorageError } from './errors.ts'
import { appMigrations } from './migrations/app/all.ts'
import { type OpenOptions, openDatabase } from './open.ts'

/** `GwAp` */
export const appApplicationId = 0x47774170

export interface StoredAccount {
  readonly id: string
  readonly profile: Profile
  /** Comes from the managed configuration. */
  readonly managed: boolean
  readonly signedIn: boolean
  /** Local clock, ms. */
  readonly createdAt: number
}

export interface KeyedValues {
  all(): ReadonlyMap<string, Json>
  read(key: string): Json | undefined
  write(key: string, value: Json): void
}

/** Methods throw a `StorageError` when the database fails. */
export interface AppDatabase {
  readonly accounts: {
    /** Oldest first. A profile this version cannot read is left out, and left alone. */
    all(): StoredAccount[]
    get(id: string): StoredAccount | undefined
    put(account: StoredAccount): void
    setSignedIn(id: string, signedIn: boolean): void
    /** With its sealed secret. */
    remove(id: string): void
  }
  readonly settings: KeyedValues
  /** Of accounts that are there; sealed by the system's key store, never in the clear. */
  readonly secrets: {
    read(accountId: string): Uint8Array | null
    write(accountId: string, sealed: Uint8Array): void
    remove(accountId: string): void
  }
  readonly windowState: KeyedValues
  close(): void
}

interface AccountColumns {
  readonly id: string
  readonly profile: string
  readonly managed: number
  readonly signed_in: number
  readonly created_at: number
}

export function openAppDatabase(options: Pick<OpenOptions, 'file' | 'busyTimeoutMs' | 'trace'>): Result<AppDatabase> {
  const opened = openDatabase({ ...options, migrations: appMigrations, applicationId: appApplicationId })
  if (!opened.ok) return opened
  const database = opened.value
  database.pragma('synchronous = FULL')
  return ok({
    accounts: accountTable(database),
    settings: keyedValues(database, 'settings'),
    secrets: secretTable(database),
    windowState: keyedValues(database, 'window_state'),
    close: () => void database.close(),
  })
}

function guarded<T>(run: () => T): T {
  try {
    return run()
  } catch (error) {
    throw toStorageError(error)
  }
}

function readAccount(columns: AccountColumns): StoredAccount[] {
  const profile = v.safeParse(profileSchema, parseJson(columns.profile))
  if (!profile.success) return []
  return [
    {
      id: columns.id,
      profile: profile.output,
      managed: columns.managed === 1,
      signedIn: columns.signed_in === 1,
      createdAt: columns.created_at,
    },
  ]
}

function accountTable(database: Database): AppDatabase['accounts'] {
  const all = database.prepare<[], AccountColumns>('SELECT * FROM accounts ORDER BY created_at, id')
  const get = database.prepare<[string], AccountColumns>('SELECT * FROM accounts WHERE id = ?')
  const put = database.prepare(
    `INSERT INTO accounts (id, profile, managed, signed_in, created_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET profile = excluded.profile, managed = excluded.managed,
       signed_in = excluded.signed_in`,
  )
  const setSignedIn = database.prepare('UPDATE accounts SET signed_in = ? WHERE id = ?')
  const remove = database.prepare('DELETE FROM accounts WHERE id = ?')
  return {
    all: () => guarded(() => all.all().flatMap(readAccount)),
    get: (id) => guarded(() => get.all(id).flatMap(readAccount)[0]),
    put: ({ id, profile, managed, signedIn, createdAt }) =>
      guarded(() => void put.run(id, JSON.stringify(profile), Number(managed), Number(signedIn), createdAt)),
    setSignedIn: (id, signedIn) => guarded(() => void setSignedIn.run(Number(signedIn), id)),
    remove: (id) => guarded(() => void remove.run(id)),
  }
}

function secretTable(database: Database): AppDatabase['secrets'] {
  const read = database.prepare<[string], Uint8Array>('SELECT sealed FROM sealed_secrets WHERE account_id = ?').pluck()
  const write = database.prepare(
    `INSERT INTO sealed_secrets (account_id, sealed) VALUES (?, ?)
     ON CONFLICT (account_id) DO UPDATE SET sealed = excluded.sealed`,
  )
  const remove = database.prepare('DELETE FROM sealed_secrets WHERE account_id = ?')
  return {
    read: (accountId) => guarded(() => read.get(accountId) ?? null),
    write: (accountId, sealed) => guarded(() => void write.run(accountId, sealed)),
    remove: (accountId) => guarded(() => void remove.run(accountId)),
  }
}

function keyedValues(database: Database, table: 'settings' | 'window_state'): KeyedValues {
  const all = database.prepare<[], { key: string; value: string }>(`SELECT key, value FROM ${table}`)
  const read = database.prepare<[string], string>(`SELECT value FROM ${table} WHERE key = ?`).pluck()
  const write = database.prepare(
    `INSERT INTO ${table} (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
  )
  return {
    all: () =>
      guarded(() => {
        const values = new Map<string, Json>()
        for (const { key, value } of all.all()) {
          const parsed = parseJson(value)
          if (parsed !== undefined) values.set(key, parsed)
        }
        return values
      }),
    read: (key) => guarded(() => parseJson(read.get(key) ?? '')),
    write: (key, value) => guarded(() => void write.run(key, JSON.stringify(value))),
  }
}
