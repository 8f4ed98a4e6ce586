/**
 * Files of one account: taken in, brought to the server, shown. It owns the order of taking in — what was given first
 * is queued first — and joins uploads and pictures to the session they belong to.
 *
 * Promises: a file that was taken in is copied to the account's own folder and on stable storage before anybody is told
 * so; one that is refused leaves nothing behind. Must never read a place that the user has not chosen himself.
 */
import { type Disposable, DisposableStack } from '#common/base/disposable.ts'
import { type Result, fail, ok } from '#common/base/result.ts'
import type { Attached } from '#common/contract/calls.ts'
import type { Profile } from '#common/domain/account.ts'
import type { ConnectionState } from '#common/domain/connection.ts'
import { type Upload, uploadLimitBytes } from '#common/domain/upload.ts'
import type { AppError } from '#common/base/errors.ts'
import type { AccountMedia, FileSource } from '../ports/media.ts'
import type { Clock, Log, Random } from '../ports/platform.ts'
import type { Session } from '../session.ts'
import { describeFile, shownFileName } from './content.ts'
import { Downloads } from './downloads.ts'
import { staysHere, uploadEndpoint } from './endpoint.ts'
import { Media } from './media.ts'
import { Uploads } from './uploads.ts'

export interface AttachmentsOptions {
  readonly session: Pick<Session, 'store' | 'connection' | 'changed' | 'nudge' | 'onChanges' | 'onConnection'>
  readonly profile: Profile
  readonly media: AccountMedia
  readonly token: () => string | null
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly onUploads: (uploads: readonly Upload[]) => void
}

export interface GivenSource {
  readonly source: FileSource
  /** As the user or the page calls it. */
  readonly name: string
  readonly caption: string
  /** Of a recording. */
  readonly seconds?: number | undefined
}

export class Attachments implements Disposable {
  readonly pictures: Media
  readonly downloads: Downloads
  readonly #options: AttachmentsOptions
  readonly #uploads: Uploads | null
  readonly #scope = new DisposableStack()
  /** One after the other, in the order of asking. */
  #adding: Promise<unknown> = Promise.resolve()

  constructor(options: AttachmentsOptions) {
    this.#options = options
    const { session, profile, media, token, clock, random, log } = options
    const { store } = session
    const endpoint = uploadEndpoint(profile)
    const allowLoopback = staysHere(profile.url) || (endpoint !== null && staysHere(endpoint.url))
    this.pictures = new Media({ store, media, allowLoopback, clock, log })
    this.downloads = new Downloads({ store, media, allowLoopback, clock, random, log })
    this.#uploads =
      endpoint === null
        ? null
        : new Uploads({
            store,
            media,
            endpoint,
            token,
            clock,
            random,
            log,
            changed: (changed) => session.changed(changed),
            keep: (message, file) => this.downloads.adopt(message, file),
            onUploaded: () => session.nudge(),
          })
  }

