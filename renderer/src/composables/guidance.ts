/**
 * What main asks of this window beside going somewhere: to show the sign-in form filled by a link, to do what was chosen
 * in the system's menu, to say that a link was not followed. Must never fill in a token.
 */
import { type Ref, onBeforeUnmount, onMounted, ref } from 'vue'
import type { Disposable } from '#common/base/disposable.ts'
import { errorCodes } from '#common/base/errors.ts'
import type { MenuCommand, Push } from '#common/contract/pushes.ts'
import { useClient } from '../bridge/useClient.ts'
import { useFeedback } from '../stores/feedback.ts'
import { useSettings } from '../stores/settings.ts'
import { useShortcuts } from '../stores/shortcuts.ts'
import { useUpdates } from '../stores/updates.ts'
import { useView } from '../stores/view.ts'

/** How many messages have a moment left to be sent before the program ends; 0: it does not end. */
export function useGuidance(): Readonly<Ref<number>> {
  const client = useClient()
  const feedback = useFeedback()
  const settings = useSettings()
  const shortcuts = useShortcuts()
  const updates = useUpdates()
  const view = useView()
  const leaving = ref(0)

  function choose(command: MenuCommand): void {
    if (command !== 'about' && command !== 'updates') return shortcuts.run(command)
    if (view.signInShown) return
    if (command === 'updates') void updates.check()
    settings.page = 'about'
    view.show('settings')
  }
  function take(push: Push): void {
    if (push.type === 'signInProposed') view.propose(push.server, push.userId)
    else if (push.type === 'linkRefused')
      feedback.fail({ code: errorCodes.find((code) => code === push.code) ?? 'internal' })
    else if (push.type === 'menu') choose(push.command)
    else if (push.type === 'quitting') leaving.value = push.waiting
  }

  let listening: Disposable | null = null
  onMounted(() => {
    listening = client.onPush(take)
  })
  onBeforeUnmount(() => listening?.dispose())
  return leaving
}
