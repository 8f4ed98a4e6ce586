/** Everything we can tell a server, in our words; dialects translate. */
import type { Content } from './content/content.ts'
import type { ConversationRef } from './conversation.ts'
import type { MessageTarget } from './events.ts'

/** For whom a message is pinned. */
export type PinScope = 'me' | 'everyone'

/** Commands that wait in the outbox until they are proved to have arrived. */
export type QueuedCommand =
  | {
      readonly type: 'message.send'
      /** UUID, made once per message, the same in every retry: the server's idempotency key. */
      readonly clientId: string
      readonly conversation: ConversationRef
      readonly content: Content
      /** Milliseconds since 1970, local clock. */
      readonly composedAt: number
    }
  | {
      readonly type: 'message.edit'
      readonly target: MessageTarget
      readonly text: string
      readonly reason: string
      readonly composedAt: number
    }
  | {
      readonly type: 'message.recall'
      readonly target: MessageTarget
      readonly reason: string
      readonly composedAt: number
    }
  | { readonly type: 'message.deleteForMe'; readonly target: MessageTarget; readonly composedAt: number }
  | {
      readonly type: 'message.pin'
      readonly target: MessageTarget
      readonly scope: PinScope
      readonly composedAt: number
    }

/** Commands that mean something only on the connection that is up now. */
export type SessionCommand =
  | { readonly type: 'session.sync' }
  | { readonly type: 'session.pulse'; readonly at: number }
  | { readonly type: 'session.renew'; readonly token: string; readonly at: number }

export type Command = QueuedCommand | SessionCommand
