/**
 * Windows that show one conversation only: the calls about them, and how one is told which: by its address, which main
 * writes and the page parses.
 */
import * as v from 'valibot'

export const chatWindowCalls = {
  /** Shows the conversation in a window of its own, or brings that one to the front. */
  'window.openChat': {
    input: v.object({
      accountId: v.pipe(v.string(), v.minLength(1), v.maxLength(100)),
      conversationId: v.pipe(v.string(), v.regex(/^(direct|group):./su), v.maxLength(600)),
    }),
    output: v.object({}),
  },
  /** Of the window that asks. */
  'window.keepOnTop': { input: v.object({ onTop: v.boolean() }), output: v.object({}) },
} as const

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
