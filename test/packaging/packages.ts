/** The Linux packages under test: where they are, what is in them, and how the tools that judge them are run. */
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import manifest from '../../package.json' with { type: 'json' }
import { commandPath } from '../../build/packaging/tools.ts'
import { projectDir, toolPath } from '../../build/scripts/run.ts'

export const arches = ['x64', 'arm64'] as const
export type Arch = (typeof arches)[number]

/** Where the packed program looks for newer ones; the key is of no use but for this test. */
export const packedFeed = {
  feed: 'https://updates.godwit.example/stable',
  publicKey: 'MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=',
} as const

export const formats = [
  { name: 'deb', packer: 'dpkg-deb' },
  { name: 'rpm', packer: 'rpmbuild' },
] as const
export type Format = (typeof formats)[number]['name']

const debArches = { x64: 'amd64', arm64: 'arm64' } as const
const rpmArches = { x64: 'x86_64', arm64: 'aarch64' } as const

/** Empty where a tool that packs or judges Linux packages is there, else the end of a test's title that says why not. */
export function without(tool: string): string {
  return process.platform === 'linux' && commandPath(tool) !== undefined ? '' : `: no ${tool} here`
}

/** The package's file. */
export function packageFile(packagesDir: string, format: Format, arch: Arch): string {
  const name =
    format === 'deb'
      ? `godwit_${manifest.version}_${debArches[arch]}.deb`
      : `godwit-${manifest.version}-1.${rpmArches[arch]}.rpm`
  return join(packagesDir, name)
}

/** The program as it is before it is packed. */
export function unpackedFolder(packagesDir: string, arch: Arch): string {
  return join(packagesDir, arch === 'x64' ? 'linux-unpacked' : `linux-${arch}-unpacked`)
}

/** Runs a program and returns its exit code and all it said. Tools are asked in English. */
export function run(program: string, args: readonly string[]): { code: number | null; output: string } {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: projectDir,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, LC_ALL: 'C.UTF-8', PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` },
  })
  if (error !== undefined) throw error
  return { code: status, output: stdout + stderr }
}

/** What a program that must succeed prints. */
export function outputOf(program: string, args: readonly string[]): string {
  const { code, output } = run(program, args)
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${output}`)
  return output
}

/** A package's files, folders and links, sorted: `rights owner path`, and where a link leads. */
export function listPackage(file: string, format: Format): string[] {
  const lines = format === 'deb' ? listDeb(file) : listRpm(file)
  return lines.sort((a, b) => (pathOf(a) < pathOf(b) ? -1 : 1))
}

/** The path in a line of `listPackage`. */
export function pathOf(line: string): string {
  return line.split(' ')[2] ?? ''
}

function listDeb(file: string): string[] {
  return outputOf('dpkg-deb', ['--contents', file])
    .split('\n')
    .flatMap((line) => {
      const [, rights, owner, path, target] = /^(\S+) (\S+) .* \d\d:\d\d \.(\/.*?)\/?(?: -> (.*))?$/.exec(line) ?? []
      if (path === undefined || path === '/' || path === '') return []
      return [`${rights} ${owner} ${path}${target === undefined ? '' : ` -> ${target}`}`]
    })
}

function listRpm(file: string): string[] {
  const query = '[%{FILEMODES:perms} %{FILEUSERNAME}/%{FILEGROUPNAME} %{FILENAMES} %{FILELINKTOS}\n]'
  return outputOf('rpm', ['-qp', '--qf', query, file])
    .split('\n')
    .filter((line) => line !== '')
    .map((line) =>
      line.replace(/^(\S+ \S+ \S+) (.*)$/, (_, head: string, to: string) => (to ? `${head} -> ${to}` : head)),
    )
}

/** The files of an app.asar, sorted; those whose names are made of their content are one line for each kind. */
export function listArchive(archive: string): string[] {
  const lines = outputOf(process.execPath, [toolPath('@electron/asar', 'asar'), 'list', archive])
    .split('\n')
    .filter((line) => /\.[^/]+$|\/LICEN[CS]E$/.test(line))
    .map((line) => line.replace(/^(\/out\/(?:main|renderer\/assets)\/).*-[\w-]{8}(\.\w+)$/, '$1*$2'))
  return [...new Set(lines)].sort()
}

/** Unpacks a package into `folder` without installing it. */
export function unpackPackage(file: string, format: Format, folder: string): void {
  mkdirSync(folder, { recursive: true })
  if (format === 'deb') outputOf('dpkg-deb', ['--extract', file, folder])
  else outputOf('sh', ['-c', 'rpm2archive -n - < "$1" | tar --extract --directory "$2"', 'sh', file, folder])
}
