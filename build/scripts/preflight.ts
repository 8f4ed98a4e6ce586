/**
 * Looks for what tests and the Chromium host need and says, in one line, what is missing and how to get it. (That Node
 * is new enough is seen before, by requireNode.mjs: an older one could not read this file.)
 *
 * Promises: a machine that has everything prints nothing. On Debian, as root, a missing Chromium is installed by
 * itself, and said so. Must never install anything else, nor anything on another system.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { projectDir } from './run.ts'

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

/** Is there a Chromium, or can it be installed here unasked? When not, one line says how to get it. */
export function preflight(): boolean {
  if (chromiumBinary() !== undefined) return true
  if (isDebianRoot()) installChromium()
  if (chromiumBinary() !== undefined) return true
  console.error('No Chromium found: install it (Debian: apt-get install chromium) or name it in GODWIT_CHROMIUM.')
  return false
}

/** Where Electron's distribution is, or would be: ELECTRON_OVERRIDE_DIST_PATH, else the `electron` package's folder. */
export function electronFolder(): string {
  return process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(projectDir, 'node_modules', 'electron', 'dist')
}

/** The Electron executable in that folder, if it is really there. */
export function electronBinary(): string | undefined {
  const names: Partial<Record<NodeJS.Platform, string>> = {
    darwin: 'Electron.app/Contents/MacOS/Electron',
    win32: 'electron.exe',
  }
  const binary = join(electronFolder(), names[process.platform] ?? 'electron')
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

function isDebianRoot(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
  return existsSync('/usr/bin/apt-get') && /^ID=debian$/m.test(readOsRelease())
}

function readOsRelease(): string {
  return existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : ''
}

function installChromium(): void {
  console.error('No Chromium found: installing chromium and fonts with apt-get…')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const args of [
    ['update'],
    ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-noto-cjk', 'fonts-noto-color-emoji'],
  ]) {
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
