/** What can be done with announcements, from wherever they are shown. Failures are said at the bottom of the window. */
import type { Notice } from '#common/domain/notice.ts'
import { useClient } from '../../bridge/useClient.ts'
import { useAccounts } from '../../stores/accounts.ts'
import { useFeedback } from '../../stores/feedback.ts'
import { type NoticeFilter, useNotices } from '../../stores/notices.ts'
import { useView } from '../../stores/view.ts'

export function useNoticeActions() {
  const client = useClient()
  const accounts = useAccounts()
  const feedback = useFeedback()
  const notices = useNotices()
  const view = useView()

  async function markRead(read: readonly Notice[]): Promise<void> {
    const accountId = accounts.currentId
    const noticeIds = read.filter(({ readAt }) => readAt === null).map(({ id }) => id)
    if (accountId === null || noticeIds.length === 0) return
    const answer = await client.call('notice.markRead', { accountId, noticeIds })
    if (!answer.ok) feedback.fail(answer.error)
  }

  return {
    markRead,
    markAllRead: () => markRead(notices.all.filter(notices.isUnread)),
    async acknowledge(notice: Notice): Promise<void> {
      const accountId = accounts.currentId
      if (accountId === null) return
      const answer = await client.call('notice.acknowledge', { accountId, noticeId: notice.id })
      if (!answer.ok) feedback.fail(answer.error)
    },
    /** Shows one of them where all of it can be read. */
    open(notice: Notice): void {
      notices.page = 'inbox'
      notices.filter = 'all'
      notices.chosenId = notice.id
      view.show('announcements')
    },
    showInbox(filter: NoticeFilter): void {
      notices.page = 'inbox'
      notices.filter = filter
      view.show('announcements')
    },
    showChanges(): void {
      notices.page = 'changes'
      view.show('announcements')
    },
  }
}
