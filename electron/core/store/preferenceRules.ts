/** What a new message does to the user's decisions about its conversation. Pure. */
import { type Preferences, isMuted } from '#common/domain/conversation.ts'
import type { ConversationRow, MessageRow } from './rows.ts'

const keys = [
  'pinned',
  'mutedUntil',
  'archived',
  'markedUnread',
  'hidden',
  'alias',
] as const satisfies readonly (keyof Preferences)[]

export function samePreferences(a: Preferences, b: Preferences): boolean {
  return a === b || keys.every((key) => a[key] === b[key])
}

/**
 * A deleted conversation comes back with the first thing said in it; who joined or left is not said. An archived one
 * comes back too, but a muted one stays where it was put.
 */
export function awakened(row: MessageRow, { preferences }: ConversationRow): Partial<Preferences> {
  const { hidden, archived } = preferences
  if ((!hidden && !archived) || row.content.kind === 'event') return {}
  return { hidden: false, archived: archived && (!row.unread || isMuted(preferences, row.localTime)) }
}
