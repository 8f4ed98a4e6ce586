/** What a notification's own buttons say; those of its sender come with it. */
export type NotifierLocale = 'en' | 'zh-CN'

export const notifierTexts = {
  en: { open: 'Open', reply: 'Reply', send: 'Send' },
  'zh-CN': { open: '打开', reply: '回复', send: '发送' },
} as const satisfies Record<NotifierLocale, unknown>
