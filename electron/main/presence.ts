/** What the desktop shows of the program beside its windows: the icon in the tray, and the number on its own icon. */
import { type App, BrowserWindow, powerMonitor } from 'electron'
import { type Disposable, DisposableStack } from '#common/base/disposable.ts'
import type { SilenceSpan } from '#common/domain/silence.ts'
import { noticeReason } from '#common/domain/noticeAttention.ts'
import { createBadge } from '#electron/adapters/badge/badge.ts'
import type { SessionBus } from '#electron/adapters/dbus/sessionBus.ts'
import { watchTrayHost } from '#electron/adapters/tray/trayHost.ts'
import { createTrayIcon } from '#electron/adapters/tray/trayIcon.ts'
import type { Accounts } from '#electron/core/accounts.ts'
import type { Clock, Log } from '#electron/core/ports/platform.ts'
import { TotalsWatch } from '#electron/core/totals.ts'
import { createTrayControl, totalsText, trayState } from './tray.ts'

export interface PresenceOptions {
  readonly app: Pick<App, 'setBadgeCount' | 'quit' | 'on' | 'off'>
  readonly accounts: Accounts
  readonly platform: NodeJS.Platform
  /** Of a Linux desktop; null where there is none, and on other systems. */
  readonly bus: SessionBus | null
  readonly iconsDir: string
  readonly locale: () => 'zh-CN' | 'en'
  readonly clock: Clock
  readonly log: Log
  /** The user wants the main window, or it is to come back because nothing else leads to it. */
  readonly onOpen: () => void
  /** Notifications are turned off until then; null: they are not. */
  readonly doNotDisturbUntil: () => number | null
  readonly onDoNotDisturb: (span: SilenceSpan | null) => void
  /** The icon may blink, as far as settings and system say. */
  readonly mayBlink: () => boolean
}

export interface Presence extends Disposable {
  /** Closing a window may hide it: there is an icon to bring it back. */
  readonly hasTray: boolean
  /** Resolves when `hasTray` is no longer a guess. */
  readonly known: Promise<void>
  /** Language, accounts or windows are others. */
  update(): void
}

export function createPresence(options: PresenceOptions): Presence {
  const { app, accounts, platform, bus, iconsDir, locale, clock, log, onOpen } = options
  const scope = new DisposableStack()
  const totals = scope.add(
    new TotalsWatch({ accounts, clock, log, waits: (notice, at) => noticeReason(notice, at) !== null }),
  )
  const badge = createBadge({ app, platform, iconsDir, windows: () => BrowserWindow.getAllWindows() })
  const nobody = (onChanged: (present: boolean) => void): Disposable => {
    onChanged(false)
    return { dispose: () => undefined }
  }
  const watchHost = bus === null ? nobody : (changed: (there: boolean) => void) => watchTrayHost(bus, changed)
  const tray = scope.add(
    createTrayControl({
      clock,
      log,
      create: (look) => createTrayIcon(look, { platform, iconsDir, onOpen }),
      watchHost: platform === 'linux' ? watchHost : null,
      situation: () => ({
        state: trayState(accounts.list(), (id) => {
          const session = accounts.session(id)
          return session.ok ? session.value.connection.state : 'offline'
        }),
        totals: totals.current,
        locale: locale(),
        doNotDisturbUntil: options.doNotDisturbUntil(),
        blinks: options.mayBlink() && options.doNotDisturbUntil() === null && BrowserWindow.getFocusedWindow() === null,
      }),
      onDoNotDisturb: options.onDoNotDisturb,
      onOpen,
      onQuit: () => app.quit(),
      onLost: () => {
        log.warn('the tray stays away: the window is shown')
        onOpen()
      },
    }),
  )
  const update = (): void => {
    const { current } = totals
    tray.update()
    badge.show(current.messages + current.notices, totalsText(current, locale()))
  }
  const locked = (): void => tray.noteLocked(true)
  const unlocked = (): void => tray.noteLocked(false)
  powerMonitor.on('lock-screen', locked).on('unlock-screen', unlocked)
  scope.defer(() => void powerMonitor.off('lock-screen', locked).off('unlock-screen', unlocked))
  const focused = (): void => tray.update()
  app.on('browser-window-focus', focused).on('browser-window-blur', focused)
  scope.defer(() => void app.off('browser-window-focus', focused).off('browser-window-blur', focused))
  scope.add(totals.onChanged(update))
  scope.add(accounts.onConnection(() => tray.update()))
  scope.add(accounts.onListChanged(update))
  update()

  return {
    get hasTray() {
      return tray.exists
    },
    known: tray.known,
    update,
    dispose: () => scope.dispose(),
  }
}
