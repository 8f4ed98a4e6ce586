/**
 * Starts the built app for a test, in whatever can run it here, and gives the test a page to drive.
 *
 * Two back ends: `electron` (Playwright's own launcher, where the Electron binary is there) and `chromium` (the host in
 * test/host). A suite runs over `backends()` and shows the missing one as skipped, with the reason in its title.
 * Must never: load the `electron` package, which would try to download the binary.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, type ElectronApplication, type Page, _electron, chromium } from 'playwright-core'
import { type ControlClient, connectControl } from '../host/control/wire.ts'
import { findChromium } from '../host/chromium/locate.ts'
import { profileOwner, untilEnded } from '../host/chromium/profile.ts'
import { watchForErrors } from './clean.ts'

export type BackendName = 'electron' | 'chromium'

export interface Backend {
  name: BackendName
  /** Why it cannot run here, or null. */
  missing: string | null
}

export interface LaunchOptions {
  userDataDir: string
  lang?: string
  managedConfig?: string
  /** Further switches for the app. */
  args?: readonly string[]
  env?: Record<string, string>
  /** Default: Electron if its binary is there, else Chromium. */
  backend?: BackendName
  /** The main script; default: the built app. */
  main?: string
  /** The test attacks the page: what is blocked there is told on the console. */
  attacked?: true
}

export interface LaunchedApp {
  readonly backend: BackendName
  readonly pid: number
  /** The main window's page, once it is past about:blank. */
  page(): Promise<Page>
  /** All pages there are now. */
  windows(): Page[]
  /** What a user or operating system does, and what the app asked of them. Only on `chromium`. */
  control(): ControlClient
  /** What the app wrote to its standard output and error so far. */
  logs(): string
  /** Resolves with the exit code when the process has ended; null if a signal ended it. */
  exited: Promise<number | null>
  /**
   * As a user quits: events and all. Resolves with the exit code; rejects when the run left an error behind that nobody
   * expected (see `clean.ts`).
   */
  quit(): Promise<number | null>
  /** SIGKILL: no event, no last word. Resolves when nothing of the app writes to its folder any more. */
  kill(): Promise<void>
}

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const startTimeoutMs = 30_000
const pollMs = 20

/** The Electron executable, or null; `ELECTRON_OVERRIDE_DIST_PATH` goes first, as for the electron package itself. */
export function electronBinary(): string | null {
  const folder = join(root, 'node_modules/electron')
  const pathFile = join(folder, 'path.txt')
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8') : 'electron'
  const dist = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(folder, 'dist')
  const binary = join(dist, name)
  return existsSync(binary) ? binary : null
}

/** Both back ends, and why one is missing. */
export function backends(): Backend[] {
  const electronMissing = electronBinary()
    ? process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']
      ? 'no display for Electron'
      : null
    : 'no Electron binary in node_modules/electron/dist'
  return [
    { name: 'electron', missing: electronMissing },
    { name: 'chromium', missing: findChromium() ? null : 'no Chromium installed' },
  ]
}

/** Title of a suite over one back end; names the reason when it is skipped. */
export function backendTitle(backend: Backend): string {
  return backend.missing ? `on ${backend.name} (skipped: ${backend.missing})` : `on ${backend.name}`
}

/** Starts the app. Rejects if it ends before its window is there, with what it printed. */
export async function launch(options: LaunchOptions): Promise<LaunchedApp> {
  const available = backends().find(({ missing }) => missing === null)
  const name = options.backend ?? available?.name
  if (!name) throw new Error(`nothing here can run the app: ${backends().map(backendTitle).join('; ')}`)
  const errors = watchForErrors(options.userDataDir)
  const app = await (name === 'electron' ? launchElectron(options) : launchHost(options))
  return {
    ...app,
    async page() {
      const page = await app.page()
      errors.watch(page)
      return page
    },
    async quit() {
      const code = await app.quit()
      const seen = errors.seen()
      if (seen.length > 0 && options.attacked === undefined)
        throw new Error(`the app ran into errors:\n${seen.join('\n')}`)
      return code
    },
  }
}

function switches(options: LaunchOptions): string[] {
  return [
    `--user-data-dir=${options.userDataDir}`,
    ...(options.lang ? [`--lang=${options.lang}`] : []),
    ...(options.managedConfig ? [`--managed-config=${options.managedConfig}`] : []),
    ...(options.args ?? []),
  ]
}

