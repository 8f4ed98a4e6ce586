import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { accountApplicationId } from '#electron/adapters/sqlite/accountStore.ts'
import { appApplicationId } from '#electron/adapters/sqlite/appDatabase.ts'
import type { Migration } from '#electron/adapters/sqlite/migrate.ts'
import { accountMigrations } from '#electron/adapters/sqlite/migrations/account/all.ts'
import { appMigrations } from '#electron/adapters/sqlite/migrations/app/all.ts'
import { openDatabase } from '#electron/adapters/sqlite/open.ts'
import { inspect, tempDir, unwrap } from '#test/store/support.ts'

const kinds = [
  { name: 'account', migrations: accountMigrations, applicationId: accountApplicationId },
  { name: 'application', migrations: appMigrations, applicationId: appApplicationId },
]

function schemaOf(file: string): unknown {
  return inspect(file, (database) => ({
    version: database.pragma('user_version', { simple: true }),
    owner: database.pragma('application_id', { simple: true }),
    schema: database.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY name').all(),
  }))
}

const addColumn: Migration = {
  version: 2,
  up: (database) => void database.exec('CREATE TABLE added (x INTEGER) STRICT; INSERT INTO added VALUES (1)'),
}

describe.each(kinds)('migrations of the $name database', ({ migrations, applicationId }) => {
  const options = (file: string, list: readonly Migration[] = migrations) => ({ file, migrations: list, applicationId })

  it('are numbered from one without a gap', () => {
    expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, index) => index + 1))
  })

  it('bring a fresh file to the newest version, marked as ours', () => {
    const file = join(tempDir(), 'a.db')
    unwrap(openDatabase(options(file))).close()
    expect(schemaOf(file)).toMatchObject({ version: migrations.length, owner: applicationId })
  })

  it('do nothing to a file that is up to date', () => {
    const file = join(tempDir(), 'a.db')
    unwrap(openDatabase(options(file))).close()
    const before = schemaOf(file)
    unwrap(openDatabase(options(file))).close()
    expect(schemaOf(file)).toEqual(before)
  })

  it('lead from each version to the newest as from none', () => {
    const dir = tempDir()
    unwrap(openDatabase(options(join(dir, 'fresh.db')))).close()
    for (const { version } of migrations) {
      const file = join(dir, `from${version}.db`)
      unwrap(openDatabase(options(file, migrations.slice(0, version)))).close()
      unwrap(openDatabase(options(file))).close()
      expect(schemaOf(file)).toEqual(schemaOf(join(dir, 'fresh.db')))
    }
  })

  it('interrupted half-way leave the version before, and can be taken up again', () => {
    const file = join(tempDir(), 'a.db')
    unwrap(openDatabase(options(file))).close()
    const before = schemaOf(file)
    const interrupted: Migration = {
      version: migrations.length + 1,
      up(database) {
        database.exec('CREATE TABLE half (x INTEGER) STRICT')
        throw new Error('interrupted')
      },
    }
    expect(openDatabase(options(file, [...migrations, interrupted])).ok).toBe(false)
    expect(schemaOf(file)).toEqual(before)
    unwrap(openDatabase(options(file, [...migrations, { ...addColumn, version: migrations.length + 1 }]))).close()
    expect(inspect(file, (database) => database.prepare('SELECT x FROM added').pluck().all())).toEqual([1])
  })

  it('of which the first was interrupted leave a file that can be used', () => {
    const file = join(tempDir(), 'a.db')
    const broken: Migration = {
      version: 1,
      up() {
        throw new Error('interrupted')
      },
    }
    expect(openDatabase(options(file, [broken])).ok).toBe(false)
    unwrap(openDatabase(options(file))).close()
    expect(schemaOf(file)).toMatchObject({ version: migrations.length })
  })

  it('never touch a newer or a foreign file', () => {
    const dir = tempDir()
    const newer = join(dir, 'newer.db')
    unwrap(openDatabase(options(newer, [...migrations, { ...addColumn, version: migrations.length + 1 }]))).close()
    const foreign = join(dir, 'foreign.db')
    new Database(foreign).exec('CREATE TABLE theirs (x)').close()
    for (const [file, code] of [
      [newer, 'storage.newer'],
      [foreign, 'storage.foreign'],
    ] as const) {
      const before = readFileSync(file)
      expect(openDatabase(options(file))).toMatchObject({ ok: false, error: { code } })
      expect(readFileSync(file).equals(before)).toBe(true)
      expect(existsSync(`${file}-journal`)).toBe(false)
    }
  })
})
