/**
 * Whether something that happened is told by a notification, how, and why or why not. Pure: what it is about, how things
 * stand and what the user wants go in, one decision comes out.
 *
 * Promises: one occasion never changes the decision about another; nothing is counted, timed or limited. Of several
 * reasons for silence the one is given that would hold longest if the user changed his settings.
 */
import { muteForEver } from '../conversation.ts'
import { silentUntil } from '../silence.ts'
import type { LedgerReason, NotificationChannel, OccasionKind } from './ledger.ts'
import { type QuietHours, quietUntil } from './quietHours.ts'

/** What a notification tells on a screen that others may see. */
export const privacyLevels = ['full', 'sender', 'nothing'] as const
export type PrivacyLevel = (typeof privacyLevels)[number]

/** Something that may ask for attention. Times are of the local clock, ms since 1970. */
export interface Occasion {
  readonly kind: OccasionKind
  /** Written by the user. */
  readonly own: boolean
  readonly recalled: boolean
  readonly read: boolean
  readonly acknowledged: boolean
  /** Null: it stays true for ever. */
  readonly expiresAt: number | null
  /** Of the conversation it belongs to; null: not muted. */
  readonly mutedUntil: number | null
  /** Said with the highest priority. */
  readonly urgent: boolean
  /** It was there before the program started, and waits to be acknowledged. */
  readonly again: boolean
}

/** How things stand at the moment of the decision. */
export interface Situation {
  /** Local clock, ms since 1970. */
  readonly at: number
  /** The very place is on the screen, focused and unlocked. */
  readonly reading: boolean
  /** The system asks for silence. */
  readonly focusMode: boolean
  /** The system shows notifications at all. */
  readonly available: boolean
  /** The program is locked or its screen is being shown to others. */
  readonly concealed: boolean
}

export interface ChannelRules {
  readonly on: boolean
  readonly sound: boolean
  readonly privacy: PrivacyLevel
  /** Null: at all hours. */
  readonly quietHours: QuietHours | null
  /** What matters most goes through quiet hours, do-not-disturb and the system's focus mode. */
  readonly bypass: boolean
}

export interface NotificationRules {
  readonly channels: Readonly<Record<NotificationChannel, ChannelRules>>
  /** In a muted conversation: whoever names the user is heard. */
  readonly mentionMe: boolean
  /** In a muted conversation: whoever names everyone is heard. */
  readonly mentionAll: boolean
  readonly promotions: boolean
  /** Notifications are turned off until then, local clock, ms since 1970; null: they are not. */
  readonly doNotDisturbUntil: number | null
}

export interface Decision {
  readonly channel: NotificationChannel
  readonly shown: boolean
  /** With a sound; where only the system refuses (`unavailable`), so it is tried. */
  readonly sound: boolean
  readonly reason: LedgerReason
  /** Local clock, ms since 1970: until when the reason holds, where it has an end. */
  readonly until: number | null
  readonly privacy: PrivacyLevel
}

const channels: Readonly<Record<OccasionKind, NotificationChannel>> = {
  message: 'chat',
  mention: 'chat',
  mentionAll: 'chat',
  announcement: 'system',
  alert: 'system',
  maintenance: 'system',
  promotion: 'system',
  policy: 'admin',
  permission: 'admin',
  membership: 'admin',
  session: 'admin',
}

export function channelOf(kind: OccasionKind): NotificationChannel {
  return channels[kind]
}

export function decide(occasion: Occasion, situation: Situation, rules: NotificationRules): Decision {
  const channel = channelOf(occasion.kind)
  const { sound, privacy, bypass } = rules.channels[channel]
  const told = { channel, privacy: situation.concealed ? 'nothing' : privacy } as const
  const withheld = (reason: LedgerReason, until: number | null = null): Decision => ({
    ...told,
    shown: false,
    sound: false,
    reason,
    until,
  })

  const past = pastReason(occasion, situation)
  if (past !== null) return withheld(past)
  if (!rules.channels[channel].on) return withheld('channelOff')
  if (occasion.kind === 'promotion' && !rules.promotions) return withheld('promotion')

  const muted = occasion.mutedUntil !== null && situation.at < occasion.mutedUntil
  if (muted && !throughMute(occasion.kind, rules)) {
    return withheld('muted', ended(occasion.mutedUntil))
  }
  const { quietHours } = rules.channels[channel]
  const quiet = quietHours === null ? null : quietUntil(quietHours, situation.at)
  const through = bypass && mattersMost(occasion)
  const off = silentUntil(rules.doNotDisturbUntil, situation.at)
  // Of the two the one that ends later.
  if (!through && off !== null && (quiet === null || off >= quiet)) return withheld('doNotDisturb', ended(off))
  if (!through && quiet !== null) return withheld('quietHours', quiet)
  if (!through && situation.focusMode) return withheld('focusMode')
  if (!situation.available) return { ...withheld('unavailable'), sound }

  const reason = (): LedgerReason => {
    if (quiet !== null || off !== null || situation.focusMode) return 'bypass'
    if (occasion.again) return 'unacknowledged'
    return muted ? 'named' : 'ordinary'
  }
  return { ...told, shown: true, sound, reason: reason(), until: null }
}

/** Null for what has no end. */
function ended(until: number | null): number | null {
  return until === muteForEver ? null : until
}

/** It is over, or the user knows it already, whatever the settings say. */
function pastReason(occasion: Occasion, { at, reading }: Situation): LedgerReason | null {
  if (occasion.own) return 'own'
  if (occasion.recalled) return 'recalled'
  if (occasion.acknowledged) return 'acknowledged'
  // What has to be acknowledged is not done with by having been looked at.
  if (occasion.read && !occasion.again) return 'read'
  if (occasion.expiresAt !== null && occasion.expiresAt <= at) return 'expired'
  return reading ? 'beingRead' : null
}

function throughMute(kind: OccasionKind, { mentionMe, mentionAll }: NotificationRules): boolean {
  if (kind === 'mention') return mentionMe
  return kind === 'mentionAll' && mentionAll
}

/** What a channel's bypass is for: being named, alerts and urgent notices, and all that administrators do. */
function mattersMost({ kind, urgent }: Occasion): boolean {
  if (kind === 'promotion') return false
  if (kind === 'mention' || kind === 'alert') return true
  return channelOf(kind) === 'admin' || (channelOf(kind) === 'system' && urgent)
}

/** Held back for a time that ends, or by the user's own word: it may still be told of when that is over. */
export function isSilence(reason: LedgerReason): boolean {
  return reason === 'doNotDisturb' || reason === 'quietHours'
}
