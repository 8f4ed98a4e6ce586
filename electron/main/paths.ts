/** Where things lie: in the build beside this bundle, and in the user's data folder. */
import { app } from 'electron'
import { join } from 'node:path'

const built = import.meta.dirname

export const preloadFile = join(built, '../preload/index.cjs')
export const rendererDir = join(built, '../renderer')
/** The drawings of tray and badge. */
export const iconsDir = join(built, 'icons')
export const storeWorkerFile = join(built, 'storeWorker.js')

export function dataDir(): string {
  return app.getPath('userData')
}

export function accountDir(accountId: string): string {
  return join(dataDir(), 'accounts', accountId)
}

/** The messages of an account. */
export function storeFile(accountId: string): string {
  return join(accountDir(accountId), 'messages.db')
}

/** Accounts, settings, and where windows stood. */
export function appFile(): string {
  return join(dataDir(), 'app.db')
}
