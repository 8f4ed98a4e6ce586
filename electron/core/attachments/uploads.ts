/**
 * Brings the files of queued messages to the upload endpoint: one at a time, in the order of the queue within a
 * conversation, from the copy on disk. What is to be done stands in the store; this only knows what is going on now.
 *
 * Promises: a message's file is uploaded until it is there, definitely refused, or taken back; a failure that may pass
 * is tried again while connected, with growing pauses in which other conversations go on; a refused token stops
 * everything until the next connection. Must never change what goes out, or start a file that policy holds back.
 */
import { reconnectBackoff, backoffDelay } from '#common/base/backoff.ts'
import type { Disposable } from '#common/base/disposable.ts'
import { Emitter } from '#common/base/emitter.ts'
import { type AppError, appError } from '#common/base/errors.ts'
import type { Message } from '#common/domain/message.ts'
import type { Upload } from '#common/domain/upload.ts'
import type { AccountMedia, Running, UploadOutcome } from '../ports/media.ts'
import type { Clock, Log, Random } from '../ports/platform.ts'
import type { Attachment, Changed, Store } from '../ports/store.ts'
import type { UploadEndpoint } from './endpoint.ts'

/** Progress is told no more often. */
export const progressEveryMs = 200
/** After so long of trying a file is given up, as any message is. */
export const uploadGiveUpMs = 24 * 3_600_000
/** Files up to this size stay, so that our own are shown and played without fetching them. */
export const keptFileBytes = 25 * 1024 * 1024

export interface UploadsOptions {
  readonly store: Pick<
    Store,
    'attachments' | 'attachmentTried' | 'attachmentUploaded' | 'attachmentForgotten' | 'outboxFail' | 'message'
  >
  readonly media: Pick<AccountMedia, 'files' | 'upload'>
  readonly endpoint: UploadEndpoint
  /** The current token, or null when signed out. */
  readonly token: () => string | null
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** Publishes what a change of the store has changed, and answers its value. */
  readonly changed: <T>(changed: Changed<T>) => T
  /** Takes over the copy of what was sent; false where it is not wanted. */
  readonly keep: (message: Message, file: string) => Promise<boolean>
  /** Something may have become sendable. */
  readonly onUploaded: () => void
}

interface Current {
  readonly messageId: number
  readonly handle: Running<UploadOutcome>
  sent: number
}

interface Pause {
  readonly attempts: number
  readonly since: number
  /** On the monotonic clock. */
  readonly until: number
  readonly problem: AppError
}

export class Uploads implements Disposable {
  readonly #options: UploadsOptions
  readonly #progress = new Emitter<readonly Upload[]>()
  readonly onProgress = this.#progress.event
  readonly #pauses = new Map<number, Pause>()
  #listed: readonly Attachment[] = []
  #current: Current | null = null
  #connected = false
  #stopped: AppError | null = null
  #disposed = false
  #looking: Promise<void> | null = null
  #again = false
  #timer: Disposable | null = null
  #teller: Disposable | null = null
  #told = '[]'

  constructor(options: UploadsOptions) {
    this.#options = options
  }

