/**
 * Lays out the file tree of a Linux package as its distributions want it: the program in /usr/lib (electron-builder
 * would take /opt, which belongs to the administrator), a command in /usr/bin, manual pages and changelog compressed.
 *
 * Promises: the same input gives the same tree, rights and times included; nothing is writable but by its owner.
 */
import {
  chmodSync,
  cpSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { identity } from './identity.ts'
import type { PackRequest } from './packRequest.ts'

const builderFolder = `/opt/${identity.productName}`
const { command, linuxFolder } = identity
const programs = new Set([command, 'chrome-sandbox', 'chrome_crashpad_handler'].map((name) => `${linuxFolder}/${name}`))

/** One file, link or folder of the tree; `path` begins with a slash. */
export interface TreeEntry {
  path: string
  kind: 'file' | 'folder' | 'link'
}

/** Writes the tree into `root`, dated `date`, and returns what is in it, sorted. */
export function layOutTree(root: string, request: PackRequest, date: Date): TreeEntry[] {
  for (const { from, to } of request.contents) {
    const target = join(root, to === builderFolder ? linuxFolder : to)
    mkdirSync(dirname(target), { recursive: true })
    cpSync(from, target, { recursive: true, verbatimSymlinks: true })
  }
  mkdirSync(join(root, 'usr/bin'), { recursive: true })
  symlinkSync(`../lib/${command}/${command}`, join(root, 'usr/bin', command))

  for (const { path, kind } of treeEntries(root)) {
    if (kind !== 'file') continue
    const file = join(root, path)
    if (path.endsWith('.desktop')) {
      writeFileSync(file, readFileSync(file, 'utf8').replaceAll(`Exec=${builderFolder}/${command}`, `Exec=${command}`))
    }
    if (/^\/usr\/share\/(man\/.*|doc\/[^/]+\/changelog)$/.test(path)) {
      writeFileSync(file, gzipSync(readFileSync(file), { level: 9 }))
      renameSync(file, `${file}.gz`)
    }
  }
  const entries = treeEntries(root)
  for (const { path, kind } of entries) {
    const file = join(root, path)
    if (kind !== 'link') chmodSync(file, kind === 'folder' || programs.has(path) ? 0o755 : 0o644)
  }
  // Last, because what is written into a folder dates it.
  for (const { path } of entries) lutimesSync(join(root, path), date, date)
  return entries
}

/** Kilobytes the files take. */
export function treeKilobytes(root: string, entries: readonly TreeEntry[]): number {
  const size = ({ path, kind }: TreeEntry): number =>
    kind === 'file' ? Math.ceil(statSync(join(root, path)).size / 1024) : 1
  return entries.reduce((sum, entry) => sum + size(entry), 0)
}

function treeEntries(root: string): TreeEntry[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .map((entry): TreeEntry => ({
      path: join(entry.parentPath, entry.name).slice(root.length),
      kind: entry.isSymbolicLink() ? 'link' : entry.isDirectory() ? 'folder' : 'file',
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}