function collectLogs(child: ChildProcess): () => string {
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  return () => text
}

function exitOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode)
  return once(child, 'exit').then(([code]) => code as number | null)
}

/** Keys that would change what the app does under test, and are not the test's. */
function cleanEnv(extra: Record<string, string> | undefined): Record<string, string> {
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !/^(VITEST|NODE_ENV$|NODE_OPTIONS$|ELECTRON_RUN_AS_NODE$)/.test(entry[0]),
  )
  // What a test is told must not come up on the desktop of whoever runs it.
  return { ...Object.fromEntries(inherited), DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent', ...extra }
}

/** Whoever runs the tests is not told of messages, and sees no icon: there is no desktop but a test's own. */
const noDesktop = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' }

async function launchHost(options: LaunchOptions): Promise<LaunchedApp> {
  const folder = mkdtempSync(join(tmpdir(), 'godwit-host-'))
  const address = join(folder, 'control')
  const args = [
    join(root, 'test/host/run.ts'),
    ...(options.main ? [`--main=${options.main}`] : []),
    '--remote-debugging-port=0',
    ...switches(options),
  ]
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...cleanEnv({ ...noDesktop, ...options.env }), GODWIT_HOST_CONTROL: address },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const logs = collectLogs(child)
  const exited = exitOf(child)
  let browser: Browser | undefined
  let control: ControlClient | undefined
  void exited.then(() => {
    control?.dispose()
    rmSync(folder, { recursive: true, force: true })
  })

  async function whileAlive<T>(what: string, attempt: () => Promise<T | undefined>): Promise<T> {
    for (
      const deadline = Date.now() + startTimeoutMs;
      Date.now() < deadline;
      await new Promise((next) => setTimeout(next, pollMs))
    ) {
      if (child.exitCode !== null || child.signalCode !== null)
        throw new Error(`the app ended (${child.exitCode}) before ${what}\n${logs()}`)
      const value = await attempt()
      if (value !== undefined) return value
    }
    throw new Error(`no ${what} within ${startTimeoutMs} ms\n${logs()}`)
  }

  const pages = (): Page[] => browser?.contexts().flatMap((context) => context.pages()) ?? []

  try {
    const client = (control = await whileAlive('its control', () => connectControl(address).catch(notYet)))
    const endpoint = await Promise.race([client.debuggingUrl(), exited.then(() => null)])
    if (endpoint === null) throw new Error(`the app ended before it was ready\n${logs()}`)
    browser = await chromium.connectOverCDP(endpoint)
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
  const client = control

  return {
    backend: 'chromium',
    pid: child.pid ?? 0,
    async page() {
      const page = await whileAlive('its window', async () =>
        pages().find((candidate) => !/^(about|data):/.test(candidate.url())),
      )
      // Playwright would otherwise hold its own idea of the desktop's colours against the app's.
      await page.emulateMedia({ colorScheme: null })
      await page.waitForLoadState('domcontentloaded')
      return page
    },
    windows: pages,
    control: () => client,
    logs,
    exited,
    async quit() {
      await client.quit()
      return exited
    },
    async kill() {
      const chromiumPid = profileOwner(join(options.userDataDir, 'Chromium'))
      child.kill('SIGKILL')
      await exited
      await untilEnded(chromiumPid, startTimeoutMs)
    },
  }
}

function notYet(_refused: unknown): undefined {
  return undefined
}

async function launchElectron(options: LaunchOptions): Promise<LaunchedApp> {
  const executablePath = electronBinary()
  if (!executablePath) throw new Error('no Electron binary')
  const app: ElectronApplication = await _electron.launch({
    executablePath,
    args: [options.main ?? root, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), ...switches(options)],
    cwd: root,
    env: cleanEnv(options.env),
    colorScheme: null,
    timeout: startTimeoutMs,
  })
  const child = app.process()
  const exited = exitOf(child)
  return {
    backend: 'electron',
    pid: child.pid ?? 0,
    page: () => app.firstWindow(),
    windows: () => app.windows(),
    control() {
      throw new Error('the control belongs to the Chromium host; Electron is driven by its own user interface')
    },
    logs: collectLogs(child),
    exited,
    async quit() {
      await app.evaluate(({ app: electronApp }) => setImmediate(() => electronApp.quit()))
      return exited
    },
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
  }
}
