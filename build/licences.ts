/**
 * The licences of every package that leaves the house: those installed beside the program, and those bundled into its
 * pages. Written into `licences.json` beside the pages, from the packages as they are installed.
 *
 * Promises: what a shipped package itself depends on is in the list; a package without a licence text keeps the name of
 * its licence. Must never need a list kept by hand.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
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

/** The package's folder that a bundled module lies in. */
function packageFolder(moduleId: string): string | null {
  return /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(moduleId.replaceAll('\\', '/'))?.[1] ?? null
}

function licenceText(folder: string): string {
  const file = readdirSync(folder).find((name) => /^(licen[cs]e|copying)(\.(md|txt))?$/i.test(name))
  return file === undefined ? '' : readFileSync(join(folder, file), 'utf8').trim()
}

/** Of the packages whose modules were bundled, of the shipped ones with all they need, and of the shell. */
function collectLicences(moduleIds: readonly string[]): Licence[] {
  const found = new Map<string, Licence>()
  const take = (folder: string): Manifest | null => {
    if (found.has(folder)) return null
    const manifest = manifestAt(folder)
    const { name = '', version = '', license = '' } = manifest
    found.set(folder, { name, version, licence: license, text: licenceText(folder) })
    return manifest
  }
  const takeShipped = (name: string, from: string): void => {
    const folder = folderOf(name, from)
    const manifest = folder === null ? null : take(folder)
    if (folder === null || manifest === null) return
    for (const dependency of Object.keys(manifest.dependencies ?? {})) takeShipped(dependency, folder)
  }
  for (const name of Object.keys(manifestAt(root).dependencies ?? {})) takeShipped(name, root)
  for (const id of moduleIds) {
    const folder = packageFolder(id)
    if (folder !== null) take(folder)
  }
  // What the shell itself is made of stands in its own file beside the program.
  const shell = folderOf('electron', root)
  if (shell !== null) take(shell)
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

export function licencesPlugin(): Plugin {
  return {
    name: 'godwit-licences',
    generateBundle(_options, bundle) {
      const moduleIds = Object.values(bundle).flatMap((part) => (part.type === 'chunk' ? part.moduleIds : []))
      this.emitFile({ type: 'asset', fileName: 'licences.json', source: JSON.stringify(collectLicences(moduleIds)) })
    },
  }
}
