/**
 * What is told by a notification, and why or why not: one row each. A row says what happened, how things stand, which
 * settings are not as they come, and the decision. Today is a Wednesday, by the clock on the wall.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Settings, settingsFrom } from '#common/contract/settings.ts'
import { muteForEver } from '#common/domain/conversation.ts'
import { occasionKinds } from '#common/domain/notification/ledger.ts'
import {
  type Decision,
  type NotificationRules,
  type Occasion,
  type Situation,
  decide,
} from '#common/domain/notification/policy.ts'
import { quietUntil } from '#common/domain/notification/quietHours.ts'
import { rulesFrom } from '#electron/core/notifications/rules.ts'

function today(clock: string, days = 0): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number)
  return new Date(2026, 6, 15 + days, hours, minutes).getTime()
}
const yesterday = (clock: string): number => today(clock, -1)
const tomorrow = (clock: string): number => today(clock, 1)

const defaults = settingsFrom(new Map())
const nothingSpecial: Occasion = {
  kind: 'message',
  own: false,
  recalled: false,
  read: false,
  acknowledged: false,
  expiresAt: null,
  mutedUntil: null,
  urgent: false,
  again: false,
}
const atNoon: Situation = {
  at: today('12:00'),
  reading: false,
  focusMode: false,
  available: true,
  concealed: false,
}

/** `shown ordinary ♪ full`: with a sound, and all of it; `withheld muted, until tomorrow 09:00`. */
function inWords({ shown, reason, sound, privacy, until }: Decision): string {
  if (shown) return `shown ${reason}${sound ? ' ♪' : ''} ${privacy}`
  if (until === null) return `withheld ${reason}`
  const end = new Date(until)
  const days = Math.round((new Date(until).setHours(0, 0, 0, 0) - today('00:00')) / 86_400_000)
  const two = (part: number): string => String(part).padStart(2, '0')
  const day = days === 0 ? 'today' : days === 1 ? 'tomorrow' : `in ${days} days`
  return `withheld ${reason}, until ${day} ${two(end.getHours())}:${two(end.getMinutes())}`
}

type Row = readonly [
  says: string,
  happened: Partial<Occasion>,
  stands: Partial<Situation>,
  settings: Partial<Settings>,
  decision: string,
]

const night = { at: today('23:00') }
const morning = { at: today('06:30') }
const hour = (clock: string): number => {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number)
  return hours * 60 + minutes
}
const quietChat = (from = '22:00', to = '07:00'): Partial<Settings> => ({
  notifyChatQuiet: true,
  notifyChatQuietFrom: hour(from),
  notifyChatQuietTo: hour(to),
})
const quietSystem = { notifySystemQuiet: true }
const quietAdmin = { notifyAdminQuiet: true }
const off = { doNotDisturbUntil: today('14:00') }
const muted = { mutedUntil: tomorrow('09:00') }

const chat = 'shown ordinary ♪ full'
const system = 'shown ordinary full'
const admin = 'shown ordinary ♪ full'

