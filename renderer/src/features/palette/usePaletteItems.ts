/** What the palette offers for what is typed: chats, people, commands, and always the search of messages. */
import { Search } from '@lucide/vue'
import { type Component, type ComputedRef, type Ref, computed } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Conversation } from '#common/domain/conversation.ts'
import { useClient } from '../../bridge/useClient.ts'
import { useWords } from '../../composables/words.ts'
import { useAccounts } from '../../stores/accounts.ts'
import { useCommands } from '../../stores/commands.ts'
import { useConversations } from '../../stores/conversations.ts'
import { useFeedback } from '../../stores/feedback.ts'
import { usePalette } from '../../stores/palette.ts'
import { usePeople } from '../../stores/people.ts'
import { useSearch } from '../../stores/search.ts'
import { useView } from '../../stores/view.ts'
import type { ShortcutId } from '../shortcuts/shortcutTable.ts'
import { fit } from './ranking.ts'

export interface PaletteItem {
  readonly key: string
  readonly title: string
  /** Beside the title, softly. */
  readonly note: string
  readonly avatar?: { readonly id: string; readonly group: boolean }
  readonly icon?: Component
  readonly shortcut?: ShortcutId
  readonly unread?: number
  run(): void
}

export interface PaletteGroup {
  readonly key: 'recent' | 'chats' | 'people' | 'commands' | 'messages'
  readonly items: readonly PaletteItem[]
}

const most = { recent: 7, chats: 7, people: 5, commands: 6 }

export function usePaletteItems(typed: Ref<string>): ComputedRef<readonly PaletteGroup[]> {
  const { t } = useI18n()
  const accounts = useAccounts()
  const client = useClient()
  const commands = useCommands()
  const conversations = useConversations()
  const feedback = useFeedback()
  const palette = usePalette()
  const people = usePeople()
  const search = useSearch()
  const view = useView()
  const words = useWords()

  const chat = (conversation: Conversation): PaletteItem => ({
    key: conversation.id,
    title: words.titleOf(conversation),
    note: conversation.kind === 'group' ? t('palette.group') : conversation.targetId,
    avatar: { id: conversation.id, group: conversation.kind === 'group' },
    unread: conversation.unread,
    run: () => view.openConversation(conversation.id),
  })

  async function write(targetId: string): Promise<void> {
    const accountId = accounts.currentId
    if (accountId === null) return
    const opened = await client.call('conversation.open', { accountId, kind: 'direct', targetId })
    if (opened.ok) {
      conversations.put(accountId, [opened.value])
      view.openConversation(opened.value.id)
    } else feedback.fail(opened.error)
  }

  const commandItem = (command: (typeof commands.offered)[number]): PaletteItem => ({
    key: `command ${command.id}`,
    title: command.title(),
    note: '',
    ...(command.icon !== undefined && { icon: command.icon }),
    ...(command.shortcut !== undefined && { shortcut: command.shortcut }),
    run: () => command.run(),
  })

  function best<T>(all: Iterable<T>, limit: number, namesOf: (one: T) => readonly string[]): T[] {
    const fitting = Array.from(all, (one, index) => ({ one, index, fit: fit(typed.value, namesOf(one)) }))
    return fitting
      .filter((candidate) => candidate.fit > 0)
      .sort((a, b) => b.fit - a.fit || a.index - b.index)
      .slice(0, limit)
      .map(({ one }) => one)
  }

  function recentGroups(): PaletteGroup[] {
    const ids = palette.recentIds().filter((id) => id !== view.conversationId)
    const opened = ids.flatMap((id) => conversations.all.find((one) => one.id === id) ?? [])
    const others = conversations.ordered.filter((one) => !ids.includes(one.id) && one.id !== view.conversationId)
    return [
      { key: 'recent', items: [...opened, ...others].slice(0, most.recent).map(chat) },
      { key: 'commands', items: commands.offered.map(commandItem) },
    ]
  }

  function foundGroups(): PaletteGroup[] {
    const names = (conversation: Conversation): string[] => [words.titleOf(conversation), conversation.targetId]
    const known = new Set(conversations.all.map(({ id }) => id))
    const strangers = [...people.all(accounts.currentId)].filter(
      ({ userId }) => !known.has(`direct:${userId}`) && !words.isSelf(userId),
    )
    return [
      { key: 'chats', items: best(conversations.all, most.chats, names).map(chat) },
      {
        key: 'people',
        items: best(strangers, most.people, ({ userId }) => [words.nameOf(userId), userId]).map(({ userId }) => ({
          key: `person ${userId}`,
          title: words.nameOf(userId),
          note: userId,
          avatar: { id: `direct:${userId}`, group: false },
          run: () => void write(userId),
        })),
      },
      {
        key: 'commands',
        items: best(commands.offered, most.commands, (one) => [one.title(), one.keywords?.() ?? '']).map(commandItem),
      },
    ]
  }

  return computed(() => {
    const text = typed.value.trim()
    const messages: PaletteItem = {
      key: 'messages',
      title: text === '' ? t('palette.messages') : t('palette.messagesFor', { text }),
      note: '',
      icon: Search,
      shortcut: 'searchMessages',
      run: () => search.openEverywhere(text),
    }
    const groups = text === '' ? recentGroups() : foundGroups()
    return [...groups, { key: 'messages' as const, items: [messages] }].filter(({ items }) => items.length > 0)
  })
}
