/**
 * The number on the program's icon: in the dock of macOS, over the button of the taskbar on Windows, at the launcher on
 * Linux where it has one (LauncherEntry).
 */
import { type App, type BrowserWindow, nativeImage } from 'electron'
import { join } from 'node:path'

export interface BadgeOptions {
  readonly app: Pick<App, 'setBadgeCount'>
  readonly platform: NodeJS.Platform
  /** The windows with a button in the taskbar. */
  readonly windows: () => readonly Pick<BrowserWindow, 'setOverlayIcon'>[]
  readonly iconsDir: string
}

export interface Badge {
  /** `description` is read to whoever cannot see the overlay. The same number again is drawn again: a window may be new. */
  show(count: number, description: string): void
}

/** More is not told apart in so few pixels. */
const mostDrawn = 9

/** The overlay for a number above nought. */
export function overlayFile(count: number): string {
  return count > mostDrawn ? 'overlay-many.png' : `overlay-${count}.png`
}

export function createBadge({ app, platform, windows, iconsDir }: BadgeOptions): Badge {
  if (platform !== 'win32') return { show: (count) => void app.setBadgeCount(count) }
  return {
    show(count, description) {
      const overlay = count === 0 ? null : nativeImage.createFromPath(join(iconsDir, overlayFile(count)))
      for (const window of windows()) window.setOverlayIcon(overlay, count === 0 ? '' : description)
    },
  }
}
