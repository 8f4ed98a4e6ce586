/**
 * Names and short descriptions of people, conversations and messages in the language of the window. Everything here is
 * plain text for text nodes and labels.
 */
import { useI18n } from 'vue-i18n'
import * as v from 'valibot'
import { type AppError, type ErrorCode, errorCodes } from '#common/base/errors.ts'
import { parseJson } from '#common/base/json.ts'
import {
  type Content,
  type ContentKind,
  type ContentOf,
  contentSchemas,
  plainText,
} from '#common/domain/content/content.ts'
import type { Conversation } from '#common/domain/conversation.ts'
import type { Message } from '#common/domain/message.ts'
import { useAccounts } from '../stores/accounts.ts'
import { usePeople } from '../stores/people.ts'
import { useSettings } from '../stores/settings.ts'
import { shownSize } from './formats.ts'

const knownCodes: ReadonlySet<string> = new Set(errorCodes)
const labelled: ReadonlySet<string> = new Set<ContentKind>([
  'image',
  'file',
  'voice',
  'video',
  'location',
  'card',
  'unsupported',
  'event',
])
const knownRoles: ReadonlySet<string> = new Set(['owner', 'admin', 'member'])

/** Of a line that is only glanced at or listened to. */
const glanceUnits = 300
const draftUnits = 200

export function useWords() {
  const { t, locale } = useI18n()
  const accounts = useAccounts()
  const people = usePeople()
  const settings = useSettings()

  const isSelf = (userId: string): boolean => userId === accounts.current?.userId
  const nameOf = (userId: string): string => people.nameOf(accounts.currentId, userId)
  const shownName = (userId: string): string => (isSelf(userId) ? t('timeline.you') : nameOf(userId))

  function eventLine(event: ContentOf<'event'>): string {
    const name = event.userId === undefined ? '' : shownName(event.userId)
    const by = event.by === undefined || event.by === event.userId ? null : shownName(event.by)
    const detail = event.detail ?? ''
    switch (event.event) {
      case 'member.joined':
        return by === null ? t('events.joined', { name }) : t('events.added', { name, by })
      case 'member.left':
        return t('events.left', { name })
      case 'member.removed':
        return by === null ? t('events.removed', { name }) : t('events.removedBy', { name, by })
      case 'member.role':
        return t('events.role', { name, role: knownRoles.has(detail) ? t(`roles.${detail}`) : detail })
      case 'group.created':
        return by === null ? t('events.created') : t('events.createdBy', { by })
      case 'group.renamed':
        return by === null ? t('events.renamed', { title: detail }) : t('events.renamedBy', { title: detail, by })
      case 'group.dismissed':
        return by === null ? t('events.dismissed') : t('events.dismissedBy', { by })
    }
  }

  function glance(kind: string, text: string): string {
    const words = text.slice(0, glanceUnits).replaceAll(/\s+/g, ' ').trim()
    if (!labelled.has(kind)) return words
    const label = `[${t(`kinds.${kind}`)}]`
    return words === '' ? label : `${label} ${words}`
  }

  function recalledLine(by: string | null, outgoing: boolean, senderId: string): string {
    const who = by ?? senderId
    return outgoing || isSelf(who) ? t('timeline.recalledByYou') : t('timeline.recalledBy', { name: nameOf(who) })
  }

  function errorText(error: Pick<AppError, 'code'> | { readonly code: string }): string {
    return t(`errors.${knownCodes.has(error.code) ? (error.code as ErrorCode) : 'internal'}`)
  }

  function ownTitleOf(conversation: Pick<Conversation, 'kind' | 'title' | 'targetId'>): string {
    if (conversation.kind === 'direct') return nameOf(conversation.targetId)
    return conversation.title === null || conversation.title === '' ? conversation.targetId : conversation.title
  }

  function describe(content: Content): string {
    return content.kind === 'event' ? eventLine(content) : glance(content.kind, plainText(content))
  }
  /** What was written, unless others see the screen. */
  function unlessPresenting(text: string): string {
    return settings.values.presenting && text !== '' ? t('presenting.hidden') : text
  }

  return {
    isSelf,
    nameOf,
    shownName,
    eventLine,

    /** What the user calls it, else its own name. */
    titleOf: (conversation: Pick<Conversation, 'kind' | 'title' | 'targetId' | 'preferences'>): string =>
      conversation.preferences.alias ?? ownTitleOf(conversation),
    ownTitleOf,

    /** A message in one line. */
    describe,

    /** The same where it stands outside its chat, for anybody to see: hidden while presenting. */
    preview: (content: Content): string => unlessPresenting(describe(content)),

    /** What was begun to be written there, in one line; empty: nothing. Hidden while presenting. */
    draftLine: (conversation: Pick<Conversation, 'draft'>): string =>
      unlessPresenting(conversation.draft.trim().slice(0, draftUnits)),

    recalledText: (message: Message): string =>
      recalledLine(message.recalled?.by ?? null, message.outgoing, message.senderId),

    /** The last line of a conversation in the list, without its draft. What was said is hidden while presenting. */
    lastLine(conversation: Conversation): string {
      const { last } = conversation
      if (last === null) return t('conversations.nothingYet')
      if (last.recalled) return recalledLine(null, last.outgoing, last.senderId)
      if (settings.values.presenting) return t('presenting.hidden')
      if (last.event !== null) {
        const event = v.safeParse(contentSchemas.event, parseJson(last.event))
        if (event.success) return eventLine(event.output)
      }
      const line = glance(last.kind, last.text)
      if (last.outgoing || conversation.kind === 'direct') return line
      return t('timeline.named', { sender: nameOf(last.senderId), text: line })
    },

    /** Why a message waits, failed, or was not changed; a server's own reason stands behind ours as inert text. */
    problemText(problem: NonNullable<Message['problem']>): string {
      const text = errorText(problem)
      const [length, limit] =
        /^(\d+) > (\d+)$/
          .exec(problem.detail ?? '')
          ?.slice(1)
          .map(Number) ?? []
      if (problem.code === 'input.tooLong' && length !== undefined && limit !== undefined) {
        return t('states.tooLong', { length, limit })
      }
      if (problem.code === 'attachment.tooBig' && length !== undefined && limit !== undefined) {
        return t('states.fileTooBig', { size: shownSize(length, locale.value), limit: shownSize(limit, locale.value) })
      }
      return problem.code === 'message.refused' && problem.detail !== null
        ? t('states.because', { text, reason: problem.detail })
        : text
    },

    errorText,
  }
}

export type Words = ReturnType<typeof useWords>
