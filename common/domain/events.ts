/**
 * Everything a server can tell us, in our words. Dialects translate into these; nothing behind the dialect boundary
 * knows which server spoke. Times are milliseconds since 1970 by the server's clock; sequences are decimal int64.
 */
import type { Content } from './content/content.ts'
import type { ConversationRef, Member } from './conversation.ts'
import type { DeliveryState } from './delivery.ts'
import type { Notice, PolicyValues } from './notice.ts'

/** A message is named by the server's id, by the sender's client id, or both. */
export interface MessageTarget {
  readonly serverId?: string
  readonly clientId?: string
}

export type ServerEvent =
  | {
      readonly type: 'message.received'
      readonly conversation: ConversationRef
      readonly senderId: string
      readonly serverId: string | null
      /** Only trusted to name one of our own messages when we are the sender. */
      readonly clientId: string | null
      readonly sequence: string | null
      readonly serverTime: number | null
      readonly content: Content
      readonly state: DeliveryState
      readonly recalled: boolean
    }
  | {
      readonly type: 'message.edited'
      readonly target: MessageTarget
      readonly text: string
      readonly by: string | null
      readonly reason: string | null
      readonly at: number | null
      /** Orders several edits of one message where the server numbers them. */
      readonly sequence: string | null
    }
  | {
      readonly type: 'message.recalled'
      readonly target: MessageTarget
      readonly by: string | null
      readonly reason: string | null
      readonly at: number | null
    }
  /** Deleted for this user only. */
  | { readonly type: 'message.deleted'; readonly target: MessageTarget }
  | { readonly type: 'message.pinned'; readonly target: MessageTarget; readonly pinned: boolean }
  | {
      readonly type: 'message.status'
      readonly target: MessageTarget
      readonly state: DeliveryState
      /** Given with `failed`: the server's words. */
      readonly reason: string | null
    }
  | { readonly type: 'person.presence'; readonly userId: string; readonly online: boolean; readonly at: number | null }
  | {
      readonly type: 'person.profile'
      readonly userId: string
      readonly nickname: string | null
      readonly avatar: string | null
    }
  | {
      readonly type: 'conversation.known'
      readonly conversation: ConversationRef
      readonly title: string | null
      /** The whole list where the server gave it, else null. */
      readonly members: readonly Member[] | null
      /** What happened to it, where that is worth a line of the timeline: recorded once per `eventId`. */
      readonly told?: {
        readonly what: 'created' | 'renamed'
        readonly eventId: string
        readonly by: string | null
        readonly at: number | null
      }
    }
  | {
      readonly type: 'conversation.membership'
      /** Repeats of one event carry the same id and are recorded once. */
      readonly eventId: string
      readonly conversation: ConversationRef
      readonly userId: string
      readonly change: 'joined' | 'left' | 'removed' | 'role'
      readonly role: string | null
      readonly by: string | null
      readonly at: number | null
    }
  | {
      readonly type: 'conversation.dismissed'
      readonly eventId: string
      readonly conversation: ConversationRef
      readonly by: string | null
      readonly at: number | null
    }
  | { readonly type: 'notice.received'; readonly notice: Omit<Notice, 'revision' | 'readAt' | 'acknowledgedAt'> }
  | {
      readonly type: 'policy.changed'
      readonly eventId: string
      readonly maxMessageLength: number | null
      readonly fileUploadLimit: number | null
      readonly readOnly: boolean | null
      /** What the server says was in force before; left out where it does not say. */
      readonly before?: PolicyValues
      readonly changedBy: string | null
      readonly reason: string | null
      readonly at: number | null
    }
  | { readonly type: 'session.greeted'; readonly serverTime: number | null }
  | { readonly type: 'session.kicked'; readonly by: string | null; readonly reason: string | null }
  | {
      readonly type: 'session.pulse'
      /** Our own time stamp as it came back, for the round trip; null where the server does not return it. */
      readonly echoed: number | null
      readonly serverTime: number | null
    }
  | { readonly type: 'session.authenticated'; readonly accepted: boolean; readonly reason: string | null }
  | { readonly type: 'session.status'; readonly text: string }

/** Events that concern the running session only; all others end in rows. */
export type SessionEvent = Extract<ServerEvent, { type: `session.${string}` }>

export function isSessionEvent(event: ServerEvent): event is SessionEvent {
  return event.type.startsWith('session.')
}

/**
 * One decoded frame. `covers` names the place in the conversation's numbering that the frame occupies, whatever it
 * carries: an edit fills its place as much as a text does.
 */
export interface Inbound {
  readonly covers: { readonly conversation: ConversationRef; readonly sequence: string } | null
  readonly events: readonly ServerEvent[]
}
