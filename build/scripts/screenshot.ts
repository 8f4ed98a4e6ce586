/**
 * Looks at the running app through its debugging port, waits until it is signed in and shows conversations, and takes a
 * picture. It reads the accessible surface only, as the end-to-end tests do.
 */
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { chromium, type Browser, type Page } from 'playwright-core'

const pollMs = 100
const online = /^(Online|在线)$/

/** A TCP port of loopback that is free now. */
export function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer()
    server.once('error', fail)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => (address !== null && typeof address === 'object' ? done(address.port) : fail(address)))
    })
  })
}

/**
 * Writes a PNG of the first window once the connection is online and conversations are listed.
 *
 * Throws when that is not so after `timeoutMs`; the picture is then of what there is, if there is any window.
 */
export async function screenshotSignedIn(options: { port: number; file: string; timeoutMs: number }): Promise<void> {
  const giveUpAt = performance.now() + options.timeoutMs
  const left = (): number => Math.max(1, giveUpAt - performance.now())
  const browser = await retry(() => chromium.connectOverCDP(`http://127.0.0.1:${options.port}`), giveUpAt)
  try {
    const page = await retry(() => appPage(browser), giveUpAt)
    try {
      await page.getByRole('status').filter({ hasText: online }).first().waitFor({ timeout: left() })
      await page.getByRole('option').first().waitFor({ timeout: left() })
    } finally {
      await page.screenshot({ path: options.file })
    }
  } finally {
    await browser.close()
  }
}

function appPage(browser: Browser): Promise<Page> {
  const page = browser
    .contexts()
    .flatMap((context) => context.pages())
    .find((candidate) => !/^(about|chrome|devtools):/.test(candidate.url()))
  return page === undefined ? Promise.reject(new Error('The app shows no window.')) : Promise.resolve(page)
}

async function retry<T>(attempt: () => Promise<T>, giveUpAt: number): Promise<T> {
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (performance.now() > giveUpAt) throw error
      await sleep(pollMs)
    }
  }
}
