/**
 * The icon in the tray, as Electron has it: one drawing per state, with and without something unread, a tooltip and a
 * menu. macOS gets template images, which its menu bar colours itself; Windows and Linux get one with a ground of its
 * own, which stands on a dark panel as on a light one.
 *
 * Must never keep an icon after `dispose`.
 */
import { Menu, type MenuItemConstructorOptions, Tray, nativeImage } from 'electron'
import { join } from 'node:path'
import type { Disposable } from '#common/base/disposable.ts'

export type TrayState = 'online' | 'connecting' | 'offline' | 'signedOut'

export interface TrayLook {
  readonly state: TrayState
  readonly unread: boolean
  readonly toolTip: string
  readonly menu: readonly MenuItemConstructorOptions[]
}

export interface TrayIcon extends Disposable {
  /** Draws what is different from before. */
  show(look: TrayLook): void
}

export interface TrayIconOptions {
  readonly platform: NodeJS.Platform
  /** Folder of the drawings; those for fine screens lie beside them (`@2x`). */
  readonly iconsDir: string
  readonly onOpen: () => void
}

/** The drawing's file: on macOS the name makes it a template image. */
export function trayIconFile(platform: NodeJS.Platform, state: TrayState, unread: boolean): string {
  const name = unread ? `${state}-unread` : state
  return platform === 'darwin' ? `${name}Template.png` : `${name}-${platform === 'win32' ? 'windows' : 'panel'}.png`
}

/** Throws where the system refuses an icon. */
export function createTrayIcon(look: TrayLook, { platform, iconsDir, onOpen }: TrayIconOptions): TrayIcon {
  const imageOf = ({ state, unread }: TrayLook) =>
    nativeImage.createFromPath(join(iconsDir, trayIconFile(platform, state, unread)))
  const tray = new Tray(imageOf(look))
  // Elsewhere a click opens the menu, where the user finds the same.
  if (platform !== 'darwin') tray.on('click', onOpen)
  if (platform === 'win32') tray.on('double-click', onOpen)
  let shown: { image: string; toolTip: string; menu: string } | null = null

  const icon: TrayIcon = {
    show(next) {
      const wanted = {
        image: trayIconFile(platform, next.state, next.unread),
        toolTip: next.toolTip,
        menu: JSON.stringify(next.menu),
      }
      if (shown?.image !== wanted.image) tray.setImage(imageOf(next))
      if (shown?.toolTip !== wanted.toolTip) tray.setToolTip(next.toolTip)
      // On Linux a menu must be set again for any change of its items to be seen.
      if (shown?.menu !== wanted.menu) tray.setContextMenu(Menu.buildFromTemplate([...next.menu]))
      shown = wanted
    },
    dispose() {
      if (!tray.isDestroyed()) tray.destroy()
    },
  }
  icon.show(look)
  return icon
}
