/** Handlers of what is being written and not yet said. */
import { ok } from '#common/base/result.ts'
import type { Accounts } from '#electron/core/accounts.ts'
import { keepMode, recallMode } from '#electron/core/draftMode.ts'
import type { Handlers } from './router.ts'

type Names = 'conversation.keepMode' | 'conversation.recallMode'

export function createDraftHandlers(accounts: Pick<Accounts, 'session'>): Pick<Handlers, Names> {
  return {
    'conversation.keepMode': async ({ accountId, conversationId, mode }) => {
      const session = accounts.session(accountId)
      if (!session.ok) return session
      await keepMode(session.value.store, conversationId, mode)
      return ok({})
    },
    'conversation.recallMode': async ({ accountId, conversationId }) => {
      const session = accounts.session(accountId)
      return session.ok ? ok({ mode: await recallMode(session.value.store, conversationId) }) : session
    },
  }
}