  /** All that wait or go on now. */
  list(): Upload[] {
    const uploads: Upload[] = []
    for (const { messageId, size, fate, uploaded } of this.#listed) {
      if (fate !== 'queued' || uploaded) continue
      const current = this.#current?.messageId === messageId ? this.#current : null
      const pause = this.#pauses.get(messageId)
      const state = current !== null ? 'uploading' : this.#stopped !== null ? 'stopped' : pause ? 'retrying' : 'waiting'
      const problem = current !== null ? null : (this.#stopped ?? pause?.problem ?? null)
      uploads.push({ messageId, sent: current?.sent ?? 0, total: size, state, problem: problem?.code ?? null })
    }
    return uploads
  }

  /** Whether the message has, or lately had, a copy here. */
  concerns(messageId: number): boolean {
    return this.#listed.some((attachment) => attachment.messageId === messageId)
  }

  /** A connection stands: whatever waited for one, or was stopped, begins anew. */
  connected(): void {
    this.#connected = true
    this.#stopped = null
    this.#pauses.clear()
    this.look()
  }

  /** Nothing new is begun; what is under way may still succeed. */
  disconnected(): void {
    this.#connected = false
  }

  /** The session has ended: what is under way is given up, to begin anew with the next connection. */
  ended(): void {
    this.#connected = false
    this.#current?.handle.abort()
  }

  /** Something of the queue, of what is allowed, or of a message with a file has changed. */
  look(): void {
    if (this.#disposed) return
    if (this.#looking !== null) {
      this.#again = true
      return
    }
    this.#again = false
    this.#looking = this.#look()
      .catch((error: unknown) => this.#options.log.error('uploads stopped', { error: String(error) }))
      .finally(() => {
        this.#looking = null
        if (this.#again) this.look()
      })
  }

  /** Ends what is under way and waits until nothing of it touches a file any more. */
  async close(): Promise<void> {
    this.dispose()
    await this.#looking
    await this.#current?.handle.outcome
  }

  dispose(): void {
    this.#disposed = true
    this.#timer?.dispose()
    this.#teller?.dispose()
    this.#current?.handle.abort()
    this.#progress.dispose()
  }

  async #look(): Promise<void> {
    this.#listed = await this.#options.store.attachments()
    for (const attachment of this.#listed) {
      if (attachment.fate === 'sent' || attachment.fate === 'gone') await this.#settle(attachment)
    }
    const current = this.#current
    if (current !== null && !this.#mayGoOn(current.messageId)) current.handle.abort()
    for (const messageId of this.#pauses.keys()) if (!this.#mayGoOn(messageId)) this.#pauses.delete(messageId)
    this.#tell()
    // What was read may be old already: the look that is asked for decides.
    if (!this.#again) this.#begin()
  }

  #mayGoOn(messageId: number): boolean {
    const attachment = this.#listed.find((listed) => listed.messageId === messageId)
    return attachment?.fate === 'queued' && !attachment.held
  }

  /** The message is with the server, or is no more: its copy is shown from now on, or removed. */
  async #settle({ messageId, file, fate, size }: Attachment): Promise<void> {
    const { store, media, keep, log } = this.#options
    const { outgoing, shown } = media.files
    if (this.#current?.messageId === messageId) {
      this.#current.handle.abort()
      await this.#current.handle.outcome
    }
    const sent = fate === 'sent' && size <= keptFileBytes ? await store.message(messageId) : null
    try {
      if (sent?.content.kind === 'image') await shown.adopt(messageId, file)
      else if (sent === null || !(await keep(sent, file))) await outgoing.remove(file)
    } catch (error) {
      // It is found as left over at the next start.
      log.warn('copy not put away', { error: String(error) })
    }
    await store.attachmentForgotten(messageId)
    this.#listed = this.#listed.filter((attachment) => attachment.messageId !== messageId)
  }

  /** The first of each conversation is next; a pause of one does not hold up the others. */
  #begin(): void {
    this.#timer?.dispose()
    this.#timer = null
    if (this.#current !== null || !this.#connected || this.#stopped !== null || this.#disposed) return
    const { clock, token } = this.#options
    const secret = token()
    if (secret === null) return
    const seen = new Set<string>()
    let earliest = Infinity
    for (const attachment of this.#listed) {
      const { conversationId, messageId, fate, held, uploaded } = attachment
      if (fate !== 'queued' || held || uploaded || seen.has(conversationId)) continue
      seen.add(conversationId)
      const until = this.#pauses.get(messageId)?.until ?? 0
      if (until <= clock.monotonic()) {
        this.#start(attachment, secret)
        return
      }
      earliest = Math.min(earliest, until)
    }
    if (earliest < Infinity) this.#timer = clock.after(earliest - clock.monotonic(), () => this.look())
  }

  #start(attachment: Attachment, token: string): void {
    const { media, endpoint, log } = this.#options
    const { file, name, mime, size, messageId } = attachment
    const handle = media.upload({
      ...endpoint,
      token,
      file,
      name,
      mime,
      size,
      onProgress: (sent) => {
        if (this.#current?.messageId !== messageId) return
        this.#current.sent = sent
        this.#tell()
      },
    })
    this.#current = { messageId, handle, sent: 0 }
    this.#tell()
    void this.#finish(attachment, handle)
      .catch((error: unknown) => log.error('upload not recorded', { error: String(error) }))
      .finally(() => {
        this.#current = null
        this.look()
      })
  }

  async #finish(attachment: Attachment, handle: Running<UploadOutcome>): Promise<void> {
    const { store, clock, log, changed, onUploaded } = this.#options
    const { messageId, entryId } = attachment
    await store.attachmentTried(messageId, clock.now())
    const outcome = await handle.outcome
    if (outcome.result === 'aborted' || this.#disposed) return
    log.info('upload ended', {
      result: outcome.result,
      bytes: attachment.size,
      ...('error' in outcome && { code: outcome.error.code, detail: outcome.error.detail }),
    })
    switch (outcome.result) {
      case 'done':
        this.#pauses.delete(messageId)
        if (changed(await store.attachmentUploaded(messageId, outcome.url, clock.now()))) onUploaded()
        return
      case 'refused':
        if (entryId !== null) changed(await store.outboxFail(entryId, outcome.error, clock.now()))
        return
      case 'unauthorized':
        this.#stopped = outcome.error
        return
      case 'retry': {
        const firstTriedAt = attachment.firstTriedAt ?? clock.now()
        if (entryId !== null && clock.now() - firstTriedAt > uploadGiveUpMs) {
          changed(await store.outboxFail(entryId, appError('message.gaveUp'), clock.now()))
        } else this.#pause(messageId, outcome.error, outcome.retryAfterMs ?? 0)
      }
    }
  }

  #pause(messageId: number, problem: AppError, atLeastMs: number): void {
    const { clock, random } = this.#options
    const now = clock.monotonic()
    const { attempts, since } = this.#pauses.get(messageId) ?? { attempts: 0, since: now }
    const jitter = backoffDelay({ ...reconnectBackoff, random: () => random.next() }, attempts, now - since)
    const until = now + Math.max(jitter, atLeastMs)
    this.#pauses.set(messageId, { attempts: attempts + 1, since, until, problem })
  }

  /** At once, then no more often than every `progressEveryMs`, and never the same twice. */
  #tell(): void {
    if (this.#teller !== null || this.#disposed) return
    const uploads = this.list()
    const text = JSON.stringify(uploads)
    if (text === this.#told) return
    this.#told = text
    this.#teller = this.#options.clock.after(progressEveryMs, () => {
      this.#teller = null
      this.#tell()
    })
    this.#progress.fire(uploads)
  }
}
