/**
 * Vitest global set-up of the package tests: packs the built app from a stand-in Electron distribution, by the
 * configuration everyone uses, in those formats this machine has the packer of.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { writeAppImageTools, writeStandIn } from '../../build/packaging/standIn.ts'
import { sevenZipPath } from '../../build/packaging/tools.ts'
import { projectDir, runNode, toolPath } from '../../build/scripts/run.ts'
import { arches, formats, packedFeed, without } from './packages.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The folder with the Linux packages and the unpacked programs. */
    packagesDir: string
    /** The same for Windows. */
    windowsDir: string
  }
}

/** Builds the packages into folders that the tests are told, and that are removed after them. */
export async function setup(project: TestProject): Promise<() => void> {
  const work = mkdtempSync(join(tmpdir(), 'godwit-packages-'))
  const electron = join(work, 'electron')
  const packagesDir = join(work, 'linux')
  const windowsDir = join(work, 'windows')
  const { version } = JSON.parse(readFileSync(join(projectDir, 'node_modules/electron/package.json'), 'utf8')) as {
    version: string
  }
  for (const arch of arches) writeStandIn(join(electron, `linux-${arch}`), { platform: 'linux', arch, version })
  writeStandIn(join(electron, 'win32-x64'), { platform: 'win32', arch: 'x64', version })
  const appImageTools = writeAppImageTools(join(work, 'appimage'))

  const build = (output: string, args: readonly string[]): Promise<number> =>
    runNode(toolPath('electron-builder'), ['--config', 'electron-builder.config.ts', '--publish', 'never', ...args], {
      env: {
        GODWIT_ELECTRON_DIST: electron,
        GODWIT_PACKAGES_DIR: output,
        GODWIT_UPDATE_FEED: packedFeed.feed,
        GODWIT_UPDATE_KEY: packedFeed.publicKey,
        ...appImageTools,
      },
      silent: true,
    })
  const targets: string[] = formats.filter(({ packer }) => without(packer) === '').map(({ name }) => name)
  if (appImageTools !== null) targets.push('AppImage')
  const codes = await Promise.all([
    build(packagesDir, ['--linux', ...(targets.length > 0 ? targets : ['dir']), ...arches.map((arch) => `--${arch}`)]),
    build(windowsDir, ['--win', sevenZipPath() === undefined ? 'dir' : 'zip', '--x64']),
  ])
  if (codes.some((code) => code !== 0)) {
    throw new Error('The packages cannot be built: run `npm run package -- --stand-in` to see why.')
  }
  project.provide('packagesDir', packagesDir)
  project.provide('windowsDir', windowsDir)
  return () => rmSync(work, { recursive: true, force: true })
}
