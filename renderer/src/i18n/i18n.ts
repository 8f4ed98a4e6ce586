import { createI18n } from 'vue-i18n'
import type en from './en.json'

export const locales = ['zh-CN', 'en'] as const
export type Locale = (typeof locales)[number]
/** Every text of one language, compiled at build time. */
export type Texts = typeof en

const files: Readonly<Record<Locale, () => Promise<{ default: Texts }>>> = {
  'zh-CN': () => import('./zh-CN.json'),
  en: () => import('./en.json'),
}

/** Until main has said which language it is. */
export function firstLocale(): Locale {
  return navigator.language.startsWith('zh') ? 'zh-CN' : 'en'
}

/** One language is in the page at a time, or as many as were spoken: nobody waits for texts that are not read. */
export async function loadTexts(locale: Locale): Promise<Texts> {
  return (await files[locale]()).default
}

export function createTexts(locale: Locale, known: Readonly<Partial<Record<Locale, Texts>>>) {
  const texts = createI18n<[Texts], Locale, false>({
    legacy: false,
    locale,
    fallbackLocale: locale,
    // Chinese has one form; a text of two forms is one for none and one for any number.
    pluralRules: { 'zh-CN': (count, forms) => (forms === 1 || count === 0 ? 0 : 1) },
  })
  for (const one of locales) {
    const own = known[one]
    if (own !== undefined) texts.global.setLocaleMessage(one, own)
  }
  return texts
}