  /** Cleans up after an end without warning, and begins with what was left to be uploaded. */
  async start(): Promise<void> {
    const { session, media, log, onUploads } = this.#options
    try {
      await this.#removeLeftOver(media)
      await this.downloads.start()
    } catch (error) {
      log.warn('copies not looked through', { error: String(error) })
    }
    const uploads = this.#uploads
    this.#scope.add(
      session.onChanges(({ messages, policy }) => {
        this.pictures.changed(messages)
        this.downloads.changed(messages)
        if (policy !== null || messages.some(({ id }) => uploads?.concerns(id))) uploads?.look()
      }),
    )
    this.#scope.add(
      session.onConnection(({ state }) => {
        if (state === 'online') this.downloads.connected()
      }),
    )
    if (uploads === null) return
    this.#scope.add(uploads.onProgress(onUploads))
    this.#scope.add(session.onConnection(({ state }) => this.#connection(uploads, state)))
    this.#connection(uploads, session.connection.state)
    uploads.look()
  }

  /** There is a new token: what the old one could not do may begin. */
  renewed(): void {
    const { state } = this.#options.session.connection
    if (this.#uploads !== null) this.#connection(this.#uploads, state)
  }

  uploads(): Upload[] {
    return this.#uploads?.list() ?? []
  }

  /** A message each, in this order. What could not be taken in is told by name, and the others go on. */
  add(conversationId: string, given: readonly GivenSource[]): Promise<Result<Attached>> {
    const added = this.#adding.then(() => this.#add(conversationId, given))
    this.#adding = added.catch(() => null)
    return added
  }

  /** Waits until nothing of it touches a file any more. */
  async close(): Promise<void> {
    this.#scope.dispose()
    await this.#adding
    await Promise.all([this.pictures.close(), this.downloads.close(), this.#uploads?.close()])
  }

  dispose(): void {
    this.#scope.dispose()
    this.pictures.dispose()
    this.downloads.dispose()
    this.#uploads?.dispose()
  }

  async #removeLeftOver({ files }: AccountMedia): Promise<void> {
    const known = new Set((await this.#options.session.store.attachments()).map(({ file }) => file))
    for (const file of await files.outgoing.list()) if (!known.has(file)) await files.outgoing.remove(file)
  }

  #connection(uploads: Uploads, state: ConnectionState): void {
    if (state === 'online') uploads.connected()
    else if (state === 'rejected' || state === 'kicked') uploads.ended()
    else uploads.disconnected()
  }

  async #add(conversationId: string, given: readonly GivenSource[]): Promise<Result<Attached>> {
    if (this.#uploads === null) return fail('attachment.noEndpoint')
    const attached: Attached = { messageIds: [], refused: [] }
    for (const one of given) {
      const name = shownFileName(one.name)
      const sent = await this.#addOne(conversationId, { ...one, name })
      if (sent.ok) attached.messageIds.push(...sent.value)
      else attached.refused.push({ name, ...told(sent.error) })
    }
    this.#uploads.look()
    return ok(attached)
  }

  /** Words that were meant for a picture, when it turns out to be none. */
  async #say(conversationId: string, text: string): Promise<number[]> {
    const { session, random, clock } = this.#options
    const sent = await session.store.send({
      conversationId,
      content: { kind: 'text', text },
      clientId: random.uuid(),
      at: clock.now(),
    })
    if (!sent.ok) return []
    const { messageId } = session.changed(sent.value)
    session.nudge()
    return [messageId]
  }

  async #addOne(conversationId: string, { source, name, caption, seconds }: GivenSource): Promise<Result<number[]>> {
    const { session, media, random, clock, log } = this.#options
    const { outgoing } = media.files
    const limit = uploadLimitBytes((await session.store.policy()).fileUploadLimit)
    const file = random.uuid()
    const kept = await outgoing.keep(source, file, limit)
    if (!kept.ok) return kept
    const { size, head } = kept.value
    const { content, mime } = describeFile({ name, head, size, caption, seconds })
    try {
      const sent = await session.store.send({
        conversationId,
        content,
        clientId: random.uuid(),
        at: clock.now(),
        attachment: { file, name, mime, size },
      })
      if (!sent.ok) {
        await outgoing.remove(file)
        return sent
      }
      log.info('file queued', { kind: content.kind, bytes: size })
      const { messageId } = session.changed(sent.value)
      return ok(
        content.kind === 'file' && caption.trim() !== ''
          ? [messageId, ...(await this.#say(conversationId, caption))]
          : [messageId],
      )
    } catch (error) {
      await outgoing.remove(file)
      throw error
    }
  }
}

function told({ code, data }: AppError): { code: string; limit: number | null; size: number | null } {
  const number = (value: string | number | undefined): number | null => (typeof value === 'number' ? value : null)
  return { code, limit: number(data?.['limit']), size: number(data?.['size']) }
}
