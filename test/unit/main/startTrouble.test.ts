/** The program's own database in trouble, before there is a window. */
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openAppDatabase, repairAppDatabase } from '#electron/adapters/sqlite/appDatabase.ts'
import type { AppStore } from '#electron/core/ports/appStore.ts'
import { type Question, openOrAsk } from '#electron/main/startTrouble.ts'
import { silentLog } from '#test/fakes/fakeTransport.ts'
import { flipPages, pagesOf } from '#test/store/damage.ts'
import { inspect, unwrap } from '#test/store/support.ts'

let dir: string
let file: string
let asked: Question[]

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'godwit-app-'))
  file = join(dir, 'app.db')
  asked = []
  const store = unwrap(openAppDatabase({ file }))
  store.saveAccount({
    id: 'a',
    profile: { dialect: 'im2', url: 'wss://chat.example.org/ws', userId: 'me', deviceId: 'd1' },
    managed: false,
    signedIn: true,
  })
  store.writeSealed('a', new Uint8Array([1, 2, 3]))
  store.saveSetting('language', 'zh-CN')
  store.close()
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

/** Presses the buttons of these names, one after the other. */
function start(presses: readonly string[], facts: { locale?: 'zh-CN' | 'en'; show?: () => void } = {}) {
  const left = [...presses]
  return openOrAsk({
    open: () => openAppDatabase({ file, busyTimeoutMs: 20 }),
    repair: () => repairAppDatabase(file, new Date(0)),
    show: facts.show ?? (() => undefined),
    locale: facts.locale ?? 'en',
    ask: (question) => {
      asked.push(question)
      const press = left.shift() ?? ''
      if (!question.buttons.includes(press)) throw new Error(`no ${press} among ${question.buttons.join()}`)
      return Promise.resolve(question.buttons.indexOf(press))
    },
    log: silentLog,
  })
}

function closed(store: AppStore | null): void {
  if (store === null) throw new Error('not opened')
  store.close()
}

describe('the application’s database at the start', () => {
  it('that is well is opened without a question', async () => {
    closed(await start([]))
    expect(asked).toEqual([])
  })

  it('with damaged settings is repaired on the user’s word: accounts and sealed tokens are saved', async () => {
    flipPages(file, pagesOf(file, 'settings'))
    const before = readFileSync(file)
    const store = await start(['Repair and keep the old file', 'Go on'])
    expect(store?.accounts()).toMatchObject([{ id: 'a', profile: { userId: 'me' } }])
    expect([...(store?.readSealed('a') ?? [])]).toEqual([1, 2, 3])
    closed(store)
    expect(asked.map(({ message }) => message)).toEqual([
      'Godwit’s list of accounts and settings is damaged.',
      'One account was saved.',
    ])
    expect(readFileSync(join(dir, 'app.damaged-19700101T000000Z.db')).equals(before)).toBe(true)
  })

  it('with its first page lost still gives back its accounts', async () => {
    flipPages(file, [1])
    const store = await start(['Repair and keep the old file', 'Go on'])
    expect(store?.accounts()).toHaveLength(1)
    closed(store)
  })

  it('is not repaired unless somebody says so', async () => {
    flipPages(file, pagesOf(file, 'accounts'))
    const before = readFileSync(file)
    expect(await start(['Try again', 'Show the file', 'Quit'])).toBeNull()
    expect(readFileSync(file).equals(before)).toBe(true)
    expect(readdirSync(dir).filter((name) => name.endsWith('.db'))).toEqual(['app.db'])
  })

  it('of a newer version is only told about, and shown where it lies', async () => {
    inspect(file, (database) => database.pragma('user_version = 99'))
    const before = readFileSync(file)
    let shown = 0
    expect(await start(['Show the file', 'Quit'], { show: () => shown++ })).toBeNull()
    expect(shown).toBe(1)
    expect(asked[0]?.buttons).toEqual(['Try again', 'Show the file', 'Quit'])
    expect(asked[0]?.detail).toContain('Install the newest version')
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  it('held by another program is opened once that has let go', async () => {
    const owner = unwrap(openAppDatabase({ file }))
    const first = start(['Try again'])
    owner.close()
    closed(await first)
    expect(asked[0]?.message).toBe('Another program is using Godwit’s accounts and settings.')
  })

  it('says it in Chinese to whom reads Chinese', async () => {
    writeFileSync(file, 'no database '.repeat(1000))
    const store = await start(['修复并保留旧文件', '继续'], { locale: 'zh-CN' })
    expect(store?.accounts()).toEqual([])
    closed(store)
    expect(asked[0]?.message).toBe('Godwit 的账号和设置文件已损坏。')
  })
})
