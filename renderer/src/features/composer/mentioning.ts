/**
 * The list of people that opens behind an `@` in a group: what is in it, which of them the arrows stand on.
 *
 * Promises: dismissed with Escape it stays away from that `@`; a key it has no use for is left to the field.
 */
import { computed, ref, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Conversation } from '#common/domain/conversation.ts'
import { useWords } from '../../composables/words.ts'
import { useAccounts } from '../../stores/accounts.ts'
import { useMessages } from '../../stores/messages.ts'
import {
  type Mentionable,
  type MentionToken,
  matchMentions,
  mentionAt,
  mentionables,
  mentionsIn,
} from './mentionText.ts'

export interface MentioningOptions {
  readonly conversation: () => Conversation
  /** Puts the words in the place of what was written of the mention. */
  readonly insert: (token: MentionToken, words: string) => void
}

export function useMentioning({ conversation, insert }: MentioningOptions) {
  const { t } = useI18n()
  const accounts = useAccounts()
  const messages = useMessages()
  const words = useWords()

  const token = ref<MentionToken | null>(null)
  const active = ref(0)
  /** The `@` it was dismissed at. */
  let dismissed = -1

  const all = computed<readonly Mentionable[]>(() => {
    const { kind, members } = conversation()
    if (kind !== 'group') return []
    // Not every server tells who is in a group; who has spoken is.
    const spoken = messages.ordered.filter(({ content }) => content.kind !== 'event').map(({ senderId }) => senderId)
    const others = [...members.map(({ userId }) => userId), ...spoken].filter((id) => id !== accounts.current?.userId)
    return mentionables(others, words.nameOf, t('mentions.everyone'))
  })
  const found = computed(() => (token.value === null ? [] : matchMentions(all.value, token.value.query)))
  const open = computed(() => found.value.length > 0)

  watch(found, (now, before) => {
    if (now.map(({ userId }) => userId).join('\n') !== before.map(({ userId }) => userId).join('\n')) active.value = 0
  })

  function choose(index: number): void {
    const chosen = found.value[index]
    if (chosen === undefined || token.value === null) return
    insert(token.value, `@${chosen.label} `)
    token.value = null
  }

  return {
    found,
    active,
    open,
    choose,
    /** The words or the place of the caret changed. */
    look(text: string, caret: number) {
      const next = conversation().kind === 'group' ? mentionAt(text, caret) : null
      if (next === null) dismissed = -1
      token.value = next?.start === dismissed ? null : next
    },
    close() {
      token.value = null
    },
    /** True when the key was meant for the list. */
    takesKey({ key, shiftKey, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
      if (!open.value || ctrlKey || metaKey || altKey || shiftKey) return false
      const count = found.value.length
      if (key === 'ArrowDown') active.value = (active.value + 1) % count
      else if (key === 'ArrowUp') active.value = (active.value + count - 1) % count
      else if (key === 'Enter' || key === 'Tab') choose(active.value)
      else if (key === 'Escape') {
        dismissed = token.value?.start ?? -1
        token.value = null
      } else return false
      return true
    },
    /** Whom the words name. */
    namedIn: (text: string): string[] => mentionsIn(text, all.value),
  }
}
