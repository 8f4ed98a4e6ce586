/** Handlers of archives: one archiver for each running account, for as long as it runs. */
import type { WebContents } from 'electron'
import { basename } from 'node:path'
import { type Result, fail, ok } from '#common/base/result.ts'
import type { CallOutput } from '#common/contract/calls.ts'
import type { Accounts } from '#electron/core/accounts.ts'
import { Archiver } from '#electron/core/archive/archiver.ts'
import type { KeptCopies, NewArchive, OpenedArchive, ReaderPages } from '#electron/core/archive/ports.ts'
import type { AccountFiles } from '#electron/core/ports/media.ts'
import type { Clock, Log, Random } from '#electron/core/ports/platform.ts'
import type { Session } from '#electron/core/session.ts'
import type { ArchiveDialogs } from '../archiveDialogs.ts'
import type { Handlers } from './router.ts'

export interface ArchiveHandlersOptions {
  readonly accounts: Pick<Accounts, 'session' | 'attachments' | 'list'>
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** Version of this program. */
  readonly program: string
  readonly archives: ArchiveDialogs & {
    readonly create: (where: { parent: string; name: string; unfinished: string }) => Promise<NewArchive>
    readonly open: (folder: string) => Promise<OpenedArchive>
    readonly pages: ReaderPages
    readonly copies: (accountId: string) => KeptCopies
    readonly files: (accountId: string) => AccountFiles
  }
  /** Rows have come that windows do not know. */
  readonly onImported: (accountId: string) => void
}

type Names = 'archive.export' | 'archive.import' | 'archive.progress' | 'archive.cancel' | 'archive.show'

const done: Result<Record<string, never>> = ok({})

export function createArchiveHandlers(options: ArchiveHandlersOptions): Pick<Handlers, Names> {
  const { accounts, clock, random, log, program, archives, onImported } = options
  const archivers = new WeakMap<Session, Archiver>()
  /** Where the last one lies, by account. */
  const written = new Map<string, string>()

  function archiverOf(accountId: string, session: Session): Archiver {
    const known = archivers.get(session)
    if (known !== undefined) return known
    const account = accounts.list().find(({ id }) => id === accountId)
    const archiver = new Archiver({
      store: session.store,
      files: archives.files(accountId),
      copies: archives.copies(accountId),
      pages: archives.pages,
      account: { server: account?.url ?? '', userId: account?.userId ?? '' },
      program,
      async adopt(message, file) {
        const attachments = accounts.attachments(accountId)
        return attachments.ok && (await attachments.value.downloads.adopt(message, file))
      },
      clock,
      random,
      log,
    })
    archivers.set(session, archiver)
    return archiver
  }

  const withArchiver = async <T>(
    accountId: string,
    run: (archiver: Archiver, session: Session) => Promise<Result<T>>,
  ): Promise<Result<T>> => {
    const session = accounts.session(accountId)
    return session.ok ? run(archiverOf(accountId, session.value), session.value) : session
  }

  /** A second dialog would wait behind the first one's work. */
  const choose = (
    archiver: Archiver,
    sender: WebContents,
    what: 'export' | 'import',
  ): Promise<Result<string | null>> =>
    archiver.progress === null
      ? archives.choose(sender, what).then((folder) => ok(folder))
      : Promise.resolve(fail('archive.busy'))

  return {
    'archive.export': ({ accountId, conversationId, media }, sender) =>
      withArchiver(accountId, async (archiver): Promise<Result<CallOutput<'archive.export'>>> => {
        const parent = await choose(archiver, sender, 'export')
        if (!parent.ok) return parent
        if (parent.value === null) return ok({ done: null })
        const where = { parent: parent.value, ...archives.names(userOf(accountId), clock.now()) }
        const exported = await archiver.export({ conversationId, media }, () => archives.create(where))
        if (!exported.ok) return exported
        if (exported.value === null) return ok({ done: null })
        const { folder, ...facts } = exported.value
        written.set(accountId, folder)
        return ok({ done: { name: basename(folder), ...facts } })
      }),
    'archive.import': ({ accountId }, sender) =>
      withArchiver(accountId, async (archiver, session) => {
        const folder = await choose(archiver, sender, 'import')
        if (!folder.ok) return folder
        const { value } = folder
        if (value === null) return ok({ done: null })
        const imported = await archiver.import(() => archives.open(value))
        // Also what came before it failed or was given up.
        onImported(accountId)
        await session.refreshGroups()
        return imported.ok ? ok({ done: imported.value }) : imported
      }),
    'archive.progress': ({ accountId }) =>
      withArchiver(accountId, (archiver) => Promise.resolve(ok({ progress: archiver.progress }))),
    'archive.cancel': ({ accountId }) =>
      withArchiver(accountId, (archiver) => {
        archiver.cancel()
        return Promise.resolve(done)
      }),
    'archive.show': ({ accountId }) => {
      const folder = written.get(accountId)
      if (folder === undefined) return fail('archive.unreadable', 'none was written')
      archives.show(folder)
      return done
    },
  }

  function userOf(accountId: string): string {
    return accounts.list().find(({ id }) => id === accountId)?.userId ?? ''
  }
}
