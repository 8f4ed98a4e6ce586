/** One handler per call of the contract: each translates into the core's words and publishes what changed. */
import { type App, type WebContents } from 'electron'
import { basename } from 'node:path'
import { type Result, fail, ok } from '#common/base/result.ts'
import { settingsFrom } from '#common/contract/settings.ts'
import { codePoints } from '#common/domain/content/content.ts'
import type { ConversationRef } from '#common/domain/conversation.ts'
import type { Accounts } from '#electron/core/accounts.ts'
import type { Attachments } from '#electron/core/attachments/attachments.ts'
import { sendWords } from '#electron/core/compose.ts'
import type { AppStore } from '#electron/core/ports/appStore.ts'
import type { Clock, Log, Random } from '#electron/core/ports/platform.ts'
import type { Changed } from '#electron/core/ports/store.ts'
import type { Session } from '#electron/core/session.ts'
import type { Updates } from '#electron/core/updates/updates.ts'
import { readLicences } from '../licences.ts'
import type { Lock } from '../lock.ts'
import type { KeptUnsent } from '../unsent.ts'
import type { View, Windows } from '../windows.ts'
import { type ArchiveHandlersOptions, createArchiveHandlers } from './archiveHandlers.ts'
import { createConversationHandlers, readLayout } from './conversationHandlers.ts'
import type { DiagnosticsHandlers } from './diagnosticsHandlers.ts'
import { type DraftHandlersOptions, createDraftHandlers } from './draftHandlers.ts'
import { createLedgerHandlers } from './ledgerHandlers.ts'
import { createLockHandlers } from './lockHandlers.ts'
import { type Desktop, createMediaHandlers } from './mediaHandlers.ts'
import type { Handlers } from './router.ts'
import { createShareHandlers } from './shareHandlers.ts'
import { type StorageHandlersOptions, createStorageHandlers } from './storageHandlers.ts'
import { createTimelineHandlers } from './timelineHandlers.ts'
import { createUnsentHandlers } from './unsentHandlers.ts'
import { createWindowHandlers } from './windowHandlers.ts'

export interface HandlersOptions {
  readonly app: Pick<App, 'getVersion'>
  readonly accounts: Accounts
  readonly appStore: AppStore
  readonly lock: Lock
  readonly updates: Pick<Updates, 'state' | 'check' | 'restart'>
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly locale: () => 'zh-CN' | 'en'
  /** A page is there and asks for what it shows. */
  readonly onBoot: () => void
  readonly onSettings: () => void
  /** Paths the user chose in the system's dialog over the sender's window. */
  readonly chooseFiles: (sender: WebContents) => Promise<readonly string[]>
  readonly desktop: Desktop
  /** Asks over the sender's window where it has to be asked. */
  readonly allowMicrophone: (sender: WebContents, again: boolean) => Promise<boolean>
  readonly storedFiles: StorageHandlersOptions['storedFiles']
  readonly onErased: StorageHandlersOptions['onErased']
  /** What archives need of the machine. */
  readonly archives: ArchiveHandlersOptions['archives']
  /** Shows the account's file in the system's own window for files. */
  readonly showStore: (accountId: string) => void
  readonly diagnostics: DiagnosticsHandlers
  readonly onParted: (contentsId: number) => void
  readonly unsent: KeptUnsent
  /** Tells all windows but the sender's. */
  readonly tellOthers: DraftHandlersOptions['tellOthers']
  readonly setView: (sender: WebContents, view: View) => void
  readonly openChat: Windows['openChat']
}

const done: Result<Record<string, never>> = ok({})

