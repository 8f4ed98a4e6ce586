/** The packer of deb and rpm by itself: what it is asked, what it reads, and that it packs the same twice. */
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readChangelog } from '../../build/packaging/changelog.ts'
import { readPackRequest } from '../../build/packaging/packRequest.ts'
import { projectDir } from '../../build/scripts/run.ts'
import { formats, run, without } from './packages.ts'

let work: string
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'godwit-packer-'))
})
afterEach(() => rmSync(work, { recursive: true, force: true }))

/** The arguments electron-builder gives, for a small program in `work`. */
function builderArgs(format: 'deb' | 'rpm', output: string): string[] {
  return [
    ...['-s', 'dir', '--force', '-t', format, '-d', 'libc6', '-d', 'xdg-utils', '--deb-recommends', 'libnotify4'],
    ...(format === 'rpm' ? ['--rpm-os', 'linux', '--rpm-compression', 'xzmt'] : ['--deb-compression', 'xz']),
    ...['--architecture', 'amd64'],
    ...['--after-install', join(projectDir, 'build/linux/after-install.sh')],
    ...['--after-remove', join(projectDir, 'build/linux/after-remove.sh')],
    ...['--description', 'A summary\n A description', '--version', '0.1.0', '--package', output],
    ...['--name', 'godwit', '--maintainer', 'A <a@godwit.example>', '--vendor', 'A', '--url', 'https://godwit.example'],
    ...['--category', 'net', '--license', 'Apache-2.0', '--rpm-summary', 'A summary'],
    ...['--deb-priority', 'optional', `${join(work, 'program')}/=/opt/Godwit`],
  ]
}

describe('the request of electron-builder', () => {
  it('is read', () => {
    expect(readPackRequest(builderArgs('deb', '/x.deb'))).toMatchObject({
      format: 'deb',
      architecture: 'amd64',
      summary: 'A summary',
      depends: ['libc6', 'xdg-utils'],
      recommends: ['libnotify4'],
      output: '/x.deb',
      contents: [{ to: '/opt/Godwit' }],
    })
  })

  it('names the machine as the format does', () => {
    expect(readPackRequest(builderArgs('rpm', '/x.rpm')).architecture).toBe('x86_64')
  })

  it.each([
    ['an argument nobody knows', ['--deb-systemd', 'x'], /Unknown argument: --deb-systemd/],
    ['an argument without its value', ['--version'], /--version has no value/],
    ['another format', ['-t', 'pacman'], /No packer for pacman/],
  ])('is refused with %s', (_, more, reason) => {
    expect(() => readPackRequest([...builderArgs('deb', '/x.deb'), ...more])).toThrow(reason)
  })

  it('is refused where something is missing', () => {
    expect(() => readPackRequest(['-t', 'deb'])).toThrow(/--\S+ is missing/)
  })
})

describe('the changelog', () => {
  const entry = (version: string): string =>
    `godwit (${version}) unstable; urgency=medium\n\n  * One\n    thing.\n  * Another.\n\n` +
    ' -- A <a@godwit.example>  Sat, 21 Nov 2026 12:00:00 +0000\n'

  it('is read, newest first', () => {
    expect(readChangelog(`${entry('0.2.0')}\n${entry('0.1.0')}`)).toEqual(
      ['0.2.0', '0.1.0'].map((version) => ({
        version,
        changes: ['One thing.', 'Another.'],
        author: 'A <a@godwit.example>',
        date: new Date('2026-11-21T12:00:00Z'),
      })),
    )
  })

  it('is refused when an entry is not one', () => {
    expect(() => readChangelog('godwit (0.1.0) unstable\n')).toThrow(/Not an entry/)
  })
})

describe.each(formats)('a $name package', ({ name: format, packer }) => {
  const missing = without(packer)

  it.skipIf(missing !== '')(`is the same, byte for byte, for the same files at another time${missing}`, () => {
    const program = join(work, 'program')
    mkdirSync(join(program, 'resources'), { recursive: true })
    const sums = ['2020-01-01', '2025-06-01'].map((day) => {
      for (const name of ['godwit', 'chrome-sandbox', 'resources/app.asar']) {
        writeFileSync(join(program, name), name)
        utimesSync(join(program, name), new Date(day), new Date(day))
      }
      const output = join(work, `${day}.${format}`)
      const { code, output: said } = run(process.execPath, [
        join(projectDir, 'build/scripts/packageLinux.ts'),
        ...builderArgs(format, output),
      ])
      expect(code, said).toBe(0)
      return createHash('sha256').update(readFileSync(output)).digest('hex')
    })
    expect(readdirSync(work).filter((name) => name.endsWith(format))).toHaveLength(2)
    expect(sums[0]).toBe(sums[1])
  })
})

describe('npm run package -- --stand-in', () => {
  it('says in one line that it has nothing for macOS', () => {
    const { code, output } = run(process.execPath, [
      join(projectDir, 'build/scripts/package.ts'),
      ...['--stand-in', '--mac'],
    ])
    expect({ code, output }).toEqual({ code: 1, output: '--stand-in has nothing for macOS.\n' })
  })
})

describe('the packer', () => {
  it('says in one line what it cannot do', () => {
    const { code, output } = run(process.execPath, [join(projectDir, 'build/scripts/packageLinux.ts'), '-t', 'pacman'])
    expect({ code, output }).toEqual({ code: 1, output: 'No packer for pacman\n' })
  })
})
