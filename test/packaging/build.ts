/**
 * Vitest global set-up of the package tests: packs the built app for Linux from a stand-in Electron distribution, by
 * the configuration everyone uses, in those formats this machine has the packer of.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { writeStandIn } from '../../build/packaging/standIn.ts'
import { commandPath } from '../../build/packaging/tools.ts'
import { projectDir, runNode, toolPath } from '../../build/scripts/run.ts'
import { arches, formats } from './packages.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The folder with the packages and the unpacked programs. */
    packagesDir: string
  }
}

/** Builds the packages into a folder that the tests are told, and that is removed after them. */
export async function setup(project: TestProject): Promise<() => void> {
  const work = mkdtempSync(join(tmpdir(), 'godwit-packages-'))
  const electron = join(work, 'electron')
  const packagesDir = join(work, 'packages')
  const { version } = JSON.parse(readFileSync(join(projectDir, 'node_modules/electron/package.json'), 'utf8')) as {
    version: string
  }
  for (const arch of arches) writeStandIn(join(electron, `linux-${arch}`), { arch, version })
  const targets = formats.filter(({ packer }) => commandPath(packer) !== undefined).map(({ name }) => name)
  const code = await runNode(
    toolPath('electron-builder'),
    [
      ...['--config', 'electron-builder.config.ts', '--publish', 'never', '--linux'],
      ...(targets.length > 0 ? targets : ['dir']),
      ...arches.map((arch) => `--${arch}`),
    ],
    { env: { GODWIT_ELECTRON_DIST: electron, GODWIT_PACKAGES_DIR: packagesDir }, silent: true },
  )
  if (code !== 0) throw new Error('The packages cannot be built: run `npm run package -- --stand-in` to see why.')
  project.provide('packagesDir', packagesDir)
  return () => rmSync(work, { recursive: true, force: true })
}
