/** How long until then, in the language of the window and in two units at most. */
import { useI18n } from 'vue-i18n'

export function useSpanWords(): (ms: number) => string {
  const { t } = useI18n()
  return (ms) => {
    const all = Math.max(0, Math.ceil(ms / 1000))
    const [d, h] = [Math.floor(all / 86_400), Math.floor(all / 3600) % 24]
    const [m, s] = [Math.floor(all / 60) % 60, all % 60]
    if (d > 0) return t('notices.span.days', { d, h })
    if (h > 0) return t('notices.span.hours', { h, m })
    return m > 0 ? t('notices.span.minutes', { m, s }) : t('notices.span.seconds', { s })
  }
}
