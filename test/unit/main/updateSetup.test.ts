/** Where a program looks for newer ones: what it was packed with, and what the administrator says about it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { updateSetup } from '../../../electron/main/updateSetup.ts'

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'godwit-setup-'))
  writeFileSync(join(dir, 'Godwit.AppImage'), '')
  vi.stubEnv('APPIMAGE', join(dir, 'Godwit.AppImage'))
  vi.stubEnv('APPDIR', dirname(process.execPath))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(dir, { recursive: true, force: true })
})

const feed = 'https://updates.example.org/godwit'
const installed = (update: unknown) => {
  writeFileSync(join(dir, 'package.json'), JSON.stringify({ name: 'godwit', update }))
  return { isPackaged: true, getAppPath: () => dir }
}

// An AppImage is what can be had of an installed program on the machine of the tests.
describe.skipIf(process.platform !== 'linux')('the feed of an installed program (skipped but on Linux)', () => {
  it('is the one it was packed with', () => {
    expect(updateSetup(installed({ feed, publicKey: 'key' }), true)).toEqual({
      kind: 'appImage',
      feed,
      publicKey: 'key',
    })
  })

  it('may be a mirror, by the administrator’s wish; the key stays', () => {
    const mirror = 'https://intranet.example.org/godwit'
    expect(updateSetup(installed({ feed, publicKey: 'key' }), { feed: mirror })).toMatchObject({
      feed: mirror,
      publicKey: 'key',
    })
  })

  it('is none where the administrator says so', () => {
    expect(updateSetup(installed({ feed, publicKey: 'key' }), false)).toBe('administrator')
  })

  it.each([undefined, null, {}, { feed }, { publicKey: 'key' }, 'https://x'])(
    'is none when it was packed with %j',
    (update) => {
      expect(updateSetup(installed(update), true)).toBe('noFeed')
    },
  )

  it.each(['http://updates.example.org', 'file:///tmp/feed', 'ftp://updates.example.org', 'no address'])(
    'is none when its address is %s',
    (address) => {
      expect(updateSetup(installed({ feed: address, publicKey: 'key' }), true)).toBe('noFeed')
      expect(updateSetup(installed({ feed, publicKey: 'key' }), { feed: address })).toBe('noFeed')
    },
  )

  it('is not asked for by a program that runs from its sources', () => {
    expect(updateSetup({ isPackaged: false, getAppPath: () => '/nowhere' }, true)).toBe('sources')
  })
})
