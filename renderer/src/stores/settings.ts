import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { type SettingSection, type Settings, settingsFrom } from '#common/contract/settings.ts'
import { useClient } from '../bridge/useClient.ts'
import { type Locale, firstLocale } from '../i18n/i18n.ts'
import { useFeedback } from './feedback.ts'

/** The pages of the settings: those made of descriptors, and those with views of their own. */
export type SettingsPage = SettingSection | 'accounts' | 'storage' | 'shortcuts' | 'about'

/** Rows of a list are this much lower when the density is compact. */
const compactShare = 0.8

/** The application's settings as main keeps them; a change shows when main has stored it. */
export const useSettings = defineStore('settings', () => {
  const client = useClient()
  const feedback = useFeedback()
  const values = shallowRef<Settings>(settingsFrom(new Map()))
  const locale = ref<Locale>(firstLocale())
  /** The page of the settings that is shown, or was last. */
  const page = ref<SettingsPage>('appearance')

  return {
    values,
    locale,
    page,
    /** What a row of so many pixels takes up at the chosen font scale and density; for lists that must know it. */
    rowPx: computed(() => {
      const share = (values.value.density === 'compact' ? compactShare : 1) * (values.value.fontScale / 100)
      return (px: number): number => Math.round(px * share)
    }),
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
