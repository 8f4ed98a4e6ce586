/** Handlers of the storage manager: one for each running account, for as long as it runs. */
import { type Result, ok } from '#common/base/result.ts'
import type { Accounts } from '#electron/core/accounts.ts'
import type { Clock, Log } from '#electron/core/ports/platform.ts'
import type { StoredFiles } from '#electron/core/ports/storedFiles.ts'
import type { Session } from '#electron/core/session.ts'
import { StorageManager } from '#electron/core/storageManager.ts'
import type { Handlers } from './router.ts'

export interface StorageHandlersOptions {
  readonly accounts: Pick<Accounts, 'session' | 'attachments'>
  readonly clock: Clock
  readonly log: Log
  readonly storedFiles: (accountId: string) => StoredFiles
  /** Messages are gone that windows may show. */
  readonly onErased: (accountId: string) => void
}

type Names = 'storage.use' | 'storage.clearMedia' | 'storage.clearMessages' | 'storage.compact' | 'storage.progress'

export function createStorageHandlers({
  accounts,
  clock,
  log,
  storedFiles,
  onErased,
}: StorageHandlersOptions): Pick<Handlers, Names> {
  const managers = new WeakMap<Session, StorageManager>()

  function managerOf(accountId: string, session: Session): StorageManager {
    const known = managers.get(session)
    if (known !== undefined) return known
    const stored = storedFiles(accountId)
    const files: StoredFiles = {
      ...stored,
      async remove(messageId) {
        // Whoever knows of a fetched file is told that it is gone.
        const attachments = accounts.attachments(accountId)
        if (attachments.ok) await attachments.value.downloads.cancel(messageId)
        await stored.remove(messageId)
      },
    }
    const manager = new StorageManager({
      store: session.store,
      files,
      clock,
      log,
      changed: (changed) => session.changed(changed),
    })
    managers.set(session, manager)
    return manager
  }

  const withManager = async <T>(
    accountId: string,
    run: (manager: StorageManager) => Promise<Result<T>>,
  ): Promise<Result<T>> => {
    const session = accounts.session(accountId)
    return session.ok ? run(managerOf(accountId, session.value)) : session
  }

  return {
    'storage.use': ({ accountId }) => withManager(accountId, async (manager) => ok(await manager.measure())),
    'storage.clearMedia': ({ accountId, ...what }) =>
      withManager(accountId, async (manager) => ok(await manager.clearMedia(what))),
    'storage.clearMessages': ({ accountId, conversationId }) =>
      withManager(accountId, async (manager) => {
        const erased = await manager.clearMessages(conversationId)
        if (!erased.ok) return erased
        onErased(accountId)
        return ok({ messages: erased.value })
      }),
    'storage.compact': ({ accountId }) => withManager(accountId, (manager) => manager.compact()),
    'storage.progress': ({ accountId }) =>
      withManager(accountId, (manager) => Promise.resolve(ok({ progress: manager.progress }))),
  }
}
