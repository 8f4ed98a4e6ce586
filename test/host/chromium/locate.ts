/** Where the system's Chromium is. Looks, never downloads. */
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const names = ['chromium', 'chromium-browser', 'google-chrome']

/** Path of the first Chromium found: `$GODWIT_CHROMIUM`, then the usual names on PATH and in /usr/bin; else null. */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | null {
  const folders = ['/usr/bin', ...(env['PATH'] ?? '').split(delimiter).filter(Boolean)]
  const candidates = [env['GODWIT_CHROMIUM'], ...names.flatMap((name) => folders.map((folder) => join(folder, name)))]
  return candidates.find((path): path is string => !!path && isExecutable(path)) ?? null
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
