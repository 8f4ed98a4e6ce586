/**
 * An account's database, opened and made into its store. One file belongs to one user id for ever: rows of one account
 * never come into another's.
 */
import type { Database } from 'better-sqlite3'
import { type Result, fail, ok } from '#common/base/result.ts'
import type { AccountStore } from '#electron/core/ports/store.ts'
import { createAccountStore } from '#electron/core/store/accountStore.ts'
import { toAppError, toStorageError } from './errors.ts'
import { accountMigrations } from './migrations/account/all.ts'
import { type OpenOptions, openDatabase } from './open.ts'
import { storeRows } from './rows/storeRows.ts'

/** `GwAc` */
export const accountApplicationId = 0x47774163

export interface AccountStoreOptions extends Pick<
  OpenOptions,
  'file' | 'busyTimeoutMs' | 'check' | 'keepCopies' | 'onMended' | 'trace'
> {
  readonly selfId: string
}

export type OpenAccountStore = AccountStore & { close(): void }

/** The store on this thread. Its methods throw a `StorageError` when the database fails. */
export function openAccountStore(options: AccountStoreOptions): Result<OpenAccountStore> {
  const opened = openAccountDatabase(options)
  if (!opened.ok) return opened
  const database = opened.value
  const store = createAccountStore({ rows: storeRows(database), selfId: options.selfId })
  return ok({ ...withStorageErrors(store), close: () => void database.close() })
}

export function openAccountDatabase({ selfId, ...options }: AccountStoreOptions): Result<Database> {
  const opened = openDatabase({ ...options, migrations: accountMigrations, applicationId: accountApplicationId })
  if (!opened.ok) return opened
  const database = opened.value
  try {
    if (claim(database, selfId)) return opened
    database.close()
    return fail('storage.foreign', 'the file belongs to another user')
  } catch (error) {
    database.close()
    return { ok: false, error: toAppError(error, options.file) }
  }
}

/** Writes the owner into a new file; false when it has another already. */
function claim(database: Database, selfId: string): boolean {
  const owner = database.prepare<[], string>('SELECT self_id FROM meta').pluck()
  if (owner.get() === undefined) {
    database.prepare('INSERT INTO meta (id, self_id, change_number, outbox_number) VALUES (1, ?, 0, 0)').run(selfId)
  }
  return owner.get() === selfId
}

/** Reads that the rules do outside a transaction throw the library's errors; callers know only our own. */
function withStorageErrors(store: AccountStore): AccountStore {
  const guard =
    <A extends unknown[], R>(method: (...args: A) => R) =>
    (...args: A): R => {
      try {
        return method(...args)
      } catch (error) {
        throw toStorageError(error)
      }
    }
  return {
    ingest: guard(store.ingest),
    keepUndecoded: guard(store.keepUndecoded),
    snapshot: guard(store.snapshot),
    page: guard(store.page),
    days: guard(store.days),
    media: guard(store.media),
    openConversation: guard(store.openConversation),
    seed: guard(store.seed),
    setDraft: guard(store.setDraft),
    markRead: guard(store.markRead),
    markSeen: guard(store.markSeen),
    unread: guard(store.unread),
    waiting: guard(store.waiting),
    prefer: guard(store.prefer),
    deleteConversation: guard(store.deleteConversation),
    acknowledgeNotice: guard(store.acknowledgeNotice),
    markNoticesRead: guard(store.markNoticesRead),
    policyHistory: guard(store.policyHistory),
    noteDecisions: guard(store.noteDecisions),
    decisions: guard(store.decisions),
    send: guard(store.send),
    edit: guard(store.edit),
    recall: guard(store.recall),
    deleteForMe: guard(store.deleteForMe),
    pin: guard(store.pin),
    retry: guard(store.retry),
    cancel: guard(store.cancel),
    outboxHeads: guard(store.outboxHeads),
    outboxSize: guard(store.outboxSize),
    outboxWritten: guard(store.outboxWritten),
    outboxSettle: guard(store.outboxSettle),
    outboxFail: guard(store.outboxFail),
    attachments: guard(store.attachments),
    attachmentTried: guard(store.attachmentTried),
    attachmentUploaded: guard(store.attachmentUploaded),
    attachmentForgotten: guard(store.attachmentForgotten),
    policy: guard(store.policy),
    message: guard(store.message),
    trace: guard(store.trace),
    search: guard(store.search),
    indexForSearch: guard(store.indexForSearch),
    storageUse: guard(store.storageUse),
    storedMessages: guard(store.storedMessages),
    storagePages: guard(store.storagePages),
    eraseMessages: guard(store.eraseMessages),
    archivePart: guard(store.archivePart),
    takeArchived: guard(store.takeArchived),
    compact: guard(store.compact),
    readFact: guard(store.readFact),
    writeFact: guard(store.writeFact),
    groups: guard(store.groups),
    counts: guard(store.counts),
    verify: guard(store.verify),
  }
}
