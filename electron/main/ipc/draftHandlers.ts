/** Handlers of what is being written and not yet said. What one window wrote is told to the others. */
import type { WebContents } from 'electron'
import { ok } from '#common/base/result.ts'
import type { Push } from '#common/contract/pushes.ts'
import type { Accounts } from '#electron/core/accounts.ts'
import { keepMode, recallMode } from '#electron/core/draftMode.ts'
import type { Handlers } from './router.ts'

export interface DraftHandlersOptions {
  readonly accounts: Pick<Accounts, 'session'>
  readonly tellOthers: (sender: WebContents, push: Push) => void
}

type Names = 'conversation.setDraft' | 'conversation.keepMode' | 'conversation.recallMode'

export function createDraftHandlers({ accounts, tellOthers }: DraftHandlersOptions): Pick<Handlers, Names> {
  return {
    'conversation.setDraft': async ({ accountId, conversationId, draft }, sender) => {
      const session = accounts.session(accountId)
      if (!session.ok) return session
      session.value.changed(await session.value.store.setDraft(conversationId, draft))
      tellOthers(sender, { type: 'draft', accountId, conversationId, text: draft })
      return ok({})
    },
    'conversation.keepMode': async ({ accountId, conversationId, mode }, sender) => {
      const session = accounts.session(accountId)
      if (!session.ok) return session
      await keepMode(session.value.store, conversationId, mode)
      tellOthers(sender, { type: 'draft', accountId, conversationId, text: null })
      return ok({})
    },
    'conversation.recallMode': async ({ accountId, conversationId }) => {
      const session = accounts.session(accountId)
      return session.ok ? ok({ mode: await recallMode(session.value.store, conversationId) }) : session
    },
  }
}
