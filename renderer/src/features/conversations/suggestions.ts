/** Whom a new chat could be with: people and groups that are known here already. */
import type { Conversation, Person } from '#common/domain/conversation.ts'

export interface Suggestion {
  readonly id: string
  readonly name: string
  /** The conversation's id, for its picture. */
  readonly conversationId: string
}

const shownAtOnce = 6

export interface Known {
  readonly people: Iterable<Person>
  readonly conversations: readonly Conversation[]
  readonly selfId: string
  readonly titleOf: (conversation: Conversation) => string
  readonly nameOf: (userId: string) => string
}

/** Everybody ever named: in a chat, as a member, by a profile; groups one is in. */
export function knownOf(kind: 'direct' | 'group', known: Known): Suggestion[] {
  const found = new Map<string, Suggestion>()
  const add = (id: string, name: string): void => {
    if (!found.has(id) && !(kind === 'direct' && id === known.selfId)) {
      found.set(id, { id, name, conversationId: `${kind}:${id}` })
    }
  }
  for (const row of known.conversations) {
    if (row.kind === kind && row.membership === 'member') add(row.targetId, known.titleOf(row))
  }
  if (kind === 'direct') {
    for (const row of known.conversations) for (const { userId } of row.members) add(userId, known.nameOf(userId))
    for (const { userId } of known.people) add(userId, known.nameOf(userId))
  }
  return [...found.values()]
}

/** Those whose name or id holds the words, first those that begin with them; the order given decides among equals. */
export function suggest(known: readonly Suggestion[], words: string): Suggestion[] {
  const wanted = words.trim().toLocaleLowerCase()
  if (wanted === '') return known.slice(0, shownAtOnce)
  const rank = ({ id, name }: Suggestion): number => {
    const names = [id.toLocaleLowerCase(), name.toLocaleLowerCase()]
    if (names.some((one) => one.startsWith(wanted))) return 0
    return names.some((one) => one.includes(wanted)) ? 1 : 2
  }
  return known
    .map((one) => ({ one, rank: rank(one) }))
    .filter((ranked) => ranked.rank < 2)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, shownAtOnce)
    .map(({ one }) => one)
}
