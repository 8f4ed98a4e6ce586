/**
 * Files of messages on their way to this computer: fetched when the user asks, a few at a time, from where the last try
 * stopped. It knows what is here from the disk, and tells every change.
 *
 * Promises: what was fetched stays until it is let go, through a pause, a cut and the end of the program; a cut is tried
 * again by itself with growing pauses while something comes, and told when it does not; nothing of a message that was
 * deleted, or recalled by somebody else, stays. Must never fetch by an address that the page gives, or run a file.
 */
import { backoffDelay, reconnectBackoff } from '#common/base/backoff.ts'
import type { Disposable } from '#common/base/disposable.ts'
import { Emitter } from '#common/base/emitter.ts'
import { type AppError, appError } from '#common/base/errors.ts'
import { type Result, fail, ok } from '#common/base/result.ts'
import type { Download } from '#common/domain/download.ts'
import type { Message } from '#common/domain/message.ts'
import type { AccountMedia, FetchOutcome, Running } from '../ports/media.ts'
import type { Clock, Log, Random } from '../ports/platform.ts'
import type { Store } from '../ports/store.ts'
import { fileAddress } from './endpoint.ts'
import { fileNameOf } from './fileName.ts'

/** Files fetched side by side. */
export const maxDownloads = 3
/** Tries in a row that brought nothing before it is told as failed. */
export const maxEmptyTries = 5
export const maxFileBytes = 8 * 1024 ** 3
const tellEveryMs = 200

export interface DownloadsOptions {
  readonly store: Pick<Store, 'message'>
  readonly media: Pick<AccountMedia, 'files' | 'fetch'>
  readonly allowLoopback: boolean
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
}

export interface DownloadsChanged {
  readonly changed: readonly Download[]
  /** Of these nothing is here any more. */
  readonly removed: readonly number[]
}

interface Entry {
  download: Download
  running: Running<FetchOutcome> | null
  /** Settles when nothing touches its file any more. */
  ended: Promise<void>
  emptyTries: number
  retry: Disposable | null
  readonly whole: ((result: Result<string>) => void)[]
}

const ended = Promise.resolve()

export class Downloads implements Disposable {
  readonly #options: DownloadsOptions
  readonly #entries = new Map<number, Entry>()
  readonly #told = new Emitter<DownloadsChanged>()
  readonly onChanged = this.#told.event
  readonly #untold = new Set<number>()
  #teller: Disposable | null = null
  #disposed = false

  constructor(options: DownloadsOptions) {
    this.#options = options
  }

  /** Learns from the disk what is here. */
  async start(): Promise<void> {
    for (const { messageId, size, whole } of await this.#options.media.files.downloads.list()) {
      if (this.#entries.has(messageId)) continue
      const state = whole ? 'kept' : 'paused'
      this.#entries.set(
        messageId,
        entry({ messageId, state, received: size, total: whole ? size : null, problem: null }),
      )
    }
  }

