/**
 * Follows links of our own scheme: opens the conversation, or asks the user, in the system's own dialog, whether the form
 * for a server may be filled. What cannot be followed is said in the window in one line.
 *
 * Must never ask twice at once, however many links come, nor take anything from a link but names.
 */
import type { ErrorCode } from '#common/base/errors.ts'
import type { Push } from '#common/contract/pushes.ts'
import type { Account } from '#common/domain/account.ts'
import type { Log } from '#electron/core/ports/platform.ts'
import { linkedAccount, parseLink, shownHost } from './links.ts'
import type { Question } from './microphone.ts'

export interface LinkOpenerOptions {
  readonly accounts: () => readonly Pick<Account, 'id' | 'url' | 'userId'>[]
  /** Whether the account's chats are here, and this one is among them. */
  readonly hasChat: (accountId: string, conversationId: string) => Promise<boolean>
  /** Shows the main window and tells its page. */
  readonly tell: (push: Push) => Promise<void>
  /** Over the main window, which is shown; true for the first button. */
  readonly ask: (question: Question) => Promise<boolean>
  readonly locale: () => 'zh-CN' | 'en'
  readonly log: Log
}

const texts = {
  en: {
    message: (host: string) => `A link proposes to sign in to ${host}.`,
    asUser: (user: string) => `User: ${user}`,
    detail:
      'Go on only if you know this server and where the link came from. Nothing is sent to it before you sign in.',
    buttons: ['Show the form', 'Cancel'],
  },
  'zh-CN': {
    message: (host: string) => `有链接建议登录到 ${host}。`,
    asUser: (user: string) => `用户：${user}`,
    detail: '请确认您了解该服务器和链接的来源，再继续。登录之前不会向该服务器发送任何内容。',
    buttons: ['显示登录表单', '取消'],
  },
} as const

export type LinkOpener = (text: string) => Promise<void>

export function createLinkOpener({ accounts, hasChat, tell, ask, locale, log }: LinkOpenerOptions): LinkOpener {
  let asking = false

  const refuse = (code: ErrorCode): Promise<void> => {
    log.warn('link not followed', { code })
    return tell({ type: 'linkRefused', code })
  }

  const propose = async (server: string, userId: string): Promise<void> => {
    if (asking) return log.warn('link left out: another one is being asked about')
    asking = true
    try {
      const { message, asUser, detail, buttons } = texts[locale()]
      const said = userId === '' ? detail : `${asUser(userId)}\n\n${detail}`
      if (await ask({ message: message(shownHost(server)), detail: said, buttons: [...buttons] }))
        await tell({ type: 'signInProposed', server, userId })
    } finally {
      asking = false
    }
  }

  return async (text) => {
    const link = parseLink(text)
    if (!link.ok) return refuse(link.error.code)
    log.info('link', { kind: link.value.kind })
    if (link.value.kind === 'signIn') return propose(link.value.server, link.value.userId)
    const { account, conversationId } = link.value
    const accountId = linkedAccount(accounts(), account)
    if (accountId === null) return refuse('deepLink.noAccount')
    if (!(await hasChat(accountId, conversationId))) return refuse('deepLink.noConversation')
    return tell({ type: 'goTo', accountId, place: { kind: 'conversation', conversationId, messageId: null } })
  }
}
