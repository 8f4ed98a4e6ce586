/** What the palette can do with announcements. */
import { CheckCheck, Gavel, MailOpen } from '@lucide/vue'
import { useI18n } from 'vue-i18n'
import { useCommand } from '../../stores/commands.ts'
import { useNotices } from '../../stores/notices.ts'
import { useNoticeActions } from './noticeActions.ts'

export function useNoticeCommands(): void {
  const { t } = useI18n()
  const actions = useNoticeActions()
  const notices = useNotices()
  const anyUnread = (): boolean => notices.all.some(notices.isUnread)

  useCommand(
    {
      id: 'noticesUnread',
      title: () => t('notices.commands.unread'),
      keywords: () => t('notices.commandWords.unread'),
      icon: MailOpen,
      isOffered: () => notices.open > 0 || anyUnread(),
      run: () => actions.showInbox('unread'),
    },
    {
      id: 'noticesRead',
      title: () => t('notices.commands.markAllRead'),
      keywords: () => t('notices.commandWords.markAllRead'),
      icon: CheckCheck,
      isOffered: anyUnread,
      run: () => void actions.markAllRead(),
    },
    {
      id: 'policyChanges',
      title: () => t('notices.commands.changes'),
      keywords: () => t('notices.commandWords.changes'),
      icon: Gavel,
      run: actions.showChanges,
    },
  )
}
