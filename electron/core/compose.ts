/** What the composer's words become: a text, or an answer that carries the quoted words with it. */
import { type Result, fail, ok } from '#common/base/result.ts'
import { type Content, plainText } from '#common/domain/content/content.ts'
import type { Clock, Random } from './ports/platform.ts'
import type { Store } from './ports/store.ts'
import type { Session } from './session.ts'

/** A quotation is a reminder, not a copy. */
const maxQuotedLength = 500

export interface Composed {
  readonly text: string
  /** Server id of the message answered to. */
  readonly quotedId: string | null
  /** User ids, or `*` for everyone. */
  readonly mentions: readonly string[]
}

async function composeContent(
  store: Pick<Store, 'page'>,
  conversationId: string,
  { text, quotedId, mentions }: Composed,
): Promise<Result<Content>> {
  const named = mentions.length === 0 ? {} : { mentions: [...new Set(mentions)] }
  if (quotedId === null) return ok({ kind: 'text', text, ...named })
  const page = await store.page(conversationId, { at: 'around', serverId: quotedId }, 2)
  if (!page.ok) return page
  const quoted = page.value.messages.find(({ serverId }) => serverId === quotedId)
  if (quoted === undefined) return fail('message.unknown')
  if (quoted.recalled !== null) return fail('message.recalled')
  return ok({
    kind: 'quote',
    text,
    ...named,
    quotedId,
    quotedText: [...plainText(quoted.content)].slice(0, maxQuotedLength).join(''),
    quotedSenderId: quoted.senderId,
  })
}

/** Queues what was composed, and sees to it that it goes out. */
export async function sendWords(
  session: Pick<Session, 'store' | 'changed' | 'nudge'>,
  { conversationId, ...composed }: Composed & { readonly conversationId: string },
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): Promise<Result<{ messageId: number }>> {
  const content = await composeContent(session.store, conversationId, composed)
  if (!content.ok) return content
  const sent = await session.store.send({
    conversationId,
    content: content.value,
    clientId: random.uuid(),
    at: clock.now(),
  })
  if (!sent.ok) return sent
  const answer = session.changed(sent.value)
  session.nudge()
  return ok(answer)
}
