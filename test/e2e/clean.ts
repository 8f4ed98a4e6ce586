/**
 * What no run of the app may leave behind: an error or a warning on the page's console, an exception or a rejection that
 * nobody caught, in the page or in main, or a report of the content policy, which browsers tell on the console.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'

/** A resource that is not there is a state that is shown, and the browser says so on its own account. */
const ofTheBrowser = /^Failed to load resource/
/** As main's log has them. */
const uncaught = /\[error\] +(uncaught|unhandled|error in the page)/

export interface Watch {
  watch(page: Page): void
  /** What was seen so far, one line each. */
  seen(): readonly string[]
}

export function watchForErrors(userDataDir: string): Watch {
  const seen: string[] = []
  const watched = new Set<Page>()
  const before = new Set(uncaughtIn(userDataDir))
  return {
    watch(page) {
      if (watched.has(page)) return
      watched.add(page)
      page.on('console', (line) => {
        if (!['error', 'warning'].includes(line.type()) || ofTheBrowser.test(line.text())) return
        seen.push(`console: ${line.text()}`)
      })
      page.on('pageerror', (error) => seen.push(`page: ${error.stack ?? error.message}`))
    },
    seen: () => [...seen, ...uncaughtIn(userDataDir).filter((line) => !before.has(line))],
  }
}

function uncaughtIn(userDataDir: string): string[] {
  const logs = join(userDataDir, 'logs')
  return namesIn(logs)
    .filter((name) => name.endsWith('.log'))
    .flatMap((name) => readFileSync(join(logs, name), 'utf8').split('\n'))
    .filter((line) => uncaught.test(line))
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
