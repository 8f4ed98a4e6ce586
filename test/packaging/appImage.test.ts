/** The AppImage, made with this machine's own tools from stand-ins for Electron and for the part that mounts it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { standInMark } from '../../build/packaging/standIn.ts'
import { outputOf, run, without } from './packages.ts'

const packagesDir = inject('packagesDir')
const missing = ['mksquashfs', 'unsquashfs', 'desktop-file-validate'].map(without).find((reason) => reason !== '') ?? ''

describe.skipIf(missing !== '').each([
  { arch: 'x64', name: 'x86_64' },
  { arch: 'arm64', name: 'arm64' },
])(`the AppImage for $arch${missing}`, ({ arch, name }) => {
  const file = join(packagesDir, `godwit-${manifest.version}-linux-${name}.AppImage`)
  let folder: string
  let lines: string[]
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'godwit-appimage-'))
    const offset = String(readFileSync(file).indexOf('hsqs', 0, 'latin1'))
    outputOf('unsquashfs', ['-quiet', '-no-progress', '-o', offset, '-d', join(folder, 'app'), file])
    lines = outputOf('unsquashfs', ['-lls', '-o', offset, file])
      .split('\n')
      .flatMap((line) => {
        const [, rights, owner, path] = /^(\S+) (\S+) .* squashfs-root(\/.*)$/.exec(line) ?? []
        return path === undefined ? [] : [`${rights} ${owner} ${path}`]
      })
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('holds what is written down', async () => {
    const listed = lines.filter((line) => !line.endsWith(`/${standInMark}`)).sort()
    await expect(`${listed.join('\n')}\n`).toMatchFileSnapshot(`contents/appimage-${arch}.txt`)
  })

  it('has a desktop file without a fault, whose actions work without an installed command', () => {
    const desktopFile = join(folder, 'app/godwit.desktop')
    expect(run('desktop-file-validate', [desktopFile])).toEqual({ code: 0, output: '' })
    const commands = [...readFileSync(desktopFile, 'utf8').matchAll(/^Exec=(.*)$/gm)].map(([, command]) => command)
    expect(commands).toEqual(['AppRun %U', 'AppRun --hidden'])
  })
})
