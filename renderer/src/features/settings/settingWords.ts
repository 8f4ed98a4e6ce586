/** What a person reads about each setting, looked up by its key; and which of them a search means. */
import { useI18n } from 'vue-i18n'
import { type SettingDescriptor, type SettingKey, settingDescriptors } from '#common/contract/settings.ts'

export interface SettingWords {
  name(key: SettingKey): string
  /** Undefined where the name says it all. */
  hint(key: SettingKey): string | undefined
  option(key: SettingKey, value: string): string
  /** Whether every word of the query is part of what is written about the setting, its page or its group. */
  matches(key: SettingKey, query: string): boolean
}

const descriptorOf = (key: SettingKey): SettingDescriptor => settingDescriptors[key]

export function everyWordIn(query: string, words: readonly (string | undefined)[]): boolean {
  const text = words.join(' ').toLocaleLowerCase()
  return query
    .toLocaleLowerCase()
    .split(/\s+/u)
    .every((word) => text.includes(word))
}

export function useSettingWords(): SettingWords {
  const { t, te } = useI18n()
  const textOf = (key: SettingKey): string => descriptorOf(key).text ?? key
  const words: SettingWords = {
    name: (key) => t(`settings.names.${textOf(key)}`),
    hint: (key) => (te(`settings.hints.${textOf(key)}`) ? t(`settings.hints.${textOf(key)}`) : undefined),
    option: (key, value) => t(`settings.options.${textOf(key)}.${value}`),
    matches(key, query) {
      const { control, section, group } = descriptorOf(key)
      const options = control.kind === 'choice' ? control.options.map((value) => words.option(key, value)) : []
      const place = [t(`settings.pages.${section}`), ...(group === undefined ? [] : [t(`settings.groups.${group}`)])]
      return everyWordIn(query, [words.name(key), words.hint(key), ...options, ...place])
    },
  }
  return words
}
