/** What the menus of the tray and of the program offer of do-not-disturb, and how all of them say until when it holds. */
import type { MenuItemConstructorOptions } from 'electron'
import { muteForEver } from '#common/domain/conversation.ts'
import type { SilenceSpan } from '#common/domain/silence.ts'

const spans = ['hour', 'tomorrow', 'forEver'] as const

const texts = {
  en: {
    name: 'Do Not Disturb',
    spans: { hour: 'For 1 Hour', tomorrow: 'Until Tomorrow', forEver: 'Until I Turn It Off' },
    on: 'Do not disturb',
    until: (time: string) => `Do not disturb until ${time}`,
    end: 'Turn Notifications On Again',
  },
  'zh-CN': {
    name: '勿扰模式',
    spans: { hour: '1 小时', tomorrow: '到明天早上', forEver: '直到我关闭' },
    on: '勿扰模式已开启',
    until: (time: string) => `勿扰模式至 ${time}`,
    end: '重新开启通知',
  },
} as const

export interface DoNotDisturbState {
  /** Local clock, ms since 1970; null: it is off. */
  readonly until: number | null
  readonly now: number
  readonly locale: 'zh-CN' | 'en'
}

/** Null while it is off. Of another day with its weekday, so that midnight changes nothing. */
export function doNotDisturbText({ until, now, locale }: DoNotDisturbState): string | null {
  if (until === null) return null
  if (until === muteForEver) return texts[locale].on
  const isToday = new Date(until).toDateString() === new Date(now).toDateString()
  const format: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }
  const time = new Intl.DateTimeFormat(locale, format).format(until)
  const day = new Intl.DateTimeFormat(locale, { weekday: 'short' }).format(until)
  return texts[locale].until(isToday ? time : `${day} ${time}`)
}

export function doNotDisturbItems(
  state: DoNotDisturbState,
  choose: (span: SilenceSpan | null) => void,
): MenuItemConstructorOptions[] {
  const t = texts[state.locale]
  const text = doNotDisturbText(state)
  if (text === null) {
    return [
      {
        id: 'doNotDisturb',
        label: t.name,
        submenu: spans.map((span) => ({ id: span, label: t.spans[span], click: () => choose(span) })),
      },
    ]
  }
  return [
    { label: text, enabled: false },
    { id: 'notifyAgain', label: t.end, click: () => choose(null) },
  ]
}
