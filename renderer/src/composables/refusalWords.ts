/** What to say of groups that the server does not let the user follow. Plain text; the server's own words are quoted. */
import { useI18n } from 'vue-i18n'
import type { RefusedGroup } from '#common/domain/connection.ts'
import { conversationIdOf } from '#common/domain/conversation.ts'
import { useAccounts } from '../stores/accounts.ts'
import { useConversations } from '../stores/conversations.ts'
import { useWords } from './words.ts'

/** More are told as a number. */
const mostNamed = 3

export function useRefusalWords() {
  const { t } = useI18n()
  const accounts = useAccounts()
  const conversations = useConversations()
  const words = useWords()

  function titleOf(groupId: string): string {
    const known = conversations.find(accounts.currentId, conversationIdOf({ kind: 'group', groupId }))
    return known === undefined ? groupId : words.titleOf(known)
  }

  function line({ groupId, reason }: RefusedGroup): string {
    const name = titleOf(groupId)
    return reason === ''
      ? t('connection.notFollowedLine', { name })
      : t('connection.notFollowedBecause', { name, reason })
  }

  return {
    /** The first of them each, and how many more there are. */
    lines(refused: readonly RefusedGroup[]): readonly string[] {
      const named = refused.slice(0, mostNamed).map(line)
      const more = refused.length - named.length
      return more === 0 ? named : [...named, t('connection.notFollowedMore', { n: more }, more)]
    },
    all: (refused: readonly RefusedGroup[]): string => refused.map(line).join(' '),
  }
}
