/**
 * A new version in the real app, from a signed feed to the file that takes the old one's place, and the way back from
 * one that does not start. The app runs as an AppImage would: the file that stands for it only notes that it was started.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { newFeedKey } from '../../build/packaging/feedSignature.ts'
import { projectDir } from '../../build/scripts/run.ts'
import { demoSeed } from '../server/seed.ts'
import { type DemoServer, createDemoServer } from '../server/server.ts'
import { type StubFeed, publish, startFeed } from '../unit/updates/stubFeed.ts'
import { type LaunchedApp, backendTitle, backends, launch } from './launch.ts'
import { Person } from './person.ts'

const key = newFeedKey()
const backend = backends().find(({ name }) => name === 'chromium') ?? { name: 'chromium', missing: 'unknown' }

describe.skipIf(backend.missing !== null)(`new versions ${backendTitle(backend)}`, () => {
  let dir: string
  let server: DemoServer
  let feed: StubFeed
  let image: string

  /** The built app, as if a version of it were installed in a folder of its own. */
  function install(version: string): string {
    const folder = join(dir, `installed-${version}`)
    mkdirSync(folder)
    const manifest = JSON.parse(readFileSync(join(projectDir, 'package.json'), 'utf8')) as Record<string, unknown>
    const update = { feed: feed.url, publicKey: key.publicKey }
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...manifest, version, update }))
    writeFileSync(join(folder, 'app-update.yml'), 'provider: generic\nupdaterCacheDirName: godwit-updater\n')
    symlinkSync(join(projectDir, 'out'), join(folder, 'out'))
    return join(folder, 'out/main/index.js')
  }
  const env = (): Record<string, string> => ({
    GODWIT_HOST_PACKAGED: '1',
    APPIMAGE: image,
    APPDIR: dirname(process.execPath),
    XDG_CACHE_HOME: join(dir, 'cache'),
    XDG_CONFIG_HOME: join(dir, 'config'),
  })
  const personAt = (main: string): Person =>
    new Person({ server, dialect: 'im2', userId: 'alice', dir, backend: 'chromium', main, env: env() })
  /** Notes that it was started, and by what name. */
  const script = (version: string): Buffer =>
    Buffer.from(`#!/bin/sh\necho "${version} $0" > "${join(dir, 'started')}"\n`)
  const started = (): string | null =>
    existsSync(join(dir, 'started')) ? readFileSync(join(dir, 'started'), 'utf8').trim() : null

  beforeAll(async () => {
    server = await createDemoServer({ dialects: ['im2'], seed: demoSeed })
  })
  afterAll(() => server.close())
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'godwit-new-version-'))
    image = join(dir, 'Godwit.AppImage')
    writeFileSync(image, 'the old one')
    feed = await startFeed()
  })
  afterEach(async () => {
    await feed.close()
    rmSync(dir, { recursive: true, force: true })
  })

  it('is fetched when the user looks, told, and takes over when he restarts; what was being sent is sent', async () => {
    publish(feed, { version: '0.2.0', file: script('0.2.0') }, key.privateKey)
    const alice = personAt(install('0.1.0'))
    await alice.start()
    await alice.isOnline()
    const { page, app } = alice
    await page.getByRole('button', { name: 'Settings' }).click()
    await page.getByRole('tab', { name: 'About' }).click()
    await page.getByRole('button', { name: 'Look now' }).click()
    await page.getByText('Version 0.2.0 is ready. It takes over when Godwit is closed.').first().waitFor()
    expect(readFileSync(image, 'utf8')).toBe('the old one')
    await page.getByRole('button', { name: 'Chats' }).click()
    await alice.opens('Bob Keller')
    const news = page.getByRole('region', { name: 'New version' })
    await news.getByText('Version 0.2.0 is ready').waitFor()
    await alice.says('just before the new version')
    await news.getByRole('button', { name: 'Restart now' }).click()
    expect(await app.exited).toBe(0)
    expect(readFileSync(image)).toEqual(script('0.2.0'))
    await expect.poll(started).toBe(`0.2.0 ${image}`)
    expect(server.messages('im2').some(({ content }) => content.includes('just before the new version'))).toBe(true)
  })

  it('that somebody else signed is refused in words, and nothing is touched', async () => {
    publish(feed, { version: '0.2.0', file: script('0.2.0') }, newFeedKey().privateKey)
    const alice = personAt(install('0.1.0'))
    await alice.start()
    await alice.page.getByRole('button', { name: 'Settings' }).click()
    await alice.page.getByRole('tab', { name: 'About' }).click()
    await alice.page.getByRole('button', { name: 'Look now' }).click()
    await alice.page.getByText(/not from Godwit’s makers and was thrown away/).waitFor()
    await alice.quit()
    expect(readFileSync(image, 'utf8')).toBe('the old one')
  })

  it('that was killed twice before its window stood offers the way back, and takes it', async () => {
    publish(feed, { version: '0.1.0', file: script('0.1.0') }, key.privateKey, '0.1.0/')
    const userDataDir = join(dir, 'data')
    mkdirSync(userDataDir)
    const record = { version: '0.2.0', settled: false, starts: 2, before: '0.1.0', installing: null }
    writeFileSync(join(userDataDir, 'version.json'), JSON.stringify(record))
    const answers = JSON.stringify([{ kind: 'message', response: 0 }])
    const beginning = launch({
      userDataDir,
      backend: 'chromium',
      main: install('0.2.0'),
      env: { ...env(), GODWIT_HOST_ANSWERS: answers },
    })
    // It ends before there is a window, in good order.
    const code = await beginning.then(
      (app: LaunchedApp) => app.exited,
      (error: Error) => /ended \((\d+)\)/.exec(error.message)?.[1] ?? error,
    )
    expect(Number(code)).toBe(0)
    await expect.poll(started).toBe(`0.1.0 ${image}`)
    expect(readFileSync(image)).toEqual(script('0.1.0'))
    expect(JSON.parse(readFileSync(join(userDataDir, 'version.json'), 'utf8'))).toMatchObject({
      version: '0.2.0',
      starts: 3,
      installing: { version: '0.1.0', back: true },
    })
    // Nothing else was begun: no database was made.
    expect(existsSync(join(userDataDir, 'app.db'))).toBe(false)
  })

  it('left for the version before, leaves the messages as they were, and its own file beside them', async () => {
    const main = install('0.1.0')
    const before = personAt(main)
    await before.start()
    await before.isOnline()
    await before.opens('Bob Keller')
    await before.says('from before the update')
    await before.quit()

    // What a newer version does at its first start: a copy, then changes this one cannot read.
    const accounts = join(before.dataDir, 'accounts')
    const folder = join(accounts, readdirSync(accounts)[0] ?? '')
    const database = new Database(join(folder, 'messages.db'))
    const version = Number(database.pragma('user_version', { simple: true }))
    database.exec(`VACUUM INTO '${join(folder, `messages.before-migration-${version}.db`)}'`)
    database.exec('ALTER TABLE messages RENAME TO utterances')
    database.pragma(`user_version = ${version + 1}`)
    database.close()
    const installing = { version: '0.1.0', back: true }
    const record = { version: '0.2.0', settled: false, starts: 3, before: '0.1.0', installing }
    writeFileSync(join(before.dataDir, 'version.json'), JSON.stringify(record))

    const after = personAt(main)
    await after.start()
    await after.isOnline()
    await after.opens('Bob Keller')
    await after.page.getByRole('article', { name: /from before the update/ }).waitFor()
    await after.quit()
    expect(readdirSync(folder).some((name) => /^messages\.newer-\d{8}T\d{6}Z\.db$/.test(name))).toBe(true)
  })
})
