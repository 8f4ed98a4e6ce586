/** What the shortcuts of the whole window do. Must never act on what the sign-in form covers. */
import { nextTick, onBeforeUnmount, onMounted } from 'vue'
import type { Conversation } from '#common/domain/conversation.ts'
import { useShortcut } from '../../composables/shortcut.ts'
import { useLocking } from '../lock/locking.ts'
import { useAccounts } from '../../stores/accounts.ts'
import { useConversations } from '../../stores/conversations.ts'
import { useSettings } from '../../stores/settings.ts'
import { useShortcuts } from '../../stores/shortcuts.ts'
import { type Panel, useView } from '../../stores/view.ts'

/** Where F6 goes, in order; of each the first that is there. */
const regions = [
  'nav button[aria-current="page"]',
  '[role="listbox"] [role="option"][tabindex="0"]',
  'main article[tabindex="0"], main .scroller[tabindex="0"]',
  'main textarea, main [role="textbox"]',
] as const

function focusRegion(step: 1 | -1): void {
  const stops = regions.flatMap((selector) => document.querySelector<HTMLElement>(selector) ?? [])
  const inside = (stop: HTMLElement): boolean => {
    const active = document.activeElement
    if (active === null) return false
    const region = stop.closest('nav, [role="listbox"], [role="log"], form, section')
    return stop === active || region?.contains(active) === true
  }
  // The smallest part counts: the log lies inside the section of the chat.
  const at = stops.findLastIndex(inside)
  stops[(at + step + stops.length) % stops.length]?.focus()
}

export function useWindowShortcuts(): void {
  const accounts = useAccounts()
  const conversations = useConversations()
  const settings = useSettings()
  const shortcuts = useShortcuts()
  const view = useView()

  const go = (panel: Panel) => () => {
    if (!view.signInShown) view.show(panel)
  }
  function open(conversation: Conversation | undefined): void {
    if (conversation !== undefined && !view.signInShown) view.openConversation(conversation.id)
  }
  /** The next one from the open one on that will do; none open: the first. */
  function beside(step: 1 | -1, will: (conversation: Conversation) => boolean): Conversation | undefined {
    const { ordered } = conversations
    const at = ordered.findIndex(({ id }) => id === view.openedId)
    const from = at < 0 && step < 0 ? ordered.length : at
    for (let index = from + step; index >= 0 && index < ordered.length; index += step) {
      const candidate = ordered[index]
      if (candidate !== undefined && will(candidate)) return candidate
    }
    return undefined
  }

  useShortcut('shortcutList', () => {
    shortcuts.listShown = !shortcuts.listShown
  })
  useShortcut('settings', go('settings'))
  useShortcut('chats', go('chats'))
  useShortcut('catchUp', go('catchUp'))
  useShortcut('announcements', go('announcements'))
  useShortcut('diagnostics', go('diagnostics'))
  useShortcut('presenting', () => void settings.set({ presenting: !settings.values.presenting }))
  useShortcut('lock', useLocking())
  useShortcut('account', (index) => {
    const account = accounts.all[index]
    if (account === undefined) return
    view.endAdding()
    accounts.choose(account.id)
    // What had the focus may be gone with the other account.
    void nextTick(() => {
      if (document.activeElement === document.body) document.querySelector<HTMLElement>(regions[1])?.focus()
    })
  })
  useShortcut('previousChat', () => open(beside(-1, () => true)))
  useShortcut('nextChat', () => open(beside(1, () => true)))
  useShortcut('nextUnread', () => {
    const unread = (one: Conversation): boolean => conversations.loud(one) > 0 || one.preferences.markedUnread
    open(beside(1, unread) ?? conversations.ordered.find((one) => unread(one) && one.id !== view.openedId))
  })
  useShortcut('nextRegion', () => focusRegion(1))
  useShortcut('previousRegion', () => focusRegion(-1))

  onMounted(() => window.addEventListener('keydown', shortcuts.handle))
  onBeforeUnmount(() => window.removeEventListener('keydown', shortcuts.handle))
}
