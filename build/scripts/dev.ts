/**
 * `npm run dev`: the app signed in to the demo server, built anew and restarted whenever its source changes.
 *
 * It runs what ships: pages come from the built files under the shipped content security policy, not from a development
 * server, which would need a weaker one. A build that fails leaves the running app alone. `--host=chromium` takes the
 * Chromium host; all other switches go to the app. The demo begins anew each time, but not at each restart.
 */
import type { ChildProcess } from 'node:child_process'
import { rmSync, watch } from 'node:fs'
import { join } from 'node:path'
import { startDemoServer } from './demoServer.ts'
import { preflight } from './preflight.ts'
import { exitCode, projectDir, runNode, start, toolPath } from './run.ts'
import { chooseShell, type Shell } from './shell.ts'
import { askedToStop, stopAll } from './stopAll.ts'

const demoDir = join(projectDir, '.godwit', 'dev')
const userDataDir = join(demoDir, 'data')
const sourceDirs = ['common', 'electron', 'proto', 'renderer']
/** Editors write a file in several steps. */
const settleMs = 200

const build = async (): Promise<boolean> =>
  (await runNode(toolPath('electron-vite'), ['build', '--logLevel', 'warn'])) === 0

/** Calls back once per burst of changes in the source; the changes that come meanwhile are told after it returns. */
function onSourceChange(callBack: () => Promise<void>): void {
  let timer: NodeJS.Timeout | undefined
  let working = Promise.resolve()
  const changed = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      working = working.then(callBack)
    }, settleMs)
  }
  for (const dir of sourceDirs) watch(join(projectDir, dir), { recursive: true }, changed)
}

/** Runs until the app is closed by a person. */
async function develop(shell: Shell, running: ChildProcess[]): Promise<number> {
  rmSync(userDataDir, { recursive: true, force: true })
  const server = startDemoServer({ dir: demoDir, user: 'alice' })
  running.push(server.process)
  await server.ready

  return new Promise((done) => {
    let app: ChildProcess
    const startApp = (): void => {
      const started = start(shell.program, [
        ...shell.args,
        `--managed-config=${server.managedConfig}`,
        `--user-data-dir=${userDataDir}`,
        ...process.argv.slice(2).filter((name) => name !== '--host=chromium'),
      ])
      app = started
      running.unshift(started)
      void exitCode(started).then((code) => {
        if (started === app && running.includes(started)) done(code)
      })
    }
    startApp()
    onSourceChange(async () => {
      if (!(await build())) return
      console.log('Built; restarting.')
      running.splice(running.indexOf(app), 1)
      await stopAll([app])
      startApp()
    })
  })
}

async function main(): Promise<number> {
  const shell = await chooseShell({ forceHost: process.argv.includes('--host=chromium'), mayFetch: true })
  console.log(shell.why)
  if (shell.kind === 'host' && !preflight()) return 1
  if (!(await build())) return 1

  const running: ChildProcess[] = []
  try {
    return await Promise.race([askedToStop(), develop(shell, running)])
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return 1
  } finally {
    await stopAll(running)
  }
}

process.exit(await main())
