/** Whether and how much may be written in a conversation now, and what the writer is told about it. */
import { type Ref, computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { codePoints } from '#common/domain/content/content.ts'
import type { Conversation } from '#common/domain/conversation.ts'
import { defaultMaxMessageLength } from '#common/domain/notice.ts'
import { useWords } from '../../composables/words.ts'
import { useConnections } from '../../stores/connections.ts'
import { usePolicies } from '../../stores/policies.ts'
import { useSettings } from '../../stores/settings.ts'

export function useWritable(conversation: () => Conversation, text: Readonly<Ref<string>>) {
  const { t } = useI18n()
  const connections = useConnections()
  const policies = usePolicies()
  const settings = useSettings()
  const words = useWords()

  /** Why nothing can be written here, or null. */
  const blocked = computed(() => {
    if (conversation().membership === 'left') return t('composer.leftGroup')
    const policy = policies.current
    if (policy === undefined || !policy.readOnly) return null
    if (policy.readOnlyBy === null) return t('composer.readOnly')
    const by = words.nameOf(policy.readOnlyBy)
    return policy.readOnlyBecause === null
      ? t('composer.readOnlyBy', { by })
      : t('composer.readOnlyBecause', { by, reason: policy.readOnlyBecause })
  })

  const limit = computed(() => policies.current?.maxMessageLength ?? defaultMaxMessageLength)
  const remaining = computed(() => limit.value - codePoints(text.value))
  const tooLong = computed(() => blocked.value === null && remaining.value < 0)
  /** Near the limit, or over it, the count; nothing where nothing can be written. */
  const note = computed(() => {
    if (blocked.value !== null) return null
    if (tooLong.value) return t('composer.tooLong', { n: -remaining.value, limit: limit.value }, -remaining.value)
    const near = remaining.value <= Math.max(20, Math.floor(limit.value / 10))
    return near ? t('composer.left', remaining.value) : null
  })

  const away = computed(() => connections.shown === 'offline' || connections.shown === 'signedOut')
  const hint = computed(() => {
    if (connections.shown === 'signedOut') return t('composer.signedOut')
    if (away.value) return t('composer.offline')
    return settings.values.sendKey === 'enter' ? t('composer.hintEnter') : t('composer.hintModEnter')
  })

  return { blocked, tooLong, note, away, hint }
}
