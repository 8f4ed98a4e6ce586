/**
 * The pictures that messages show, for the page: our own from the copy on disk, others' fetched on first sight and
 * kept. It owns fetching, which nobody but a shown message starts.
 *
 * Promises: what it answers is a picture by its bytes, of a size that can be decoded; one picture is fetched once at a
 * time; a failure is remembered for a while. Must never fetch for a deleted or recalled message, and never by an
 * address that the page gives.
 */
import { type Result, fail, ok } from '#common/base/result.ts'
import type { Message } from '#common/domain/message.ts'
import type { Disposable } from '#common/base/disposable.ts'
import type { AccountMedia, Running } from '../ports/media.ts'
import type { Clock, Log } from '../ports/platform.ts'
import type { Store } from '../ports/store.ts'
import { fileAddress } from './endpoint.ts'
import { imageSize, isShowable } from './imageSize.ts'
import { headBytes, sniff } from './sniff.ts'

/** Larger pictures of others are not fetched. */
export const maxFetchedBytes = 25 * 1024 * 1024
/** Larger ones of our own are not shown. */
export const maxShownBytes = 100 * 1024 * 1024
export const rememberFailureMs = 10_000
/** A screen full of pictures must not take the whole network. */
export const maxFetches = 4

export interface Picture {
  readonly mime: string
  readonly bytes: Uint8Array
}

export interface MediaOptions {
  readonly store: Pick<Store, 'message' | 'attachments'>
  readonly media: Pick<AccountMedia, 'files' | 'download'>
  readonly allowLoopback: boolean
  readonly clock: Clock
  readonly log: Log
}

export class Media implements Disposable {
  readonly #options: MediaOptions
  readonly #opening = new Map<number, Promise<Result<Picture>>>()
  readonly #failed = new Map<number, number>()
  readonly #fetching = new Set<Running<Result<Uint8Array>>>()
  readonly #queue: (() => void)[] = []
  #free = maxFetches
  #disposed = false

  constructor(options: MediaOptions) {
    this.#options = options
  }

  /** Fails with `attachment.notAvailable` for whatever cannot be shown. */
  open(messageId: number): Promise<Result<Picture>> {
    const failedAt = this.#failed.get(messageId)
    const isFresh = failedAt !== undefined && this.#options.clock.monotonic() - failedAt < rememberFailureMs
    if (isFresh || this.#disposed) return Promise.resolve(fail('attachment.notAvailable', 'failed a moment ago'))
    const known = this.#opening.get(messageId)
    if (known !== undefined) return known
    const opening = this.#open(messageId)
      .then((opened) => {
        if (opened.ok) this.#failed.delete(messageId)
        else this.#failed.set(messageId, this.#options.clock.monotonic())
        return opened
      })
      .finally(() => this.#opening.delete(messageId))
    this.#opening.set(messageId, opening)
    return opening
  }

  /** Rows as they changed: nothing stays of what was deleted, or recalled by somebody else. */
  changed(messages: readonly Pick<Message, 'id' | 'deleted' | 'recalled' | 'outgoing'>[]): void {
    for (const { id, deleted, recalled, outgoing } of messages) {
      this.#failed.delete(id)
      if (!deleted && (recalled === null || outgoing)) continue
      this.#options.media.files.shown
        .remove(id)
        .catch((error: unknown) => this.#options.log.warn('picture not removed', { error: String(error) }))
    }
  }

  /** Gives up what is being fetched and waits until nothing touches a file any more. */
  async close(): Promise<void> {
    this.dispose()
    await Promise.allSettled([...this.#opening.values()])
  }

  dispose(): void {
    this.#disposed = true
    for (const fetching of this.#fetching) fetching.abort()
    for (const begin of this.#queue.splice(0)) begin()
  }

  async #open(messageId: number): Promise<Result<Picture>> {
    const { store, media } = this.#options
    const message = await store.message(messageId)
    const address = message === null ? null : addressOf(message)
    if (message === null || address === null) return fail('attachment.notAvailable', 'nothing to show')
    const own = await this.#own(message)
    if (own !== null) return picture(own)
    const kept = await media.files.shown.read(messageId)
    if (kept !== null) return picture(kept)
    return this.#fetch(messageId, address)
  }

  async #own({ id, outgoing, content }: Message): Promise<Uint8Array | null> {
    if (!outgoing || content.kind !== 'image') return null
    const attachment = (await this.#options.store.attachments()).find(({ messageId }) => messageId === id)
    return attachment === undefined ? null : this.#options.media.files.outgoing.read(attachment.file, maxShownBytes)
  }

  async #fetch(messageId: number, address: string): Promise<Result<Picture>> {
    const { store, media, allowLoopback, log } = this.#options
    const url = fileAddress(address)
    if (url === null) return fail('attachment.notAvailable', 'address')
    await this.#turn()
    try {
      if (this.#disposed) return fail('attachment.notAvailable', 'ended')
      const running = media.download({ url, maxBytes: maxFetchedBytes, allowLoopback })
      this.#fetching.add(running)
      const fetched = await running.outcome.finally(() => this.#fetching.delete(running))
      const opened = fetched.ok ? picture(fetched.value) : fetched
      if (!opened.ok) {
        log.info('picture not shown', { code: opened.error.code, detail: opened.error.detail })
        return opened
      }
      // It may have been taken back while it came.
      const message = await store.message(messageId)
      if (this.#disposed || message === null || addressOf(message) === null)
        return fail('attachment.notAvailable', 'gone')
      await media.files.shown.write(messageId, opened.value.bytes)
      return opened
    } finally {
      this.#free++
      this.#queue.shift()?.()
    }
  }

  async #turn(): Promise<void> {
    if (this.#free <= 0 && !this.#disposed) await new Promise<void>((resolve) => void this.#queue.push(resolve))
    this.#free--
  }
}

/** Of the picture a message shows: empty for our own that is not uploaded yet, null where there is none. */
function addressOf({ content, deleted, recalled, outgoing }: Message): string | null {
  if (deleted || (recalled !== null && !outgoing)) return null
  if (content.kind === 'image') return content.url
  return content.kind === 'video' ? (content.thumbnailUrl ?? null) : null
}

function picture(bytes: Uint8Array): Result<Picture> {
  const head = bytes.subarray(0, headBytes)
  const { kind, mime } = sniff(head)
  const size = kind === 'image' ? imageSize(head, mime) : null
  if (size === null || !isShowable(size)) return fail('attachment.notAvailable', kind === 'image' ? 'size' : kind)
  return ok({ mime, bytes })
}
