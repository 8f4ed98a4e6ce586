import * as v from 'valibot'

/** Who speaks: people, the organisation, those who administer the account. Each channel has rules of its own. */
export const notificationChannels = ['chat', 'system', 'admin'] as const
export type NotificationChannel = (typeof notificationChannels)[number]

/** What may ask for attention, in the words of the protocol. */
export const occasionKinds = [
  'message',
  /** The user is named. */
  'mention',
  /** Everyone in the group is named. */
  'mentionAll',
  'announcement',
  'alert',
  'maintenance',
  'promotion',
  /** Limits changed by an administrator. */
  'policy',
  /** Whether the account may write. */
  'permission',
  /** The user came into a group, left it, or has another role there; the group ended. */
  'membership',
  /** The session was ended by an administrator. */
  'session',
] as const
export type OccasionKind = (typeof occasionKinds)[number]

/** Why a notification was shown. */
export const shownReasons = [
  /** Nothing spoke against it. */
  'ordinary',
  /** Muted, but the user or everyone is named. */
  'named',
  /** Through quiet hours or the system's own, as the channel's settings allow. */
  'bypass',
  /** It waits for an acknowledgement, and is shown again after a start. */
  'unacknowledged',
  /** Told in one notification together with others, after an absence. */
  'summary',
] as const

/** Why none was shown. */
export const withheldReasons = [
  /** Written by the user, on this or another device. */
  'own',
  /** It was read before it could be shown, here or on another device. */
  'read',
  /** The very place is on the screen, focused and unlocked. */
  'beingRead',
  'recalled',
  'expired',
  'acknowledged',
  'channelOff',
  /** The conversation is muted; `until` says how long. */
  'muted',
  /** The channel's quiet hours; `until` says how long. */
  'quietHours',
  /** Notifications are turned off for a while; `until` says how long. */
  'doNotDisturb',
  /** The system itself asks for silence. */
  'focusMode',
  /** Promotions wait in the inbox. */
  'promotion',
  /** The system shows no notifications at all. */
  'unavailable',
] as const

export const ledgerReasons = [...shownReasons, ...withheldReasons] as const
export type LedgerReason = (typeof ledgerReasons)[number]

/** One decision about one occasion. Holds no words of anybody: what it was about is looked up when it is shown. */
export const ledgerEntrySchema = v.object({
  /** Grows with time within an account. */
  id: v.number(),
  /** Local clock, ms since 1970: when it was decided. */
  at: v.number(),
  channel: v.picklist(notificationChannels),
  kind: v.picklist(occasionKinds),
  conversationId: v.nullable(v.string()),
  messageId: v.nullable(v.number()),
  noticeId: v.nullable(v.string()),
  shown: v.boolean(),
  /** Only of a shown one. */
  sound: v.boolean(),
  reason: v.picklist(ledgerReasons),
  /** Local clock, ms since 1970: until when the reason holds, where it has an end. */
  until: v.nullable(v.number()),
})
export type LedgerEntry = v.InferOutput<typeof ledgerEntrySchema>
