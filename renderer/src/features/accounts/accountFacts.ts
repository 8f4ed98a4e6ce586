/** What is told of an account wherever accounts are listed. */
import { useI18n } from 'vue-i18n'
import type { Account } from '#common/domain/account.ts'
import { useConnections } from '../../stores/connections.ts'
import { useConversations } from '../../stores/conversations.ts'
import { usePeople } from '../../stores/people.ts'

export function useAccountFacts() {
  const { t } = useI18n()
  const connections = useConnections()
  const conversations = useConversations()
  const people = usePeople()

  const nameOf = (account: Account): string => people.nameOf(account.id, account.userId)
  const stateOf = (account: Account) => connections.shownOf(account)
  const unreadOf = (account: Account): number => conversations.unreadOf(account.id)
  return {
    nameOf,
    stateOf,
    unreadOf,
    shownUnread: (account: Account): string => (unreadOf(account) > 99 ? '99+' : String(unreadOf(account))),
    hostOf: (account: Account): string => URL.parse(account.url)?.host ?? account.url,
    /** All of it in a line, for who does not see the marks. */
    described: (account: Account): string =>
      t('accounts.described', {
        name: nameOf(account),
        state: t(`connection.${stateOf(account)}`),
        unread: t('conversations.unread', unreadOf(account)),
      }),
  }
}
