/**
 * Reads an archive back into the account it was written of.
 *
 * Promises: everything is read and checked before anything is written, so that a damaged archive changes nothing; what
 * is here stays as it is, and taking an archive twice adds nothing the second time; whatever ends it early leaves rows
 * that the next time are known. Must never send, queue or fetch anything.
 */
import * as v from 'valibot'
import type { Store } from '../ports/store.ts'
import { ArchiveError } from './archiveError.ts'
import {
  type ArchivedConversation,
  type ArchivedFile,
  type ArchivedMedia,
  type ArchivedMessage,
  type Manifest,
  anyManifestSchema,
  archiveVersion,
  archivedMessageSchema,
  manifestSchema,
} from './format.ts'
import type { OpenedArchive } from './ports.ts'

/** Messages of one transaction: some ten milliseconds of the store's thread. */
const takenAtOnce = 250

export interface ImportOptions {
  readonly store: Pick<Store, 'takeArchived'>
  readonly archive: OpenedArchive
  readonly account: { readonly server: string; readonly userId: string }
  readonly at: number
  /** Keeps the copy of a message's picture or file; false where there is one already. */
  readonly keep: (messageId: number, media: ArchivedMedia, path: string) => Promise<boolean>
  readonly onProgress: (task: 'checking' | 'importing', done: number, total: number) => void
  /** Asked between two parts; true ends the work. */
  readonly isCancelled: () => boolean
}

export interface Imported {
  readonly added: number
  /** Were here already. */
  readonly known: number
  /** Have been deleted here, and stay so. */
  readonly deleted: number
  /** Were never sent; they stay in the archive. */
  readonly unsent: number
  readonly media: number
}

/** Null when it was cancelled. Throws an `ArchiveError` or a `StorageError`. */
export async function importArchive(options: ImportOptions): Promise<Imported | null> {
  const { archive, account } = options
  const manifest = readManifest(await archive.manifest())
  if (manifest.account.userId !== account.userId || !sameServer(manifest.account.server, account.server)) {
    throw new ArchiveError('archive.foreign')
  }
  const files = new Map(manifest.files.map((file) => [file.path, file]))
  if (!(await check(options, manifest, files))) return null
  return take(options, manifest, files)
}

function readManifest(value: unknown): Manifest {
  const any = v.safeParse(anyManifestSchema, value)
  if (!any.success) throw new ArchiveError('archive.notOne')
  if (any.output.version > archiveVersion) throw new ArchiveError('archive.newer')
  const parsed = v.safeParse(manifestSchema, value)
  if (!parsed.success) throw new ArchiveError('archive.damaged', 'manifest')
  return parsed.output
}

/** The same host, whatever the way to it: a path or a port may change while the server stays who it is. */
function sameServer(a: string, b: string): boolean {
  if (!URL.canParse(a) || !URL.canParse(b)) return a === b
  return new URL(a).hostname === new URL(b).hostname
}

type Files = ReadonlyMap<string, ArchivedFile>

function fileOf(files: Files, path: string): ArchivedFile {
  const file = files.get(path)
  if (file === undefined) throw new ArchiveError('archive.damaged', 'not listed')
  return file
}

/** Every byte and every line, before anything is written. False when it was cancelled. */
async function check({ archive, onProgress, isCancelled }: ImportOptions, manifest: Manifest, files: Files) {
  if (files.size !== manifest.files.length) throw new ArchiveError('archive.damaged', 'listed twice')
  const total = manifest.files.reduce((sum, { bytes }) => sum + bytes, 0)
  let done = 0
  const seen = new Set<string>()
  for (const { lines, messages } of manifest.conversations) {
    const file = fileOf(files, lines)
    if (seen.has(lines)) throw new ArchiveError('archive.damaged', 'used twice')
    seen.add(lines)
    let count = 0
    for await (const portion of archive.lines(file)) {
      for (const line of portion) readLine(line)
      count += portion.length
      if (isCancelled()) return false
    }
    if (count !== messages) throw new ArchiveError('archive.damaged', 'lines missing')
    onProgress('checking', (done += file.bytes), total)
  }
  for (const media of manifest.media) fileOf(files, media.path)
  for (const file of manifest.files) {
    if (seen.has(file.path)) continue
    await archive.check(file)
    if (isCancelled()) return false
    onProgress('checking', (done += file.bytes), total)
  }
  return true
}

function readLine(line: string): ArchivedMessage {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw new ArchiveError('archive.damaged', 'not JSON')
  }
  const parsed = v.safeParse(archivedMessageSchema, value)
  if (!parsed.success) throw new ArchiveError('archive.damaged', 'line')
  return parsed.output
}

async function take(
  { store, archive, keep, at, onProgress, isCancelled }: ImportOptions,
  manifest: Manifest,
  files: Files,
): Promise<Imported | null> {
  const media = Map.groupBy(manifest.media, ({ message }) => message)
  const total = manifest.conversations.reduce((sum, { messages }) => sum + messages, 0)
  const sum = { added: 0, known: 0, deleted: 0, unsent: 0, media: 0 }
  let done = 0

  async function takeSome(conversation: ArchivedConversation, messages: readonly ArchivedMessage[]): Promise<void> {
    const taken = await store.takeArchived(conversation, people.splice(0), messages, at)
    sum.added += taken.added.length
    sum.known += taken.known
    sum.deleted += taken.deleted
    sum.unsent += taken.unsent
    for (const { archived, messageId } of taken.added) {
      for (const one of media.get(archived) ?? []) {
        if (await keep(messageId, one, archive.pathOf(fileOf(files, one.path)))) sum.media++
      }
    }
    onProgress('importing', (done += messages.length), total)
  }

  /** With the first part. */
  const people = [...manifest.people]
  for (const { lines, name: _, messages: __, page: ___, ...conversation } of manifest.conversations) {
    await takeSome(conversation, [])
    const later = { ...conversation, known: [], members: [] }
    for await (const portion of archive.lines(fileOf(files, lines))) {
      for (let index = 0; index < portion.length; index += takenAtOnce) {
        if (isCancelled()) return null
        await takeSome(later, portion.slice(index, index + takenAtOnce).map(readLine))
      }
    }
  }
  return sum
}
