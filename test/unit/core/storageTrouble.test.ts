/** F19–F23 as the core meets them: one account's storage fails, and only that account stops, says why, and has a way on. */
import { accountMigrations } from '#electron/adapters/sqlite/migrations/account/all.ts'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Result, fail, ok } from '#common/base/result.ts'
import type { Account } from '#common/domain/account.ts'
import { systemClock, systemRandom } from '#electron/adapters/clock/systemClock.ts'
import { openAccountStore } from '#electron/adapters/sqlite/accountStore.ts'
import { openAppDatabase } from '#electron/adapters/sqlite/appDatabase.ts'
import { repairOnThread } from '#electron/adapters/sqlite/repairThread.ts'
import { createWorkerStore } from '#electron/adapters/sqlite/workerStore.ts'
import { Accounts, type StoreWatch } from '#electron/core/accounts.ts'
import type { AppStore } from '#electron/core/ports/appStore.ts'
import { dialects } from '#electron/dialect/registry.ts'
import { FakeTransport, silentLog } from '#test/fakes/fakeTransport.ts'
import { everythingPrecious, flipPages, madeAccount, messageCount, pagesOf, preciousOf } from '#test/store/damage.ts'
import { inspect, self, unwrap } from '#test/store/support.ts'
import { createFakeFiles } from '../attachments/desk.ts'

// Threads start slowly where others work as well.
vi.setConfig({ testTimeout: 60_000 })

const workerUrl = new URL('../../../electron/adapters/sqlite/worker.ts', import.meta.url)

class FakeKeyStore {
  readonly tokens = new Map<string, string>()
  locked = false
  read(accountId: string): Promise<Result<string | null>> {
    const token = this.tokens.get(accountId) ?? null
    return Promise.resolve(this.locked && token !== null ? fail('account.secretUnavailable') : ok(token))
  }
  write(accountId: string, token: string): Promise<void> {
    this.tokens.set(accountId, token)
    return Promise.resolve()
  }
  remove(accountId: string): Promise<void> {
    this.tokens.delete(accountId)
    return Promise.resolve()
  }
}

let dir: string
let appStore: AppStore
let keyStore: FakeKeyStore
let accounts: Accounts
let watches: Map<string, StoreWatch>
let files: Map<string, string>

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'godwit-trouble-'))
  appStore = unwrap(openAppDatabase({ file: join(dir, 'app.db') }))
  keyStore = new FakeKeyStore()
  watches = new Map()
  files = new Map()
  const fileOf = (id: string): string => files.get(id) ?? join(dir, id, 'messages.db')
  accounts = new Accounts({
    appStore,
    secrets: keyStore,
    dialects,
    openStore: ({ id, profile }, watch) => {
      watches.set(id, watch)
      return createWorkerStore({ workerUrl, file: fileOf(id), selfId: profile.userId, busyTimeoutMs: 50, ...watch })
    },
    repairStore: ({ id, profile }) => repairOnThread({ workerUrl, file: fileOf(id), selfId: profile.userId }),
    openMedia: () => ({
      files: createFakeFiles(),
      upload: () => {
        throw new Error('no upload here')
      },
      fetch: () => {
        throw new Error('nothing is fetched')
      },
      download: () => {
        throw new Error('no download here')
      },
    }),
    eraseStore: () => Promise.resolve(),
    transport: new FakeTransport(),
    clock: systemClock,
    random: systemRandom,
    log: silentLog,
  })
})

afterEach(async () => {
  await accounts.close()
  appStore.close()
  rmSync(dir, { recursive: true, force: true })
})

function have(id: string, file?: string): void {
  appStore.saveAccount({
    id,
    managed: false,
    signedIn: true,
    profile: { dialect: 'im2', url: `wss://${id}.example.org/ws`, userId: self, deviceId: `device-${id}` },
  })
  keyStore.tokens.set(id, `token-${id}`)
  if (file !== undefined) files.set(id, file)
}

function shown(id: string): Account {
  const account = accounts.list().find((one) => one.id === id)
  if (account === undefined) throw new Error('not listed')
  return account
}

function damagedFile(): string {
  const file = madeAccount()
  flipPages(file, pagesOf(file, 'messages').slice(3, 4))
  // What is opened after an end without closing is looked through.
  writeFileSync(`${file}-wal`, Buffer.alloc(10))
  return file
}

