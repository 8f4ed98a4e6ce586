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
