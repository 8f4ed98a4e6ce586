/** What silence had held back when the program ended: the ledger knows, and the rows say what is still unread. */
import { isSilence } from '#common/domain/notification/policy.ts'
import type { Store } from '../ports/store.ts'
import type { HeldMessage } from './heldBack.ts'

/** So many decisions are looked at, and no older ones: what waited longer is for the catch-up. */
const mostRead = 200
const readBackMs = 7 * 86_400_000

/** Oldest first; `now`: local clock, ms. What was decided before chats were last told of in the ordinary way belongs to an older silence. */
export async function heldBefore(store: Pick<Store, 'decisions' | 'unread'>, now: number): Promise<HeldMessage[]> {
  const wanted = {
    before: null,
    limit: mostRead,
    conversationId: null,
    outcome: 'all',
    since: now - readBackMs,
  } as const
  const decisions = await store.decisions(wanted)
  const held = new Map<number, HeldMessage>()
  for (const { channel, kind, shown, reason, messageId, conversationId } of decisions) {
    if (channel !== 'chat') continue
    if (shown && reason !== 'bypass') break
    if (kind !== 'message' && kind !== 'mention' && kind !== 'mentionAll') continue
    if (messageId === null || conversationId === null || !isSilence(reason)) continue
    const facts = { kind, own: false, recalled: false, read: false }
    held.set(messageId, { id: messageId, conversationId, facts })
  }
  const unread = new Set<number>()
  for (const id of new Set([...held.values()].map(({ conversationId }) => conversationId)))
    for (const message of await store.unread(id, 'all', mostRead)) unread.add(message.id)
  return [...held.values()].filter(({ id }) => unread.has(id)).toReversed()
}
