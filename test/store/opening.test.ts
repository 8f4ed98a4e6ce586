import { accountMigrations } from '#electron/adapters/sqlite/migrations/account/all.ts'
import { execFileSync } from 'node:child_process'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openAppDatabase } from '#electron/adapters/sqlite/appDatabase.ts'
import { openAccountDatabase, openAccountStore } from '#electron/adapters/sqlite/accountStore.ts'
import { inspect, now, self, send, team, tempDir, texts, unwrap } from './support.ts'

function madeStore(): string {
  const file = join(tempDir(), 'messages.db')
  const store = unwrap(openAccountStore({ file, selfId: self }))
  store.openConversation(team, now)
  send(store, 'kept')
  store.close()
  return file
}

/** To root every file can be written, so a process that has loaded everything becomes somebody else and asks. */
function openedByNobody(file: string): unknown {
  const module = new URL('../../electron/adapters/sqlite/accountStore.ts', import.meta.url).href
  const script = `
    const { openAccountStore } = await import(process.argv[1])
    openAccountStore({ file: ':memory:', selfId: 'me' }).value.close()
    if (process.getuid?.() === 0) {
      process.setgid(65534)
      process.setuid(65534)
    }
    const opened = openAccountStore({ file: process.argv[2], selfId: 'me' })
    console.log(JSON.stringify(opened.ok ? { ok: true } : opened))`
  return JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', script, module, file], { encoding: 'utf8' }),
  )
}

describe('opening an account’s database', () => {
  it('makes the file and the folders to it', () => {
    const file = join(tempDir(), 'accounts', 'a1', 'messages.db')
    unwrap(openAccountStore({ file, selfId: self })).close()
    expect(inspect(file, (database) => database.pragma('user_version', { simple: true }))).toBe(
      accountMigrations.length,
    )
  })

  it('leaves a file of a newer version as it is, to the byte', () => {
    const file = madeStore()
    inspect(file, (database) => database.pragma('user_version = 99'))
    const before = readFileSync(file)
    expect(openAccountStore({ file, selfId: self })).toMatchObject({
      error: { code: 'storage.newer', data: { version: 99 } },
    })
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  it('leaves files alone that are not ours: no database, another program’s, another kind of ours', () => {
    const dir = tempDir()
    const words = join(dir, 'words')
    writeFileSync(words, 'These words are no database. '.repeat(100))
    const foreign = join(dir, 'foreign.db')
    new Database(foreign).exec('CREATE TABLE theirs (x)').close()
    const app = join(dir, 'app.db')
    unwrap(openAppDatabase({ file: app })).close()
    for (const [file, code] of [
      [words, 'storage.corrupt'],
      [foreign, 'storage.foreign'],
      [app, 'storage.foreign'],
    ] as const) {
      const before = readFileSync(file)
      expect(openAccountStore({ file, selfId: self })).toMatchObject({ error: { code } })
      expect(readFileSync(file).equals(before)).toBe(true)
    }
  })

  it('refuses a database whose pages are damaged', () => {
    const file = madeStore()
    const bytes = readFileSync(file)
    writeFileSync(file, bytes.fill(0xa5, 100, 4096))
    expect(openAccountStore({ file, selfId: self })).toMatchObject({ error: { code: 'storage.corrupt' } })
  })

  it('refuses a second owner while there is one, and not afterwards', () => {
    const file = madeStore()
    const owner = unwrap(openAccountStore({ file, selfId: self }))
    expect(openAccountStore({ file, selfId: self, busyTimeoutMs: 20 })).toMatchObject({
      error: { code: 'storage.locked' },
    })
    owner.close()
    const next = unwrap(openAccountStore({ file, selfId: self, busyTimeoutMs: 20 }))
    expect(texts(next)).toEqual(['kept'])
    next.close()
  })

  it('refuses a file that belongs to another user', () => {
    const file = madeStore()
    expect(openAccountStore({ file, selfId: 'somebody else' })).toMatchObject({ error: { code: 'storage.foreign' } })
    unwrap(openAccountStore({ file, selfId: self })).close()
  })

  it('says that the place cannot be used', () => {
    const dir = tempDir()
    writeFileSync(join(dir, 'file'), '')
    expect(openAccountStore({ file: join(dir, 'file', 'messages.db'), selfId: self }).ok).toBe(false)
    expect(openAccountStore({ file: dir, selfId: self })).toMatchObject({ error: { code: 'storage.failed' } })
  })

  it('says that the file, or the folder for it, can only be read', () => {
    const file = madeStore()
    chmodSync(file, 0o444)
    chmodSync(dirname(file), 0o555)
    onTestFinished(() => chmodSync(dirname(file), 0o755))
    for (const path of [file, join(dirname(file), 'new.db'), join(dirname(file), 'folder', 'new.db')]) {
      expect(openedByNobody(path)).toMatchObject({ ok: false, error: { code: 'storage.readOnly' } })
    }
  })

  it('sets what safety asks for', () => {
    const database = unwrap(openAccountDatabase({ file: join(tempDir(), 'messages.db'), selfId: self }))
    const setting = (name: string) => database.pragma(name, { simple: true })
    expect(setting('journal_mode')).toBe('wal')
    expect(setting('synchronous')).toBe(1)
    expect(setting('foreign_keys')).toBe(1)
    expect(setting('trusted_schema')).toBe(0)
    expect(setting('journal_size_limit')).toBe(64 * 1024 * 1024)
    const tables = database
      .prepare(
        "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'",
      )
      .all()
    expect(tables).not.toHaveLength(0)
    expect(tables).toEqual(
      tables.map((table) => expect.objectContaining({ ...(table as object), strict: 1 }) as unknown),
    )
    database.pragma('writable_schema = ON')
    expect(() => database.exec("UPDATE sqlite_schema SET sql = ''")).toThrow()
    database.close()
  })
})
