/** Handlers of what the user decides about conversations, of what stands behind their badges, and of the window's layout. */
import * as v from 'valibot'
import { type Result, ok } from '#common/base/result.ts'
import { type Layout, layoutSchema, unreadShown } from '#common/contract/calls.ts'
import type { Preferences } from '#common/domain/conversation.ts'
import type { Accounts } from '#electron/core/accounts.ts'
import type { AppStore } from '#electron/core/ports/appStore.ts'
import type { Changed } from '#electron/core/ports/store.ts'
import type { Session } from '#electron/core/session.ts'
import { verifyConversation } from '#electron/core/verifyConversation.ts'
import type { Handlers } from './router.ts'

export interface ConversationHandlersOptions {
  readonly accounts: Pick<Accounts, 'session'>
  readonly appStore: Pick<AppStore, 'readState' | 'writeState'>
}

type Names =
  | 'conversation.markSeen'
  | 'conversation.unread'
  | 'conversation.prefer'
  | 'conversation.delete'
  | 'conversation.verify'
  | 'account.waiting'
  | 'layout.set'

const layoutKey = 'layout'
const mentionsShown = 20
const done: Result<Record<string, never>> = ok({})

export function readLayout(appStore: Pick<AppStore, 'readState'>): Layout {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), layoutSchema), appStore.readState(layoutKey))
  return parsed.success ? parsed.output : { paneWidth: null }
}

/** Only what was named: a key that is there without a value says nothing. */
function named(preferences: { [K in keyof Preferences]?: Preferences[K] | undefined }): Partial<Preferences> {
  return Object.fromEntries(Object.entries(preferences).filter(([, value]) => value !== undefined))
}

export function createConversationHandlers({ accounts, appStore }: ConversationHandlersOptions): Pick<Handlers, Names> {
  const inSession = async <T>(accountId: string, run: (session: Session) => Promise<Result<T>>): Promise<Result<T>> => {
    const session = accounts.session(accountId)
    return session.ok ? run(session.value) : session
  }
  const change = (
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

  return {
    'conversation.markSeen': ({ accountId, messageIds }) =>
      change(accountId, async ({ store }) => ok(await store.markSeen(messageIds))),
    'conversation.unread': ({ accountId, conversationId, only }) =>
      inSession(accountId, async ({ store }) =>
        ok({ messages: [...(await store.unread(conversationId, only, unreadShown))] }),
      ),
    'conversation.prefer': ({ accountId, conversationId, preferences }) =>
      change(accountId, ({ store }) => store.prefer(conversationId, named(preferences))),
    'conversation.delete': ({ accountId, conversationId }) =>
      change(accountId, ({ store }) => store.deleteConversation(conversationId)),
    'conversation.verify': ({ accountId, conversationId }) =>
      inSession(accountId, (session) => verifyConversation(session, conversationId)),
    'account.waiting': ({ accountId }) =>
      inSession(accountId, async ({ store }) => ok({ waiting: [...(await store.waiting(mentionsShown))] })),
    'layout.set': (layout) => {
      appStore.writeState(layoutKey, JSON.stringify(layout))
      return done
    },
  }
}
