/** `Menu` and `MenuItem`: the structure as given. Nothing is drawn; tests read it and press its items. */
import type { MenuItemConstructorOptions } from 'electron'
import { createEvent } from './event.ts'
import { emitterBase, strictClass } from './strict.ts'

type ItemType = NonNullable<MenuItemConstructorOptions['type']>
let lastCommandId = 0

/** What Electron calls an item that has a role and no label. */
const roleLabels: Record<string, string> = {
  about: 'About',
  appMenu: 'App',
  close: 'Close Window',
  copy: 'Copy',
  cut: 'Cut',
  delete: 'Delete',
  editMenu: 'Edit',
  fileMenu: 'File',
  forceReload: 'Force Reload',
  front: 'Bring All to Front',
  help: 'Help',
  hide: 'Hide',
  hideOthers: 'Hide Others',
  minimize: 'Minimize',
  paste: 'Paste',
  pasteAndMatchStyle: 'Paste and Match Style',
  quit: 'Quit',
  redo: 'Redo',
  reload: 'Reload',
  resetZoom: 'Actual Size',
  selectAll: 'Select All',
  services: 'Services',
  toggleDevTools: 'Toggle Developer Tools',
  togglefullscreen: 'Toggle Full Screen',
  undo: 'Undo',
  unhide: 'Show All',
  viewMenu: 'View',
  window: 'Window',
  windowMenu: 'Window',
  zoom: 'Zoom',
  zoomIn: 'Zoom In',
  zoomOut: 'Zoom Out',
}

export class MenuItem {
  readonly commandId = ++lastCommandId
  readonly id: string
  readonly role: MenuItemConstructorOptions['role']
  readonly type: ItemType
  readonly submenu: Menu | undefined
  readonly accelerator: string | null
  readonly icon: unknown
  readonly registerAccelerator: boolean
  readonly click: (event?: object, window?: unknown, contents?: unknown) => void
  menu: Menu | undefined
  label: string
  sublabel: string
  toolTip: string
  enabled: boolean
  visible: boolean
  checked: boolean

  constructor(options: MenuItemConstructorOptions) {
    const { submenu } = options
    this.submenu = Array.isArray(submenu) ? Menu.buildFromTemplate(submenu) : (submenu as Menu | undefined)
    this.type = options.type ?? (this.submenu ? 'submenu' : 'normal')
    this.id = options.id ?? ''
    this.role = options.role
    this.label = options.label ?? roleLabels[options.role ?? ''] ?? ''
    this.sublabel = options.sublabel ?? ''
    this.toolTip = options.toolTip ?? ''
    this.accelerator = options.accelerator ?? null
    this.icon = options.icon
    this.registerAccelerator = options.registerAccelerator ?? true
    this.enabled = options.enabled ?? true
    this.visible = options.visible ?? true
    this.checked = options.checked ?? false
    this.click = (event = createEvent({}), window, contents) => {
      if (this.type === 'checkbox') this.checked = !this.checked
      if (this.type === 'radio') this.checked = true
      ;(options.click as ((item: MenuItem, window: unknown, event: object, contents: unknown) => void) | undefined)?.(
        this,
        window,
        event,
        contents,
      )
    }
  }
}

export class Menu extends emitterBase('Menu') {
  static #application: Menu | null = null
  readonly items: MenuItem[] = []

  append(item: MenuItem): void {
    this.insert(this.items.length, item)
  }
  insert(position: number, item: MenuItem): void {
    item.menu = this
    this.items.splice(position, 0, item)
  }
  getMenuItemById(id: string): MenuItem | null {
    for (const item of this.items) {
      const found = item.id === id ? item : item.submenu?.getMenuItemById(id)
      if (found) return found
    }
    return null
  }
  popup(options: { callback?: () => void } = {}): void {
    Menu.hostPopups.push(this)
    this.emit('menu-will-show', createEvent({}))
    if (options.callback) this.once('menu-will-close', options.callback)
  }
  closePopup(): void {
    this.emit('menu-will-close', createEvent({}))
  }

  /** Menus that were popped up, the last one last. */
  static readonly hostPopups: Menu[] = []

  static buildFromTemplate(template: (MenuItemConstructorOptions | MenuItem)[]): Menu {
    const menu = new Menu()
    for (const item of template) menu.append(item instanceof MenuItem ? item : new MenuItem(item))
    return menu
  }
  static getApplicationMenu(): Menu | null {
    return Menu.#application
  }
  static setApplicationMenu(menu: Menu | null): void {
    Menu.#application = menu
  }
}

/** A menu as plain data, for tests. */
export interface MenuEntry {
  label: string
  type: ItemType
  id: string
  role: string | undefined
  enabled: boolean
  visible: boolean
  checked: boolean
  accelerator: string | null
  submenu?: MenuEntry[]
}

export function describeMenu(menu: Menu): MenuEntry[] {
  return menu.items.map(({ label, type, id, role, enabled, visible, checked, accelerator, submenu }) => ({
    label,
    type,
    id,
    role,
    enabled,
    visible,
    checked,
    accelerator,
    ...(submenu && { submenu: describeMenu(submenu) }),
  }))
}

/** The item at the end of a path of labels or ids. Throws with the labels there are. */
export function findMenuItem(menu: Menu, path: readonly string[]): MenuItem {
  const [first, ...rest] = path
  const item = menu.items.find(({ label, id }) => label === first || (id !== '' && id === first))
  if (!item) throw new Error(`no menu item "${first}" among: ${menu.items.map(({ label }) => label).join(', ')}`)
  if (rest.length === 0) return item
  if (!item.submenu) throw new Error(`menu item "${first}" has no submenu`)
  return findMenuItem(item.submenu, rest)
}

export const hostedMenu = strictClass('Menu', Menu)
