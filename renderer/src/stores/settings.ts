import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { type Settings, settingsFrom } from '#common/contract/settings.ts'
import { useClient } from '../bridge/useClient.ts'
import { useFeedback } from './feedback.ts'

/** The application's settings as main keeps them; a change shows when main has stored it. */
export const useSettings = defineStore('settings', () => {
  const client = useClient()
  const feedback = useFeedback()
  const values = shallowRef<Settings>(settingsFrom(new Map()))
  const locale = ref<'zh-CN' | 'en'>('en')

  return {
    values,
    locale,
    replace(settings: Settings, shownLocale: 'zh-CN' | 'en') {
      values.value = settings
      locale.value = shownLocale
    },
    async set(change: Partial<Settings>) {
      const answer = await client.call('settings.set', { settings: change })
      if (answer.ok) values.value = answer.value
      else feedback.fail(answer.error)
    },
  }
})
