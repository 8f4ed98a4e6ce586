/** An archive of a store's, written to a real folder and read from it again. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createHash } from 'node:crypto'
import { createKeptCopies } from '#electron/adapters/archive/keptCopies.ts'
import { createNewArchive } from '#electron/adapters/archive/newArchive.ts'
import { openArchive } from '#electron/adapters/archive/openedArchive.ts'
import { createReaderPages } from '#electron/adapters/archive/reader/readerPages.ts'
import { type Exported, exportArchive } from '#electron/core/archive/exportArchive.ts'
import { type Manifest, manifestName } from '#electron/core/archive/format.ts'
import { type Imported, importArchive } from '#electron/core/archive/importArchive.ts'
import type { Store } from '#electron/core/ports/store.ts'
import { now, self, tempDir } from './support.ts'

const account = { server: 'wss://chat.example.org/ws', userId: self }
type Stored = Pick<Store, 'snapshot' | 'archivePart' | 'takeArchived'>

export interface Writing {
  readonly parent?: string
  /** The account's folder. */
  readonly files?: string
  readonly conversationId?: string | null
  readonly media?: boolean
  readonly isCancelled?: () => boolean
  readonly onProgress?: (done: number) => void
}

export async function writeArchive(store: Stored, options: Writing = {}): Promise<Exported | null> {
  const { parent = tempDir(), files = tempDir(), conversationId = null, media = true } = options
  return exportArchive({
    store,
    archive: await createNewArchive({ parent, name: 'archive', unfinished: '(unfinished)' }),
    copies: createKeptCopies(files),
    pages: createReaderPages(),
    account,
    program: '1.0.0',
    at: now,
    conversationId,
    media,
    onProgress: options.onProgress ?? (() => undefined),
    isCancelled: options.isCancelled ?? (() => false),
  })
}

export async function wholeArchive(store: Stored, options: Writing = {}): Promise<Exported> {
  const exported = await writeArchive(store, options)
  if (exported === null) throw new Error('it was cancelled')
  return exported
}

export interface Reading {
  readonly userId?: string
  readonly server?: string
  readonly keep?: (messageId: number, name: string, path: string) => Promise<boolean>
  readonly isCancelled?: () => boolean
}

export async function readArchive(store: Stored, folder: string, options: Reading = {}): Promise<Imported | null> {
  const { userId = self, server = account.server, keep = () => Promise.resolve(true) } = options
  const archive = await openArchive(folder)
  try {
    return await importArchive({
      store,
      archive,
      account: { server, userId },
      at: now + 1,
      keep: (messageId, media, path) => keep(messageId, media.name, path),
      onProgress: () => undefined,
      isCancelled: options.isCancelled ?? (() => false),
    })
  } finally {
    archive.dispose()
  }
}

export function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, manifestName), 'utf8')) as Manifest
}

export function putManifest(folder: string, manifest: object): void {
  writeFileSync(join(folder, manifestName), JSON.stringify(manifest))
}

/** Changes a file and what the manifest says of it, as somebody would who knows how archives are made. */
export function forge(folder: string, path: string, text: string, said: Partial<Manifest> = {}): void {
  writeFileSync(join(folder, path), text)
  const manifest = manifestOf(folder)
  const bytes = Buffer.from(text)
  const facts = { path, bytes: bytes.byteLength, sha256: createHash('sha256').update(bytes).digest('hex') }
  putManifest(folder, {
    ...manifest,
    ...said,
    files: manifest.files.map((file) => (file.path === path ? facts : file)),
  })
}

export function linesOf(folder: string): string[] {
  return readdirSync(join(folder, 'conversations'))
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .flatMap((name) =>
      readFileSync(join(folder, 'conversations', name), 'utf8')
        .split('\n')
        .slice(0, -1),
    )
}
