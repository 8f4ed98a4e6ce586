/**
 * The program in the tray: whether there is an icon, and what it says.
 *
 * Promises: on Linux an icon exists only while somebody shows it; when the desktop's tray goes (a locked screen, a
 * restarted shell) and comes back, so does the icon. A window that was hidden in a tray that stays away is shown again,
 * so that nothing is out of reach.
 */
import type { MenuItemConstructorOptions } from 'electron'
import { type Disposable, DisposableStack } from '#common/base/disposable.ts'
import type { Account } from '#common/domain/account.ts'
import type { ConnectionState } from '#common/domain/connection.ts'
import type { TrayIcon, TrayLook, TrayState } from '#electron/adapters/tray/trayIcon.ts'
import type { SilenceSpan } from '#common/domain/silence.ts'
import type { Totals } from '#electron/core/totals.ts'
import type { Clock, Log } from '#electron/core/ports/platform.ts'
import { createBlink } from './blink.ts'
import { doNotDisturbItems, doNotDisturbText } from './doNotDisturbMenu.ts'

/** So long a tray may be away, with the screen unlocked, before a hidden window is shown. */
export const trayGraceMs = 30_000
/** The desktop's own session bus answers in milliseconds, or not at all. */
const probeMs = 2_000

export interface TraySituation {
  readonly state: TrayState
  readonly totals: Totals
  readonly locale: 'zh-CN' | 'en'
  /** Notifications are turned off until then, ms since 1970; null: they are not. */
  readonly doNotDisturbUntil: number | null
  /** The icon is to draw the eye to what is unread. */
  readonly blinks: boolean
}

export interface TrayOptions {
  readonly clock: Clock
  readonly log: Log
  readonly create: (look: TrayLook) => TrayIcon
  /** Tells at once, and whenever it changes, whether somebody shows tray icons; null: this system always does. */
  readonly watchHost: ((onChanged: (present: boolean) => void) => Disposable) | null
  readonly situation: () => TraySituation
  readonly onOpen: () => void
  readonly onQuit: () => void
  readonly onDoNotDisturb: (span: SilenceSpan | null) => void
  /** The tray is gone for good, as far as one can tell. */
  readonly onLost: () => void
}

export interface TrayControl extends Disposable {
  /** There is an icon now. */
  readonly exists: boolean
  /** Resolves as soon as it is known whether there is one. */
  readonly known: Promise<void>
  /** The situation is another one. */
  update(): void
  /** While the screen is locked, a tray that is away is not missed. */
  noteLocked(locked: boolean): void
}

const texts = {
  en: {
    states: { online: 'Online', connecting: 'Connecting…', offline: 'Offline', signedOut: 'Signed out' },
    messages: (n: number) => (n === 1 ? '1 unread message' : `${n} unread messages`),
    notices: (n: number) => (n === 1 ? '1 announcement waits' : `${n} announcements wait`),
    nothing: 'Nothing unread',
    open: 'Open Godwit',
    quit: 'Quit Godwit',
  },
  'zh-CN': {
    states: { online: '在线', connecting: '正在连接…', offline: '离线', signedOut: '已退出登录' },
    messages: (n: number) => `${n} 条未读消息`,
    notices: (n: number) => `${n} 条公告待处理`,
    nothing: '没有未读消息',
    open: '打开 Godwit',
    quit: '退出 Godwit',
  },
} as const

/** What waits, in one line. */
export function totalsText({ messages, notices }: Totals, locale: 'zh-CN' | 'en'): string {
  const words = texts[locale]
  const parts = [...(messages > 0 ? [words.messages(messages)] : []), ...(notices > 0 ? [words.notices(notices)] : [])]
  return parts.length === 0 ? words.nothing : parts.join(locale === 'en' ? ', ' : '，')
}

/** The best of what the accounts are: one that is online is enough to receive something. */
export function trayState(
  accounts: readonly Pick<Account, 'id' | 'signedIn'>[],
  connectionOf: (accountId: string) => ConnectionState,
): TrayState {
  const states = accounts.filter(({ signedIn }) => signedIn).map(({ id }) => connectionOf(id))
  const live = states.filter((state) => state !== 'rejected' && state !== 'kicked')
  if (live.length === 0) return 'signedOut'
  if (live.includes('online')) return 'online'
  return live.every((state) => state === 'offline') ? 'offline' : 'connecting'
}

export function createTrayControl(options: TrayOptions): TrayControl {
  const { clock, log, create, watchHost, situation, onOpen, onQuit, onDoNotDisturb, onLost } = options
  const scope = new DisposableStack()
  const { promise: known, resolve: becomeKnown } = Promise.withResolvers<void>()
  let icon: TrayIcon | null = null
  let present = watchHost === null
  let locked = false
  let missing: Disposable | null = null

  const blink = scope.add(createBlink(clock, () => icon?.show(look())))

  const look = (): TrayLook => {
    const { state, totals, locale, doNotDisturbUntil, blinks } = situation()
    const words = texts[locale]
    const summary = totalsText(totals, locale)
    const silence = { until: doNotDisturbUntil, now: clock.now(), locale }
    const unread = totals.messages + totals.notices > 0
    blink.set(blinks && unread)
    const menu: MenuItemConstructorOptions[] = [
      { label: summary, enabled: false },
      { type: 'separator' },
      { id: 'open', label: words.open, click: onOpen },
      ...doNotDisturbItems(silence, onDoNotDisturb),
      { type: 'separator' },
      { id: 'quit', label: words.quit, click: onQuit },
    ]
    const lines = [`Godwit · ${words.states[state]}`, summary, doNotDisturbText(silence)]
    return { state, unread: unread && blink.lit, toolTip: lines.filter((line) => line !== null).join('\n'), menu }
  }
  const forget = (): void => {
    icon?.dispose()
    icon = null
    blink.set(false)
  }
  const miss = (): void => {
    missing?.dispose()
    missing = null
    if (icon === null && !locked) missing = clock.after(trayGraceMs, onLost)
  }
  const bring = (): void => {
    missing?.dispose()
    missing = null
    try {
      icon = create(look())
    } catch (error) {
      log.warn('no tray icon', { error: error instanceof Error ? error.message : String(error) })
    }
  }
  const hostChanged = (there: boolean): void => {
    const before = present
    present = there
    log.info('tray host', { present: there })
    // An icon does not find a new host by itself: what was registered with the old one is gone with it.
    forget()
    if (there) bring()
    else if (before) miss()
    becomeKnown()
  }

  scope.add(clock.after(probeMs, becomeKnown))
  if (watchHost === null) {
    bring()
    becomeKnown()
  } else scope.add(watchHost(hostChanged))
  scope.defer(() => {
    missing?.dispose()
    forget()
  })

  return {
    get exists() {
      return icon !== null
    },
    known,
    update: () => icon?.show(look()),
    noteLocked(now) {
      locked = now
      if (watchHost !== null && !present) miss()
    },
    dispose: () => scope.dispose(),
  }
}
