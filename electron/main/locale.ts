import type { App } from 'electron'

/** Which of our two languages to show: the user's setting, else `--lang`, else the system's first wish we can meet. */
export function shownLocale(
  setting: 'system' | 'zh-CN' | 'en',
  systemLanguages: readonly string[],
  commandLine: string,
): 'zh-CN' | 'en' {
  if (setting !== 'system') return setting
  for (const wish of commandLine === '' ? systemLanguages : [commandLine, ...systemLanguages]) {
    if (/^zh\b/i.test(wish)) return 'zh-CN'
    if (/^en\b/i.test(wish)) return 'en'
  }
  return 'en'
}

/** Where no setting can be asked yet. */
export function systemLocale(app: Pick<App, 'getPreferredSystemLanguages' | 'commandLine'>): 'zh-CN' | 'en' {
  return shownLocale('system', app.getPreferredSystemLanguages(), app.commandLine.getSwitchValue('lang'))
}
