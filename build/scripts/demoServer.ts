/**
 * Starts the demo server and gets from it the managed configuration that signs the app in.
 *
 * Promises: the server listens on loopback, on a free port of its own choice; its log goes to a file. The caller stops
 * it with `stopAll`.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { projectDir } from './run.ts'

const readyTimeoutMs = 30_000
const pollMs = 50

export interface DemoServer {
  process: ChildProcess
  /** The file to hand to the app as `--managed-config=FILE`, once the server is ready. */
  managedConfig: string
  logFile: string
  /** Settles when the server can be signed in to; rejects, naming the log, when that does not come about. */
  ready: Promise<void>
}

/** Starts the server; the user is one of those it knows. */
export function startDemoServer(options: { dir: string; user: string }): DemoServer {
  mkdirSync(options.dir, { recursive: true })
  const managedConfig = join(options.dir, 'managed-config.json')
  const logFile = join(options.dir, 'server.log')
  rmSync(managedConfig, { force: true })

  const log = openSync(logFile, 'w')
  const server = spawn(
    process.execPath,
    [
      join(projectDir, 'test/server/main.ts'),
      ...['--port', '0', '--managed-config-out', managedConfig, '--as', options.user],
    ],
    { cwd: projectDir, stdio: ['ignore', log, log] },
  )
  closeSync(log)
  return { process: server, managedConfig, logFile, ready: fileWritten(managedConfig, server, logFile) }
}

async function fileWritten(file: string, server: ChildProcess, logFile: string): Promise<void> {
  const giveUpAt = performance.now() + readyTimeoutMs
  while (!existsSync(file) || !readFileSync(file, 'utf8').endsWith('}\n')) {
    if (server.exitCode !== null || server.signalCode !== null) {
      throw new Error(`The demo server ended at once: see ${logFile}`)
    }
    if (performance.now() > giveUpAt) {
      throw new Error(`The demo server is not ready after ${readyTimeoutMs / 1000} s: see ${logFile}`)
    }
    await sleep(pollMs)
  }
}
