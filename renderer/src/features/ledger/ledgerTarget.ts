/** Where a decision of the ledger leads: to the very message, the announcement, or what administrators changed. */
import type { Decision } from '#common/contract/ledger.ts'
import type { Conversation } from '#common/domain/conversation.ts'
import { useNotices } from '../../stores/notices.ts'
import { useView } from '../../stores/view.ts'
import { useNoticeActions } from '../notices/noticeActions.ts'

export function useLedgerTarget() {
  const notices = useNotices()
  const actions = useNoticeActions()
  const view = useView()

  /** Null: there is nothing left to show. */
  return function targetOf(decision: Decision, conversation: Conversation | undefined): (() => void) | null {
    if (conversation !== undefined) {
      const messageId = decision.gone ? null : decision.messageId
      return () => view.openMessage(conversation.id, messageId)
    }
    if (decision.noticeId !== null) {
      const notice = notices.all.find(({ id }) => id === decision.noticeId)
      return notice === undefined ? null : () => actions.open(notice)
    }
    return decision.kind === 'policy' || decision.kind === 'permission' ? actions.showChanges : null
  }
}
