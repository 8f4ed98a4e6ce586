/** Goes where main sends the window: to what a notification or a link is about, whatever was shown before. */
import { nextTick, onBeforeUnmount, onMounted } from 'vue'
import type { Disposable } from '#common/base/disposable.ts'
import type { Place } from '#common/contract/place.ts'
import { useClient } from '../bridge/useClient.ts'
import { useAccounts } from '../stores/accounts.ts'
import { useNotices } from '../stores/notices.ts'
import { useView } from '../stores/view.ts'

export function usePlaces(): void {
  const client = useClient()
  const accounts = useAccounts()
  const notices = useNotices()
  const view = useView()

  async function go(accountId: string, place: Place): Promise<void> {
    if (!accounts.all.some(({ id }) => id === accountId)) return
    view.endAdding()
    view.endRenewing()
    accounts.choose(accountId)
    // What is chosen among the announcements ends with the account that was shown.
    await nextTick()
    switch (place.kind) {
      case 'conversation':
        return view.openMessage(place.conversationId, place.messageId)
      case 'notice':
        notices.page = 'inbox'
        notices.filter = 'all'
        notices.chosenId = place.noticeId
        return view.show('announcements')
      case 'changes':
        notices.page = 'changes'
        return view.show('announcements')
      case 'catchUp':
        return view.show('catchUp')
      case 'account':
        return view.show('chats')
    }
  }

  let listening: Disposable | null = null
  onMounted(() => {
    listening = client.onPush((push) => {
      if (push.type === 'goTo') void go(push.accountId, push.place)
    })
  })
  onBeforeUnmount(() => listening?.dispose())
}
