/**
 * The program's own small database: which accounts there are, their sealed tokens, the settings, where windows stood.
 * Opened in the main process and used synchronously; every write is on stable storage when it returns.
 *
 * Methods throw a `StorageError` when the database fails. A profile or setting that this version cannot read is left
 * out, and left alone in the file.
 */
import type { Database } from 'better-sqlite3'
import * as v from 'valibot'
import { parseJson } from '#common/base/json.ts'
import { type Result, ok } from '#common/base/result.ts'
import { profileSchema } from '#common/domain/account.ts'
import type { AccountRecord, AppStore } from '#electron/core/ports/appStore.ts'
import { toStorageError } from './errors.ts'
import { appMigrations } from './migrations/app/all.ts'
import { type OpenOptions, openDatabase } from './open.ts'
import { repairDatabase } from './repair/repair.ts'
import { salvageTables } from './repair/salvageTables.ts'

/** `GwAp` */
export const appApplicationId = 0x47774170

interface AccountColumns {
  readonly id: string
  readonly profile: string
  readonly managed: number
  readonly signed_in: number
}

export function openAppDatabase(
  options: Pick<OpenOptions, 'file' | 'busyTimeoutMs' | 'keepCopies' | 'trace'>,
): Result<AppStore> {
  // Small enough to be looked through at every start.
  const opened = openDatabase({
    ...options,
    check: 'always',
    migrations: appMigrations,
    applicationId: appApplicationId,
  })
  if (!opened.ok) return opened
  const database = opened.value
  database.pragma('synchronous = FULL')
  // What is deleted here is who somebody was and his sealed token: no byte of it stays in the file.
  database.pragma('secure_delete = ON')
  return ok({
    ...accountTable(database),
    ...secretTable(database),
    ...keyedTables(database),
    close: () => void database.close(),
  })
}

/** Saves what can be read into a new file and keeps the old one. Nobody may have it open. */
export function repairAppDatabase(
  file: string,
  at: Date,
): Result<{ readonly accounts: number; readonly keptAs: string }> {
  const repaired = repairDatabase({
    file,
    at,
    migrations: appMigrations,
    applicationId: appApplicationId,
    salvage: salvageTables,
  })
  if (!repaired.ok) return repaired
  const { saved, keptAs } = repaired.value
  return ok({ accounts: saved.get('accounts') ?? 0, keptAs })
}

function guarded<T>(run: () => T): T {
  try {
    return run()
  } catch (error) {
    throw toStorageError(error)
  }
}

function readAccount({ id, profile, managed, signed_in }: AccountColumns): AccountRecord[] {
  const parsed = v.safeParse(profileSchema, parseJson(profile))
  return parsed.success ? [{ id, profile: parsed.output, managed: managed === 1, signedIn: signed_in === 1 }] : []
}

function accountTable(database: Database): Pick<AppStore, 'accounts' | 'saveAccount' | 'removeAccount'> {
  const all = database.prepare<[], AccountColumns>(
    'SELECT id, profile, managed, signed_in FROM accounts ORDER BY position',
  )
  const save = database.prepare(
    `INSERT INTO accounts (id, profile, managed, signed_in) VALUES (?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET profile = excluded.profile, managed = excluded.managed,
       signed_in = excluded.signed_in`,
  )
  const remove = database.prepare('DELETE FROM accounts WHERE id = ?')
  return {
    accounts: () => guarded(() => all.all().flatMap(readAccount)),
    saveAccount: ({ id, profile, managed, signedIn }) =>
      guarded(() => void save.run(id, JSON.stringify(profile), Number(managed), Number(signedIn))),
    removeAccount: (id) =>
      guarded(() => {
        remove.run(id)
        // Nor in the log, should the program never close the file.
        database.pragma('wal_checkpoint(TRUNCATE)')
      }),
  }
}

function secretTable(database: Database): Pick<AppStore, 'readSealed' | 'writeSealed' | 'removeSealed'> {
  const read = database.prepare<[string], Uint8Array>('SELECT sealed FROM sealed_secrets WHERE account_id = ?').pluck()
  const write = database.prepare(
    `INSERT INTO sealed_secrets (account_id, sealed) VALUES (?, ?)
     ON CONFLICT (account_id) DO UPDATE SET sealed = excluded.sealed`,
  )
  const remove = database.prepare('DELETE FROM sealed_secrets WHERE account_id = ?')
  return {
    readSealed: (accountId) => guarded(() => read.get(accountId) ?? null),
    writeSealed: (accountId, sealed) => guarded(() => void write.run(accountId, sealed)),
    removeSealed: (accountId) => guarded(() => void remove.run(accountId)),
  }
}

function keyedTables(
  database: Database,
): Pick<AppStore, 'settings' | 'saveSetting' | 'readState' | 'writeState' | 'removeState'> {
  const settings = database.prepare<[], { key: string; value: string }>('SELECT key, value FROM settings')
  const saveSetting = database.prepare(
    'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  )
  const readState = database.prepare<[string], string>('SELECT value FROM window_state WHERE key = ?').pluck()
  const writeState = database.prepare(
    'INSERT INTO window_state (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  )
  const removeState = database.prepare('DELETE FROM window_state WHERE key = ?')
  return {
    settings: () =>
      guarded(() => {
        const values = new Map<string, unknown>()
        for (const { key, value } of settings.all()) {
          const parsed = parseJson(value)
          if (parsed !== undefined) values.set(key, parsed)
        }
        return values
      }),
    saveSetting: (key, value) => guarded(() => void saveSetting.run(key, JSON.stringify(value))),
    readState: (key) => guarded(() => readState.get(key) ?? null),
    writeState: (key, json) => guarded(() => void writeState.run(key, json)),
    removeState: (key) => guarded(() => void removeState.run(key)),
  }
}
