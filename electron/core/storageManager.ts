/**
 * What one account keeps on this computer: measured, and let go where the user says so.
 *
 * Promises: the numbers are those of the disk and the rows when they are asked for; a file is only let go of a message
 * that has arrived; the database is made smaller only where there is room for doing it, once at a time. Must never touch
 * what waits to be sent.
 */
import type { Disposable } from '#common/base/disposable.ts'
import { type Result, fail, ok } from '#common/base/result.ts'
import { type StorageUse, isKeptKind, noFiles, sumOf } from '#common/domain/storageUse.ts'
import type { Clock, Log } from './ports/platform.ts'
import type { Changed, Store, StoredMessage } from './ports/store.ts'
import type { KeptFile, StoredFiles } from './ports/storedFiles.ts'
import { isStorageError } from './store/storageError.ts'

/** Messages looked at in one go: some ten milliseconds of the store's thread. */
const measuredAtOnce = 10_000
const factsAtOnce = 500
const dayMs = 86_400_000
/** How often the making smaller is looked at. */
const watchEveryMs = 250
/** Kept free on top of what is needed. */
const spareBytes = 32 * 1024 * 1024

export interface StorageManagerOptions {
  readonly store: Pick<Store, 'storageUse' | 'storedMessages' | 'storagePages' | 'eraseMessages' | 'compact'>
  readonly files: StoredFiles
  readonly clock: Clock
  readonly log: Log
  /** Publishes what a change of the store has changed, and answers its value. */
  readonly changed: <T>(changed: Changed<T>) => T
}

export interface ClearMediaRequest {
  /** Null: of all. */
  readonly conversationId: string | null
  /** Of messages older than so many days; null: of any age. */
  readonly olderThanDays: number | null
}

export interface Cleared {
  readonly files: number
  readonly bytes: number
}

type Chat = StorageUse['chats'][number]

export class StorageManager {
  readonly #options: StorageManagerOptions
  #compacting: Promise<Result<{ before: number; after: number }>> | null = null
  #share: number | null = null

  constructor(options: StorageManagerOptions) {
    this.#options = options
  }

  async measure(): Promise<StorageUse> {
    const { store, files } = this.#options
    const chats = new Map<string, Chat>()
    const chatOf = (conversationId: string): Chat => {
      const known = chats.get(conversationId)
      if (known !== undefined) return known
      const made: Chat = { conversationId, messages: { count: 0, bytes: 0 }, files: noFiles() }
      chats.set(conversationId, made)
      return made
    }
    for (let after: number | null = 0; after !== null;) {
      const part: Awaited<ReturnType<typeof store.storageUse>> = await store.storageUse(after, measuredAtOnce)
      for (const { conversationId, count, bytes } of part.chats) {
        const { messages } = chatOf(conversationId)
        messages.count += count
        messages.bytes += bytes
      }
      after = part.last
    }
    const all = noFiles()
    const leftOver = { count: 0, bytes: 0 }
    for (const { file, message } of await this.#kept()) {
      const isShown = message !== undefined && !message.gone && isKeptKind(message.kind)
      const amounts = isShown
        ? [
            all[message.kind as keyof typeof all],
            chatOf(message.conversationId).files[message.kind as keyof typeof all],
          ]
        : [leftOver]
      for (const amount of amounts) {
        amount.count++
        amount.bytes += file.bytes
      }
    }
    const { free } = await store.storagePages()
    return {
      chats: [...chats.values()].sort(
        (a, b) => bytesOf(b) - bytesOf(a) || (a.conversationId < b.conversationId ? -1 : 1),
      ),
      files: all,
      leftOver,
      waiting: await files.outgoing(),
      database: { bytes: await files.databaseBytes(), free },
    }
  }