  list(): Download[] {
    return Array.from(this.#entries.values(), ({ download }) => download)
  }

  /** Begins, or goes on; of what is here or on its way nothing changes. */
  async fetch(messageId: number): Promise<Result<Record<string, never>>> {
    const message = await this.#options.store.message(messageId)
    if (message === null || addressOf(message) === null) return fail('attachment.gone', 'no file')
    const known = this.#entries.get(messageId)
    const state = known?.download.state
    if (state === 'kept' || state === 'running' || state === 'waiting') return ok({})
    const told = 'size' in message.content ? (message.content.size ?? null) : null
    const own = known ?? entry({ messageId, state: 'waiting', received: 0, total: told, problem: null })
    own.retry?.dispose()
    own.emptyTries = 0
    this.#entries.set(messageId, own)
    this.#set(own, { state: 'waiting', problem: null, total: own.download.total ?? told })
    this.#begin()
    return ok({})
  }

  /** What came stays. */
  pause(messageId: number): void {
    const own = this.#entries.get(messageId)
    if (own === undefined || own.download.state === 'kept' || own.download.state === 'failed') return
    this.#stop(own)
    this.#set(own, { state: 'paused', problem: null })
    answer(own, fail('attachment.gone', 'paused'))
    this.#begin()
  }

  /** Nothing of it stays. */
  async cancel(messageId: number): Promise<void> {
    const own = this.#entries.get(messageId)
    if (own !== undefined) {
      this.#stop(own)
      this.#entries.delete(messageId)
      answer(own, fail('attachment.gone', 'cancelled'))
      await own.ended
      // It may have been asked for again meanwhile.
      if (this.#entries.has(messageId)) return
    }
    await this.#options.media.files.downloads.remove(messageId)
    this.#tell(messageId)
    this.#begin()
  }

  /** The path of a file that is here whole, else null. */
  path(messageId: number): Promise<string | null> {
    return this.#options.media.files.downloads.path(messageId)
  }

  /** The path of the file, fetched where it is not here; fails once that has ended without it. */
  async whole(messageId: number): Promise<Result<string>> {
    const here = await this.path(messageId)
    if (here !== null) return ok(here)
    const asked = await this.fetch(messageId)
    if (!asked.ok) return asked
    const own = this.#entries.get(messageId)
    if (own === undefined || this.#disposed) return fail('attachment.gone', 'ended')
    if (own.download.state === 'kept') {
      const path = await this.path(messageId)
      return path === null ? fail('attachment.gone', 'removed') : ok(path)
    }
    return new Promise((resolve) => void own.whole.push(resolve))
  }

  /** Takes over the copy of a file that went out; false when there is one already. */
  async adopt(message: Message, file: string): Promise<boolean> {
    const { downloads } = this.#options.media.files
    if (this.#entries.has(message.id)) return false
    const size = await downloads.adopt(message.id, file, fileNameOf(message))
    if (size === null) return false
    const own = entry({ messageId: message.id, state: 'kept', received: size, total: size, problem: null })
    this.#entries.set(message.id, own)
    this.#tell(message.id)
    return true
  }

  /** A connection stands again: what a cut has stopped goes on at once. */
  connected(): void {
    for (const own of this.#entries.values()) {
      if (own.download.state !== 'retrying') continue
      own.retry?.dispose()
      this.#set(own, { state: 'waiting' })
    }
    this.#begin()
  }

  /** Rows as they changed. */
  changed(messages: readonly Pick<Message, 'id' | 'deleted' | 'recalled' | 'outgoing'>[]): void {
    for (const { id, deleted, recalled, outgoing } of messages) {
      if (!this.#entries.has(id) || (!deleted && (recalled === null || outgoing))) continue
      this.cancel(id).catch((error: unknown) => this.#options.log.warn('file not removed', { error: String(error) }))
    }
  }

  async close(): Promise<void> {
    const entries = [...this.#entries.values()]
    this.dispose()
    await Promise.allSettled(entries.map((own) => own.ended))
  }

  dispose(): void {
    this.#disposed = true
    this.#teller?.dispose()
    for (const own of this.#entries.values()) {
      this.#stop(own)
      answer(own, fail('attachment.gone', 'ended'))
    }
    this.#told.dispose()
  }

  #stop(own: Entry): void {
    own.retry?.dispose()
    own.retry = null
    own.running?.abort()
    own.running = null
  }

  #begin(): void {
    if (this.#disposed) return
    let busy = [...this.#entries.values()].filter(({ download }) => download.state === 'running').length
    for (const own of this.#entries.values()) {
      if (busy >= maxDownloads) return
      if (own.download.state !== 'waiting') continue
      busy++
      this.#set(own, { state: 'running' })
      // One after the other, where it was stopped and asked for again at once.
      own.ended = own.ended
        .then(() => this.#run(own))
        .catch((error: unknown) => {
          this.#options.log.error('download ended', { error: String(error) })
          this.#fail(own, appError('storage.failed'))
        })
    }
  }

  #isCurrent(own: Entry): boolean {
    return !this.#disposed && this.#entries.get(own.download.messageId) === own && own.download.state === 'running'
  }

  async #run(own: Entry): Promise<void> {
    const { store, media, allowLoopback, log } = this.#options
    const { messageId } = own.download
    if (!this.#isCurrent(own) || own.running !== null) return
    const message = await store.message(messageId)
    const url = message === null ? null : fileAddress(addressOf(message) ?? '')
    if (!this.#isCurrent(own)) return
    if (message === null || url === null) return this.#fail(own, appError('attachment.gone', 'address'))
    const before = own.download.received
    const running = media.fetch({
      url,
      messageId,
      maxBytes: maxFileBytes,
      allowLoopback,
      onProgress: (received, total) => {
        if (own.running !== running) return
        this.#set(own, { received, total: total ?? own.download.total })
      },
    })
    own.running = running
    const outcome = await running.outcome
    if (own.running !== running) return
    own.running = null
    log.info('download ended', { result: outcome.result, ...('error' in outcome && { code: outcome.error.code }) })
    switch (outcome.result) {
      case 'aborted':
        return
      case 'done': {
        await media.files.downloads.finish(messageId, fileNameOf(message, outcome.head))
        if (!this.#isCurrent(own)) return
        this.#set(own, { state: 'kept', received: outcome.size, total: outcome.size, problem: null })
        const path = await this.path(messageId)
        answer(own, path === null ? fail('attachment.gone', 'removed') : ok(path))
        break
      }
      case 'refused':
        this.#fail(own, outcome.error)
        break
      case 'cut':
        this.#retry(own, outcome.error, own.download.received > before)
    }
    this.#begin()
  }

  #retry(own: Entry, error: AppError, moved: boolean): void {
    const { clock, random } = this.#options
    own.emptyTries = moved ? 0 : own.emptyTries + 1
    if (own.emptyTries >= maxEmptyTries) return this.#fail(own, error)
    const delay = backoffDelay({ ...reconnectBackoff, random: () => random.next() }, own.emptyTries, 0)
    this.#set(own, { state: 'retrying', problem: error.code })
    own.retry = clock.after(delay, () => {
      this.#set(own, { state: 'waiting' })
      this.#begin()
    })
  }

  #fail(own: Entry, error: AppError): void {
    this.#set(own, { state: 'failed', problem: error.code })
    answer(own, { ok: false, error })
  }

  #set(own: Entry, facts: Partial<Download>): void {
    own.download = { ...own.download, ...facts }
    this.#tell(own.download.messageId)
  }

  /** At once, then no more often than every `tellEveryMs`. */
  #tell(messageId: number): void {
    this.#untold.add(messageId)
    if (this.#teller !== null || this.#disposed) return
    this.#teller = this.#options.clock.after(tellEveryMs, () => {
      this.#teller = null
      const [next] = this.#untold
      if (next !== undefined) this.#tell(next)
    })
    const ids = [...this.#untold]
    this.#untold.clear()
    this.#told.fire({
      changed: ids.flatMap((id) => this.#entries.get(id)?.download ?? []),
      removed: ids.filter((id) => !this.#entries.has(id)),
    })
  }
}

function entry(download: Download): Entry {
  return { download, running: null, ended, emptyTries: 0, retry: null, whole: [] }
}

function answer(own: Entry, result: Result<string>): void {
  for (const resolve of own.whole.splice(0)) resolve(result)
}

/** Of the file a message carries; null where it carries none, or none any more. */
function addressOf({ content, deleted, recalled, outgoing }: Message): string | null {
  if (deleted || (recalled !== null && !outgoing)) return null
  const has =
    content.kind === 'file' || content.kind === 'voice' || content.kind === 'video' || content.kind === 'image'
  return has && content.url !== '' ? content.url : null
}
