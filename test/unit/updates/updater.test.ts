/**
 * The real updater library against a real server: what is offered, fetched and put in place, and what is refused. An
 * AppImage stands for the others: the checks before its installation are the same for all.
 */
import { EventEmitter } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Updater } from '#electron/core/ports/updater.ts'
import { newFeedKey, signFeed } from '../../../build/packaging/feedSignature.ts'
import { ClientRequest } from '../../host/electron/clientRequest.ts'
import { type StubFeed, feedName, feedText, publish, startFeed } from './stubFeed.ts'

const running = '0.1.0'
const key = newFeedKey()
const stranger = newFeedKey()
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }

let dir = ''
let image = ''
let feed: StubFeed
let quits = 0

/** What the library asks of Electron; loading the real package would try to download it. */
function standInElectron(): () => void {
  const load = createRequire(import.meta.url)
  const path = load.resolve('electron')
  const app = Object.assign(new EventEmitter(), {
    isPackaged: true,
    whenReady: () => Promise.resolve(),
    getVersion: () => running,
    getName: () => 'godwit',
    getPath: () => join(dir, 'data'),
    getAppPath: () => dir,
    quit: () => void quits++,
  })
  const exports = {
    app,
    net: { request: (options: ConstructorParameters<typeof ClientRequest>[0]) => new ClientRequest(options) },
    session: { fromPartition: () => ({}) },
    autoUpdater: new EventEmitter(),
  }
  load.cache[path] = { id: path, path, filename: path, loaded: true, exports, children: [], paths: [] } as never
  return () => void delete load.cache[path]
}

let dropElectron: () => void
let createUpdater: typeof import('#electron/adapters/updater/createUpdater.ts').createUpdater
beforeAll(async () => {
  dropElectron = standInElectron()
  ;({ createUpdater } = await import('#electron/adapters/updater/createUpdater.ts'))
})
afterAll(() => dropElectron())

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'godwit-updates-'))
  image = join(dir, 'Godwit.AppImage')
  writeFileSync(image, 'the old one')
  writeFileSync(join(dir, 'app-update.yml'), 'provider: generic\nupdaterCacheDirName: godwit-updater\n')
  mkdirSync(join(dir, 'data'))
  vi.stubEnv('APPIMAGE', image)
  vi.stubEnv('XDG_CACHE_HOME', join(dir, 'cache'))
  Object.defineProperty(process, 'resourcesPath', { value: dir, configurable: true })
  quits = 0
  feed = await startFeed()
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await feed.close()
  rmSync(dir, { recursive: true, force: true })
})

function updaterOf(options: { only?: string; publicKey?: string } = {}): Updater {
  return createUpdater({
    kind: 'appImage',
    feed: feed.url,
    publicKey: options.publicKey ?? key.publicKey,
    fetch: (url, init) => fetch(url, init),
    only: options.only ?? null,
    log: quiet,
  })
}

const newOne = { version: '0.2.0', file: Buffer.from('#!/bin/sh\nexit 0\n') }
const nothing = (): void => undefined

/** Found and fetched. */
async function ready(options: Parameters<typeof updaterOf>[0] = {}): Promise<Updater> {
  const updater = updaterOf(options)
  expect(await updater.check()).toMatchObject({ ok: true, value: { version: expect.any(String) } })
  expect(await updater.load(nothing)).toMatchObject({ ok: true })
  return updater
}

/** Where the library keeps what it fetched. */
const pending = (): string => join(dir, 'cache/godwit-updater/pending')

