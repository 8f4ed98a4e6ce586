/** Handler of what is shared without being written: a place, somebody's card. */
import { ok } from '#common/base/result.ts'
import type { Accounts } from '#electron/core/accounts.ts'
import type { Clock, Random } from '#electron/core/ports/platform.ts'
import type { Handlers } from './router.ts'

export interface ShareHandlersOptions {
  readonly accounts: Pick<Accounts, 'session'>
  readonly clock: Clock
  readonly random: Random
}

export function createShareHandlers({
  accounts,
  clock,
  random,
}: ShareHandlersOptions): Pick<Handlers, 'message.share'> {
  return {
    'message.share': async ({ accountId, conversationId, content }) => {
      const session = accounts.session(accountId)
      if (!session.ok) return session
      const sent = await session.value.store.send({
        conversationId,
        content,
        clientId: random.uuid(),
        at: clock.now(),
      })
      if (!sent.ok) return sent
      const answer = session.value.changed(sent.value)
      session.value.nudge()
      return ok(answer)
    },
  }
}
