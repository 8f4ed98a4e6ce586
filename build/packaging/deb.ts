/** Makes a Debian package of a laid-out tree, by dpkg-deb. The same tree gives the same bytes. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { treeKilobytes, type TreeEntry } from './linuxTree.ts'
import type { PackRequest } from './packRequest.ts'

/** What a packer of a format is given. */
export interface LaidOutPackage {
  request: PackRequest
  /** The folder that holds the tree, and nothing else. */
  root: string
  entries: readonly TreeEntry[]
  /** What every file is dated. */
  date: Date
  /** Lines of at most 80 characters. */
  description: readonly string[]
}

/** Writes the package to `request.output`. Throws with what dpkg-deb said. */
export function packDeb({ request, root, entries, date, description }: LaidOutPackage): void {
  const control = join(root, 'DEBIAN')
  mkdirSync(control, { mode: 0o755 })
  const sums = entries
    .filter(({ kind }) => kind === 'file')
    .map(
      ({ path }) =>
        `${createHash('md5')
          .update(readFileSync(join(root, path)))
          .digest('hex')}  ${path.slice(1)}\n`,
    )
  writeFileSync(join(control, 'md5sums'), sums.join(''), { mode: 0o644 })
  writeFileSync(join(control, 'control'), controlFile(request, description, treeKilobytes(root, entries)), {
    mode: 0o644,
  })
  for (const [script, name] of [
    [request.afterInstall, 'postinst'],
    [request.afterRemove, 'postrm'],
  ] as const) {
    copyFileSync(script, join(control, name))
    chmodSync(join(control, name), 0o755)
  }
  const { status, stderr } = spawnSync('dpkg-deb', ['--root-owner-group', '-Zxz', '--build', root, request.output], {
    encoding: 'utf8',
    env: { ...process.env, SOURCE_DATE_EPOCH: String(Math.floor(date.getTime() / 1000)) },
  })
  if (status !== 0) throw new Error(`dpkg-deb failed: ${stderr}`)
}

function controlFile(request: PackRequest, description: readonly string[], kilobytes: number): string {
  return [
    `Package: ${request.name}`,
    `Version: ${request.version}`,
    `Architecture: ${request.architecture}`,
    `Maintainer: ${request.maintainer}`,
    `Installed-Size: ${kilobytes}`,
    `Depends: ${request.depends.join(', ')}`,
    ...(request.recommends.length > 0 ? [`Recommends: ${request.recommends.join(', ')}`] : []),
    `Section: ${request.section}`,
    'Priority: optional',
    `Homepage: ${request.homepage}`,
    `Description: ${request.summary}`,
    ...description.map((line) => ` ${line === '' ? '.' : line}`),
    '',
  ].join('\n')
}
