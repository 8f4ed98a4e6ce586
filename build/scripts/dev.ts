/**
 * `npm run dev`: the app built on the fly and reloaded on every change, signed in to the demo server.
 *
 * Where there is no Electron binary, electron-vite is handed the Chromium host in its place. Switches after `--` go to
 * the app. The data folder is kept from one run to the next.
 */
import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { startDemoServer } from './demoServer.ts'
import { preflight } from './preflight.ts'
import { exitCode, projectDir, startNode, toolPath } from './run.ts'
import { chooseShell } from './shell.ts'
import { askedToStop, stopAll } from './stopAll.ts'

const demoDir = join(projectDir, '.godwit', 'dev')

async function main(): Promise<number> {
  const shell = await chooseShell({ forceHost: process.argv.includes('--host=chromium'), mayFetch: true })
  console.log(shell.why)
  if (shell.kind === 'host' && !preflight()) return 1

  const server = startDemoServer({ dir: demoDir, user: 'alice' })
  const running: ChildProcess[] = [server.process]
  const runApp = async (): Promise<number> => {
    await server.ready
    const app = startNode(
      toolPath('electron-vite'),
      [
        ...['dev', '--watch', '--'],
        `--managed-config=${server.managedConfig}`,
        `--user-data-dir=${join(demoDir, 'data')}`,
        ...process.argv.slice(2).filter((name) => name !== '--host=chromium'),
      ],
      shell.kind === 'electron'
        ? {}
        : { env: { ELECTRON_EXEC_PATH: join(projectDir, 'build/scripts/electronHost.sh') } },
    )
    running.unshift(app)
    return exitCode(app)
  }
  try {
    return await Promise.race([askedToStop(), runApp()])
  } finally {
    await stopAll(running)
  }
}

process.exit(await main())
