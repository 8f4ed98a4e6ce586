/** Handlers of what is done with the history of a conversation: finding a day in it, passing some of it on. */
import { ok } from '#common/base/result.ts'
import type { Accounts } from '#electron/core/accounts.ts'
import { forwardedContent } from '#electron/core/forward.ts'
import type { Clock, Random } from '#electron/core/ports/platform.ts'
import type { Handlers } from './router.ts'

export interface TimelineHandlersOptions {
  readonly accounts: Pick<Accounts, 'session'>
  readonly clock: Clock
  readonly random: Random
}

type Names = 'timeline.days' | 'message.forward'

export function createTimelineHandlers({ accounts, clock, random }: TimelineHandlersOptions): Pick<Handlers, Names> {
  return {
    'timeline.days': async ({ accountId, conversationId, starts }) => {
      const session = accounts.session(accountId)
      return session.ok ? session.value.store.days(conversationId, starts) : session
    },

    'message.forward': async ({ accountId, messageIds, conversationIds }) => {
      const found = accounts.session(accountId)
      if (!found.ok) return found
      const session = found.value
      const refused: string[] = []
      let queued = 0
      for (const conversationId of new Set(conversationIds)) {
        for (const messageId of new Set(messageIds)) {
          const message = await session.store.message(messageId)
          const content = message === null ? null : forwardedContent(message)
          if (content?.ok !== true) {
            refused.push(content?.error.code ?? 'message.unknown')
            continue
          }
          const sent = await session.store.send({
            conversationId,
            content: content.value,
            clientId: random.uuid(),
            at: clock.now(),
          })
          if (!sent.ok) {
            refused.push(sent.error.code)
            continue
          }
          session.changed(sent.value)
          queued++
        }
      }
      session.nudge()
      return ok({ queued, refused })
    },
  }
}
