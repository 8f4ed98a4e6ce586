/**
 * How the build scripts start other programs: tools from node_modules/.bin, with the Node that runs the script.
 *
 * Must never go through a shell: arguments come from people and contain spaces and worse.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** The repository's root folder. */
export const projectDir = resolve(import.meta.dirname, '../..')

/** The path of the JavaScript file behind a package's command, e.g. `toolPath('vitest')`. */
export function toolPath(packageName: string, command: string = packageName): string {
  const packageDir = join(projectDir, 'node_modules', packageName)
  const manifest = JSON.parse(readFileSync(join(packageDir, 'package.json'), 'utf8')) as {
    bin?: string | Record<string, string>
  }
  const file = typeof manifest.bin === 'string' ? manifest.bin : manifest.bin?.[command]
  if (file === undefined) throw new Error(`${packageName} has no command ${command}`)
  return join(packageDir, file)
}

export interface RunOptions {
  env?: NodeJS.ProcessEnv
  /** Milliseconds after which the program is killed; the exit code is then 1. */
  timeoutMs?: number
  /** Print nothing of what the program prints. */
  silent?: boolean
}

/** Starts `node FILE ARGS…` in the project's folder, its output going where ours goes. */
export function startNode(file: string, args: readonly string[], options: RunOptions = {}): ChildProcess {
  return start(process.execPath, [file, ...args], options)
}

/** Starts a program in the project's folder, its output going where ours goes. */
export function start(program: string, args: readonly string[], options: RunOptions = {}): ChildProcess {
  return spawn(program, args, {
    cwd: projectDir,
    stdio: ['ignore', options.silent ? 'ignore' : 'inherit', options.silent ? 'ignore' : 'inherit'],
    env: { ...process.env, PATH: pathWithProjectNode(), ...options.env },
    ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs }),
  })
}

/** The exit code of a program: 1 when a signal ended it, 127 when it could not be started. */
export function exitCode(child: ChildProcess): Promise<number> {
  return new Promise((done) => {
    child.once('error', () => done(127))
    child.once('exit', (code) => done(code ?? 1))
  })
}

/** Runs `node FILE ARGS…` to its end. */
export function runNode(file: string, args: readonly string[], options?: RunOptions): Promise<number> {
  return exitCode(startNode(file, args, options))
}

// Tools that start `node` by name must get the Node we run on, not the system's older one.
function pathWithProjectNode(): string {
  const separator = process.platform === 'win32' ? ';' : ':'
  return [dirname(process.execPath), process.env['PATH'] ?? ''].join(separator)
}