describe('an account whose stored messages are damaged', () => {
  it('is stopped and says so, and the others run', async () => {
    have('good')
    have('bad', damagedFile())
    await accounts.start([])
    expect(shown('good').trouble).toBeNull()
    expect(shown('bad').trouble).toMatchObject({ code: 'storage.corrupt', stopped: true, repairable: true })
    expect(accounts.session('bad')).toMatchObject({ ok: false, error: { code: 'storage.corrupt' } })
    expect(accounts.session('good').ok).toBe(true)
  })

  it('is repaired on the user’s word: it runs, nothing that waited is lost, the old file is kept', async () => {
    const file = damagedFile()
    have('bad', file)
    await accounts.start([])
    const report = unwrap(await accounts.repair('bad'))
    expect(report).toMatchObject({ queued: 6, drafts: 2, conversations: 2, whole: false })
    expect(report.messages).toBeGreaterThan(messageCount * 0.95)
    expect(shown('bad').trouble).toBeNull()
    const drafts = (await unwrap(accounts.session('bad')).store.snapshot()).conversations.map(({ draft }) => draft)
    expect(drafts.sort()).toEqual(everythingPrecious.drafts.map(([, draft]) => draft).sort())
    await accounts.close()
    expect(preciousOf(file)).toEqual(everythingPrecious)
    expect(readdirSync(join(file, '..'))).toContain(report.keptAs)
  })

  it('found while it runs is stopped the same way, once, and its session ends', async () => {
    const file = madeAccount()
    flipPages(file, pagesOf(file, 'messages').slice(40, 41))
    have('bad', file)
    await accounts.start([])
    expect(shown('bad').trouble).toBeNull()
    const { store } = unwrap(accounts.session('bad'))
    const lists: unknown[] = []
    accounts.onListChanged((list) => lists.push(list))
    const read = Array.from({ length: messageCount / 100 }, (_, index) =>
      store.page(
        'group:team',
        { at: 'before', position: { sequence: String((index + 1) * 100), time: 0, id: '' } },
        100,
      ),
    )
    const refused = (await Promise.allSettled(read)).filter(({ status }) => status === 'rejected')
    expect(refused.length).toBeGreaterThan(0)
    await expect.poll(() => shown('bad').trouble).toMatchObject({ code: 'storage.corrupt', stopped: true })
    expect(lists).toHaveLength(1)
    expect(accounts.session('bad').ok).toBe(false)
    expect(unwrap(await accounts.repair('bad'))).toMatchObject({ queued: 6, drafts: 2 })
    expect(accounts.session('bad').ok).toBe(true)
  })

  it('is repaired by one hand only', async () => {
    have('bad', damagedFile())
    await accounts.start([])
    const both = await Promise.all([accounts.repair('bad'), accounts.repair('bad')])
    expect(both.map((result) => result.ok)).toEqual([true, false])
    expect(await accounts.repair('bad')).toMatchObject({ ok: false })
  })
})

describe('an account whose file is not to be touched', () => {
  it('because a newer version wrote it runs once that is gone, and is never repaired', async () => {
    const file = madeAccount()
    inspect(file, (database) => database.pragma('user_version = 99'))
    have('newer', file)
    await accounts.start([])
    expect(shown('newer').trouble).toMatchObject({ code: 'storage.newer', stopped: true, repairable: false })
    expect(await accounts.repair('newer')).toMatchObject({ ok: false })
    expect(await accounts.tryAgain('newer')).toMatchObject({ ok: false, error: { code: 'storage.newer' } })
    inspect(file, (database) => database.pragma(`user_version = ${accountMigrations.length}`))
    expect(await accounts.tryAgain('newer')).toEqual(ok({}))
    expect(shown('newer').trouble).toBeNull()
  })

  it('because it is another user’s is put aside on the user’s word', async () => {
    const file = madeAccount()
    inspect(file, (database) => database.exec("UPDATE meta SET self_id = 'somebody else'"))
    have('foreign', file)
    await accounts.start([])
    expect(shown('foreign').trouble).toMatchObject({ code: 'storage.foreign', stopped: true, repairable: true })
    expect(unwrap(await accounts.repair('foreign'))).toMatchObject({ messages: 0, queued: 0 })
    expect((await unwrap(accounts.session('foreign')).store.snapshot()).conversations).toEqual([])
  })

  it('because another program holds it runs once that has let go', async () => {
    const file = madeAccount()
    have('locked', file)
    const owner = unwrap(openAccountStore({ file, selfId: self }))
    await accounts.start([])
    owner.close()
    expect(shown('locked').trouble).toMatchObject({ code: 'storage.locked', stopped: true, repairable: false })
    expect(await accounts.tryAgain('locked')).toEqual(ok({}))
  })

  it('because its folder is no folder says that storage failed', async () => {
    writeFileSync(join(dir, 'odd'), '')
    have('odd')
    await accounts.start([])
    expect(shown('odd').trouble).toMatchObject({ stopped: true, repairable: false })
    rmSync(join(dir, 'odd'))
    mkdirSync(join(dir, 'odd'))
    expect(await accounts.tryAgain('odd')).toEqual(ok({}))
  })
})

describe('an account that cannot write now', () => {
  it('runs on, says so, and stops saying so when it can', async () => {
    have('full')
    await accounts.start([])
    watches.get('full')?.onStrained({ code: 'storage.full' })
    expect(shown('full').trouble).toMatchObject({ code: 'storage.full', stopped: false, repairable: false })
    expect(accounts.session('full').ok).toBe(true)
    watches.get('full')?.onStrained(null)
    expect(shown('full').trouble).toBeNull()
  })

  it('whose thread came back tells that changes may be missing', async () => {
    have('back')
    await accounts.start([])
    const lost: string[] = []
    accounts.onChangesLost((id) => lost.push(id))
    watches.get('back')?.onRecovered()
    expect(lost).toEqual(['back'])
  })
})

describe('a key store that does not give the token (F23)', () => {
  it('asks for a sign-in, keeps the sealed token, and goes on by itself once it is unlocked', async () => {
    have('sealed', madeAccount())
    keyStore.locked = true
    await accounts.start([])
    expect(shown('sealed')).toMatchObject({
      signedIn: false,
      trouble: { code: 'account.secretUnavailable', stopped: false },
    })
    const { store } = unwrap(accounts.session('sealed'))
    expect((await store.snapshot()).conversations).toHaveLength(2)
    expect(await store.outboxSize()).toBe(6)
    expect(keyStore.tokens.get('sealed')).toBe('token-sealed')
    expect(await accounts.tryAgain('sealed')).toMatchObject({ ok: false, error: { code: 'account.secretUnavailable' } })
    keyStore.locked = false
    expect(await accounts.tryAgain('sealed')).toEqual(ok({}))
    expect(shown('sealed')).toMatchObject({ signedIn: true, trouble: null })
    expect(appStore.accounts()).toMatchObject([{ signedIn: true }])
  })
})
