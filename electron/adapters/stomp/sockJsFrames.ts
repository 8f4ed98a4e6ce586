/** What a SockJS server writes: `o`, `h`, `a["…"]`, `c[code,"reason"]`. */
import { parseJson } from '#common/base/json.ts'

export type SockJsFrame =
  | { readonly kind: 'open' }
  | { readonly kind: 'heartbeat' }
  | { readonly kind: 'messages'; readonly messages: readonly string[] }
  | { readonly kind: 'close'; readonly code: number }

/** null for what is no frame. The reason of a close is the server's words: left out. */
export function readSockJsFrame(text: string): SockJsFrame | null {
  switch (text.charAt(0)) {
    case 'o':
      return { kind: 'open' }
    // The prelude of a stream is a line of 2,048 of these.
    case 'h':
      return { kind: 'heartbeat' }
    case 'a': {
      const messages = parseJson(text.slice(1))
      return Array.isArray(messages) && messages.every((message) => typeof message === 'string')
        ? { kind: 'messages', messages }
        : null
    }
    case 'c': {
      const [code] = listOf(parseJson(text.slice(1)))
      return typeof code === 'number' ? { kind: 'close', code } : null
    }
    default:
      return null
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
