/**
 * Runs the app without Electron: its built main process in this Node, its preload and renderer in Chromium.
 *
 *     node test/host/run.ts [--main=out/main/index.js] [Chromium's, Electron's and the app's own switches]
 *
 * Behaves as the electron executable does: `process.argv` is [executable, app path, ...switches], SIGTERM and SIGINT
 * quit the app, and the exit code is the app's. Chromium never outlives this process.
 */
import { readFileSync } from 'node:fs'
import type { Server } from 'node:net'
import { registerHooks } from 'node:module'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { type Browser, launchBrowser } from './chromium/browser.ts'
import { chromiumFlags } from './chromium/flags.ts'
import { findChromium } from './chromium/locate.ts'
import { createControl } from './control/control.ts'
import { serveControl } from './control/wire.ts'
import { setCurrentElectron } from './electron/current.ts'
import { createElectron } from './electron/module.ts'
import { type HostOptions, readHostOptions } from './options.ts'

/** Switches of Chromium's own, which Electron takes like any other of its own. */
const chromiumsOwn = ['use-fake-device-for-media-stream']

const options = readHostOptions(process.argv.slice(2), process.env, process.cwd())
const chromium = findChromium()
if (!chromium) {
  console.error('host: no Chromium found. Install it (Debian: apt-get install chromium) or set GODWIT_CHROMIUM.')
  process.exit(1)
}

let launching: Promise<Browser> | undefined
let control: Server | undefined
let shuttingDown = false

const hosted = createElectron({ ...options, env: process.env, shutDown: (code) => void shutDown(code) })
const { lifecycle } = hosted.host

presentAsElectron(options)
setCurrentElectron(hosted.electron)
mapElectronImports()
handleProcessEvents()
if (options.controlAddress) control = await serveControl(createControl(hosted), options.controlAddress)
await start(chromium).catch((error: unknown) => {
  console.error(error)
  return shutDown(1)
})

/** As Electron does: the app's code first, to its end, then `ready`. */
async function start(executable: string): Promise<void> {
  try {
    await import(pathToFileURL(options.main).href)
  } catch (error) {
    console.error('App threw an error during load')
    console.error(error)
    await shutDown(1)
  }
  if (lifecycle.isQuitting()) return
  launching = launchChromium(executable)
  const browser = await launching
  if (lifecycle.isQuitting()) return
  browser.onExit(() => void chromiumExited())
  Object.defineProperty(process.versions, 'chrome', { value: browser.version, enumerable: true })
  hosted.host.connect(browser)
  lifecycle.becomeReady()
}

function launchChromium(executable: string): Promise<Browser> {
  const { commandLine } = hosted.electron.app
  const profileDir = hosted.host.profileDir()
  const args = chromiumFlags({
    profileDir,
    headless: options.headless,
    root: process.getuid?.() === 0,
    lang: options.locale,
    debuggingPort: commandLine.hasSwitch('remote-debugging-port')
      ? commandLine.getSwitchValue('remote-debugging-port')
      : undefined,
    switches: [...hosted.host.appendedSwitches(), ...chromiumsOwn.filter((name) => commandLine.hasSwitch(name))],
  })
  return launchBrowser({ executable, args, profileDir, headless: options.headless })
}

/** In Electron the browser is this very process: without it there is no app. */
async function chromiumExited(): Promise<void> {
  if (shuttingDown) return
  console.error('host: Chromium ended unexpectedly')
  await shutDown(1)
}

async function shutDown(exitCode: number): Promise<void> {
  if (shuttingDown) return
  shuttingDown = true
  // The turn in which the app asked to quit is its own to the end.
  await nextTurn()
  control?.close()
  const browser = await launching
  await browser?.close()
  process.exit(exitCode || process.exitCode)
}

function presentAsElectron({ appPath, args, packaged }: HostOptions): void {
  const manifest = readFileSync(new URL('../../node_modules/electron/package.json', import.meta.url), 'utf8')
  const { version } = JSON.parse(manifest) as { version: string }
  Object.defineProperty(process.versions, 'electron', { value: version, enumerable: true })
  Object.assign(process, { type: 'browser', defaultApp: !packaged, resourcesPath: appPath })
  process.argv = [process.execPath, ...(packaged ? [] : [appPath]), ...args]
}

function mapElectronImports(): void {
  const stub = new URL('./electron/stub.ts', import.meta.url).href
  registerHooks({
    resolve(specifier, context, next) {
      const isElectron = ['electron', 'electron/main', 'electron/common'].includes(specifier)
      return isElectron ? { url: stub, format: 'module-typescript', shortCircuit: true } : next(specifier, context)
    },
  })
}

function handleProcessEvents(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => lifecycle.quit())
  // Electron shows a box and goes on, unless the app listens itself.
  process.on('uncaughtException', (error: Error) => {
    if (process.listenerCount('uncaughtException') > 1) return
    hosted.electron.dialog.showErrorBox(
      'A JavaScript error occurred in the main process',
      `Uncaught Exception:\n${error.stack ?? error.message}`,
    )
  })
  process.on('unhandledRejection', (reason) => {
    if (process.listenerCount('unhandledRejection') > 1) return
    console.error('UnhandledPromiseRejectionWarning:', reason)
  })
}
