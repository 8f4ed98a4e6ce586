/**
 * Installing, updating and removing the Linux packages in a scratch root: a folder that holds a shell, a few commands
 * and nothing else. The scripts run inside it, for real; the parts of the system they talk to are noted down.
 */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import { commandPath } from '../../build/packaging/tools.ts'
import { type Arch, formats, outputOf, packageFile, run, without } from './packages.ts'

const packagesDir = inject('packagesDir')
const arch: Arch = process.arch === 'arm64' ? 'arm64' : 'x64'
const sandbox = 'usr/lib/godwit/chrome-sandbox'
const profile = 'etc/apparmor.d/godwit'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'godwit-root-'))
  mkdirSync(join(root, 'bin'))
  for (const command of ['sh', 'chmod', 'cp', 'rm']) copyCommand(command)
  mkdirSync(join(root, 'dev'))
  writeFileSync(join(root, 'dev/null'), '')
  for (const folder of ['info', 'updates', 'triggers'])
    mkdirSync(join(root, 'var/lib/dpkg', folder), { recursive: true })
  writeFileSync(join(root, 'var/lib/dpkg/status'), '')
  mkdirSync(join(root, 'tmp'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** Copies a command of this machine, with the libraries it needs, into the scratch root. */
function copyCommand(name: string): void {
  const path = commandPath(name) ?? ''
  copyFileSync(path, join(root, 'bin', name))
  for (const [library] of outputOf('ldd', [path]).matchAll(/\/\S+/g)) {
    if (existsSync(join(root, library)) || !existsSync(library)) continue
    mkdirSync(join(root, dirname(library)), { recursive: true })
    copyFileSync(library, join(root, library))
  }
}

/** Puts a command there that notes how it was called, and ends as told. */
function noteCommand(name: string, code = 0): void {
  const path = join(root, 'bin', name)
  writeFileSync(path, `#!/bin/sh\necho "${name} $*" >> /calls\nexit ${code}\n`)
  chmodSync(path, 0o755)
}
const calls = (): string[] =>
  existsSync(join(root, 'calls')) ? readFileSync(join(root, 'calls'), 'utf8').trimEnd().split('\n') : []

/** Every file below a folder of the scratch root that has to do with the program. */
const traces = (): string[] =>
  readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.includes('godwit') && !name.startsWith('var/lib/'),
  )
const rights = (name: string): string => (statSync(join(root, name)).mode & 0o7777).toString(8)

const systems = {
  deb: {
    install: (file: string) => run('dpkg', [`--root=${root}`, '--force-depends', '--install', file]),
    remove: () => run('dpkg', [`--root=${root}`, '--purge', 'godwit']),
  },
  rpm: {
    install: (file: string) => rpm('--upgrade', '--replacepkgs', file),
    remove: () => rpm('--erase', 'godwit'),
  },
} as const
function rpm(...args: string[]): { code: number | null; output: string } {
  return run('rpm', ['--root', root, '--force-debian', '--nodeps', ...args])
}

const notRoot = process.getuid?.() === 0 ? '' : ': takes root'

describe.each(formats)('the $name package in a scratch root', ({ name: format, packer }) => {
  const reason = notRoot || without(packer)
  const file = packageFile(packagesDir, format, arch)
  const install = (): void => {
    const { code, output } = systems[format].install(file)
    expect(code, output).toBe(0)
  }
  const remove = (): void => {
    const { code, output } = systems[format].remove()
    expect(code, output).toBe(0)
  }

  it.skipIf(reason !== '')(`is installed and leaves nothing when it is removed${reason}`, () => {
    install()
    expect(existsSync(join(root, 'usr/bin/godwit'))).toBe(true)
    expect(readFileSync(join(root, 'usr/share/applications/godwit.desktop'), 'utf8')).toContain(
      'x-scheme-handler/godwit',
    )
    remove()
    expect(traces()).toEqual([])
  })

  it.skipIf(reason !== '')(`gives the sandbox root's rights where users have no namespaces${reason}`, () => {
    noteCommand('setpriv', 1)
    noteCommand('unshare')
    install()
    expect(rights(sandbox)).toBe('4755')
    expect(calls()).toContain('setpriv --reuid=65534 --regid=65534 --clear-groups unshare --user true')
  })

  it.skipIf(reason !== '')(`gives it those too where that cannot be asked${reason}`, () => {
    install()
    expect(rights(sandbox)).toBe('4755')
  })

  it.skipIf(reason !== '')(`gives it none where users have namespaces${reason}`, () => {
    noteCommand('setpriv')
    noteCommand('unshare')
    install()
    expect(rights(sandbox)).toBe('755')
  })

  it.skipIf(reason !== '')(`leaves the rights the administrator has laid down${reason}`, () => {
    noteCommand('dpkg-statoverride')
    install()
    expect(rights(sandbox)).toBe('755')
    expect(calls()).toContain('dpkg-statoverride --list /usr/lib/godwit/chrome-sandbox')
  })

  it.skipIf(reason !== '')(`tells the desktop about its links when it comes and when it goes${reason}`, () => {
    noteCommand('update-desktop-database')
    install()
    expect(calls()).toEqual(['update-desktop-database -q /usr/share/applications'])
    remove()
    expect(calls().length).toBeGreaterThan(1)
    expect(new Set(calls()).size).toBe(1)
  })

  it.skipIf(reason !== '')(`is installed even when the desktop cannot be told${reason}`, () => {
    noteCommand('update-desktop-database', 1)
    install()
    expect(existsSync(join(root, 'usr/bin/godwit'))).toBe(true)
  })

  describe('with AppArmor', () => {
    beforeEach(() => mkdirSync(join(root, 'etc/apparmor.d'), { recursive: true }))

    it.skipIf(reason !== '')(`loads its profile, keeps it over an update, and takes it along${reason}`, () => {
      noteCommand('apparmor_parser')
      noteCommand('aa-enabled')
      install()
      expect(readFileSync(join(root, profile), 'utf8')).toContain('userns')
      expect(calls()).toContain('apparmor_parser --replace --write-cache --skip-read-cache /etc/apparmor.d/godwit')
      install()
      expect(existsSync(join(root, profile))).toBe(true)
      expect(calls()).not.toContain('apparmor_parser --remove /etc/apparmor.d/godwit')
      remove()
      expect(calls()).toContain('apparmor_parser --remove /etc/apparmor.d/godwit')
      expect(traces()).toEqual([])
    })

    it.skipIf(reason !== '')(`lays down no profile that AppArmor does not understand${reason}`, () => {
      noteCommand('apparmor_parser', 1)
      install()
      expect(existsSync(join(root, profile))).toBe(false)
    })

    it.skipIf(reason !== '')(`lays it down without loading it where AppArmor does not run${reason}`, () => {
      noteCommand('apparmor_parser')
      noteCommand('aa-enabled', 1)
      install()
      expect(existsSync(join(root, profile))).toBe(true)
      expect(calls().filter((call) => call.includes('--replace'))).toEqual([])
    })
  })
})
