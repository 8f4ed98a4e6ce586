import en from '../../../renderer/src/i18n/en.json'
import { type Locale, createTexts } from '../../../renderer/src/i18n/i18n.ts'
import zhCN from '../../../renderer/src/i18n/zh-CN.json'

/** The texts of the app, in both languages at once. */
export const textsIn = (locale: Locale) => createTexts(locale, { en, 'zh-CN': zhCN })
