/** Puts the start of a version together: its record, the way back, the older copies. Before any database is open. */
import { type App, dialog, net } from 'electron'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { ManagedConfig } from '#common/contract/managedConfig.ts'
import type { NoUpdateReason } from '#common/domain/update.ts'
import { systemClock } from '#electron/adapters/clock/systemClock.ts'
import { type OlderCopy, olderCopyOf, useOlderCopy } from '#electron/adapters/sqlite/backup.ts'
import type { Migration } from '#electron/adapters/sqlite/migrate.ts'
import { accountMigrations } from '#electron/adapters/sqlite/migrations/account/all.ts'
import { appMigrations } from '#electron/adapters/sqlite/migrations/app/all.ts'
import type { Log } from '#electron/core/ports/platform.ts'
import type { Updater } from '#electron/core/ports/updater.ts'
import { systemLocale } from './locale.ts'
import { appFile, dataDir, storeFile } from './paths.ts'
import type { Question } from './startTrouble.ts'
import { startVersion } from './startVersion.ts'
import { updateSetup } from './updateSetup.ts'
import { type VersionRun, beginVersion } from './versionRun.ts'

export interface EnterOptions {
  readonly app: App
  readonly managed: ManagedConfig['updates']
  readonly log: Log
}

/** Null: the program ends now, by our `exit` or because another version takes over. */
export async function enterVersion(options: EnterOptions): Promise<VersionRun | null> {
  const { app, log } = options
  const running = app.getVersion()
  const run = beginVersion({ file: join(dataDir(), 'version.json'), running, clock: systemClock, log })
  const verdict = await startVersion({
    run,
    running,
    updaterFor: async (version) => {
      const make = updaterMaker({ ...options, only: version })
      if (typeof make === 'string') return null
      // What is installed starts at once, and shall not find this one in its way.
      const updater = await make()
      return { ...updater, install: (how) => (app.releaseSingleInstanceLock(), updater.install(how)) }
    },
    olderCopies,
    restore: (copy) => log.info('older copy', { keptAs: useOlderCopy(copy, new Date(systemClock.now())) }),
    locale: systemLocale(app),
    ask: async (question) => (await dialog.showMessageBox(asked(question))).response,
    show: showUntil,
    log,
  })
  if (verdict === 'quit') app.exit(1)
  return verdict === 'begin' ? run : null
}

/** What makes the updater when it is needed: its library takes long to load. */
export function updaterMaker(
  options: EnterOptions & { readonly only: string | null },
): (() => Promise<Updater>) | NoUpdateReason {
  const { app, managed, only, log } = options
  const setup = updateSetup(app, managed)
  if (typeof setup === 'string') return setup
  return async () => {
    const { createUpdater } = await import('#electron/adapters/updater/createUpdater.ts')
    return createUpdater({ ...setup, only, fetch: (url, init) => net.fetch(url, init), log })
  }
}

function olderCopies(): OlderCopy[] {
  const accounts = join(dataDir(), 'accounts')
  const ids = existsSync(accounts) ? readdirSync(accounts) : []
  const newestOf = (migrations: readonly Migration[]): number => migrations.at(-1)?.version ?? 0
  return [
    olderCopyOf(appFile(), newestOf(appMigrations)),
    ...ids.map((id) => olderCopyOf(storeFile(id), newestOf(accountMigrations))),
  ].filter((copy) => copy !== null)
}

function asked(question: Question) {
  return { ...question, type: 'warning' as const, title: 'Godwit' }
}

/** True when the user answered before it was settled. */
async function showUntil(question: Question, until: Promise<unknown>): Promise<boolean> {
  const abort = new AbortController()
  const over = until.then(
    () => false,
    () => false,
  )
  const answered = dialog.showMessageBox({ ...asked(question), type: 'info', signal: abort.signal }).then(() => true)
  const first = await Promise.race([over, answered])
  abort.abort()
  return first
}
