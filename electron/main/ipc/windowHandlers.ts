/** Handlers of windows that show one conversation. */
import { BrowserWindow } from 'electron'
import { type Result, fail, ok } from '#common/base/result.ts'
import type { Accounts } from '#electron/core/accounts.ts'
import type { Windows } from '../windows.ts'
import type { Handlers } from './router.ts'

export interface WindowHandlersOptions {
  readonly accounts: Pick<Accounts, 'session'>
  readonly openChat: Windows['openChat']
}

const done: Result<Record<string, never>> = ok({})

export function createWindowHandlers({
  accounts,
  openChat,
}: WindowHandlersOptions): Pick<Handlers, 'window.openChat' | 'window.keepOnTop'> {
  return {
    'window.openChat': async ({ accountId, conversationId }) => {
      const session = accounts.session(accountId)
      if (!session.ok) return session
      // The names come from the page: only what is known becomes a window.
      const page = await session.value.store.page(conversationId, { at: 'newest' }, 1)
      if (!page.ok) return page
      await openChat(accountId, conversationId)
      return done
    },
    'window.keepOnTop': ({ onTop }, sender) => {
      const window = BrowserWindow.fromWebContents(sender)
      if (window === null) return fail('ipc.refused')
      window.setAlwaysOnTop(onTop)
      return done
    },
  }
}
