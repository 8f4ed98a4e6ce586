/**
 * Starting with the system: login items on macOS and Windows, an XDG autostart file on Linux.
 *
 * What the system says is what holds: whoever switches it off in the system's own settings has switched it off here.
 * Must never touch an entry that is not ours.
 */
import type { App } from 'electron'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

export interface Login {
  /** Null where the system has no such thing that we could write to. */
  isEnabled(): boolean | null
  /** `hidden`: without a window, where the system can start it so. Throws what the file system throws. */
  set(enabled: boolean, hidden: boolean): void
  /** The system started the program and did not say so by `--hidden`: whether to hide is looked up. */
  startedUs(): boolean
}

const absent: Login = { isEnabled: () => null, set: () => undefined, startedUs: () => false }

export interface LoginOptions {
  readonly app: Pick<App, 'isPackaged' | 'getAppPath' | 'getLoginItemSettings' | 'setLoginItemSettings'>
  readonly platform: NodeJS.Platform
  readonly env: NodeJS.ProcessEnv
  readonly execPath: string
}

const hiddenSwitch = '--hidden'
const entryName = 'godwit.desktop'

export function createLogin(options: LoginOptions): Login {
  if (options.platform === 'linux') return xdgAutostart(options)
  if (options.platform === 'darwin' || options.platform === 'win32') return loginItem(options)
  return absent
}

function loginItem({ app, platform }: LoginOptions): Login {
  return {
    isEnabled: () => {
      const { openAtLogin, executableWillLaunchAtLogin } = app.getLoginItemSettings()
      // Whatever its arguments, and not where it was switched off in the task manager.
      return platform === 'win32' ? executableWillLaunchAtLogin : openAtLogin
    },
    set: (enabled, hidden) =>
      app.setLoginItemSettings({
        openAtLogin: enabled,
        ...(platform === 'win32' ? { args: hidden ? [hiddenSwitch] : [] } : {}),
      }),
    // macOS hands no arguments over, but says who started the program.
    startedUs: () => platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin,
  }
}

function xdgAutostart({ app, env, execPath }: LoginOptions): Login {
  // Inside their confinement these cannot write there; their own settings start them.
  if (env['FLATPAK_ID'] !== undefined || env['SNAP'] !== undefined) return absent
  const config = env['XDG_CONFIG_HOME'] || join(env['HOME'] || homedir(), '.config')
  const folder = join(config, 'autostart')
  const file = join(folder, entryName)
  return {
    startedUs: () => false,
    isEnabled() {
      const entry = readEntry(file)
      return (
        entry !== null && !/^\s*Hidden\s*=\s*true\s*$/m.test(entry) && !/^X-GNOME-Autostart-enabled=false$/m.test(entry)
      )
    },
    set(enabled, hidden) {
      if (!enabled) return rmSync(file, { force: true })
      const program = env['APPIMAGE'] || execPath
      const words = [program, ...(app.isPackaged ? [] : [app.getAppPath()]), ...(hidden ? [hiddenSwitch] : [])]
      mkdirSync(folder, { recursive: true })
      writeFileSync(file, desktopEntry(program, words.map(quoted).join(' ')))
    },
  }
}

function readEntry(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

/** `TryExec`: where the program is gone, so is the entry, for the desktop. */
function desktopEntry(program: string, exec: string): string {
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Godwit',
    'Comment=Messenger',
    'Comment[zh_CN]=即时通讯',
    `TryExec=${program}`,
    `Exec=${exec}`,
    'Icon=godwit',
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n')
}

/**
 * One word of `Exec`, by the Desktop Entry Specification: in double quotes with a backslash before `"`, `` ` ``, `$` and `\`;
 * then once more, as every string of the file is; a per cent sign twice.
 */
function quoted(word: string): string {
  if (/^[\w@+=:,./-]+$/.test(word)) return word
  const inQuotes = word.replace(/["`$\\]/g, '\\$&').replaceAll('%', '%%')
  return `"${inQuotes.replaceAll('\\', '\\\\')}"`
}
