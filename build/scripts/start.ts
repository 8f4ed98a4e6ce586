/**
 * `npm start`: builds the app, starts the demo server, and runs the app signed in to it as a demo user.
 *
 * Switches: `--once` ends after the screenshot; `--host=chromium` takes the Chromium host even where there is Electron;
 * all others go to the app. Without a display, and with `--once`, a screenshot of the signed-in app is written to
 * .godwit/start.png. Ctrl-C, or closing the app, ends everything that was started here.
 *
 * The demo begins anew each time, the app's data folder too: the server remembers nothing, so neither may the app.
 */
import { rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { ChildProcess } from 'node:child_process'
import { startDemoServer } from './demoServer.ts'
import { hasDisplay, preflight } from './preflight.ts'
import { exitCode, projectDir, runNode, start, toolPath } from './run.ts'
import { freePort, screenshotSignedIn } from './screenshot.ts'
import { chooseShell, type Shell } from './shell.ts'
import { askedToStop, stopAll } from './stopAll.ts'

const demoDir = join(projectDir, '.godwit')
const userDataDir = join(demoDir, 'demo')
const screenshotFile = join(demoDir, 'start.png')
const signInTimeoutMs = 60_000

const switches = process.argv.slice(2)
const once = switches.includes('--once')
const forceHost = switches.includes('--host=chromium')
const appSwitches = switches.filter((name) => name !== '--once' && name !== '--host=chromium')

async function main(): Promise<number> {
  const shell = await chooseShell({ forceHost, mayFetch: process.env['CI'] === undefined })
  console.log(shell.why)
  if (shell.kind === 'host' && !preflight()) return 1
  if ((await runNode(toolPath('electron-vite'), ['build', '--logLevel', 'warn'])) !== 0) return 1

  const running: ChildProcess[] = []
  try {
    return await Promise.race([askedToStop(), runDemo(shell, running)])
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return 1
  } finally {
    await stopAll(running)
  }
}

/** Runs until the app ends, or with `--once` until the picture is taken. What it starts, it puts first in `running`. */
async function runDemo(shell: Shell, running: ChildProcess[]): Promise<number> {
  rmSync(userDataDir, { recursive: true, force: true })
  const server = startDemoServer({ dir: demoDir, user: 'alice' })
  running.unshift(server.process)
  await server.ready
  console.log(`The demo server is up; its log: ${relative(projectDir, server.logFile)}`)

  const port = once || !hasDisplay() ? await freePort() : undefined
  const app = start(shell.program, [
    ...shell.args,
    `--managed-config=${server.managedConfig}`,
    `--user-data-dir=${userDataDir}`,
    ...(port === undefined ? [] : [`--remote-debugging-port=${port}`]),
    ...appSwitches,
  ])
  running.unshift(app)
  const ended = Promise.race([
    exitCode(app),
    exitCode(server.process).then(() => {
      throw new Error(`The demo server ended: see ${server.logFile}`)
    }),
  ])
  if (port === undefined) return ended

  const pictured = screenshotSignedIn({ port, file: screenshotFile, timeoutMs: signInTimeoutMs }).then(() => undefined)
  const early = await Promise.race([pictured, ended])
  if (early !== undefined) {
    console.error('The app ended before it was signed in.')
    return early === 0 ? 1 : early
  }
  console.log(`Signed in; screenshot: ${relative(projectDir, screenshotFile)}`)
  if (once) return 0
  console.log('Ctrl-C ends the demo.')
  return ended
}

// A picture that is still waited for must not keep the program alive.
process.exit(await main())
