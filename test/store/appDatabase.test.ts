import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openAppDatabase } from '#electron/adapters/sqlite/appDatabase.ts'
import type { AccountRecord } from '#electron/core/ports/appStore.ts'
import { inspect, tempDir, unwrap } from './support.ts'

function account(id: string, facts: Partial<AccountRecord> = {}): AccountRecord {
  return {
    id,
    profile: { dialect: 'im2', url: 'wss://chat.example.org/ws', userId: 'me', deviceId: 'd1' },
    managed: false,
    signedIn: true,
    ...facts,
  }
}

describe('the application’s database', () => {
  it('keeps accounts in the order of adding, and replaces by id', () => {
    const file = join(tempDir(), 'app.db')
    const store = unwrap(openAppDatabase({ file }))
    for (const id of ['z', 'a', 'm']) store.saveAccount(account(id))
    store.saveAccount(account('z', { signedIn: false, managed: true }))
    store.close()
    const again = unwrap(openAppDatabase({ file }))
    expect(again.accounts().map(({ id }) => id)).toEqual(['z', 'a', 'm'])
    expect(again.accounts()[0]).toEqual(account('z', { signedIn: false, managed: true }))
    again.close()
  })

  it('drops an account together with its sealed secret', () => {
    const store = unwrap(openAppDatabase({ file: ':memory:' }))
    store.saveAccount(account('a'))
    store.writeSealed('a', new Uint8Array([1, 2, 3]))
    store.writeSealed('a', new Uint8Array([4, 5]))
    expect([...(store.readSealed('a') ?? [])]).toEqual([4, 5])
    store.removeAccount('a')
    expect(store.readSealed('a')).toBeNull()
    store.saveAccount(account('a'))
    store.writeSealed('a', new Uint8Array([6]))
    store.removeSealed('a')
    expect(store.readSealed('a')).toBeNull()
    store.close()
  })

  it('leaves no byte of an account that was dropped, in no file, while it is still open', () => {
    const dir = tempDir()
    const store = unwrap(openAppDatabase({ file: join(dir, 'app.db') }))
    const holding = (text: string): string[] =>
      readdirSync(dir).filter((name) => readFileSync(join(dir, name)).includes(text))
    const token = new TextEncoder().encode('sealed-token-of-somebody')
    for (const id of ['stays', 'goes']) {
      const profile = { ...account(id).profile, userId: `person-who-${id}` }
      store.saveAccount(account(id, { profile }))
      store.saveAccount(account(id, { profile: { ...profile, contacts: [] } }))
    }
    store.writeSealed('goes', token)
    expect(holding('person-who-goes')).not.toEqual([])
    store.removeSealed('goes')
    store.removeAccount('goes')
    expect([holding('person-who-goes'), holding('sealed-token-of-somebody')]).toEqual([[], []])
    expect(holding('person-who-stays')).not.toEqual([])
    store.close()
  })

  it('keeps settings and window state as JSON, and leaves out what is none', () => {
    const file = join(tempDir(), 'app.db')
    const store = unwrap(openAppDatabase({ file }))
    store.saveSetting('theme', 'dark')
    store.saveSetting('theme', 'light')
    store.writeState('bounds', '{"x":1}')
    expect(store.readState('none')).toBeNull()
    store.close()
    inspect(file, (database) => database.exec("INSERT INTO settings VALUES ('broken', '{')"))
    const again = unwrap(openAppDatabase({ file }))
    expect([...again.settings()]).toEqual([['theme', 'light']])
    expect(again.readState('bounds')).toBe('{"x":1}')
    again.removeState('bounds')
    again.removeState('none')
    expect(again.readState('bounds')).toBeNull()
    again.close()
  })

  it('leaves out an account that it cannot read, and leaves it in the file', () => {
    const file = join(tempDir(), 'app.db')
    unwrap(openAppDatabase({ file })).close()
    inspect(file, (database) =>
      database.exec(
        'INSERT INTO accounts (id, profile, managed, signed_in) VALUES (\'x\', \'{"dialect":"next"}\', 0, 1)',
      ),
    )
    const store = unwrap(openAppDatabase({ file }))
    store.saveAccount(account('a'))
    expect(store.accounts().map(({ id }) => id)).toEqual(['a'])
    store.close()
    expect(inspect(file, (database) => database.prepare('SELECT count(*) FROM accounts').pluck().get())).toBe(2)
  })

  it('is written with an fsync each time', () => {
    const statements: string[] = []
    const store = unwrap(
      openAppDatabase({ file: join(tempDir(), 'app.db'), trace: (statement) => statements.push(statement) }),
    )
    const modes = statements.filter((statement) => statement.startsWith('PRAGMA synchronous'))
    expect(modes.at(-1)).toBe('PRAGMA synchronous = FULL')
    store.close()
  })
})
