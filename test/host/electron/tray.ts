/** `Tray`: an icon nobody sees; tests read its menu and tooltip, and click it. */
import type { Tray as ElectronTray, Rectangle } from 'electron'
import { createEvent } from './event.ts'
import type { Menu } from './menu.ts'
import { type Emulated, emitterBase } from './strict.ts'

export class HostedTray
  extends emitterBase('Tray')
  implements Emulated<ElectronTray, 'setContextMenu' | 'popUpContextMenu'>
{
  #image: unknown
  #menu: Menu | null = null
  #toolTip = ''
  #title = ''
  #destroyed = false

  constructor(image: unknown) {
    super()
    this.#image = image
  }

  setImage(image: unknown): void {
    this.#image = image
  }
  setPressedImage(): void {
    // macOS only; nothing to see here.
  }
  setToolTip(toolTip: string): void {
    this.#toolTip = toolTip
  }
  setTitle(title: string): void {
    this.#title = title
  }
  getTitle(): string {
    return this.#title
  }
  setContextMenu(menu: Menu | null): void {
    this.#menu = menu
  }
  popUpContextMenu(menu?: Menu): void {
    ;(menu ?? this.#menu)?.popup()
  }
  getBounds(): Rectangle {
    return { x: 0, y: 0, width: 24, height: 24 }
  }
  destroy(): void {
    this.#destroyed = true
  }
  isDestroyed(): boolean {
    return this.#destroyed
  }

  get hostState(): { image: unknown; toolTip: string; title: string; menu: Menu | null } {
    return { image: this.#image, toolTip: this.#toolTip, title: this.#title, menu: this.#menu }
  }
  hostClick(): void {
    this.emit(
      'click',
      createEvent({ altKey: false, ctrlKey: false, shiftKey: false, metaKey: false }),
      this.getBounds(),
      { x: 0, y: 0 },
    )
  }
}

export function createTrays() {
  const all: HostedTray[] = []
  class Tray extends HostedTray {
    constructor(image: unknown) {
      super(image)
      all.push(this)
    }
  }
  return { Tray, all: () => all.filter((tray) => !tray.isDestroyed()) }
}