describe('a signed feed', () => {
  it('offers what is newer, and the file takes the old one’s place under the old name', async () => {
    publish(feed, newOne, key.privateKey)
    const updater = await ready()
    expect(readFileSync(image, 'utf8')).toBe('the old one')
    expect(await updater.install({ restart: false })).toEqual({ ok: true, value: { ends: true } })
    expect(readFileSync(image)).toEqual(newOne.file)
    expect(statSync(image).mode & 0o777).toBe(0o755)
    expect(readdirSync(dir).filter((name) => name.includes('AppImage'))).toEqual(['Godwit.AppImage'])
    await expect.poll(() => quits).toBe(1)
  })

  it('starts the new one when it is to, without what belonged to the old one', async () => {
    const script = `#!/bin/sh\necho "$0 APPIMAGE=$APPIMAGE APPDIR=$APPDIR" > "${join(dir, 'started')}.tmp" && mv "${join(dir, 'started')}.tmp" "${join(dir, 'started')}"\n`
    vi.stubEnv('APPDIR', '/tmp/.mount_old')
    publish(feed, { ...newOne, file: Buffer.from(script) }, key.privateKey)
    const updater = await ready()
    await updater.install({ restart: true })
    await expect.poll(() => existsSync(join(dir, 'started'))).toBe(true)
    expect(readFileSync(join(dir, 'started'), 'utf8')).toBe(`${image} APPIMAGE= APPDIR=\n`)
  })

  it('offers nothing when this is the newest, and nothing older, though it is signed', async () => {
    for (const version of ['0.1.0', '0.0.9']) {
      publish(feed, { ...newOne, version }, key.privateKey)
      expect(await updaterOf().check()).toEqual({ ok: true, value: null })
    }
  })

  it('offers a staged version to those who are drawn, and draws each only once', async () => {
    publish(feed, { ...newOne, percent: 0 }, key.privateKey)
    expect(await updaterOf().check()).toEqual({ ok: true, value: null })
    publish(feed, { ...newOne, percent: 100 }, key.privateKey)
    expect(await updaterOf().check()).toMatchObject({ value: { version: '0.2.0' } })
    publish(feed, { ...newOne, percent: 50 }, key.privateKey)
    const answers = await Promise.all([1, 2, 3, 4].map(() => updaterOf().check()))
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
  })

  it('never hears which computer asks', async () => {
    publish(feed, newOne, key.privateKey)
    await ready()
    expect(feed.asked.length).toBeGreaterThan(1)
    for (const { headers } of feed.asked) {
      expect(Object.keys(headers)).not.toContain('x-user-staging-id')
      expect(headers.cookie).toBeUndefined()
    }
  })

  it('fetched once is not fetched again', async () => {
    publish(feed, newOne, key.privateKey)
    await ready()
    const fetched = feed.asked.filter(({ path }) => path.endsWith('.AppImage')).length
    await ready()
    expect(feed.asked.filter(({ path }) => path.endsWith('.AppImage')).length).toBe(fetched)
  })
})

