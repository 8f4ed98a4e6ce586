/**
 * The zip for Windows, made from a stand-in for Electron: what is in it, and what electron-builder writes into the
 * program. (The installer takes NSIS with electron-builder's own plug-ins: see configuration.test.ts.)
 */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { standInMark } from '../../build/packaging/standIn.ts'
import { sevenZipPath } from '../../build/packaging/tools.ts'
import { projectDir } from '../../build/scripts/run.ts'
import { expectedFuses, readFuses } from './fuses.ts'
import { listArchive, outputOf } from './packages.ts'

const windowsDir = inject('windowsDir')
const folder = join(windowsDir, 'win-unpacked')
const program = join(folder, 'Godwit.exe')
const sevenZip = sevenZipPath()
const missing = sevenZip === undefined ? ': no 7-Zip here' : ''

describe('the program for Windows', () => {
  it('has its fuses set', () => {
    expect(readFuses(program)).toEqual(expectedFuses)
  })

  it('holds the files of the one for Linux, with the SQLite binding of Windows', () => {
    const native = listArchive(join(folder, 'resources/app.asar')).filter((name) => name.endsWith('.node'))
    expect(native).toEqual(['/node_modules/better-sqlite3/prebuilds/win32-x64.node'])
    const linux = listArchive(join(inject('packagesDir'), 'linux-unpacked/resources/app.asar'))
    const others = linux.filter((name) => !name.endsWith('.node'))
    expect(listArchive(join(folder, 'resources/app.asar')).filter((name) => !name.endsWith('.node'))).toEqual(others)
  })

  it('knows its archive by its hash, its name, its version and its icon', () => {
    const bytes = readFileSync(program)
    expect(bytes.toString('latin1')).toMatch(
      /\[\{"file":"resources\\\\app\.asar","alg":"SHA256","value":"[0-9a-f]{64}"\}\]/,
    )
    const text = (word: string): Buffer => Buffer.from(word, 'utf16le')
    for (const word of ['Godwit', manifest.version, 'Copyright © the Godwit authors']) {
      expect(bytes.includes(text(word)), word).toBe(true)
    }
    const icon = readFileSync(join(projectDir, 'build/icons/icon.ico'))
    const largest = icon.subarray(icon.readUInt32LE(6 + 16 * 9 + 12))
    expect(bytes.includes(largest)).toBe(true)
  })

  it('has no library, no program and no native file but those of Electron and the binding', () => {
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    const binaries = names.filter((name) => readsAsProgram(join(folder, name)))
    expect(binaries.sort()).toEqual([
      'Godwit.exe',
      'd3dcompiler_47.dll',
      'dxcompiler.dll',
      'dxil.dll',
      'ffmpeg.dll',
      'libEGL.dll',
      'libGLESv2.dll',
      'resources/app.asar.unpacked/node_modules/better-sqlite3/prebuilds/win32-x64.node',
      'vk_swiftshader.dll',
      'vulkan-1.dll',
    ])
  })
})

describe('the zip for Windows', () => {
  it.skipIf(missing !== '')(`holds what is written down${missing}`, async () => {
    const file = join(windowsDir, `godwit-${manifest.version}-win-x64.zip`)
    const paths = outputOf(sevenZip ?? '', ['l', '-slt', '-ba', file])
      .split('\n')
      .flatMap((line) => /^Path = (.*)$/.exec(line)?.[1] ?? [])
      .filter((path) => path !== standInMark)
    await expect(`${paths.sort().join('\n')}\n`).toMatchFileSnapshot('contents/zip-windows-x64.txt')
  })
})

function readsAsProgram(path: string): boolean {
  return /\.[^/]+$/.test(path) && !/\.unpacked$/.test(path) && readFileSync(path).toString('latin1', 0, 2) === 'MZ'
}
