/**
 * Chooses what the built app runs in: Electron, or where there is none (or no display) the Chromium host.
 *
 * Promises: one line says which and why. Electron's binary is fetched once, and only when its download site answers:
 * without a network nothing waits.
 */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { electronBinary, hasDisplay } from './preflight.ts'
import { projectDir, runNode } from './run.ts'

const probeTimeoutMs = 3_000
const downloadTimeoutMs = 180_000
const downloadSite = 'https://github.com/electron/electron/releases/download/'

/** A program and the arguments that come before the app's own. */
export interface Shell {
  kind: 'electron' | 'host'
  program: string
  args: readonly string[]
  /** One line for the person at the terminal. */
  why: string
}

/** The Chromium host, for the reason given. */
export function hostShell(reason: string): Shell {
  return {
    kind: 'host',
    program: process.execPath,
    args: [join(projectDir, 'test/host/run.ts')],
    why: `${reason}: running in the Chromium host.`,
  }
}

/** Chooses by what was asked for, the display and the binary; may fetch the binary. */
export async function chooseShell(options: { forceHost: boolean; mayFetch: boolean }): Promise<Shell> {
  if (options.forceHost) return hostShell('Asked for by --host=chromium')
  if (!hasDisplay()) return hostShell('No display')
  if (electronBinary() === undefined && options.mayFetch && (await answers(electronSite()))) {
    console.log('Fetching Electron, once…')
    await runNode(join(projectDir, 'node_modules/electron/install.js'), [], { timeoutMs: downloadTimeoutMs })
  }
  const binary = electronBinary()
  if (binary === undefined) return hostShell('No Electron binary')
  // Chromium's sandbox refuses to start as root.
  const sandbox = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : []
  return { kind: 'electron', program: binary, args: [...sandbox, projectDir], why: 'Running in Electron.' }
}

/** Does the site that Electron's distribution comes from answer? Any HTTP status will do. */
export async function electronCanBeFetched(): Promise<boolean> {
  return answers(electronSite())
}

function electronSite(): string {
  return process.env['ELECTRON_MIRROR'] ?? process.env['npm_config_electron_mirror'] ?? downloadSite
}

async function answers(url: string): Promise<boolean> {
  const answer = fetch(url, { method: 'HEAD', redirect: 'manual' }).then(
    () => true,
    () => false,
  )
  return Promise.race([answer, sleep(probeTimeoutMs, false, { ref: false })])
}