const table: Readonly<Record<string, readonly Row[]>> = {
  'as it comes, everything is told but promotions': [
    ['a message, with a sound', {}, {}, {}, chat],
    ['a message that names the user', { kind: 'mention' }, {}, {}, chat],
    ['a message that names everyone', { kind: 'mentionAll' }, {}, {}, chat],
    ['an announcement, without a sound', { kind: 'announcement' }, {}, {}, system],
    ['an alert', { kind: 'alert' }, {}, {}, system],
    ['a maintenance', { kind: 'maintenance' }, {}, {}, system],
    ['a promotion waits in the inbox', { kind: 'promotion' }, {}, {}, 'withheld promotion'],
    ['a change of the limits', { kind: 'policy' }, {}, {}, admin],
    ['a change of what may be written', { kind: 'permission' }, {}, {}, admin],
    ['a change of membership', { kind: 'membership' }, {}, {}, admin],
    ['the end of the session', { kind: 'session' }, {}, {}, admin],
  ],
  'a channel that is off is silent, and the others are not': [
    ['chat off: a message', {}, {}, { notifyChat: false }, 'withheld channelOff'],
    ['chat off: a mention', { kind: 'mention' }, {}, { notifyChat: false }, 'withheld channelOff'],
    ['chat off: @all', { kind: 'mentionAll' }, {}, { notifyChat: false }, 'withheld channelOff'],
    ['chat off: an announcement', { kind: 'announcement' }, {}, { notifyChat: false }, system],
    ['chat off: a change of the limits', { kind: 'policy' }, {}, { notifyChat: false }, admin],
    ['system off: an announcement', { kind: 'announcement' }, {}, { notifySystem: false }, 'withheld channelOff'],
    ['system off: an alert', { kind: 'alert' }, {}, { notifySystem: false }, 'withheld channelOff'],
    ['system off: a maintenance', { kind: 'maintenance' }, {}, { notifySystem: false }, 'withheld channelOff'],
    [
      'system off: an urgent alert',
      { kind: 'alert', urgent: true },
      {},
      { notifySystem: false },
      'withheld channelOff',
    ],
    [
      'system off: what waits to be acknowledged',
      { kind: 'alert', again: true },
      {},
      { notifySystem: false },
      'withheld channelOff',
    ],
    ['system off: a promotion', { kind: 'promotion' }, {}, { notifySystem: false }, 'withheld channelOff'],
    ['system off: a message', {}, {}, { notifySystem: false }, chat],
    ['system off: a removal', { kind: 'membership' }, {}, { notifySystem: false }, admin],
    ['admin off: a change of the limits', { kind: 'policy' }, {}, { notifyAdmin: false }, 'withheld channelOff'],
    ['admin off: read-only', { kind: 'permission' }, {}, { notifyAdmin: false }, 'withheld channelOff'],
    ['admin off: a removal', { kind: 'membership' }, {}, { notifyAdmin: false }, 'withheld channelOff'],
    ['admin off: a kick', { kind: 'session' }, {}, { notifyAdmin: false }, 'withheld channelOff'],
    ['admin off: a message', {}, {}, { notifyAdmin: false }, chat],
    ['admin off: an alert', { kind: 'alert' }, {}, { notifyAdmin: false }, system],
  ],
  'what is over or known is not told': [
    ['the user wrote it, on another device', { own: true }, {}, {}, 'withheld own'],
    ['the user named everyone himself', { own: true, kind: 'mentionAll' }, {}, {}, 'withheld own'],
    ['the user left the group himself', { own: true, kind: 'membership' }, {}, {}, 'withheld own'],
    ['read on another device before it came', { read: true }, {}, {}, 'withheld read'],
    ['a mention that was read', { read: true, kind: 'mention' }, {}, {}, 'withheld read'],
    ['an announcement that was read', { read: true, kind: 'announcement' }, {}, {}, 'withheld read'],
    ['recalled before it was seen', { recalled: true }, {}, {}, 'withheld recalled'],
    ['a mention that was recalled', { recalled: true, kind: 'mention' }, {}, {}, 'withheld recalled'],
    [
      'an alert that was acknowledged',
      { acknowledged: true, kind: 'alert', urgent: true },
      {},
      {},
      'withheld acknowledged',
    ],
    ['expired an hour ago', { kind: 'announcement', expiresAt: today('11:00') }, {}, {}, 'withheld expired'],
    ['it expires at this very moment', { kind: 'alert', expiresAt: today('12:00') }, {}, {}, 'withheld expired'],
    ['it expires in a minute', { kind: 'alert', expiresAt: today('12:01') }, {}, {}, system],
    [
      'an urgent one that expired yesterday',
      { kind: 'alert', urgent: true, expiresAt: yesterday('12:00') },
      {},
      {},
      'withheld expired',
    ],
    ['a maintenance that is over', { kind: 'maintenance', expiresAt: today('02:00') }, {}, {}, 'withheld expired'],
  ],
  'what is being read is not told; what is only open is': [
    ['on the screen, focused, unlocked', {}, { reading: true }, {}, 'withheld beingRead'],
    ['a mention being read', { kind: 'mention' }, { reading: true }, {}, 'withheld beingRead'],
    ['@all being read', { kind: 'mentionAll' }, { reading: true }, {}, 'withheld beingRead'],
    ['open behind another window', {}, { reading: false }, {}, chat],
    ['a mention, open behind another window', { kind: 'mention' }, { reading: false }, {}, chat],
    ['being read, in quiet hours', {}, { reading: true, ...night }, quietChat(), 'withheld beingRead'],
    ['being read, and muted', muted, { reading: true }, {}, 'withheld beingRead'],
  ],
  'a muted conversation is silent until its end': [
    ['muted until tomorrow', muted, {}, {}, 'withheld muted, until tomorrow 09:00'],
    ['muted for an hour', { mutedUntil: today('13:00') }, {}, {}, 'withheld muted, until today 13:00'],
    ['muted for another minute', { mutedUntil: today('12:01') }, {}, {}, 'withheld muted, until today 12:01'],
    ['the end is now', { mutedUntil: today('12:00') }, {}, {}, chat],
    ['the end was yesterday', { mutedUntil: yesterday('12:00') }, {}, {}, chat],
    ['muted until it is unmuted', { mutedUntil: muteForEver }, {}, {}, 'withheld muted'],
    [
      'muted, in quiet hours: the mute is the reason',
      muted,
      night,
      quietChat(),
      'withheld muted, until tomorrow 09:00',
    ],
    ['muted, in focus mode', muted, { focusMode: true }, {}, 'withheld muted, until tomorrow 09:00'],
    ['muted, and no sound anyway', muted, {}, { notifyChatSound: false }, 'withheld muted, until tomorrow 09:00'],
  ],
  'who is named hears it through the mute, as the settings say': [
    ['@me: through', { kind: 'mention', ...muted }, {}, {}, 'shown named ♪ full'],
    ['@me, muted for ever: through', { kind: 'mention', mutedUntil: muteForEver }, {}, {}, 'shown named ♪ full'],
    [
      '@me, not wanted',
      { kind: 'mention', ...muted },
      {},
      { notifyMentionMe: false },
      'withheld muted, until tomorrow 09:00',
    ],
    ['@all: not through', { kind: 'mentionAll', ...muted }, {}, {}, 'withheld muted, until tomorrow 09:00'],
    ['@all, wanted', { kind: 'mentionAll', ...muted }, {}, { notifyMentionAll: true }, 'shown named ♪ full'],
    [
      '@all wanted, @me not: @me',
      { kind: 'mention', ...muted },
      {},
      { notifyMentionAll: true, notifyMentionMe: false },
      'withheld muted, until tomorrow 09:00',
    ],
    ['a plain message, both wanted', muted, {}, { notifyMentionAll: true }, 'withheld muted, until tomorrow 09:00'],
    ['@me, not muted: nothing special', { kind: 'mention' }, {}, { notifyMentionMe: false }, chat],
    ['@all, not muted: nothing special', { kind: 'mentionAll' }, {}, {}, chat],
    [
      '@me through the mute, without a sound',
      { kind: 'mention', ...muted },
      {},
      { notifyChatSound: false },
      'shown named full',
    ],
    [
      '@me through the mute, but not through quiet hours',
      { kind: 'mention', ...muted },
      night,
      quietChat(),
      'withheld quietHours, until tomorrow 07:00',
    ],
    [
      '@me through the mute, but not through focus mode',
      { kind: 'mention', ...muted },
      { focusMode: true },
      {},
      'withheld focusMode',
    ],
    [
      '@me through the mute and the quiet hours',
      { kind: 'mention', ...muted },
      night,
      { ...quietChat(), notifyChatBypass: true },
      'shown bypass ♪ full',
    ],
  ],
  'quiet hours, by the clock on the wall': [
    ['before they begin', {}, { at: today('21:59') }, quietChat(), chat],
    ['as they begin', {}, { at: today('22:00') }, quietChat(), 'withheld quietHours, until tomorrow 07:00'],
    ['at night', {}, night, quietChat(), 'withheld quietHours, until tomorrow 07:00'],
    ['at midnight', {}, { at: today('00:00') }, quietChat(), 'withheld quietHours, until today 07:00'],
    ['after midnight', {}, morning, quietChat(), 'withheld quietHours, until today 07:00'],
    ['in their last minute', {}, { at: today('06:59') }, quietChat(), 'withheld quietHours, until today 07:00'],
    ['as they end', {}, { at: today('07:00') }, quietChat(), chat],
    ['within a day: before', {}, { at: today('11:59') }, quietChat('12:00', '14:30'), chat],
    ['within a day: during', {}, {}, quietChat('12:00', '14:30'), 'withheld quietHours, until today 14:30'],
    ['within a day: after', {}, { at: today('14:30') }, quietChat('12:00', '14:30'), chat],
    [
      'from midnight on',
      {},
      { at: today('00:00') },
      quietChat('00:00', '06:00'),
      'withheld quietHours, until today 06:00',
    ],
    [
      'up to midnight',
      {},
      { at: today('23:59') },
      quietChat('20:00', '00:00'),
      'withheld quietHours, until tomorrow 00:00',
    ],
    ['up to midnight: it is over then', {}, { at: today('00:00') }, quietChat('20:00', '00:00'), chat],
    [
      'from a time to itself: the whole day',
      {},
      {},
      quietChat('09:00', '09:00'),
      'withheld quietHours, until tomorrow 09:00',
    ],
    [
      'the whole day, before that time',
      {},
      { at: today('08:00') },
      quietChat('09:00', '09:00'),
      'withheld quietHours, until today 09:00',
    ],
    ['times are set but quiet hours are off', {}, night, { notifyChatQuietFrom: 0 }, chat],
    ['of the chats: an announcement is told', { kind: 'announcement' }, night, quietChat(), system],
    ['of the chats: a change of the limits is told', { kind: 'policy' }, night, quietChat(), admin],
    ['of the announcements: a message is told', {}, night, quietSystem, chat],
    [
      'of the announcements: an announcement',
      { kind: 'announcement' },
      night,
      quietSystem,
      'withheld quietHours, until tomorrow 07:00',
    ],
    [
      'of the announcements: a maintenance',
      { kind: 'maintenance' },
      night,
      quietSystem,
      'withheld quietHours, until tomorrow 07:00',
    ],
    [
      'of the administrators, nothing through: the limits',
      { kind: 'policy' },
      night,
      { ...quietAdmin, notifyAdminBypass: false },
      'withheld quietHours, until tomorrow 07:00',
    ],
    [
      'of the administrators, nothing through: a kick',
      { kind: 'session' },
      night,
      { ...quietAdmin, notifyAdminBypass: false },
      'withheld quietHours, until tomorrow 07:00',
    ],
  ],
  'notifications turned off, until a time or until they are turned on': [
    ['a message', {}, {}, { doNotDisturbUntil: today('13:00') }, 'withheld doNotDisturb, until today 13:00'],
    ['until tomorrow', {}, {}, { doNotDisturbUntil: tomorrow('08:00') }, 'withheld doNotDisturb, until tomorrow 08:00'],
    ['until they are turned on', {}, {}, { doNotDisturbUntil: muteForEver }, 'withheld doNotDisturb'],
    ['the end is now', {}, {}, { doNotDisturbUntil: today('12:00') }, chat],
    ['the end was yesterday, and nobody took it back', {}, {}, { doNotDisturbUntil: yesterday('12:00') }, chat],
    ['a mention', { kind: 'mention' }, {}, off, 'withheld doNotDisturb, until today 14:00'],
    ['@all', { kind: 'mentionAll' }, {}, off, 'withheld doNotDisturb, until today 14:00'],
    ['an announcement', { kind: 'announcement' }, {}, off, 'withheld doNotDisturb, until today 14:00'],
    ['a maintenance', { kind: 'maintenance' }, {}, off, 'withheld doNotDisturb, until today 14:00'],
    [
      'a promotion that is wanted',
      { kind: 'promotion', urgent: true },
      {},
      { ...off, notifyPromotions: true },
      'withheld doNotDisturb, until today 14:00',
    ],
    [
      'what waits to be acknowledged, as in quiet hours',
      { kind: 'announcement', again: true },
      {},
      off,
      'withheld doNotDisturb, until today 14:00',
    ],
    [
      'what waits to be acknowledged and is urgent goes through, as in quiet hours',
      { kind: 'alert', urgent: true, again: true },
      {},
      off,
      'shown bypass full',
    ],
    ['an alert goes through', { kind: 'alert' }, {}, off, 'shown bypass full'],
    ['an urgent announcement goes through', { kind: 'announcement', urgent: true }, {}, off, 'shown bypass full'],
    ['the limits go through', { kind: 'policy' }, {}, off, 'shown bypass ♪ full'],
    ['a removal goes through', { kind: 'membership' }, {}, off, 'shown bypass ♪ full'],
    ['a kick goes through', { kind: 'session' }, {}, off, 'shown bypass ♪ full'],
    [
      '@me, where that is let through',
      { kind: 'mention' },
      {},
      { ...off, notifyChatBypass: true },
      'shown bypass ♪ full',
    ],
    [
      'a plain message, where @me is let through',
      {},
      {},
      { ...off, notifyChatBypass: true },
      'withheld doNotDisturb, until today 14:00',
    ],
    [
      'an alert, nothing through',
      { kind: 'alert' },
      {},
      { ...off, notifySystemBypass: false },
      'withheld doNotDisturb, until today 14:00',
    ],
    [
      'a removal, nothing through',
      { kind: 'membership' },
      {},
      { ...off, notifyAdminBypass: false },
      'withheld doNotDisturb, until today 14:00',
    ],
    ['being read', {}, { reading: true }, off, 'withheld beingRead'],
    ['recalled', { recalled: true }, {}, off, 'withheld recalled'],
    ['the channel is off as well', {}, {}, { ...off, notifyChat: false }, 'withheld channelOff'],
    ['muted as well', muted, {}, off, 'withheld muted, until tomorrow 09:00'],
    ['@me in a muted chat', { kind: 'mention', ...muted }, {}, off, 'withheld doNotDisturb, until today 14:00'],
    ['in focus mode: this has an end', {}, { focusMode: true }, off, 'withheld doNotDisturb, until today 14:00'],
    [
      'quiet hours that end later are the reason',
      {},
      night,
      { ...quietChat(), doNotDisturbUntil: tomorrow('00:30') },
      'withheld quietHours, until tomorrow 07:00',
    ],
    [
      'quiet hours that end earlier are not',
      {},
      night,
      { ...quietChat(), doNotDisturbUntil: tomorrow('08:00') },
      'withheld doNotDisturb, until tomorrow 08:00',
    ],
    [
      'of two that end together it is the one',
      {},
      night,
      { ...quietChat(), doNotDisturbUntil: tomorrow('07:00') },
      'withheld doNotDisturb, until tomorrow 07:00',
    ],
    [
      'without an end, in quiet hours',
      {},
      night,
      { ...quietChat(), doNotDisturbUntil: muteForEver },
      'withheld doNotDisturb',
    ],
    [
      'an alert goes through both',
      { kind: 'alert' },
      { ...night, focusMode: true },
      { ...quietSystem, doNotDisturbUntil: muteForEver },
      'shown bypass full',
    ],
    [
      'a system without notifications as well',
      {},
      { available: false },
      off,
      'withheld doNotDisturb, until today 14:00',
    ],
  ],
  'the silence that the system asks for': [
    ['a message', {}, { focusMode: true }, {}, 'withheld focusMode'],
    ['a mention', { kind: 'mention' }, { focusMode: true }, {}, 'withheld focusMode'],
    ['an announcement', { kind: 'announcement' }, { focusMode: true }, {}, 'withheld focusMode'],
    ['a maintenance', { kind: 'maintenance' }, { focusMode: true }, {}, 'withheld focusMode'],
    [
      'a message in quiet hours: these have an end',
      {},
      { focusMode: true, ...night },
      quietChat(),
      'withheld quietHours, until tomorrow 07:00',
    ],
    [
      'an alert, nothing through',
      { kind: 'alert' },
      { focusMode: true },
      { notifySystemBypass: false },
      'withheld focusMode',
    ],
    [
      'a removal, nothing through',
      { kind: 'membership' },
      { focusMode: true },
      { notifyAdminBypass: false },
      'withheld focusMode',
    ],
  ],
  'what matters most goes through quiet hours and focus mode, as the settings say': [
    ['an alert at night', { kind: 'alert' }, night, quietSystem, 'shown bypass full'],
    ['an alert in focus mode', { kind: 'alert' }, { focusMode: true }, {}, 'shown bypass full'],
    [
      'an alert at night, not wanted',
      { kind: 'alert' },
      night,
      { ...quietSystem, notifySystemBypass: false },
      'withheld quietHours, until tomorrow 07:00',
    ],
    [
      'an urgent announcement at night',
      { kind: 'announcement', urgent: true },
      night,
      quietSystem,
      'shown bypass full',
    ],
    [
      'an urgent announcement in focus mode',
      { kind: 'announcement', urgent: true },
      { focusMode: true },
      {},
      'shown bypass full',
    ],
    [
      'an urgent maintenance in focus mode',
      { kind: 'maintenance', urgent: true },
      { focusMode: true },
      {},
      'shown bypass full',
    ],
    [
      'an urgent promotion is still a promotion',
      { kind: 'promotion', urgent: true },
      { focusMode: true },
      { notifyPromotions: true },
      'withheld focusMode',
    ],
    ['the limits at night', { kind: 'policy' }, night, quietAdmin, 'shown bypass ♪ full'],
    ['read-only at night', { kind: 'permission' }, night, quietAdmin, 'shown bypass ♪ full'],
    ['a removal in focus mode', { kind: 'membership' }, { focusMode: true }, {}, 'shown bypass ♪ full'],
    ['a kick in focus mode', { kind: 'session' }, { focusMode: true }, {}, 'shown bypass ♪ full'],
    [
      '@me at night, wanted',
      { kind: 'mention' },
      night,
      { ...quietChat(), notifyChatBypass: true },
      'shown bypass ♪ full',
    ],
    [
      '@me in focus mode, wanted',
      { kind: 'mention' },
      { focusMode: true },
      { notifyChatBypass: true },
      'shown bypass ♪ full',
    ],
    [
      '@all in focus mode, @me wanted',
      { kind: 'mentionAll' },
      { focusMode: true },
      { notifyChatBypass: true },
      'withheld focusMode',
    ],
    [
      'a plain message in focus mode, @me wanted',
      {},
      { focusMode: true },
      { notifyChatBypass: true },
      'withheld focusMode',
    ],
    ['both at once', { kind: 'alert' }, { ...night, focusMode: true }, quietSystem, 'shown bypass full'],
    ['by day nothing has to be gone through', { kind: 'alert' }, {}, quietSystem, system],
    [
      'it does not bring back what has expired',
      { kind: 'alert', expiresAt: today('22:00') },
      night,
      quietSystem,
      'withheld expired',
    ],
    [
      'it does not open a channel that is off',
      { kind: 'policy' },
      night,
      { ...quietAdmin, notifyAdmin: false },
      'withheld channelOff',
    ],
  ],
  'promotions are told only to those who want them': [
    ['wanted', { kind: 'promotion' }, {}, { notifyPromotions: true }, system],
    ['wanted, but read', { kind: 'promotion', read: true }, {}, { notifyPromotions: true }, 'withheld read'],
    [
      'wanted, at night',
      { kind: 'promotion' },
      night,
      { ...quietSystem, notifyPromotions: true },
      'withheld quietHours, until tomorrow 07:00',
    ],
    ['urgent, not wanted', { kind: 'promotion', urgent: true }, {}, {}, 'withheld promotion'],
    ['not wanted: others of the channel are told', { kind: 'announcement' }, {}, { notifyPromotions: false }, system],
  ],
  'what waits to be acknowledged comes back after a start': [
    ['an important announcement', { kind: 'announcement', again: true }, {}, {}, 'shown unacknowledged full'],
    [
      'although it was looked at',
      { kind: 'announcement', again: true, read: true },
      {},
      {},
      'shown unacknowledged full',
    ],
    ['an urgent alert', { kind: 'alert', urgent: true, again: true }, {}, {}, 'shown unacknowledged full'],
    ['a maintenance', { kind: 'maintenance', again: true }, {}, {}, 'shown unacknowledged full'],
    [
      'not once it was acknowledged',
      { kind: 'alert', again: true, acknowledged: true },
      {},
      {},
      'withheld acknowledged',
    ],
    ['not once it has expired', { kind: 'alert', again: true, expiresAt: today('11:59') }, {}, {}, 'withheld expired'],
    [
      'not in quiet hours',
      { kind: 'announcement', again: true },
      night,
      quietSystem,
      'withheld quietHours, until tomorrow 07:00',
    ],
    [
      'in quiet hours when it is urgent',
      { kind: 'alert', urgent: true, again: true },
      night,
      quietSystem,
      'shown bypass full',
    ],
    [
      'with the sound of its channel',
      { kind: 'alert', again: true },
      {},
      { notifySystemSound: true },
      'shown unacknowledged ♪ full',
    ],
  ],
  'how much is shown and heard, channel by channel': [
    ['a message without a sound', {}, {}, { notifyChatSound: false }, 'shown ordinary full'],
    ['an urgent alert as long as the channel has none', { kind: 'alert', urgent: true }, {}, {}, system],
    [
      'an urgent alert, with the sound of its channel',
      { kind: 'alert', urgent: true },
      {},
      { notifySystemSound: true },
      'shown ordinary ♪ full',
    ],
    [
      'what waits to be acknowledged, with the sound of its channel',
      { kind: 'alert', urgent: true, again: true },
      {},
      { notifySystemSound: true },
      'shown unacknowledged ♪ full',
    ],
    ['an announcement with one', { kind: 'announcement' }, {}, { notifySystemSound: true }, 'shown ordinary ♪ full'],
    ['a change of the limits without one', { kind: 'policy' }, {}, { notifyAdminSound: false }, 'shown ordinary full'],
    ['only who wrote', {}, {}, { notifyChatPrivacy: 'sender' }, 'shown ordinary ♪ sender'],
    ['not even who wrote', {}, {}, { notifyChatPrivacy: 'nothing' }, 'shown ordinary ♪ nothing'],
    ['a mention: only who wrote', { kind: 'mention' }, {}, { notifyChatPrivacy: 'sender' }, 'shown ordinary ♪ sender'],
    ['of the chats: an announcement in full', { kind: 'announcement' }, {}, { notifyChatPrivacy: 'nothing' }, system],
    [
      'an announcement: nothing of it',
      { kind: 'announcement' },
      {},
      { notifySystemPrivacy: 'nothing' },
      'shown ordinary nothing',
    ],
    [
      'a removal: nothing of it',
      { kind: 'membership' },
      {},
      { notifyAdminPrivacy: 'nothing' },
      'shown ordinary ♪ nothing',
    ],
    ['locked or presenting: a message', {}, { concealed: true }, {}, 'shown ordinary ♪ nothing'],
    [
      'locked or presenting: an announcement',
      { kind: 'announcement' },
      { concealed: true },
      {},
      'shown ordinary nothing',
    ],
    ['locked or presenting: a removal', { kind: 'membership' }, { concealed: true }, {}, 'shown ordinary ♪ nothing'],
    [
      'locked or presenting, only who wrote',
      {},
      { concealed: true },
      { notifyChatPrivacy: 'sender' },
      'shown ordinary ♪ nothing',
    ],
  ],
  'a system without notifications': [
    ['a message', {}, { available: false }, {}, 'withheld unavailable'],
    ['an alert', { kind: 'alert', urgent: true }, { available: false }, {}, 'withheld unavailable'],
    ['muted as well: that is the reason', muted, { available: false }, {}, 'withheld muted, until tomorrow 09:00'],
    ['off as well: that is the reason', {}, { available: false }, { notifyChat: false }, 'withheld channelOff'],
  ],
  'of several reasons the one that no setting changes comes first': [
    ['own, and being read', { own: true }, { reading: true }, {}, 'withheld own'],
    ['recalled, and muted', { recalled: true, ...muted }, {}, {}, 'withheld recalled'],
    ['read, and the channel is off', { read: true }, {}, { notifyChat: false }, 'withheld read'],
    ['muted, and the channel is off', muted, {}, { notifyChat: false }, 'withheld channelOff'],
    ['acknowledged, and expired', { kind: 'alert', acknowledged: true, expiresAt: 0 }, {}, {}, 'withheld acknowledged'],
    ['a promotion at night', { kind: 'promotion' }, night, quietSystem, 'withheld promotion'],
  ],
}

