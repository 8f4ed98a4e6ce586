import * as v from 'valibot'

/** Settings of the application, each one descriptor; a new one is one line here and its texts. */
export const settingDescriptors = {
  language: { schema: v.picklist(['system', 'zh-CN', 'en']), initial: 'system' },
  theme: { schema: v.picklist(['system', 'light', 'dark']), initial: 'system' },
  /** What sends: Enter (then Shift+Enter breaks the line), or Ctrl/Cmd+Enter. */
  sendKey: { schema: v.picklist(['enter', 'modEnter']), initial: 'enter' },
} as const

export type SettingKey = keyof typeof settingDescriptors
export type Settings = { [K in SettingKey]: v.InferOutput<(typeof settingDescriptors)[K]['schema']> }

export const settingsSchema = v.object({
  language: settingDescriptors.language.schema,
  theme: settingDescriptors.theme.schema,
  sendKey: settingDescriptors.sendKey.schema,
})

/** Stored values over the initial ones; a stored value that is no longer allowed falls back to the initial one. */
export function settingsFrom(stored: ReadonlyMap<string, unknown>): Settings {
  const valueOf = <K extends SettingKey>(key: K): Settings[K] => {
    const { schema, initial } = settingDescriptors[key]
    return v.parse(v.fallback(schema, initial), stored.get(key)) as Settings[K]
  }
  return { language: valueOf('language'), theme: valueOf('theme'), sendKey: valueOf('sendKey') }
}
