/** `app.getPath` and `app.setPath`: the well-known folders of a Linux desktop, and the app's own. */
import { existsSync, mkdirSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'

export interface AppPaths {
  get(name: string): string
  set(name: string, path: string): void
}

export function createAppPaths(options: {
  appName: () => string
  /** `--user-data-dir`, or empty. */
  userDataDir: string
  env: NodeJS.ProcessEnv
}): AppPaths {
  const { env } = options
  const overrides = new Map<string, string>()
  if (options.userDataDir) overrides.set('userData', resolve(options.userDataDir))
  const home = (): string => env['HOME'] ?? homedir()
  const inUserData = (folder: string) => (): string => join(get('userData'), folder)
  const inHome = (variable: string, folder: string) => (): string => env[variable] ?? join(home(), folder)
  const known: Record<string, () => string> = {
    home,
    appData: inHome('XDG_CONFIG_HOME', '.config'),
    userData: () => join(get('appData'), options.appName()),
    sessionData: () => get('userData'),
    temp: tmpdir,
    exe: () => process.execPath,
    module: () => process.execPath,
    desktop: inHome('XDG_DESKTOP_DIR', 'Desktop'),
    documents: inHome('XDG_DOCUMENTS_DIR', 'Documents'),
    downloads: inHome('XDG_DOWNLOAD_DIR', 'Downloads'),
    music: inHome('XDG_MUSIC_DIR', 'Music'),
    pictures: inHome('XDG_PICTURES_DIR', 'Pictures'),
    videos: inHome('XDG_VIDEOS_DIR', 'Videos'),
    logs: inUserData('logs'),
    crashDumps: inUserData('Crashpad'),
  }

  function get(name: string): string {
    const path = overrides.get(name) ?? (Object.hasOwn(known, name) ? known[name]?.() : undefined)
    if (path === undefined) throw new Error(`Failed to get '${name}' path`)
    if (name === 'logs') mkdirSync(path, { recursive: true })
    return path
  }

  function set(name: string, path: string): void {
    if (!isAbsolute(path)) throw new Error('Path must be absolute')
    if (!Object.hasOwn(known, name)) throw new Error(`Failed to set path`)
    if (!existsSync(path)) throw new Error('Failed to set path')
    overrides.set(name, path)
  }

  return { get, set }
}
