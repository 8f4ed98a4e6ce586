/** Which of the system's ways to notify is taken. */
import { randomUUID } from 'node:crypto'
import { Notification } from 'electron'
import type { Notifier } from '#electron/core/ports/notifier.ts'
import type { Log } from '#electron/core/ports/platform.ts'
import { openSessionBus } from '../dbus/sessionBus.ts'
import { createElectronNotifier } from './electronNotifier.ts'
import { createFreedesktopNotifier } from './freedesktopNotifier.ts'
import type { NotifierLocale } from './texts.ts'

export interface NotifierOptions {
  readonly platform: NodeJS.Platform
  readonly locale: () => NotifierLocale
  readonly log: Log
  /** macOS: what the `ready` event of the app said of the notification that started it. */
  readonly launch?: unknown
  /** Else as the environment says. */
  readonly busAddress?: string
}

/** To be used once the app is ready. A Linux with a session bus talks to the desktop's own daemon, also to a late one. */
export async function createNotifier({ busAddress, ...options }: NotifierOptions): Promise<Notifier> {
  if (options.platform === 'linux') {
    const bus = await openSessionBus({ log: options.log, ...(busAddress === undefined ? {} : { address: busAddress }) })
    if (bus !== null) return createFreedesktopNotifier({ ...options, bus, desktopEntry: 'godwit' })
  }
  return createElectronNotifier({ ...options, Notification, uuid: randomUUID })
}
