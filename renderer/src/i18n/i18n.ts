import { createI18n } from 'vue-i18n'
import en from './en.json'
import zhCN from './zh-CN.json'

export const locales = ['zh-CN', 'en'] as const
export type Locale = (typeof locales)[number]

/** Both languages, compiled at build time; the app sets the locale when main has said which. */
export function createTexts(locale: Locale) {
  return createI18n<[typeof en], Locale, false>({
    legacy: false,
    locale,
    fallbackLocale: 'en',
    // Chinese has one form; a text of two forms is one for none and one for any number.
    pluralRules: { 'zh-CN': (count, forms) => (forms === 1 || count === 0 ? 0 : 1) },
    messages: { 'zh-CN': zhCN, en },
  })
}
