/**
 * How much script the built app ships, and how much it may. Run by hand it prints a table: `node build/scripts/sizes.ts`;
 * the tests of the built app hold it to the limits.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { projectDir } from './run.ts'

/** One program of the app; sizes in bytes. */
export interface ProgramSize {
  program: 'preload' | 'first page chunk' | 'main'
  bytes: number
  limit: number
}

/** The sizes of what is in out/: the preload, the page's first chunk (what it shares with later ones comes beside it), and main's own code. */
export function programSizes(outDir: string = join(projectDir, 'out')): readonly ProgramSize[] {
  const html = readFileSync(join(outDir, 'renderer/index.html'), 'utf8')
  const firstScripts = [...html.matchAll(/\bsrc="([^"]+[.]js)"/g)].map(([, path]) => join('renderer', path ?? ''))
  const mainScripts = readdirSync(join(outDir, 'main')).filter((name) => name.endsWith('.js'))
  const sum = (paths: readonly string[]): number =>
    paths.reduce((bytes, path) => bytes + statSync(join(outDir, path)).size, 0)
  return [
    { program: 'preload', bytes: sum(['preload/index.cjs']), limit: 15_000 },
    { program: 'first page chunk', bytes: sum(firstScripts), limit: 350_000 },
    { program: 'main', bytes: sum(mainScripts.map((name) => join('main', name))), limit: 900_000 },
  ]
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  console.table(programSizes())
}
