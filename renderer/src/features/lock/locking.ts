/** Locks the program; where there is no PIN yet, shows where one is set. */
import { useClient } from '../../bridge/useClient.ts'
import { useLock } from '../../stores/lock.ts'
import { useSettings } from '../../stores/settings.ts'
import { useView } from '../../stores/view.ts'

export function useLocking(): () => void {
  const client = useClient()
  const lock = useLock()
  const settings = useSettings()
  const view = useView()

  return () => {
    if (lock.hasPin) void client.call('lock.now', {})
    else if (!view.signInShown) {
      settings.page = 'lock'
      view.show('settings')
    }
  }
}
