/**
 * What an unfinished text is for — an answer, an edit — kept as a fact beside the draft, so that it outlives the program.
 *
 * Promises: the words of an edit come back even when the message they were for is gone.
 */
import * as v from 'valibot'
import { type KeptMode, keptModeSchema, type RecalledMode } from '#common/contract/calls.ts'
import type { Store } from './ports/store.ts'
import type { StoreRows } from './store/rows.ts'

const keyOf = (conversationId: string): string => `draft.mode:${conversationId}`

export async function keepMode(
  store: Pick<Store, 'writeFact'>,
  conversationId: string,
  mode: KeptMode | null,
): Promise<void> {
  await store.writeFact(keyOf(conversationId), mode === null ? '' : JSON.stringify(mode))
}

/** With its message as it is now; `message` is null when it is gone, was recalled, or stands elsewhere. */
export async function recallMode(
  store: Pick<Store, 'readFact' | 'message'>,
  conversationId: string,
): Promise<RecalledMode | null> {
  const parsed = v.safeParse(
    v.pipe(v.string(), v.parseJson(), keptModeSchema),
    await store.readFact(keyOf(conversationId)),
  )
  if (!parsed.success) return null
  const { kind, messageId, text } = parsed.output
  const found = await store.message(messageId)
  const usable = found !== null && !found.deleted && found.recalled === null && found.conversationId === conversationId
  return { kind, message: usable ? found : null, text }
}

/** In a transaction of the store's own: nothing of the conversation's words stays. */
export function forgetMode(facts: StoreRows['facts'], conversationId: string): void {
  const key = keyOf(conversationId)
  const kept = facts.read(key)
  if (kept !== null && kept !== '') facts.write(key, '')
}
