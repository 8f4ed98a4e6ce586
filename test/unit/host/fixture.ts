/** The fixture app, started in the host, and what its page offers to tests. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Page } from 'playwright-core'
import { onTestFinished, vi } from 'vitest'
import { type LaunchOptions, type LaunchedApp, launch } from '../../e2e/launch.ts'

export const fixtureMain = resolve(import.meta.dirname, '../../host/fixture/main.js')

/** A Chromium whose host was killed may write for a moment yet. */
const patiently = { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }

/** A folder of its own under the system's temporary one. */
export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'godwit-host-test-'))
  return { path, remove: () => rmSync(path, patiently) }
}

export interface StartedFixture {
  app: LaunchedApp
  page: Page
  folder: string
  /** `ipcRenderer.invoke` from the page. */
  invoke<T>(channel: string, ...args: unknown[]): Promise<T>
  /** Kills the app if it is still there, and removes its folder. */
  dispose(): Promise<void>
}

export async function startFixture(options: Partial<LaunchOptions> = {}): Promise<StartedFixture> {
  const folder = temporaryFolder()
  const app = await launch({
    main: fixtureMain,
    userDataDir: folder.path,
    backend: 'chromium',
    ...options,
    env: { GODWIT_HOST_KEYRING: `${folder.path}-keyring`, ...options.env },
  })
  const page = await app.page()
  await vi.waitUntil(() => app.logs().includes('fixture: window loaded'), { timeout: 10_000, interval: 10 })
  return {
    app,
    page,
    folder: folder.path,
    invoke: (channel, ...args) => invokeFrom(page, channel, ...args),
    async dispose() {
      await app.kill()
      folder.remove()
      rmSync(`${folder.path}-keyring`, { recursive: true, force: true })
    },
  }
}

/** The same for one test; cleaned up when it has finished. */
export async function fixtureForTest(options: Partial<LaunchOptions> = {}): Promise<StartedFixture> {
  const started = await startFixture(options)
  onTestFinished(() => started.dispose())
  return started
}

export function invokeFrom<T>(page: Page, channel: string, ...args: unknown[]): Promise<T> {
  return page.evaluate(([name, values]) => fixture.invoke(name, ...values), [channel, args] as const) as Promise<T>
}

/** What the fixture's preload exposes. */
export interface FixtureApi {
  invoke(channel: string, ...args: readonly unknown[]): Promise<unknown>
  send(channel: string, ...args: readonly unknown[]): void
  listen(channel: string, listener: (...args: unknown[]) => void): () => void
  sync(value: unknown): unknown
  later(value: unknown): Promise<unknown>
  throws(): void
  numbers: number[]
  sandbox: Record<string, unknown>
}

declare global {
  var fixture: FixtureApi
  /** What the page's first script found. */
  var seenAtStart: Record<string, string>
  /** Directives that were violated. */
  var violations: string[]
}

export interface FixtureEvent {
  name: string
  url?: string
  [key: string]: unknown
}
