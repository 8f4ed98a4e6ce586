/**
 * The registry of settings: one descriptor each. Schemas, initial values, what is stored and what the settings page
 * shows all come from here; a new setting is one entry and its texts (`settings.names`, `.hints`, `.options`).
 */
import * as v from 'valibot'
import { muteForEver } from '../domain/conversation.ts'
import { privacyLevels } from '../domain/notification/policy.ts'

/** Pages of the settings that are made of descriptors, in the order shown. */
export const settingSections = ['appearance', 'writing', 'notifications', 'desktop', 'lock'] as const
export type SettingSection = (typeof settingSections)[number]

/** Settings of a section that belong together under a heading. */
export type SettingGroup = 'text' | 'vision' | 'chat' | 'system' | 'admin'

export type SettingControl =
  | { readonly kind: 'choice'; readonly options: readonly string[] }
  | { readonly kind: 'toggle' }
  /** A time of day, in minutes since midnight. */
  | { readonly kind: 'time' }
  /** Off, or silent until a time. */
  | { readonly kind: 'silence' }
  /** A share in percent. */
  | { readonly kind: 'percent'; readonly min: number; readonly max: number; readonly step: number }

export interface SettingDescriptor {
  readonly schema: v.GenericSchema
  readonly initial: unknown
  readonly section: SettingSection
  readonly group?: SettingGroup
  readonly control: SettingControl
  /** Whose texts it shares: `notifyChat` and `notifyAdmin` are both called by `notify`. Default: its own key. */
  readonly text?: string
  /** The switch without which it means nothing. */
  readonly needs?: string
}

type Place = Pick<SettingDescriptor, 'section' | 'group' | 'text' | 'needs'>

function choice<const T extends readonly [string, ...string[]]>(options: T, initial: T[number], place: Place) {
  return { schema: v.picklist(options), initial, control: { kind: 'choice', options }, ...place } as const
}

function toggle(initial: boolean, place: Place) {
  return { schema: v.boolean(), initial, control: { kind: 'toggle' }, ...place } as const
}

function percent(initial: number, { min, max, step }: { min: number; max: number; step: number }, place: Place) {
  const schema = v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max))
  return { schema, initial, control: { kind: 'percent', min, max, step }, ...place } as const
}

function timeOfDay(hours: number, place: Place) {
  const schema = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(24 * 60 - 1))
  return { schema, initial: hours * 60, control: { kind: 'time' }, ...place } as const
}

function silence(place: Place) {
  const schema = v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(muteForEver)))
  return { schema, initial: null, control: { kind: 'silence' }, ...place } as const
}

const looks = { section: 'appearance' } as const
const text = { section: 'appearance', group: 'text' } as const
const vision = { section: 'appearance', group: 'vision' } as const
const writing = { section: 'writing' } as const
const desktop = { section: 'desktop' } as const
const notifications = (group: SettingGroup, text: string, needs?: string) =>
  ({ section: 'notifications', group, text, ...(needs === undefined ? {} : { needs }) }) as const
const privacy = privacyLevels

