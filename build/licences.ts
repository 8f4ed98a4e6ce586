/**
 * The licences of every package that leaves the house: those installed beside the program, and those bundled into its
 * pages. Written into `licences.json` next to the built main script, from the packages as they are installed.
 *
 * Promises: what a shipped package itself depends on is in the list; a package without a licence text keeps the name of
 * its licence. Must never need a list kept by hand: bundled packages are found by what the sources import.
 */
import { existsSync, globSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'

/** As `common/domain/licence.ts` reads it. */
interface Licence {
  readonly name: string
  readonly version: string
  readonly licence: string
  readonly text: string
}

interface Manifest {
  readonly name?: string
  readonly version?: string
  readonly license?: string
  readonly dependencies?: Readonly<Record<string, string>>
}

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')

function manifestAt(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
}

/** Where a package finds another one, as Node looks for it; null for an optional one that is not installed. */
function folderOf(name: string, from: string): string | null {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name)
    if (existsSync(join(candidate, 'package.json'))) return candidate
    if (folder === dirname(folder)) return null
  }
}

/** Names of packages that the sources of the pages import. */
function importedByPages(): string[] {
  const names = new Set<string>()
  for (const file of globSync('{renderer/src,common}/**/*.{ts,vue}', { cwd: root })) {
    const source = readFileSync(join(root, file), 'utf8')
    for (const [, specifier = ''] of source.matchAll(/(?:from|import\()\s*'([^'.#][^']*)'/g)) {
      const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
      if (!name.includes(':')) names.add(name)
    }
  }
  return [...names]
}

function licenceText(folder: string): string {
  const file = readdirSync(folder).find((name) => /^(licen[cs]e|copying)(\.(md|txt))?$/i.test(name))
  return file === undefined ? '' : readFileSync(join(folder, file), 'utf8').trim()
}

function collectLicences(): Licence[] {
  const own = manifestAt(root)
  const found = new Map<string, Licence>()
  const visit = (name: string, from: string): void => {
    const folder = folderOf(name, from)
    if (folder === null) return
    const { version = '', license = '', dependencies = {} } = manifestAt(folder)
    const key = `${name}@${version}`
    if (found.has(key)) return
    found.set(key, { name, version, licence: license, text: licenceText(folder) })
    for (const dependency of Object.keys(dependencies)) visit(dependency, folder)
  }
  for (const name of [...Object.keys(own.dependencies ?? {}), ...importedByPages()]) visit(name, root)
  // The shell itself; what it is made of stands in its own file beside the program.
  const shell = folderOf('electron', root)
  if (shell !== null) {
    const { version = '', license = '' } = manifestAt(shell)
    found.set('electron', { name: 'electron', version, licence: license, text: licenceText(shell) })
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

export function licencesPlugin(): Plugin {
  return {
    name: 'godwit-licences',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'licences.json', source: JSON.stringify(collectLicences()) })
    },
  }
}
