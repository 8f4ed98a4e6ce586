/** The commands that are always there: the parts of the window, and what is changed often. */
import {
  Activity,
  AppWindow,
  Bell,
  BellOff,
  EyeOff,
  ListChecks,
  Keyboard,
  Lock,
  Megaphone,
  MessagesSquare,
  Moon,
  Search,
  Settings,
  Sun,
  UserPlus,
} from '@lucide/vue'
import { useI18n } from 'vue-i18n'
import { silenceEnd, silentUntil } from '#common/domain/silence.ts'
import { useConversationActions } from '../conversations/conversationActions.ts'
import { useLocking } from '../lock/locking.ts'
import { useCommand } from '../../stores/commands.ts'
import { useLedger } from '../../stores/ledger.ts'
import { useSearch } from '../../stores/search.ts'
import { useSettings } from '../../stores/settings.ts'
import { useShortcuts } from '../../stores/shortcuts.ts'
import { useView } from '../../stores/view.ts'

export function useDefaultCommands(): void {
  const { t } = useI18n()
  const ledger = useLedger()
  const actions = useConversationActions()
  const search = useSearch()
  const settings = useSettings()
  const shortcuts = useShortcuts()
  const view = useView()
  const lock = useLocking()

  const named = (name: string) => ({
    title: () => t(`palette.commands.${name}`),
    keywords: () => t(`palette.keywords.${name}`),
  })
  const panel = (id: 'chats' | 'catchUp' | 'announcements' | 'diagnostics' | 'settings') => ({
    id,
    ...named(id),
    shortcut: id,
    isOffered: () => view.panel !== id,
    run: () => view.show(id),
  })
  const theme = (id: 'light' | 'dark') => ({
    id,
    ...named(id),
    isOffered: () => settings.values.theme !== id,
    run: () => void settings.set({ theme: id }),
  })

  const isSilent = (): boolean => silentUntil(settings.values.doNotDisturbUntil, Date.now()) !== null
  const silence = (span: 'hour' | 'tomorrow' | 'forEver') => ({
    id: `doNotDisturb.${span}`,
    title: () => t('doNotDisturb.command', { span: t(`doNotDisturb.spans.${span}`) }),
    keywords: () => t('doNotDisturb.keywords'),
    isOffered: () => !isSilent(),
    run: () => void settings.set({ doNotDisturbUntil: silenceEnd(span, Date.now()) }),
  })

  useCommand(
    {
      id: 'findInChat',
      ...named('findInChat'),
      icon: Search,
      shortcut: 'findInChat',
      isOffered: () => view.conversationId !== null,
      run: () => {
        if (view.conversationId !== null) search.openIn(view.conversationId)
      },
    },
    {
      id: 'ownWindow',
      ...named('ownWindow'),
      icon: AppWindow,
      isOffered: () => view.conversationId !== null,
      run: () => {
        if (view.conversationId !== null) void actions.openOwnWindow(view.conversationId)
      },
    },
    { ...panel('chats'), icon: MessagesSquare },
    { ...panel('catchUp'), icon: ListChecks },
    { ...panel('announcements'), icon: Megaphone },
    { ...panel('settings'), icon: Settings },
    { ...panel('diagnostics'), icon: Activity },
    { id: 'ledger', ...named('ledger'), icon: BellOff, run: () => ledger.open(null) },
    {
      id: 'shortcuts',
      ...named('shortcuts'),
      icon: Keyboard,
      shortcut: 'shortcutList',
      run: () => {
        shortcuts.listShown = true
      },
    },
    {
      id: 'presenting',
      title: () => (settings.values.presenting ? t('presenting.end') : t('presenting.start')),
      keywords: () => t('presenting.keywords'),
      icon: EyeOff,
      shortcut: 'presenting',
      run: () => void settings.set({ presenting: !settings.values.presenting }),
    },
    { ...silence('hour'), icon: BellOff },
    { ...silence('tomorrow'), icon: BellOff },
    { ...silence('forEver'), icon: BellOff },
    {
      id: 'notifyAgain',
      title: () => t('doNotDisturb.end'),
      keywords: () => t('doNotDisturb.keywords'),
      icon: Bell,
      isOffered: isSilent,
      run: () => void settings.set({ doNotDisturbUntil: null }),
    },
    { id: 'lock', ...named('lock'), icon: Lock, shortcut: 'lock', run: lock },
    { ...theme('dark'), icon: Moon },
    { ...theme('light'), icon: Sun },
    {
      id: 'addAccount',
      ...named('addAccount'),
      icon: UserPlus,
      run: () => {
        view.addingAccount = true
      },
    },
  )
}