describe.each(Object.entries(table))('%s', (_title, rows) => {
  it.each(rows)('%s', (_says, happened, stands, settings, decision) => {
    const rules = rulesFrom({ ...defaults, ...settings })
    expect(inWords(decide({ ...nothingSpecial, ...happened }, { ...atNoon, ...stands }, rules))).toBe(decision)
  })
})

it('the table says enough to be a specification', () => {
  const rows = Object.values(table).flat()
  expect(rows.length).toBeGreaterThanOrEqual(120)
  expect(new Set(rows.map(([, happened]) => happened.kind ?? 'message'))).toEqual(new Set(occasionKinds))
})

describe('whatever happens', () => {
  const maybe = fc.boolean()
  const moment = fc.integer({ min: today('00:00', -3), max: today('00:00', 3) })
  const occasions: fc.Arbitrary<Occasion> = fc.record({
    kind: fc.constantFrom(...occasionKinds),
    own: maybe,
    recalled: maybe,
    read: maybe,
    acknowledged: maybe,
    expiresAt: fc.option(moment),
    mutedUntil: fc.option(moment),
    urgent: maybe,
    again: maybe,
  })
  const situations: fc.Arbitrary<Situation> = fc.record({
    at: moment,
    reading: maybe,
    focusMode: maybe,
    available: maybe,
    concealed: maybe,
  })
  const minute = fc.integer({ min: 0, max: 1439 })
  const channel = fc.record({
    on: maybe,
    sound: maybe,
    privacy: fc.constantFrom('full' as const, 'sender' as const, 'nothing' as const),
    quietHours: fc.option(fc.record({ from: minute, to: minute })),
    bypass: maybe,
  })
  const rulesOf: fc.Arbitrary<NotificationRules> = fc.record({
    channels: fc.record({ chat: channel, system: channel, admin: channel }),
    mentionMe: maybe,
    mentionAll: maybe,
    promotions: maybe,
    doNotDisturbUntil: fc.option(moment),
  })

  it('messages of a muted chat change nothing about those of another', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ muted: maybe, occasion: occasions }), { minLength: 1, maxLength: 12 }),
        situations,
        rulesOf,
        (all, situation, rules) => {
          const occasionOf = ({ muted, occasion }: (typeof all)[number]): Occasion =>
            muted ? { ...occasion, mutedUntil: muteForEver } : occasion
          const together = all.map((one) => decide(occasionOf(one), situation, rules))
          const others = all.filter((one) => !one.muted)
          const alone = others.map((one) => decide(occasionOf(one), situation, rules))
          expect(together.filter((_decision, i) => all[i]?.muted === false)).toEqual(alone)
        },
      ),
    )
  })

  it('silence has no sound, a concealed screen no words, and an end lies ahead', () => {
    fc.assert(
      fc.property(occasions, situations, rulesOf, (occasion, situation, rules) => {
        const { shown, sound, privacy, until } = decide(occasion, situation, rules)
        if (!shown) expect(sound).toBe(false)
        if (situation.concealed) expect(privacy).toBe('nothing')
        if (until !== null) expect(until).toBeGreaterThan(situation.at)
      }),
    )
  })

  it('quiet hours end when their clock says so, within a day', () => {
    fc.assert(
      fc.property(minute, minute, moment, (from, to, at) => {
        const until = quietUntil({ from, to }, at)
        if (until === null) return
        const end = new Date(until)
        expect(end.getHours() * 60 + end.getMinutes()).toBe(to)
        // A day that puts its clocks back is an hour longer.
        expect(until - at).toBeLessThanOrEqual(25 * 3_600_000)
        if (from !== to) expect(quietUntil({ from, to }, until)).toBeNull()
      }),
    )
  })
})
