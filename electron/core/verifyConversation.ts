/**
 * Whether a conversation is whole, on the user's word: the server is asked for what is missing where it can be asked,
 * what is derived is counted anew, and what is known of gaps is told. Must never say more than can be known: a server
 * that numbers nothing cannot show a gap.
 */
import { type Result, ok } from '#common/base/result.ts'
import type { Capabilities } from '#common/domain/capabilities.ts'
import type { ChatVerdict } from '#common/domain/conversation.ts'
import type { Hole } from '#common/domain/message.ts'
import type { Changed, Store } from './ports/store.ts'

export interface Verified {
  readonly capabilities: Capabilities
  readonly store: Pick<Store, 'days' | 'page' | 'verify'>
  changed<T>(changed: Changed<T>): T
  askAgain(conversationId: string): Promise<Result<readonly Hole[]>>
}

/** Fails as the store does; that the server could not be asked is part of the answer. */
export async function verifyConversation(session: Verified, conversationId: string): Promise<Result<ChatVerdict>> {
  const { capabilities, store } = session
  const asked = capabilities.resync ? await session.askAgain(conversationId) : null
  const { repaired } = session.changed(await store.verify())
  const page = await store.page(conversationId, { at: 'newest' }, 1)
  if (!page.ok) return page
  const days = await store.days(conversationId, [0, Number.MAX_SAFE_INTEGER])
  if (!days.ok) return days
  const missing = page.value.holes.reduce((sum, { count }) => sum + BigInt(count), 0n)
  return ok({
    messages: days.value.counts[0] ?? 0,
    missing: capabilities.sequences ? missing.toString() : null,
    server: asked === null ? 'cannot' : asked.ok ? 'asked' : 'unreachable',
    recounted: repaired,
  })
}
