/**
 * Writes an archive: conversation by conversation, some hundred messages at a time, each read once and written twice,
 * as a line for programs and as data of a page for people.
 *
 * Promises: the memory it takes does not grow with the number of messages; the manifest is written when all else is on
 * stable storage, and the folder gets its name after that; whatever ends it early leaves nothing. Must never write a
 * token, a draft or a file that is not a message's own copy.
 */
import { conversationIdOf } from '#common/domain/conversation.ts'
import type { Conversation } from '#common/domain/conversation.ts'
import type { Position } from '#common/domain/message.ts'
import { isStorageError } from '../store/storageError.ts'
import type { Store } from '../ports/store.ts'
import { ArchiveError } from './archiveError.ts'
import {
  type ArchivedFile,
  type ArchivedMedia,
  type ArchivedMessage,
  type Manifest,
  archiveFormat,
  archiveVersion,
  manifestName,
} from './format.ts'
import { conversationPaths, mediaPath } from './names.ts'
import type { KeptCopies, KeptCopy, NewArchive, ReaderPages } from './ports.ts'
import { readerRecord } from './readerRecord.ts'

/** Read and written in one go. */
const partSize = 500

export interface ExportOptions {
  readonly store: Pick<Store, 'snapshot' | 'archivePart'>
  readonly archive: NewArchive
  readonly copies: KeptCopies
  readonly pages: ReaderPages
  readonly account: { readonly server: string; readonly userId: string }
  readonly program: string
  /** Local clock, ms. */
  readonly at: number
  /** Null: all that are shown. */
  readonly conversationId: string | null
  /** Pictures and files as well, as far as they are here. */
  readonly media: boolean
  /** Messages written so far. */
  readonly onProgress: (done: number) => void
  /** Asked between two parts; true ends the work. */
  readonly isCancelled: () => boolean
}

export interface Exported {
  /** Where it is. */
  readonly folder: string
  readonly conversations: number
  readonly messages: number
  /** Pictures and files. */
  readonly media: number
  readonly bytes: number
}

type WrittenConversation = Manifest['conversations'][number]

/** Null when it was cancelled. Throws an `ArchiveError` or a `StorageError`, and leaves nothing then either. */
export async function exportArchive(options: ExportOptions): Promise<Exported | null> {
  const { archive } = options
  let whole = false
  try {
    const exported = await new Export(options).run()
    whole = exported !== null
    return exported
  } finally {
    if (!whole) await archive.discard()
  }
}

class Export {
  readonly #options: ExportOptions
  readonly #files: ArchivedFile[] = []
  readonly #media: ArchivedMedia[] = []
  readonly #names = new Map<string, string | null>()
  #written = 0
  #copies: ReadonlyMap<number, KeptCopy> = new Map()

  constructor(options: ExportOptions) {
    this.#options = options
  }