  /** Messages stay, and so does what they would fetch again. Files whose messages are gone go in any case. */
  async clearMedia({ conversationId, olderThanDays }: ClearMediaRequest): Promise<Cleared> {
    const { clock, files, log } = this.#options
    const before = olderThanDays === null ? Infinity : clock.now() - olderThanDays * dayMs
    let [count, bytes] = [0, 0]
    for (const { file, message } of await this.#kept()) {
      const isMeant =
        message === undefined ||
        message.gone ||
        (message.settled &&
          message.at < before &&
          (conversationId ?? message.conversationId) === message.conversationId)
      if (!isMeant) continue
      await files.remove(file.messageId)
      count++
      bytes += file.bytes
    }
    log.info('kept files let go', { files: count, bytes })
    return { files: count, bytes }
  }

  /** The messages of a conversation, on this computer, with the files kept for them. Answers how many it were. */
  async clearMessages(conversationId: string): Promise<Result<number>> {
    const { store, changed, log } = this.#options
    const erased = await store.eraseMessages(conversationId)
    if (!erased.ok) return erased
    const count = changed(erased.value)
    log.info('messages let go', { messages: count })
    // Whoever shows a file may have fetched it again while its message went.
    for (const { file, message } of await this.#kept())
      if (message?.gone === true) await this.#options.files.remove(file.messageId)
    return ok(count)
  }

  /** How far the making smaller is: null when none is under way; `share` 0 to 1, or null where nobody can say yet. */
  get progress(): { readonly share: number | null } | null {
    return this.#compacting === null ? null : { share: this.#share }
  }

  /**
   * Makes the database's file as small as what is in it; the store answers nothing meanwhile. Bytes before and after.
   * Fails with `storage.full` and, in `data`, the bytes `needed` and `free`, before anything is touched.
   */
  compact(): Promise<Result<{ before: number; after: number }>> {
    this.#compacting ??= this.#compact().finally(() => (this.#compacting = null))
    return this.#compacting
  }

  async #compact(): Promise<Result<{ before: number; after: number }>> {
    const { store, files, log } = this.#options
    this.#share = null
    const before = await files.databaseBytes()
    const { bytes, free } = await store.storagePages()
    const live = bytes - free
    const lacking = lack(live + spareBytes, await files.room())
    if (lacking !== null) return fail('storage.full', 'no room to make it smaller', lacking)
    const watch = this.#watch(before, live)
    try {
      await store.compact()
      const after = await files.databaseBytes()
      log.info('database made smaller', { before, after })
      return ok({ before, after })
    } catch (error) {
      if (!isStorageError(error)) throw error
      return fail(error.code, 'while it was made smaller')
    } finally {
      watch.dispose()
    }
  }

  /** What is written anew goes through the log: as it grows, so does the share. */
  #watch(before: number, live: number): Disposable {
    const { clock, files, log } = this.#options
    return clock.every(watchEveryMs, () => {
      files
        .databaseBytes()
        .then((now) => {
          const written = now - before
          this.#share = written <= 0 ? null : Math.min(1, written / Math.max(1, live))
        })
        .catch((error: unknown) => log.warn('database not measured', { error: String(error) }))
    })
  }

  async #kept(): Promise<{ file: KeptFile; message: StoredMessage | undefined }[]> {
    const { store, files } = this.#options
    const kept = await files.kept()
    const found = new Map<number, StoredMessage>()
    for (let at = 0; at < kept.length; at += factsAtOnce) {
      const ids = kept.slice(at, at + factsAtOnce).map(({ messageId }) => messageId)
      for (const message of await store.storedMessages(ids)) found.set(message.id, message)
    }
    return kept.map((file) => ({ file, message: found.get(file.messageId) }))
  }
}

function bytesOf({ messages, files }: Chat): number {
  return messages.bytes + sumOf(files).bytes
}

/** A copy is written to the scratch place first, and then beside the file. */
function lack(
  needed: number,
  { beside, scratch, shared }: Awaited<ReturnType<StoredFiles['room']>>,
): { needed: number; free: number } | null {
  if (shared) return beside < 2 * needed ? { needed: 2 * needed, free: beside } : null
  if (beside < needed) return { needed, free: beside }
  return scratch < needed ? { needed, free: scratch } : null
}
