/**
 * Carries the settings of looks over to the document, where the style sheets find them: language, theme, density, font
 * scale, contrast, motion, spelling. `system` follows what the operating system says, as it changes.
 */
import { type Ref, onScopeDispose, ref, watchEffect } from 'vue'
import { useSettings } from '../stores/settings.ts'

function useMedia(query: string): Readonly<Ref<boolean>> {
  const list = window.matchMedia(query)
  const matches = ref(list.matches)
  const update = (): void => {
    matches.value = list.matches
  }
  list.addEventListener('change', update)
  onScopeDispose(() => list.removeEventListener('change', update))
  return matches
}

export function useAppearance(): void {
  const settings = useSettings()
  const lessMotion = useMedia('(prefers-reduced-motion: reduce)')
  const moreContrast = useMedia('(prefers-contrast: more)')

  watchEffect(() => {
    const { theme, density, fontScale, reducedMotion, highContrast, spellCheck } = settings.values
    const root = document.documentElement
    root.lang = settings.locale
    root.dataset['theme'] = theme
    root.dataset['density'] = density
    root.dataset['motion'] = reducedMotion === 'on' || lessMotion.value ? 'reduced' : 'full'
    root.dataset['contrast'] = highContrast === 'on' || moreContrast.value ? 'more' : 'normal'
    root.style.setProperty('--font-scale', String(fontScale / 100))
    // Inherited by every field that does not say otherwise.
    root.spellcheck = spellCheck
  })
}
