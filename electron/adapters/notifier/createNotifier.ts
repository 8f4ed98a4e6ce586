/** Which of the system's ways to notify is taken. */
import { randomUUID } from 'node:crypto'
import { Notification } from 'electron'
import type { Notifier } from '#electron/core/ports/notifier.ts'
import type { Log } from '#electron/core/ports/platform.ts'
import { createElectronNotifier } from './electronNotifier.ts'
import type { NotifierLocale } from './texts.ts'

export interface NotifierOptions {
  readonly platform: NodeJS.Platform
  readonly locale: () => NotifierLocale
  readonly log: Log
  /** macOS: what the `ready` event of the app said of the notification that started it. */
  readonly launch?: unknown
}

/** To be used once the app is ready. */
export function createNotifier(options: NotifierOptions): Promise<Notifier> {
  return Promise.resolve(createElectronNotifier({ ...options, Notification, uuid: randomUUID }))
}
