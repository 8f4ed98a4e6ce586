/** Speaks the language of the settings, once its texts are here; until then the one before. */
import { watchEffect } from 'vue'
import { useI18n } from 'vue-i18n'
import { type Locale, type Texts, loadTexts } from '../i18n/i18n.ts'
import { useSettings } from '../stores/settings.ts'

export function useLanguage(): void {
  const settings = useSettings()
  const { locale, availableLocales, setLocaleMessage } = useI18n<{ message: Texts }, Locale>()

  async function speak(wanted: Locale): Promise<void> {
    if (!availableLocales.includes(wanted)) setLocaleMessage(wanted, await loadTexts(wanted))
    if (settings.locale === wanted) locale.value = wanted
  }
  watchEffect(() => void speak(settings.locale))
}