describe('what is refused', () => {
  const untrusted = { ok: false, error: { code: 'update.untrusted' } }
  const signed = (): string => signFeed(feedText(newOne), feedName, key.privateKey)

  it.each<[what: string, text: () => string]>([
    ['no signature', () => feedText(newOne)],
    ['somebody else’s signature', () => signFeed(feedText(newOne), feedName, stranger.privateKey)],
    ['a version put in afterwards', () => signed().replace('version: 0.2.0', 'version: 0.3.0')],
    ['a hash put in afterwards', () => signed().replaceAll(/sha512: \S+/g, `sha512: ${'A'.repeat(86)}==`)],
    ['a share of users put in afterwards', () => `${signed()}stagingPercentage: 100\n`],
    ['the feed of another system', () => signFeed(feedText(newOne), 'latest-mac.yml', key.privateKey)],
    [
      'the feed of one version in place of the newest',
      () => signFeed(feedText(newOne), `0.2.0/${feedName}`, key.privateKey),
    ],
    ['a cut off file', () => signed().slice(0, -20)],
    ['a signature that is none', () => `# signature: ${'!'.repeat(88)}\n${feedText(newOne)}`],
    ['a second signature line', () => `# signature: ${'A'.repeat(86)}==\n${signed()}`],
    ['carriage returns', () => signed().replaceAll('\n', '\r\n')],
    ['a page that is no feed', () => '<html>Please sign in to this network</html>'],
    ['endless bytes', () => 'x'.repeat(2_000_000)],
    ['nothing', () => ''],
  ])('%s', async (_what, text) => {
    feed.files.set(feedName, text())
    feed.files.set('godwit-0.2.0.AppImage', newOne.file)
    expect(await updaterOf().check()).toMatchObject(untrusted)
    expect(feed.asked.map(({ path }) => path)).toEqual([feedName])
  })

  it('a signed feed that is no feed', async () => {
    feed.files.set(feedName, signFeed('{{{ not: yaml', feedName, key.privateKey))
    expect(await updaterOf().check()).toMatchObject(untrusted)
  })

  it('a server that is not there, which is no breach', async () => {
    expect(await updaterOf().check()).toMatchObject({ ok: false, error: { code: 'update.unreachable' } })
  })

  it('a file that is not what was signed', async () => {
    publish(feed, newOne, key.privateKey)
    feed.files.set('godwit-0.2.0.AppImage', Buffer.from('#!/bin/sh\nexit 1\n'))
    const updater = updaterOf()
    await updater.check()
    expect(await updater.load(nothing)).toMatchObject(untrusted)
    expect(await updater.install({ restart: false })).toMatchObject({ ok: false })
    expect(readFileSync(image, 'utf8')).toBe('the old one')
  })

  it('a truncated file', async () => {
    publish(feed, { ...newOne, file: Buffer.alloc(300_000, 'x') }, key.privateKey)
    feed.files.set('godwit-0.2.0.AppImage', Buffer.alloc(200_000, 'x'))
    const updater = updaterOf()
    await updater.check()
    expect(await updater.load(nothing)).toMatchObject(untrusted)
  })

  it('a file that ends with its connection', async () => {
    publish(feed, { ...newOne, file: Buffer.alloc(300_000, 'x') }, key.privateKey)
    feed.cutAfter = 100_000
    const updater = updaterOf()
    await updater.check()
    expect(await updater.load(nothing)).toMatchObject({ ok: false })
    expect(existsSync(pending()) ? readdirSync(pending()) : []).toEqual([])
  })

  it('a file with more behind it', async () => {
    publish(feed, { ...newOne, file: Buffer.alloc(300_000, 'x') }, key.privateKey)
    feed.surplus = 5_000_000
    const updater = updaterOf()
    await updater.check()
    expect(await updater.load(nothing)).toMatchObject(untrusted)
  })

  it('a fetched file that somebody touched in its folder', async () => {
    publish(feed, newOne, key.privateKey)
    const updater = await ready()
    writeFileSync(join(pending(), 'godwit-0.2.0.AppImage'), 'something else')
    expect(await updater.install({ restart: false })).toMatchObject(untrusted)
    expect(readFileSync(image, 'utf8')).toBe('the old one')
    expect(quits).toBe(0)
  })

  it('a file from an earlier run that somebody put there', async () => {
    publish(feed, newOne, key.privateKey)
    await ready()
    writeFileSync(join(pending(), 'godwit-0.2.0.AppImage'), 'something else')
    const updater = await ready()
    await updater.install({ restart: false })
    expect(readFileSync(image)).toEqual(newOne.file)
  })

  it('an address that leads out of the folder for fetched files', async () => {
    publish(feed, { ...newOne, name: '..%2F..%2Fout.AppImage' }, key.privateKey)
    feed.files.set('../../out.AppImage', newOne.file)
    const updater = updaterOf()
    await updater.check()
    await updater.load(nothing)
    expect(existsSync(join(dir, 'cache/out.AppImage'))).toBe(false)
    expect(existsSync(join(dir, 'out.AppImage'))).toBe(false)
  })
})

describe('a new version that cannot take the place', () => {
  it('leaves the old one whole, and the program does not end by it', async () => {
    publish(feed, newOne, key.privateKey)
    const updater = await ready()
    vi.stubEnv('APPIMAGE', join(dir, 'gone', 'Godwit.AppImage'))
    expect(await updater.install({ restart: false })).toMatchObject({
      ok: false,
      error: { code: 'update.notInstalled' },
    })
    expect(readFileSync(image, 'utf8')).toBe('the old one')
    expect(quits).toBe(0)
  })
})

describe('the way back', () => {
  const old = { version: '0.0.9', file: Buffer.from('#!/bin/sh\nexit 9\n') }

  it('leads to just that version, though it is older', async () => {
    publish(feed, newOne, key.privateKey)
    publish(feed, old, key.privateKey, '0.0.9/')
    const updater = await ready({ only: '0.0.9' })
    await updater.install({ restart: false })
    expect(readFileSync(image)).toEqual(old.file)
  })

  it('is refused when another version lies there', async () => {
    publish(feed, { ...old, version: '0.0.8' }, key.privateKey, '0.0.9/')
    expect(await updaterOf({ only: '0.0.9' }).check()).toMatchObject({ error: { code: 'update.untrusted' } })
  })
})
