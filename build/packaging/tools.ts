/**
 * The tools electron-builder is given instead of those it would fetch: the packers of the system it runs on.
 *
 * Must never change a choice that was made in the environment.
 */
import { existsSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'

const linuxPacker = resolve(import.meta.dirname, '../scripts/packageLinux.ts')

/** The path of a command, if it is there. */
export function commandPath(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path))
}

/** 7-Zip, by whichever name it goes. */
export function sevenZipPath(): string | undefined {
  return ['7za', '7zz', '7z'].map(commandPath).find((path) => path !== undefined)
}

/** The environment by which electron-builder finds them. */
export function toolEnvironment(): Readonly<Record<string, string>> {
  const chosen: Record<string, string | undefined> = {
    // deb and rpm are packed by dpkg-deb and rpmbuild.
    CUSTOM_FPM_PATH: process.platform === 'linux' ? linuxPacker : undefined,
    ELECTRON_BUILDER_7ZIP_PATH: sevenZipPath(),
  }
  return Object.fromEntries(
    Object.entries(chosen).flatMap(([name, path]) => {
      const value = process.env[name] ?? path
      return value === undefined ? [] : [[name, value]]
    }),
  )
}
