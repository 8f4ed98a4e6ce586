/**
 * What electron-builder asks the packer of deb and rpm for, read from the command line it would give to fpm.
 *
 * Promises: an argument that is not known is an error, because what it asks for would be missing in the package.
 */

/** One package to be made. */
export interface PackRequest {
  format: 'deb' | 'rpm'
  name: string
  version: string
  /** As the format names it: amd64 and arm64, or x86_64 and aarch64. */
  architecture: string
  maintainer: string
  vendor: string
  homepage: string
  licence: string
  /** Of Debian's sections or RPM's groups. */
  section: string
  summary: string
  depends: readonly string[]
  recommends: readonly string[]
  afterInstall: string
  afterRemove: string
  /** The file to write. */
  output: string
  /** Files and, with a slash at the end, folders: from here to there in the package. */
  contents: readonly { from: string; to: string }[]
}

const ignored = new Set(['-s', '--log', '--deb-compression', '--rpm-compression', '--rpm-os', '--deb-priority'])
const ignoredSwitches = new Set(['--force', '--debug'])
const known = new Set([
  '-t',
  '--name',
  '--version',
  '--architecture',
  '--maintainer',
  '--vendor',
  '--url',
  '--license',
  '--category',
  '--rpm-summary',
  '--description',
  '--after-install',
  '--after-remove',
  '--package',
])
const lists = new Set(['-d', '--deb-recommends'])

/** Reads fpm's arguments as electron-builder 26 writes them. Throws for any other. */
export function readPackRequest(args: readonly string[]): PackRequest {
  const values = new Map<string, string[]>()
  const contents: { from: string; to: string }[] = []
  const waiting = [...args]
  for (let arg = waiting.shift(); arg !== undefined; arg = waiting.shift()) {
    if (ignoredSwitches.has(arg)) continue
    if (ignored.has(arg) || known.has(arg) || lists.has(arg)) {
      const value = waiting.shift()
      if (value === undefined) throw new Error(`${arg} has no value`)
      values.set(arg, [...(values.get(arg) ?? []), value])
      continue
    }
    const [, from, to] = /^([^=]+)=(\/.*)$/.exec(arg) ?? []
    if (from === undefined || to === undefined || arg.startsWith('-')) throw new Error(`Unknown argument: ${arg}`)
    contents.push({ from, to })
  }

  const one = (name: string): string => {
    const value = values.get(name)?.at(-1)
    if (value === undefined) throw new Error(`${name} is missing`)
    return value
  }
  const format = one('-t')
  if (format !== 'deb' && format !== 'rpm') throw new Error(`No packer for ${format}`)
  // For deb the summary is the first line of the description.
  const summary = format === 'deb' ? (one('--description').split('\n')[0] ?? '') : one('--rpm-summary')
  return {
    format,
    name: one('--name'),
    version: one('--version'),
    architecture: format === 'rpm' ? rpmArchitecture(one('--architecture')) : one('--architecture'),
    maintainer: one('--maintainer'),
    vendor: one('--vendor'),
    homepage: one('--url'),
    licence: one('--license'),
    section: one('--category'),
    summary: summary.trim(),
    depends: values.get('-d') ?? [],
    recommends: values.get('--deb-recommends') ?? [],
    afterInstall: one('--after-install'),
    afterRemove: one('--after-remove'),
    output: one('--package'),
    contents,
  }
}

function rpmArchitecture(name: string): string {
  return { amd64: 'x86_64', arm64: 'aarch64' }[name] ?? name
}
