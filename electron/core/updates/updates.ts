/**
 * Keeps the program new: looks at the feed now and then, fetches what is newer, and has it installed when the program
 * ends.
 *
 * Promises: one look at a time; a failure is told and tried again at the next turn; what is ready stays ready until
 * something newer is. Must never end the program by itself, or install while data is open.
 */
import { type Disposable, DisposableStack } from '#common/base/disposable.ts'
import type { ErrorCode } from '#common/base/errors.ts'
import { type Result, fail, ok } from '#common/base/result.ts'
import type { NoUpdateReason, Update } from '#common/domain/update.ts'
import type { Clock, Log, Random } from '../ports/platform.ts'
import type { Updater } from '../ports/updater.ts'

/** After the start there is something better to do. */
const firstLookMs = 60_000
const lookEveryMs = 6 * 3_600_000
/** All of an office start in the morning; the feed shall not feel it. */
const spreadMs = 10 * 60_000

export interface UpdatesOptions {
  /** Made when it is first needed; or why there is none. */
  readonly updater: (() => Promise<Updater>) | NoUpdateReason
  /** By itself, as the user's setting has it; when he asks, it looks in any case. */
  readonly automatic: () => boolean
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly onChanged: (update: Update) => void
  /** Ends the program in good order. */
  readonly quit: () => void
  /** The last installation did not succeed. */
  readonly failed: ErrorCode | null
}

export class Updates implements Disposable {
  readonly #options: UpdatesOptions
  readonly #makeUpdater: (() => Promise<Updater>) | null
  readonly #scope = new DisposableStack()
  #update: Update
  #updater: Updater | null = null
  #timer: Disposable | null = null
  #looking = false
  #lookedAt = Number.NEGATIVE_INFINITY
  #restart = false

  constructor(options: UpdatesOptions) {
    this.#options = options
    const { updater, clock, failed } = options
    this.#makeUpdater = typeof updater === 'string' ? null : updater
    if (typeof updater === 'string') this.#update = { state: 'off', reason: updater }
    else if (failed !== null) this.#update = { state: 'failed', code: failed, at: clock.now() }
    else this.#update = { state: 'idle', checkedAt: null }
    if (this.#makeUpdater !== null) this.#lookAfter(firstLookMs)
    this.#scope.defer(() => this.#timer?.dispose())
  }

  get state(): Update {
    return this.#update
  }

  /** The user asks. Answers at once. */
  check(): Result<Record<string, never>> {
    if (this.#makeUpdater === null) return fail('update.off')
    void this.#look(this.#makeUpdater)
    return ok({})
  }

  /** The computer slept, or has a network again: a look that is overdue is not put off any longer. */
  wake(): void {
    if (this.#makeUpdater === null || this.#options.clock.now() - this.#lookedAt < lookEveryMs) return
    this.#lookAfter(firstLookMs)
  }

  /** Refused where nothing is ready. */
  restart(): Result<Record<string, never>> {
    if (this.#update.state !== 'ready') return fail('update.notReady')
    this.#restart = true
    this.#options.quit()
    return ok({})
  }

  /** Version that takes this one's place at the end; null: none. */
  get ready(): string | null {
    return this.#update.state === 'ready' ? this.#update.version : null
  }

  /** All data is closed, the program ends. True: the process is ended for us. */
  async install(): Promise<boolean> {
    if (this.#updater === null || this.#update.state !== 'ready') return false
    const { version } = this.#update
    const installed = await this.#updater.install({ restart: this.#restart })
    if (installed.ok) {
      this.#options.log.info('new version put in place', { version })
      return installed.value.ends
    }
    this.#options.log.error('new version not installed', { version, ...installed.error })
    return false
  }

  dispose(): void {
    this.#scope.dispose()
  }

  #lookAfter(ms: number): void {
    const { clock, random, automatic } = this.#options
    this.#timer?.dispose()
    this.#timer = clock.after(ms + Math.floor(random.next() * spreadMs), () => {
      this.#lookAfter(lookEveryMs)
      if (this.#makeUpdater !== null && automatic()) void this.#look(this.#makeUpdater)
    })
  }

  async #look(makeUpdater: () => Promise<Updater>): Promise<void> {
    if (this.#looking) return
    this.#looking = true
    const before = this.#update
    this.#lookedAt = this.#options.clock.now()
    if (before.state !== 'ready') this.#tell({ state: 'checking' })
    try {
      this.#updater ??= await makeUpdater()
      this.#tell(await this.#found(this.#updater, before))
    } finally {
      this.#looking = false
    }
  }

  async #found(updater: Updater, before: Update): Promise<Update> {
    const { clock, log } = this.#options
    const ready = before.state === 'ready' ? before : null
    const failed = (code: ErrorCode, detail: string | undefined): Update => {
      log.warn('no new version', { code, detail })
      return ready ?? { state: 'failed', code, at: clock.now() }
    }
    const found = await updater.check()
    if (!found.ok) return failed(found.error.code, found.error.detail)
    if (found.value === null) return ready ?? { state: 'idle', checkedAt: clock.now() }
    const { version } = found.value
    if (version === ready?.version) return ready
    log.info('new version found', { version })
    this.#tell({ state: 'loading', version, percent: 0 })
    const loaded = await updater.load((percent) => this.#tell({ state: 'loading', version, percent }))
    // What was ready before has been given up for this one.
    return loaded.ok ? { state: 'ready', version } : { state: 'failed', code: loaded.error.code, at: clock.now() }
  }

  #tell(update: Update): void {
    this.#update = update
    this.#options.onChanged(update)
  }
}
