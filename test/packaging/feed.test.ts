/** The feed of new versions that is made with the AppImages: signed by the release script, it is what they believe. */
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import { isSigned } from '#electron/adapters/updater/signedFeed.ts'
import manifest from '../../package.json' with { type: 'json' }
import { newFeedKey, publicKeyOf, signFeed, signFeedFolder } from '../../build/packaging/feedSignature.ts'
import { arches } from './packages.ts'

const names = { x64: 'latest-linux.yml', arm64: 'latest-linux-arm64.yml' } as const
const { version } = manifest
const key = newFeedKey()

const isMade = (): boolean => existsSync(join(inject('packagesDir'), names.x64))

describe('the feed beside the packages', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'godwit-feed-'))
    for (const name of Object.values(names)) {
      const made = join(inject('packagesDir'), name)
      if (existsSync(made)) copyFileSync(made, join(folder, name))
    }
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))
  const text = (name: string): string => readFileSync(join(folder, name), 'utf8')

  it.for(arches)('names the AppImage with its hash and size (%s)', (arch, { skip }) => {
    if (!isMade()) skip('no AppImage was made here')
    const [, name = ''] = /^ {2}- url: (\S+\.AppImage)$/m.exec(text(names[arch])) ?? []
    const image = join(inject('packagesDir'), name)
    const sha512 = createHash('sha512').update(readFileSync(image)).digest('base64')
    expect(text(names[arch])).toContain(`version: ${version}\n`)
    const [, hash, size] = /AppImage\n\s+sha512: (\S+)\n\s+size: (\d+)\n/.exec(text(names[arch])) ?? []
    expect(hash).toBe(sha512)
    expect(Number(size)).toBe(statSync(image).size)
  })

  it('is signed for its names, in place and in the folder of its version', ({ skip }) => {
    if (!isMade()) skip('no AppImage was made here')
    const signed = signFeedFolder(folder, key.privateKey, 10)
    expect(signed.toSorted()).toEqual(
      [`${version}/${names.arm64}`, `${version}/${names.x64}`, names.arm64, names.x64].toSorted(),
    )
    for (const name of signed) expect(isSigned(text(name), name, key.publicKey)).toBe(true)
    expect(isSigned(text(names.x64), names.arm64, key.publicKey)).toBe(false)
    expect(publicKeyOf(key.privateKey)).toBe(key.publicKey)
  })

  it('goes to a share of users, but back goes who wants; a later share replaces it', ({ skip }) => {
    if (!isMade()) skip('no AppImage was made here')
    signFeedFolder(folder, key.privateKey, 10)
    expect(text(names.x64).match(/^stagingPercentage: .*$/gm)).toEqual(['stagingPercentage: 10'])
    expect(text(`${version}/${names.x64}`)).not.toContain('stagingPercentage')
    expect(text(`${version}/${names.x64}`)).toMatch(/^ {2}- url: \.\.\/\S+\.AppImage$/m)
    signFeedFolder(folder, key.privateKey, 50)
    expect(text(names.x64).match(/^stagingPercentage: .*$/gm)).toEqual(['stagingPercentage: 50'])
    signFeedFolder(folder, key.privateKey, null)
    expect(text(names.x64)).not.toContain('stagingPercentage')
    expect(isSigned(text(names.x64), names.x64, key.publicKey)).toBe(true)
  })
})

describe('signing', () => {
  it('again gives the same, and says where there is nothing to sign', () => {
    const empty = mkdtempSync(join(tmpdir(), 'godwit-feed-'))
    expect(() => signFeedFolder(empty, key.privateKey, null)).toThrow(/GODWIT_UPDATE_FEED/)
    rmSync(empty, { recursive: true })
    expect(signFeed(signFeed('version: 1.0.0\n', 'latest.yml', key.privateKey), 'latest.yml', key.privateKey)).toBe(
      signFeed('version: 1.0.0\n', 'latest.yml', key.privateKey),
    )
  })
})
