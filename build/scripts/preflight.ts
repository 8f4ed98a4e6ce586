/**
 * Looks for what the scripts need and says, in one line each, what is missing and how to get it.
 *
 * Promises: a machine that has everything prints nothing. On Debian (or Ubuntu), as root, a missing Chromium is
 * installed by itself, and said so. Must never install anything else, nor anything on another system.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { projectDir } from './run.ts'

/** The oldest Node that runs TypeScript as it is and the SQLite binding (major, minor). */
const oldestNode = [22, 18] as const

const chromiumCommands = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge']
const chromiumPlaces: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: [
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
}

export interface PreflightOptions {
  /** What the caller cannot do without. `app` is Electron or, in its absence, Chromium. */
  needs: readonly ('node' | 'chromium' | 'app')[]
  /** May Chromium be installed where that can be done without asking: on Debian, as root? */
  install?: boolean
}

/** Prints a line for each missing thing and returns those lines; empty when all is there. */
export function preflight({ needs, install = false }: PreflightOptions): string[] {
  const missing: string[] = []
  if (needs.includes('node')) {
    const line = nodeComplaint(process.versions.node)
    if (line !== undefined) missing.push(line)
  }
  const needsChromium = needs.includes('chromium') || (needs.includes('app') && electronBinary() === undefined)
  if (needsChromium && chromiumBinary() === undefined) {
    if (install && canInstallChromium()) installChromium()
    if (chromiumBinary() === undefined) {
      missing.push('No Chromium found: install it (Debian: apt-get install chromium) or name it in GODWIT_CHROMIUM.')
    }
  }
  for (const line of missing) console.error(line)
  return missing
}

/** The line about a Node that is too old, or undefined when it is new enough. */
export function nodeComplaint(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return undefined
  return `Node ${version} is too old: Godwit needs ${oldestNode.join('.')} or newer, from https://nodejs.org (on Linux x64 \`npm ci\` brings one along).`
}

/** The Electron executable that the `electron` package or ELECTRON_OVERRIDE_DIST_PATH provides, if it is really there. */
export function electronBinary(): string | undefined {
  const packageDir = join(projectDir, 'node_modules', 'electron')
  const names: Partial<Record<NodeJS.Platform, string>> = {
    darwin: 'Electron.app/Contents/MacOS/Electron',
    win32: 'electron.exe',
  }
  const folder = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(packageDir, 'dist')
  const binary = join(folder, names[process.platform] ?? 'electron')
  return existsSync(binary) ? binary : undefined
}

/** The Chromium (or a relative of it) of this machine: GODWIT_CHROMIUM, the usual commands, the usual places. */
export function chromiumBinary(): string | undefined {
  const named = process.env['GODWIT_CHROMIUM']
  if (named !== undefined && named !== '') return existsSync(named) ? named : undefined
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  const candidates = [
    ...chromiumCommands.flatMap((command) => folders.map((folder) => join(folder, command))),
    ...(chromiumPlaces[process.platform] ?? []),
  ]
  return candidates.find((path) => existsSync(path))
}

/** Can windows be shown here? On Linux that takes an X or Wayland display. */
export function hasDisplay(env: NodeJS.ProcessEnv = process.env): boolean {
  if (process.platform !== 'linux') return true
  return Boolean(env['DISPLAY']) || Boolean(env['WAYLAND_DISPLAY'])
}

function canInstallChromium(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
  return existsSync('/usr/bin/apt-get') && /^ID(_LIKE)?=.*debian/m.test(readOsRelease())
}

function readOsRelease(): string {
  return existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : ''
}

function installChromium(): void {
  console.error('No Chromium found: installing chromium and fonts-noto-cjk with apt-get…')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-noto-cjk']]) {
    const { status, stderr } = spawnSync('apt-get', ['-qq', ...args], {
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    if (status !== 0) {
      console.error(`apt-get ${args[0]} failed: ${stderr.trim().split('\n').at(-1) ?? ''}`)
      return
    }
  }
}