export function createHandlers(options: HandlersOptions): Handlers {
  const { accounts, appStore, lock, updates, clock, random, log } = options

  const inSession = async <T>(accountId: string, run: (session: Session) => Promise<Result<T>>): Promise<Result<T>> => {
    const session = accounts.session(accountId)
    return session.ok ? run(session.value) : session
  }

  const withFiles = async <T>(
    accountId: string,
    run: (attachments: Attachments) => Promise<Result<T>>,
  ): Promise<Result<T>> => {
    const attachments = accounts.attachments(accountId)
    return attachments.ok ? run(attachments.value) : attachments
  }

  /** A change of the user's that may have queued something. */
  const queue = (
    accountId: string,
    run: (session: Session) => Promise<Result<Changed<null>>>,
  ): Promise<Result<Record<string, never>>> =>
    inSession(accountId, async (session) => {
      const result = await run(session)
      if (!result.ok) return result
      session.changed(result.value)
      session.nudge()
      return done
    })

  /** A change that stays here. */
  const note = (
    accountId: string,
    run: (session: Session) => Promise<Changed<null>>,
  ): Promise<Result<Record<string, never>>> =>
    inSession(accountId, async (session) => {
      session.changed(await run(session))
      return done
    })

  return {
    ...options.diagnostics,
    ...createConversationHandlers({ accounts, appStore }),
    ...createTimelineHandlers({ accounts, clock, random }),
    ...createDraftHandlers({ accounts, tellOthers: options.tellOthers }),
    ...createWindowHandlers({ accounts, openChat: options.openChat }),
    ...createLockHandlers({ lock, accounts, onParted: options.onParted }),
    ...createUnsentHandlers(options.unsent),
    ...createLedgerHandlers({
      storeOf(accountId) {
        const session = accounts.session(accountId)
        return session.ok ? ok(session.value.store) : session
      },
      clock,
    }),
    ...createShareHandlers({ accounts, clock, random }),
    ...createStorageHandlers({
      accounts,
      clock,
      log,
      storedFiles: options.storedFiles,
      onErased: options.onErased,
    }),
    ...createArchiveHandlers({
      accounts,
      clock,
      random,
      log,
      program: options.app.getVersion(),
      archives: options.archives,
      onImported: options.onErased,
    }),
    ...createMediaHandlers({ accounts, desktop: options.desktop }),
    'update.check': () => updates.check(),
    'update.restart': () => updates.restart(),
    'app.boot': () => {
      options.onBoot()
      return ok({
        version: options.app.getVersion(),
        platform: process.platform,
        locale: options.locale(),
        settings: settingsFrom(appStore.settings()),
        lock: lock.status,
        update: updates.state,
        accounts: lock.isLocked ? [] : [...accounts.list()],
        layout: readLayout(appStore),
      })
    },
    'app.reportError': ({ message, stack }) => {
      log.error('error in the page', { message, stack })
      return done
    },
    'app.licences': async () => ok({ licences: await readLicences() }),
    'settings.set': ({ settings }) => {
      for (const [key, value] of Object.entries(settings)) appStore.saveSetting(key, value)
      options.onSettings()
      return ok(settingsFrom(appStore.settings()))
    },

    'account.signIn': (input) => accounts.signIn(input),
    'account.signOut': ({ accountId }) => accounts.signOut(accountId),
    'account.snapshot': ({ accountId }) =>
      inSession(accountId, async (session) =>
        ok({
          ...(await session.store.snapshot()),
          connection: session.connection,
          session: session.status,
          uploads: accounts.uploads(accountId),
        }),
      ),
    'storage.tryAgain': ({ accountId }) => accounts.tryAgain(accountId),
    'storage.repair': ({ accountId }) => accounts.repair(accountId),
    'storage.show': ({ accountId }) => {
      // The name comes from the page: only one that is known becomes a path.
      if (!accounts.list().some(({ id }) => id === accountId)) return fail('account.unknown')
      options.showStore(accountId)
      return done
    },
    'connection.tryNow': ({ accountId }) =>
      inSession(accountId, (session) => {
        session.tryNow()
        return Promise.resolve(done)
      }),

    'connection.check': () => {
      for (const session of accounts.sessions()) session.networkChanged(null)
      return done
    },

    'conversation.open': ({ accountId, kind, targetId }) =>
      inSession(accountId, async (session) => {
        const ref: ConversationRef = kind === 'direct' ? { kind, peerId: targetId } : { kind, groupId: targetId }
        const conversation = session.changed(await session.store.openConversation(ref, clock.now()))
        await session.refreshGroups()
        return ok(conversation)
      }),
    'conversation.markRead': ({ accountId, conversationId, upTo }) =>
      note(accountId, ({ store }) => store.markRead(conversationId, upTo)),
    'view.report': (view, sender) => {
      options.setView(sender, view)
      return done
    },
    'timeline.page': ({ accountId, conversationId, from, limit }) =>
      inSession(accountId, ({ store }) => store.page(conversationId, from, limit)),

    'search.messages': ({ accountId, ...asked }) =>
      inSession(accountId, async (session) => ok(await session.search(asked))),

    'timeline.askAgain': ({ accountId, conversationId }) =>
      inSession(accountId, async (session) => {
        const asked = await session.askAgain(conversationId)
        return asked.ok ? ok({ holes: [...asked.value] }) : asked
      }),

    'message.send': ({ accountId, conversationId, text, quotes, mentions }) =>
      inSession(accountId, async (session) => {
        const composed = { conversationId, text, quotedId: quotes ?? null, mentions: mentions ?? [] }
        const sent = await sendWords(session, composed, { clock, random })
        if (sent.ok) log.info('message queued', { codePoints: codePoints(text) })
        return sent
      }),
    'message.edit': ({ accountId, messageId, text }) =>
      queue(accountId, ({ store }) => store.edit(messageId, text, clock.now())),
    'message.recall': ({ accountId, messageId }) =>
      queue(accountId, ({ store }) => store.recall(messageId, clock.now())),
    'message.deleteForMe': ({ accountId, messageId }) =>
      queue(accountId, ({ store, capabilities }) =>
        store.deleteForMe(messageId, capabilities.deleteForMe, clock.now()),
      ),
    'message.pin': ({ accountId, messageId, pin }) =>
      queue(accountId, ({ store }) => store.pin(messageId, pin, clock.now())),
    'message.retry': ({ accountId, messageId }) => queue(accountId, ({ store }) => store.retry(messageId, clock.now())),
    'message.cancel': ({ accountId, messageId }) => queue(accountId, ({ store }) => store.cancel(messageId)),
    'message.trace': ({ accountId, messageId }) =>
      inSession(accountId, async ({ store }) => ok({ steps: [...(await store.trace(messageId))] })),
    'policy.history': ({ accountId }) =>
      inSession(accountId, async ({ store }) => ok({ changes: [...(await store.policyHistory())] })),
    'attachment.choose': ({ accountId, conversationId }, sender) =>
      withFiles(accountId, async (attachments) => {
        const paths = await options.chooseFiles(sender)
        return attachments.add(
          conversationId,
          paths.map((path) => ({ source: { path }, name: basename(path), caption: '' })),
        )
      }),
    'attachment.add': ({ accountId, conversationId, name, bytes, caption, seconds }) =>
      withFiles(accountId, (attachments) =>
        attachments.add(conversationId, [{ source: { bytes }, name, caption: caption ?? '', seconds }]),
      ),
    'microphone.allow': async ({ again }, sender) => ok({ allowed: await options.allowMicrophone(sender, again) }),
    'notice.acknowledge': ({ accountId, noticeId }) =>
      note(accountId, ({ store }) => store.acknowledgeNotice(noticeId, clock.now())),
    'notice.markRead': ({ accountId, noticeIds }) =>
      note(accountId, ({ store }) => store.markNoticesRead(noticeIds, clock.now())),
  }
}
