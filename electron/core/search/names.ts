/** Whom and what the filters `from:` and `in:` mean: an id, or part of a name; any of several. */
import type { ConversationRow } from '../store/rows.ts'
import type { UnitOfWork } from '../store/unit.ts'

const oneself = new Set(['me', '我', '自己'])

function comparable(name: string): string {
  return name.normalize('NFKC').toLowerCase().trim()
}

/** User ids. */
export function sendersNamed(unit: UnitOfWork, names: readonly string[]): string[] {
  const wanted = names.map(comparable)
  // An id needs no description.
  const senders = new Set(names)
  if (wanted.some((name) => oneself.has(name))) senders.add(unit.selfId)
  for (const { userId, nickname } of unit.rows.people.all()) {
    const known = [comparable(userId), comparable(nickname ?? '')]
    if (wanted.some((name) => known[0] === name || known[1]?.includes(name) === true)) senders.add(userId)
  }
  return [...senders]
}

/** Keys of conversations. */
export function conversationsNamed(unit: UnitOfWork, names: readonly string[]): number[] {
  const wanted = names.map(comparable)
  const keys: number[] = []
  for (const conversation of unit.allConversations()) {
    const known = namesOf(unit, conversation).map(comparable)
    const { targetId, id } = conversation
    const isMeant = (name: string): boolean =>
      name === comparable(targetId) || name === comparable(id) || known.some((other) => other.includes(name))
    if (wanted.some(isMeant)) keys.push(conversation.key)
  }
  return keys
}

function namesOf(unit: UnitOfWork, { kind, title, targetId }: ConversationRow): string[] {
  const nickname = kind === 'direct' ? unit.rows.people.get(targetId)?.nickname : null
  return [title, nickname].filter((name) => name !== null && name !== undefined)
}
