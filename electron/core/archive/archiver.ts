/**
 * The archives of one account: written and read, one at a time, watched and given up.
 *
 * Promises: while one is under way no other begins; what is expected to go wrong is answered by its code; a copy that
 * an import brings never replaces one that is here. Must never tell a path to anybody but its caller.
 */
import { type Result, fail, ok } from '#common/base/result.ts'
import type { ArchiveProgress } from '#common/contract/archiveCalls.ts'
import type { Message } from '#common/domain/message.ts'
import type { AccountFiles } from '../ports/media.ts'
import type { Clock, Log, Random } from '../ports/platform.ts'
import type { Store } from '../ports/store.ts'
import { type Exported, expectedCode, exportArchive } from './exportArchive.ts'
import type { ArchivedMedia } from './format.ts'
import { type Imported, importArchive } from './importArchive.ts'
import type { KeptCopies, NewArchive, OpenedArchive, ReaderPages } from './ports.ts'

export interface ArchiverOptions {
  readonly store: Pick<Store, 'snapshot' | 'archivePart' | 'takeArchived' | 'storageUse' | 'message'>
  readonly files: AccountFiles
  readonly copies: KeptCopies
  readonly pages: ReaderPages
  readonly account: { readonly server: string; readonly userId: string }
  readonly program: string
  /** Hands a file over to whoever knows what is fetched; false where there is one already. */
  readonly adopt: (message: Message, file: string) => Promise<boolean>
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
}

interface Job {
  progress: ArchiveProgress
  cancelled: boolean
}

/** Messages counted in one go. */
const countedAtOnce = 10_000

export class Archiver {
  readonly #options: ArchiverOptions
  #job: Job | null = null

  constructor(options: ArchiverOptions) {
    this.#options = options
  }

  /** Null when nothing is under way. */
  get progress(): ArchiveProgress | null {
    return this.#job?.progress ?? null
  }

  /** What is under way ends soon, and leaves nothing half. */
  cancel(): void {
    if (this.#job !== null) this.#job.cancelled = true
  }

  /** Of one conversation or of all; null when it was cancelled. `create` makes the folder once all else is ready. */
  export(
    what: { readonly conversationId: string | null; readonly media: boolean },
    create: () => Promise<NewArchive>,
  ): Promise<Result<Exported | null>> {
    return this.#run('exporting', async (job) => {
      const { store, copies, pages, account, program, clock } = this.#options
      const total = await this.#count(what.conversationId)
      const archive = await create()
      return exportArchive({
        store,
        copies,
        pages,
        account,
        program,
        archive,
        ...what,
        at: clock.now(),
        onProgress: (done) => (job.progress = { task: 'exporting', share: shareOf(done, total) }),
        isCancelled: () => job.cancelled,
      })
    })
  }

  /** Null when it was cancelled: what came until then stays, and is known the next time. */
  import(open: () => Promise<OpenedArchive>): Promise<Result<Imported | null>> {
    return this.#run('checking', async (job) => {
      const { store, account, clock } = this.#options
      const archive = await open()
      try {
        return await importArchive({
          store,
          archive,
          account,
          at: clock.now(),
          keep: (messageId, media, path) => this.#keep(messageId, media, path),
          onProgress: (task, done, total) => (job.progress = { task, share: shareOf(done, total) }),
          isCancelled: () => job.cancelled,
        })
      } finally {
        archive.dispose()
      }
    })
  }

  async #run<T extends Exported | Imported>(
    task: ArchiveProgress['task'],
    work: (job: Job) => Promise<T | null>,
  ): Promise<Result<T | null>> {
    if (this.#job !== null) return fail('archive.busy')
    const { log } = this.#options
    const job: Job = { progress: { task, share: null }, cancelled: false }
    this.#job = job
    try {
      const done = await work(job)
      log.info('archive done', { task, cancelled: done === null, ...counts(done) })
      return ok(done)
    } catch (error) {
      const code = expectedCode(error)
      if (code === null) throw error
      log.warn('archive not done', { task, code, detail: error instanceof Error ? error.message : '' })
      return fail(code)
    } finally {
      this.#job = null
    }
  }

  async #count(conversationId: string | null): Promise<number> {
    const { store } = this.#options
    let count = 0
    for (let after: number | null = 0; after !== null;) {
      const part: Awaited<ReturnType<typeof store.storageUse>> = await store.storageUse(after, countedAtOnce)
      for (const chat of part.chats) {
        if (conversationId === null || chat.conversationId === conversationId) count += chat.count
      }
      after = part.last
    }
    return count
  }

  async #keep(messageId: number, media: ArchivedMedia, path: string): Promise<boolean> {
    const { store, files, adopt, random } = this.#options
    const message = await store.message(messageId)
    if (message === null || message.deleted) return false
    if (media.as === 'picture' && (await files.shown.read(messageId)) !== null) return false
    const file = random.uuid()
    const kept = await files.outgoing.keep({ path }, file, null)
    if (!kept.ok) return false
    try {
      if (media.as === 'file') return await adopt(message, file)
      await files.shown.adopt(messageId, file)
      return true
    } finally {
      await files.outgoing.remove(file)
    }
  }
}

function shareOf(done: number, total: number): number {
  return total === 0 ? 1 : Math.min(1, done / total)
}

function counts(done: object | null): Record<string, unknown> {
  if (done === null) return {}
  return Object.fromEntries(Object.entries(done).filter(([, value]) => typeof value === 'number'))
}
