/**
 * The Chromium process behind the host.
 *
 * Owns: the child process, its debugging pipe, and the targets (windows) in it.
 * Promises: Chromium ends when this process ends, however it ends, because the pipe closes with it;
 * every page is seen paused, before its first document, by whoever created or receives it.
 * Must never: know about Electron.
 */
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { type CdpSession, createCdpConnection, ignoreGone } from './cdp.ts'
import { profileOwner, untilEnded } from './profile.ts'

/** A page that appeared: paused until `resume()`. */
export interface NewTarget {
  targetId: string
  session: CdpSession
  openerId: string | undefined
  url: string
  resume(): Promise<void>
}

export interface Browser {
  readonly version: string
  readonly headless: boolean
  readonly cdp: CdpSession
  /** Session of a child (frame, worker) that a page attached to. */
  session(id: string): CdpSession
  /** Opens a window of its own on about:blank; without tabs when there is a display. */
  openWindow(size: { width: number; height: number }): Promise<NewTarget>
  /** Pages that nobody asked for here: pop-ups. */
  onPopup(listener: (target: NewTarget) => void): void
  /** Address for an outside DevTools client, or undefined without `--remote-debugging-port`. */
  debuggingUrl(): Promise<string | undefined>
  onExit(listener: () => void): void
  close(): Promise<void>
}

export interface LaunchOptions {
  executable: string
  args: readonly string[]
  profileDir: string
  headless: boolean
  onLog?: (line: string) => void
}

const startTimeoutMs = 30_000
const closeTimeoutMs = 5_000
const pollMs = 10

/** Starts Chromium and attaches to it. Rejects with what Chromium printed if it does not come up. */
export async function launchBrowser(options: LaunchOptions): Promise<Browser> {
  // An earlier Chromium on this profile would take the new windows for itself.
  await untilEnded(profileOwner(options.profileDir), closeTimeoutMs)
  rmSync(join(options.profileDir, 'DevToolsActivePort'), { force: true })
  const child = spawn(options.executable, options.args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'] })
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  const output: string[] = []
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    if (output.length < 200) output.push(text)
    options.onLog?.(text)
  })
  const connection = createCdpConnection({ input: child.stdio[3] as Writable, output: child.stdio[4] as Readable })
  const cdp = connection.browser
  const version = await Promise.race([
    cdp.send('Browser.getVersion'),
    exited.then(() => Promise.reject(new Error(`Chromium did not start: ${output.join('').trim()}`))),
    timeout(startTimeoutMs, `Chromium did not answer within ${startTimeoutMs} ms: ${output.join('').trim()}`),
  ])

  const awaited = new Map<string, (target: NewTarget) => void>()
  const popupListeners: ((target: NewTarget) => void)[] = []
  cdp.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
    const session = connection.session(sessionId)
    const resume = async (): Promise<void> => {
      await session.send('Runtime.runIfWaitingForDebugger')
    }
    if (targetInfo.type !== 'page') {
      // Browser UI, extensions and the like: let them run, unobserved.
      void resume()
        .then(() => cdp.send('Target.detachFromTarget', { sessionId }))
        .catch(ignoreGone)
      return
    }
    const target: NewTarget = {
      targetId: targetInfo.targetId,
      session,
      openerId: targetInfo.openerId,
      url: targetInfo.url,
      resume,
    }
    const waiting = [...awaited.keys()].find((marker) => targetInfo.url.endsWith(marker))
    if (waiting === undefined) return popupListeners.forEach((listener) => listener(target))
    awaited.get(waiting)?.(target)
    awaited.delete(waiting)
  })
  await cdp.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: true, flatten: true })
  await cdp.send('Browser.setDownloadBehavior', { behavior: 'deny' })

  async function openWindow(size: { width: number; height: number }): Promise<NewTarget> {
    const marker = `#${randomUUID()}`
    const target = new Promise<NewTarget>((resolve) => awaited.set(marker, resolve))
    if (options.headless)
      await cdp.send('Target.createTarget', { url: `about:blank${marker}`, newWindow: true, ...size })
    // Chromium makes an application window of a data: address, but not of about:blank.
    else await openAppWindow(`data:text/html,${marker}`, size)
    return target
  }

  /** A second start on the same profile asks the running Chromium for an application window and ends. */
  async function openAppWindow(url: string, size: { width: number; height: number }): Promise<void> {
    const args = options.args.filter((arg) => !/^--(remote-debugging-|no-startup-window)/.test(arg))
    const opener = spawn(options.executable, [...args, `--app=${url}`, `--window-size=${size.width},${size.height}`], {
      stdio: 'ignore',
    })
    await new Promise((resolve) => opener.once('exit', resolve))
  }

  async function debuggingUrl(): Promise<string | undefined> {
    if (!options.args.some((arg) => arg.startsWith('--remote-debugging-port='))) return undefined
    const file = join(options.profileDir, 'DevToolsActivePort')
    // Chromium opens the port, and writes this file, a moment after it answers on the pipe.
    const read = (): string[] => (existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [])
    for (const deadline = Date.now() + startTimeoutMs; read().length < 2 && Date.now() < deadline;) await delay(pollMs)
    const [port, path] = read()
    if (!path) throw new Error('Chromium did not open its debugging port')
    return `ws://127.0.0.1:${port}${path}`
  }

  let closing: Promise<void> | undefined
  async function close(): Promise<void> {
    await Promise.race([cdp.send('Browser.close').catch(ignoreGone), delay(closeTimeoutMs)])
    connection.dispose()
    await Promise.race([exited, delay(closeTimeoutMs).then(() => child.kill('SIGKILL'))])
    await exited
  }

  return {
    version: version.product.replace(/^.*\//, ''),
    headless: options.headless,
    cdp,
    session: (id) => connection.session(id),
    openWindow,
    onPopup: (listener) => void popupListeners.push(listener),
    debuggingUrl,
    onExit: (listener) => void exited.then(listener),
    close: () => (closing ??= close()),
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}

function timeout(ms: number, message: string): Promise<never> {
  return new Promise((_, reject) => setTimeout(() => reject(new Error(message)), ms).unref())
}
