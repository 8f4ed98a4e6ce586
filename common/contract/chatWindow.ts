/** How a window is told that it shows one conversation only: by its address, which main writes and the page parses. */

export interface ChatWindow {
  readonly accountId: string
  readonly conversationId: string
}

export function chatFragment(accountId: string, conversationId: string): string {
  return `chat/${encodeURIComponent(accountId)}/${encodeURIComponent(conversationId)}`
}

/** Null: the main window, or an address nobody here has written. `fragment` may begin with its `#`. */
export function chatOfFragment(fragment: string): ChatWindow | null {
  const [, account = '', conversation = ''] = /^#?chat\/([^/]{1,300})\/([^/]{1,5000})$/.exec(fragment) ?? []
  try {
    const accountId = decodeURIComponent(account)
    const conversationId = decodeURIComponent(conversation)
    return accountId !== '' && /^(direct|group):./su.test(conversationId) ? { accountId, conversationId } : null
  } catch {
    return null
  }
}
