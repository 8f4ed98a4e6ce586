/**
 * Who the program is to its system. Windows: without it toasts have no sender, and a click on one does not start the
 * program. Linux: the launcher's number belongs to the desktop file that the packages install. Must never change: what is
 * installed, and what waits in the Action Center, is found again by these names.
 */
import type { App } from 'electron'

/** As the installer writes it on the shortcut. */
const appUserModelId = 'org.godwit.desktop'
const desktopName = 'godwit.desktop'
const toastActivator = '{5610800A-5947-468A-8564-DEEBE43C3FAC}'

/** Before the app is ready, and before anything is shown. macOS knows by the bundle. */
export function identifyToSystem(
  app: Pick<App, 'setAppUserModelId' | 'setToastActivatorCLSID' | 'setDesktopName'>,
  platform: NodeJS.Platform,
): void {
  if (platform === 'linux') app.setDesktopName(desktopName)
  if (platform !== 'win32') return
  app.setAppUserModelId(appUserModelId)
  app.setToastActivatorCLSID(toastActivator)
}