export const settingDescriptors = {
  language: choice(['system', 'zh-CN', 'en'], 'system', looks),
  theme: choice(['system', 'light', 'dark'], 'system', looks),
  density: choice(['comfortable', 'compact'], 'comfortable', text),
  fontScale: percent(100, { min: 80, max: 200, step: 10 }, text),
  reducedMotion: choice(['system', 'on'], 'system', vision),
  highContrast: choice(['system', 'on'], 'system', vision),
  /** Others see the screen: previews and notifications hide what was written. */
  presenting: toggle(false, looks),
  /** What sends: Enter (then Shift+Enter breaks the line), or Ctrl/Cmd+Enter. */
  sendKey: choice(['enter', 'modEnter'], 'enter', writing),
  spellCheck: toggle(true, writing),
  /** No notifications until then, ms since 1970; null: not silent. Main takes it back when it has passed. */
  doNotDisturbUntil: silence({ section: 'notifications' }),
  notifyChat: toggle(true, notifications('chat', 'notify')),
  notifyChatSound: toggle(true, notifications('chat', 'notifySound', 'notifyChat')),
  notifyChatPrivacy: choice(privacy, 'full', notifications('chat', 'notifyPrivacy', 'notifyChat')),
  /** Named in a muted chat. */
  notifyMentionMe: toggle(true, notifications('chat', 'notifyMentionMe', 'notifyChat')),
  notifyMentionAll: toggle(false, notifications('chat', 'notifyMentionAll', 'notifyChat')),
  notifyChatQuiet: toggle(false, notifications('chat', 'notifyQuiet', 'notifyChat')),
  notifyChatQuietFrom: timeOfDay(22, notifications('chat', 'notifyQuietFrom', 'notifyChatQuiet')),
  notifyChatQuietTo: timeOfDay(7, notifications('chat', 'notifyQuietTo', 'notifyChatQuiet')),
  notifyChatBypass: toggle(false, notifications('chat', 'notifyChatBypass', 'notifyChat')),
  notifySystem: toggle(true, notifications('system', 'notify')),
  notifySystemSound: toggle(false, notifications('system', 'notifySound', 'notifySystem')),
  notifySystemPrivacy: choice(privacy, 'full', notifications('system', 'notifyPrivacy', 'notifySystem')),
  notifyPromotions: toggle(false, notifications('system', 'notifyPromotions', 'notifySystem')),
  notifySystemQuiet: toggle(false, notifications('system', 'notifyQuiet', 'notifySystem')),
  notifySystemQuietFrom: timeOfDay(22, notifications('system', 'notifyQuietFrom', 'notifySystemQuiet')),
  notifySystemQuietTo: timeOfDay(7, notifications('system', 'notifyQuietTo', 'notifySystemQuiet')),
  notifySystemBypass: toggle(true, notifications('system', 'notifySystemBypass', 'notifySystem')),
  notifyAdmin: toggle(true, notifications('admin', 'notify')),
  notifyAdminSound: toggle(true, notifications('admin', 'notifySound', 'notifyAdmin')),
  notifyAdminPrivacy: choice(privacy, 'full', notifications('admin', 'notifyPrivacy', 'notifyAdmin')),
  notifyAdminQuiet: toggle(false, notifications('admin', 'notifyQuiet', 'notifyAdmin')),
  notifyAdminQuietFrom: timeOfDay(22, notifications('admin', 'notifyQuietFrom', 'notifyAdminQuiet')),
  notifyAdminQuietTo: timeOfDay(7, notifications('admin', 'notifyQuietTo', 'notifyAdminQuiet')),
  notifyAdminBypass: toggle(true, notifications('admin', 'notifyAdminBypass', 'notifyAdmin')),
  /** Where the desktop shows a tray icon. */
  closeToTray: toggle(true, desktop),
  blinkTray: toggle(false, desktop),
  startAtLogin: toggle(false, desktop),
  startHidden: toggle(true, { ...desktop, needs: 'startAtLogin' }),
  /** Where the program renews itself. */
  updateAutomatically: toggle(true, desktop),
  /** Minutes without a touch, where there is a PIN. */
  lockAfter: choice(['never', '1', '5', '15', '60'], '15', { section: 'lock' }),
} as const satisfies Readonly<Record<string, SettingDescriptor>>

type Descriptors = typeof settingDescriptors
export type SettingKey = keyof Descriptors
export type Settings = { [K in SettingKey]: v.InferOutput<Descriptors[K]['schema']> }

/** In the order of the registry. */
export const settingKeys = Object.keys(settingDescriptors) as readonly SettingKey[]

function ofEach<T>(valueOf: (key: SettingKey) => T): Record<string, T> {
  return Object.fromEntries(settingKeys.map((key) => [key, valueOf(key)]))
}

export const settingsSchema = v.object(
  ofEach((key) => settingDescriptors[key].schema) as { [K in SettingKey]: Descriptors[K]['schema'] },
)

/** Stored values over the initial ones; a stored value that is no longer allowed falls back to the initial one. */
export function settingsFrom(stored: ReadonlyMap<string, unknown>): Settings {
  return ofEach((key) => {
    const { schema, initial } = settingDescriptors[key]
    const parsed = v.safeParse(schema, stored.get(key))
    return parsed.success ? parsed.output : initial
  }) as Settings
}
