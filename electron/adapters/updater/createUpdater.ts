/**
 * Fetches and installs new versions by electron-updater, from a signed feed (`signedFeed.ts`).
 *
 * Promises: only what is newer is offered, or, on the way back, just the one version asked for; what was fetched is
 * hashed again right before it is installed, because anybody may have touched the folder it lay in; a server that sends
 * more than was signed is cut off. Must never be loaded where nothing is renewed: it takes long.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { type AppUpdater, CancellationToken, MacUpdater, NsisUpdater, type UpdateInfo } from 'electron-updater'
import { appError } from '#common/base/errors.ts'
import { type Result, fail, ok } from '#common/base/result.ts'
import type { Log } from '#electron/core/ports/platform.ts'
import type { Updater } from '#electron/core/ports/updater.ts'
import { AtomicAppImageUpdater } from './appImage.ts'
import { type FeedOptions, SignedFeed } from './signedFeed.ts'
import { toUpdateError } from './updateError.ts'
import type { UpdateKind } from './updateSource.ts'

export interface UpdaterOptions {
  readonly kind: UpdateKind
  /** `https:`, or this machine's own. */
  readonly feed: string
  /** Of the feed: Ed25519, DER, base64. */
  readonly publicKey: string
  /** As Electron's `net.fetch`: through the system's proxy. */
  readonly fetch: FeedOptions['fetch']
  /** This one version and no other, though it be older; null: whatever is newer. */
  readonly only: string | null
  readonly log: Log
}

export function createUpdater({ kind, feed, publicKey, fetch, only, log }: UpdaterOptions): Updater {
  const updater = updaterOf(kind)
  updater.logger = null
  updater.autoDownload = false
  // Squirrel on macOS wants the file before the end; the others are called at the end, after all data is closed.
  updater.autoInstallOnAppQuit = kind === 'bundle'
  updater.disableWebInstaller = true
  updater.allowPrerelease = false
  const feedOptions: FeedOptions = {
    provider: 'custom',
    updateProvider: SignedFeed,
    url: feed.endsWith('/') ? feed : `${feed}/`,
    folder: only === null ? '' : `${only}/`,
    publicKey,
    fetch,
  }
  updater.setFeedURL(feedOptions)
  // After the feed: setting one may change it.
  updater.allowDowngrade = only !== null
  let problem: unknown = null
  updater.on('error', (error) => {
    problem = error
    log.warn('updater', { error: error.name })
  })
  let found: UpdateInfo | null = null
  let fetched: { readonly file: string; readonly sha512: string } | null = null

  const check: Updater['check'] = async () => {
    try {
      const answer = await updater.checkForUpdates()
      if (answer?.isUpdateAvailable !== true) return ok(null)
      const { updateInfo } = answer
      if (only !== null && updateInfo.version !== only) return fail('update.untrusted', 'another version')
      found = updateInfo
      return ok({ version: updateInfo.version })
    } catch (error) {
      return { ok: false, error: toUpdateError(error, 'update.unreachable') }
    }
  }

  const load: Updater['load'] = async (onProgress) => {
    if (found === null) return fail('internal', 'nothing was found')
    const token = new CancellationToken()
    const mostBytes = Math.max(0, ...found.files.map(({ size }) => size ?? 0))
    let isTooMuch = false
    let told = 0
    const follow = ({ transferred, percent }: { transferred: number; percent: number }): void => {
      if (mostBytes > 0 && transferred > mostBytes) {
        isTooMuch = true
        token.cancel()
      }
      const whole = Math.min(99, Math.floor(percent))
      if (whole > told) onProgress((told = whole))
    }
    updater.on('download-progress', follow)
    try {
      const [file = ''] = await updater.downloadUpdate(token)
      const sha512 = await hashOf(file)
      if (!found.files.some((one) => one.sha512 === sha512)) return fail('update.untrusted', 'the hash does not fit')
      fetched = { file, sha512 }
      return ok(undefined)
    } catch (error) {
      if (isTooMuch) return fail('update.untrusted', 'larger than what was signed')
      return { ok: false, error: toUpdateError(error, 'update.unreachable') }
    } finally {
      updater.off('download-progress', follow)
    }
  }

  const install: Updater['install'] = async ({ restart }): Promise<Result<{ ends: boolean }>> => {
    if (fetched === null) return fail('internal', 'nothing was fetched')
    if (kind === 'bundle' && !restart) return ok({ ends: false })
    const { file, sha512 } = fetched
    const now = await hashOf(file).catch(() => null)
    if (now !== sha512) return fail('update.untrusted', 'touched since it was fetched')
    problem = null
    updater.quitAndInstall(true, restart)
    return problem === null ? ok({ ends: true }) : { ok: false, error: asNotInstalled(problem) }
  }

  return { check, load, install }
}

function asNotInstalled(problem: unknown) {
  const { code, detail } = toUpdateError(problem, 'update.notInstalled')
  return appError(code, detail)
}

function updaterOf(kind: UpdateKind): AppUpdater {
  if (kind === 'appImage') return new AtomicAppImageUpdater()
  return kind === 'installer' ? new NsisUpdater() : new MacUpdater()
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha512')
  await pipeline(createReadStream(file), hash)
  return hash.digest('base64')
}
