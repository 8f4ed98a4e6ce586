/** What in a change set may ask for attention, in the words of the policy. Pure. */
import { endOfNotice } from '#common/domain/maintenance.ts'
import type { ContentOf } from '#common/domain/content/content.ts'
import type { Conversation } from '#common/domain/conversation.ts'
import type { Message } from '#common/domain/message.ts'
import { type Notice, type PolicyChange, type PolicyValues, isInsistent } from '#common/domain/notice.ts'
import type { OccasionKind } from '#common/domain/notification/ledger.ts'
import type { Occasion } from '#common/domain/notification/policy.ts'

const plain: Omit<Occasion, 'kind'> = {
  own: false,
  recalled: false,
  read: false,
  acknowledged: false,
  expiresAt: null,
  mutedUntil: null,
  urgent: false,
  again: false,
}

/** How a message names the user. */
export function messageKind(
  { content }: Pick<Message, 'content'>,
  selfId: string,
): 'message' | 'mention' | 'mentionAll' {
  const named = content.kind === 'text' || content.kind === 'quote' ? (content.mentions ?? []) : []
  if (named.includes(selfId)) return 'mention'
  return named.includes('*') ? 'mentionAll' : 'message'
}

export interface MessageFacts {
  readonly kind: 'message' | 'mention' | 'mentionAll'
  readonly own: boolean
  readonly recalled: boolean
  readonly read: boolean
}

export function messageOccasion(facts: MessageFacts, conversation: Conversation | undefined): Occasion {
  return { ...plain, ...facts, mutedUntil: conversation?.preferences.mutedUntil ?? null }
}

/** `offsetMs`: the server's clock less ours. */
export function noticeOccasion(notice: Notice, { again, offsetMs }: { again: boolean; offsetMs: number }): Occasion {
  const end = endOfNotice(notice)
  return {
    ...plain,
    kind: notice.kind,
    read: notice.readAt !== null,
    acknowledged: notice.acknowledgedAt !== null,
    expiresAt: end === null ? null : end - offsetMs,
    urgent: notice.priority === 'urgent',
    again,
  }
}

/** It has to be told again after a start. */
export function comesBack(notice: Notice): boolean {
  return isInsistent(notice) && notice.acknowledgedAt === null
}

/**
 * Of the newest change; null where it leaves everything as it was. `history` is newest first. A server says at each
 * sign-in again what is in force: what counts is what was in force here, whatever it says was before.
 */
export function policyOccasion(history: readonly PolicyChange[], selfId: string): Occasion | null {
  const [change, ...earlier] = history
  if (change === undefined) return null
  const own = change.changedBy === selfId
  const sets = (key: keyof PolicyValues): boolean => {
    const inForce = earlier.find(({ after }) => after[key] !== null)?.after[key] ?? change.before[key]
    return change.after[key] !== null && change.after[key] !== (inForce ?? (key === 'readOnly' ? false : null))
  }
  if (sets('readOnly')) return { ...plain, kind: 'permission', own }
  return sets('maxMessageLength') || sets('fileUploadLimit') ? { ...plain, kind: 'policy', own } : null
}

/** Null where it does not concern the user's own place in the group. */
export function membershipOccasion({ event, userId, by }: ContentOf<'event'>, selfId: string): Occasion | null {
  const kind: OccasionKind = 'membership'
  switch (event) {
    case 'member.left':
      return userId === selfId ? { ...plain, kind, own: by === undefined || by === selfId } : null
    case 'member.joined':
    case 'member.removed':
    case 'member.role':
      return userId === selfId ? { ...plain, kind, own: by === selfId } : null
    case 'group.dismissed':
      return { ...plain, kind, own: by === selfId }
    case 'group.created':
    case 'group.renamed':
      return null
  }
}

export const sessionOccasion: Occasion = { ...plain, kind: 'session' }
