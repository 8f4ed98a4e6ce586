/** Whether people are there, as far as that is known now. */
import type { Conversation } from '#common/domain/conversation.ts'
import { useAccounts } from '../stores/accounts.ts'
import { useConnections } from '../stores/connections.ts'
import { usePeople } from '../stores/people.ts'

export function usePresence() {
  const accounts = useAccounts()
  const connections = useConnections()
  const people = usePeople()
  return {
    /** Of the other one of a direct chat. Null while nothing is known: of a group, and of anybody without a link. */
    of({ kind, targetId }: Pick<Conversation, 'kind' | 'targetId'>): boolean | null {
      if (kind !== 'direct' || connections.shown !== 'online') return null
      return people.find(accounts.currentId, targetId)?.online ?? null
    },
  }
}
