/** `screen`: one display of 1920 × 1080 with a panel at the top. */
import type { Display, Screen as ElectronScreen } from 'electron'
import { type Emulated, emitterBase } from './strict.ts'

const display = {
  id: 1,
  label: 'host',
  bounds: { x: 0, y: 0, width: 1920, height: 1080 },
  workArea: { x: 0, y: 32, width: 1920, height: 1048 },
  size: { width: 1920, height: 1080 },
  workAreaSize: { width: 1920, height: 1048 },
  scaleFactor: 1,
  rotation: 0,
  internal: false,
  touchSupport: 'unavailable',
} satisfies Partial<Display>

export class Screen
  extends emitterBase('screen')
  implements
    Emulated<ElectronScreen, 'getPrimaryDisplay' | 'getAllDisplays' | 'getDisplayMatching' | 'getDisplayNearestPoint'>
{
  getPrimaryDisplay() {
    return structuredClone(display)
  }
  getAllDisplays() {
    return [this.getPrimaryDisplay()]
  }
  getDisplayMatching() {
    return this.getPrimaryDisplay()
  }
  getDisplayNearestPoint() {
    return this.getPrimaryDisplay()
  }
  getCursorScreenPoint(): { x: number; y: number } {
    return { x: 0, y: 0 }
  }
}