  async run(): Promise<Exported | null> {
    const { store, archive, copies, conversationId, media, account, program, at } = this.#options
    const { conversations, people } = await store.snapshot()
    for (const { userId, nickname } of people) this.#names.set(userId, nickname)
    const wanted = conversations.filter((one) =>
      conversationId === null ? !one.preferences.hidden : one.id === conversationId,
    )
    if (conversationId !== null && wanted.length === 0) throw new ArchiveError('conversation.unknown')
    wanted.sort((a, b) => b.activeAt - a.activeAt || (a.id < b.id ? -1 : 1))
    if (media) this.#copies = await copies.list()
    const written: WrittenConversation[] = []
    for (const [index, conversation] of wanted.entries()) {
      const done = await this.#conversation(conversation, index + 1)
      if (done === null) return null
      written.push(done)
    }
    await this.#index(written)
    const manifest: Manifest = {
      format: archiveFormat,
      version: archiveVersion,
      program,
      written: new Date(at).toISOString(),
      account,
      people: people.map(({ userId, nickname }) => ({ userId, nickname })),
      conversations: written,
      media: this.#media,
      files: this.#files,
    }
    const file = await archive.create(manifestName)
    await file.write(`${JSON.stringify(manifest, null, 1)}\n`)
    const { bytes } = await file.end()
    if (this.#options.isCancelled()) return null
    return {
      folder: await archive.finish(),
      conversations: written.length,
      messages: this.#written,
      media: this.#media.length,
      bytes: this.#files.reduce((sum, one) => sum + one.bytes, bytes),
    }
  }

  async #conversation(conversation: Conversation, number: number): Promise<WrittenConversation | null> {
    const { store, archive, pages, account, isCancelled, onProgress, at } = this.#options
    const name = this.#nameOf(conversation)
    const paths = conversationPaths(number, name)
    const lines = await archive.create(paths.lines)
    const page = await archive.create(paths.page)
    await page.write(pages.head + pages.block('conversation', { name, kind: conversation.kind, written: at }))
    const senders = new Map<string, string>()
    const chunks: { from: number; to: number; count: number }[] = []
    const { kind, targetId, remoteId, title, membership, members } = conversation
    let messages = 0
    let from: Position | null = null
    for (;;) {
      if (isCancelled()) return null
      const part: Awaited<ReturnType<typeof store.archivePart>> = await store.archivePart(
        conversationIdOf(kind === 'group' ? { kind, groupId: targetId } : { kind, peerId: targetId }),
        from,
        partSize,
      )
      if (!part.ok) throw new ArchiveError(part.error.code)
      const { value } = part
      if (value.messages.length > 0) {
        const records = []
        let text = ''
        for (const message of value.messages) {
          text += `${JSON.stringify(message)}\n`
          const record = readerRecord(message, account.userId, await this.#copy(message))
          for (const userId of [record.by, record.quoted?.by, record.event?.user, record.event?.by]) {
            if (userId !== undefined) senders.set(userId, this.#names.get(userId) ?? userId)
          }
          records.push(record)
        }
        await lines.write(text)
        await page.write(pages.block('messages', records))
        const times = records.map((record) => record.at)
        chunks.push({ from: Math.min(...times), to: Math.max(...times), count: records.length })
        messages += records.length
        onProgress((this.#written += records.length))
      }
      if (value.next !== null) {
        from = value.next
        continue
      }
      await page.write(pages.block('end', { people: [...senders], chunks }) + pages.tail)
      this.#files.push(await lines.end(), await page.end())
      const known = [...(value.known ?? [])]
      return { kind, targetId, remoteId, title, membership, members, known, name, messages, ...paths }
    }
  }

  async #copy(message: ArchivedMessage): Promise<ArchivedMedia[]> {
    const copy = message.recalled === null ? this.#copies.get(message.id) : undefined
    if (copy === undefined) return []
    const media: ArchivedMedia[] = []
    const take = async (from: string, as: ArchivedMedia['as'], name: string): Promise<void> => {
      const path = mediaPath(message.id, as === 'picture' ? `picture ${name}` : name)
      const file = await this.#options.archive.copy(from, path)
      if (file === null) return
      this.#files.push(file)
      media.push({ message: message.id, path, as, name })
    }
    if (copy.picture !== undefined) await take(copy.picture.path, 'picture', `shown.${copy.picture.extension}`)
    if (copy.file !== undefined) await take(copy.file.path, 'file', copy.file.name)
    this.#media.push(...media)
    return media
  }

  async #index(conversations: readonly WrittenConversation[]): Promise<void> {
    const { archive, pages, account, at } = this.#options
    const index = await archive.create('index.html')
    const list = conversations.map(({ name, kind, page, messages }) => ({ name, kind, page, messages }))
    const { userId } = account
    await index.write(pages.head)
    await index.write(
      pages.block('index', {
        owner: this.#names.get(userId) ?? userId,
        server: account.server,
        written: at,
        conversations: list,
      }),
    )
    await index.write(pages.tail)
    this.#files.push(await index.end())
  }

  /** As the list of conversations calls it. */
  #nameOf({ preferences, kind, targetId, title }: Conversation): string {
    const own = kind === 'direct' ? this.#names.get(targetId) : title
    return preferences.alias ?? (own === null || own === undefined || own === '' ? targetId : own)
  }
}

/** What a failure of the work is to whoever asked for it; null for a defect. */
export function expectedCode(error: unknown): ArchiveError['code'] | null {
  return error instanceof ArchiveError || isStorageError(error) ? error.code : null
}
