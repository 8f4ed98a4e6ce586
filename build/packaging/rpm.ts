/** Makes an RPM package of a laid-out tree, by rpmbuild. */
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ChangelogEntry } from './changelog.ts'
import type { LaidOutPackage } from './deb.ts'
import { identity } from './identity.ts'

const sharedFolders = new Set(['/usr', '/usr/bin', '/usr/lib', '/usr/share'])
const isShared = (path: string): boolean =>
  sharedFolders.has(path) ||
  /^\/usr\/share\/(applications|icons|man|metainfo|doc|licenses)(\/(?!godwit).*)?$/.test(path)

/** Writes the package to `request.output`, working in the empty folder `work`. Throws with what rpmbuild said. */
export function packRpm(
  { request, root, entries, date, description }: LaidOutPackage,
  options: { changelog: readonly ChangelogEntry[]; work: string },
): void {
  const files = entries.filter(({ kind, path }) => kind !== 'folder' || !isShared(path)).map(fileLine)
  const spec = [
    `Name: ${request.name}`,
    `Version: ${request.version}`,
    'Release: 1',
    `Summary: ${request.summary}`,
    `License: ${request.licence}`,
    `URL: ${request.homepage}`,
    `Vendor: ${request.vendor}`,
    `Packager: ${request.maintainer}`,
    `Group: ${request.section}`,
    // What the program needs is written down; what its libraries offer is its own.
    'AutoReqProv: no',
    ...request.depends.map((name) => `Requires: ${name}`),
    '%description',
    ...description,
    '%post -p /bin/sh',
    scriptText(request.afterInstall),
    '%postun -p /bin/sh',
    scriptText(request.afterRemove),
    '%files',
    '%defattr(-,root,root,-)',
    ...files,
    '%changelog',
    ...options.changelog.flatMap(changelogLines),
    '',
  ].join('\n')
  const specFile = join(options.work, `${request.name}.spec`)
  const output = join(options.work, 'rpms')
  mkdirSync(output, { recursive: true })
  writeFileSync(specFile, spec)

  const macros = {
    _topdir: join(options.work, 'topdir'),
    _rpmdir: output,
    _rpmfilename: 'package.rpm',
    _buildhost: 'localhost',
    _binary_payload: 'w6.xzdio',
    _build_id_links: 'none',
    // The tree is packed as it is.
    __os_install_post: '%{nil}',
    use_source_date_epoch_as_buildtime: '1',
    clamp_mtime_to_source_date_epoch: '1',
  }
  const { status, stderr } = spawnSync(
    'rpmbuild',
    [
      '-bb',
      '--quiet',
      ...['--buildroot', root, '--target', request.architecture],
      ...Object.entries(macros).flatMap(([name, value]) => ['--define', `${name} ${value}`]),
      specFile,
    ],
    { encoding: 'utf8', env: { ...process.env, SOURCE_DATE_EPOCH: String(Math.floor(date.getTime() / 1000)) } },
  )
  const [made] = status === 0 ? readdirSync(output) : []
  if (made === undefined) throw new Error(`rpmbuild failed: ${stderr}`)
  copyFileSync(join(output, made), request.output)
}

function fileLine({ path, kind }: { path: string; kind: string }): string {
  const quoted = `"${path.replaceAll('%', '%%')}"`
  if (kind === 'folder') return `%dir ${quoted}`
  // Its rights are given after the installation.
  if (path === `${identity.linuxFolder}/chrome-sandbox`) return `%verify(not mode) ${quoted}`
  if (path.startsWith('/usr/share/licenses/')) return `%license ${quoted}`
  if (path.startsWith('/usr/share/doc/') || path.startsWith('/usr/share/man/')) return `%doc ${quoted}`
  return quoted
}

// The shell line names the interpreter to rpm otherwise; a percent sign begins a macro.
function scriptText(file: string): string {
  return readFileSync(file, 'utf8')
    .replace(/^#!.*\n/, '')
    .replaceAll('%', '%%')
}

function changelogLines({ version, changes, author, date }: ChangelogEntry): string[] {
  const [weekday, day, month, year] = date.toUTCString().replace(',', '').split(' ')
  const head = `* ${weekday} ${month} ${day} ${year} ${author} - ${version.replaceAll('-', '~')}-1`
  return [head, ...changes.map((change) => `- ${change.replaceAll('%', '%%')}`), '']
}
