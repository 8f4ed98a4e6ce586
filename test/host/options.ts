/** The host's own command line and environment, apart from what belongs to the app. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { AppManifest } from './electron/app.ts'
import type { DialogAnswers } from './electron/dialog.ts'
import type { SafeStorageMode } from './electron/safeStorage.ts'

export interface HostOptions {
  /** The app's built main script. */
  main: string
  /** Folder of the app's package.json. */
  appPath: string
  manifest: AppManifest
  /** What the app is started with: everything but `--main`. */
  args: string[]
  locale: string
  headless: boolean
  dark: boolean
  keyringDir: string
  /** As if it had been installed. */
  packaged: boolean
  safeStorageMode: SafeStorageMode
  /** The user's answers to the first dialogs, which may come before the control does. */
  answers: DialogAnswers
  /** Where tests reach the control, if they want it. */
  controlAddress: string | undefined
}

const languages: Record<string, string> = { en: 'en-US', zh: 'zh-CN' }

/** Reads the options and takes the host's variables out of `env`, so that the app cannot see them. */
export function readHostOptions(argv: readonly string[], env: NodeJS.ProcessEnv, cwd: string): HostOptions {
  const path = appArgument(argv[0], cwd)
  const args = argv.slice(path === undefined ? 0 : 1).filter((arg) => !arg.startsWith('--main='))
  const given = (name: string): string | undefined =>
    argv.findLast((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3)
  const main = resolve(cwd, given('main') ?? path ?? 'out/main/index.js')
  const { appPath, manifest } = findManifest(dirname(main))
  const lang = given('lang') ?? env['LANGUAGE']?.split(':')[0] ?? env['LANG']?.replace(/\..*$/, '') ?? 'en-US'
  const mode = env['GODWIT_HOST_SAFE_STORAGE']
  const options: HostOptions = {
    main,
    appPath,
    manifest,
    args,
    locale: toLocale(lang),
    headless: !env['DISPLAY'] || argv.includes('--headless'),
    dark: argv.includes('--force-dark-mode') || env['GODWIT_HOST_DARK'] === '1',
    keyringDir:
      env['GODWIT_HOST_KEYRING'] ?? join(env['XDG_DATA_HOME'] ?? join(homedir(), '.local/share'), 'godwit-host'),
    packaged: env['GODWIT_HOST_PACKAGED'] === '1',
    safeStorageMode: mode === 'basic_text' || mode === 'unavailable' ? mode : 'keyring',
    answers: JSON.parse(env['GODWIT_HOST_ANSWERS'] ?? '[]') as DialogAnswers,
    controlAddress: env['GODWIT_HOST_CONTROL'],
  }
  for (const name of Object.keys(env)) {
    if (name.startsWith('GODWIT_HOST_')) delete env[name]
  }
  return options
}

/** The app as the electron executable takes it: a folder with a package.json, or a script. */
function appArgument(arg: string | undefined, cwd: string): string | undefined {
  if (arg === undefined || arg.startsWith('-')) return undefined
  const path = resolve(cwd, arg)
  const found = statSync(path, { throwIfNoEntry: false })
  if (found?.isFile()) return path
  if (!found?.isDirectory() || !existsSync(join(path, 'package.json'))) return undefined
  const { main = 'index.js' } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as { main?: string }
  return join(path, main)
}

function toLocale(lang: string): string {
  const tag = lang.replace('_', '-')
  if (tag === 'C' || tag === 'POSIX' || tag === '') return 'en-US'
  return languages[tag] ?? tag
}

function findManifest(folder: string): { appPath: string; manifest: AppManifest } {
  for (let at = folder; ; at = dirname(at)) {
    try {
      return { appPath: at, manifest: JSON.parse(readFileSync(join(at, 'package.json'), 'utf8')) as AppManifest }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(at) === at) throw error
    }
  }
}
