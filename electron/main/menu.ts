/**
 * The application menu, in the user's language: what the system's own editing and window commands need to work, and the
 * way to the parts of the page for those who look for it there.
 */
import { type BaseWindow, Menu, type MenuItemConstructorOptions } from 'electron'
import type { MenuCommand } from '#common/contract/pushes.ts'
import type { SilenceSpan } from '#common/domain/silence.ts'
import { type DoNotDisturbState, doNotDisturbItems } from './doNotDisturbMenu.ts'
import type { Zoom } from './zoom.ts'

export interface MenuOptions {
  readonly platform: NodeJS.Platform
  readonly locale: 'zh-CN' | 'en'
  readonly zoom: Zoom
  readonly silence: Omit<DoNotDisturbState, 'locale'>
  readonly onDoNotDisturb: (span: SilenceSpan | null) => void
  /** Chosen: something of the main window's page. */
  readonly onCommand: (command: MenuCommand) => void
}

const texts = {
  en: {
    file: 'File',
    edit: 'Edit',
    view: 'View',
    window: 'Window',
    help: 'Help',
    about: 'About Godwit',
    updates: 'Check for Updates…',
    settings: 'Settings…',
    lock: 'Lock Godwit',
    services: 'Services',
    hide: 'Hide Godwit',
    hideOthers: 'Hide Others',
    unhide: 'Show All',
    quit: 'Quit Godwit',
    close: 'Close Window',
    undo: 'Undo',
    redo: 'Redo',
    cut: 'Cut',
    copy: 'Copy',
    paste: 'Paste',
    pastePlain: 'Paste Without Format',
    selectAll: 'Select All',
    palette: 'Go to…',
    search: 'Search All Messages',
    catchUp: 'Catch Up',
    announcements: 'Announcements',
    actualSize: 'Actual Size',
    zoomIn: 'Zoom In',
    zoomOut: 'Zoom Out',
    fullScreen: 'Full Screen',
    minimize: 'Minimise',
    front: 'Bring All to Front',
    onTop: 'Keep on Top',
    shortcuts: 'Keyboard Shortcuts',
    diagnostics: 'Diagnostics',
  },
  'zh-CN': {
    file: '文件',
    edit: '编辑',
    view: '显示',
    window: '窗口',
    help: '帮助',
    about: '关于 Godwit',
    updates: '检查更新…',
    settings: '设置…',
    lock: '锁定 Godwit',
    services: '服务',
    hide: '隐藏 Godwit',
    hideOthers: '隐藏其他',
    unhide: '全部显示',
    quit: '退出 Godwit',
    close: '关闭窗口',
    undo: '撤销',
    redo: '重做',
    cut: '剪切',
    copy: '复制',
    paste: '粘贴',
    pastePlain: '粘贴为纯文本',
    selectAll: '全选',
    palette: '前往…',
    search: '搜索所有消息',
    catchUp: '补看消息',
    announcements: '公告',
    actualSize: '实际大小',
    zoomIn: '放大',
    zoomOut: '缩小',
    fullScreen: '全屏',
    minimize: '最小化',
    front: '前置全部窗口',
    onTop: '窗口置顶',
    shortcuts: '键盘快捷键',
    diagnostics: '诊断',
  },
} as const

const onTopId = 'keepOnTop'
const line: MenuItemConstructorOptions = { type: 'separator' }

export function installMenu(options: MenuOptions): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(options)))
}

/** Shows in the menu whether the window that got the focus stays on top. */
export function noteFocusedWindow(window: Pick<BaseWindow, 'isAlwaysOnTop'>): void {
  const item = Menu.getApplicationMenu()?.getMenuItemById(onTopId)
  if (item) item.checked = window.isAlwaysOnTop()
}

export function menuTemplate(options: MenuOptions): MenuItemConstructorOptions[] {
  const { platform, locale, zoom, onCommand } = options
  const t = texts[locale]
  const isMac = platform === 'darwin'
  /** The page reads the same keys itself; only macOS gives them to the menu first. */
  const command = (label: string, id: MenuCommand, accelerator?: string): MenuItemConstructorOptions => ({
    id,
    label,
    ...(accelerator === undefined ? {} : { accelerator, registerAccelerator: false }),
    click: () => onCommand(id),
  })
  const about = command(t.about, 'about')
  const updates = command(t.updates, 'updates')
  const settings = command(t.settings, 'settings', 'CmdOrCtrl+,')
  const lock = command(t.lock, 'lock', 'CmdOrCtrl+L')
  const silence = doNotDisturbItems({ ...options.silence, locale }, options.onDoNotDisturb)
  const app: MenuItemConstructorOptions = {
    role: 'appMenu',
    label: 'Godwit',
    submenu: [
      about,
      updates,
      line,
      settings,
      lock,
      line,
      ...silence,
      line,
      { role: 'services', label: t.services },
      line,
      { role: 'hide', label: t.hide },
      { role: 'hideOthers', label: t.hideOthers },
      { role: 'unhide', label: t.unhide },
      line,
      { role: 'quit', label: t.quit },
    ],
  }
  const file: MenuItemConstructorOptions = {
    label: t.file,
    submenu: [
      ...(isMac ? [] : [settings, lock, line, ...silence, line]),
      { role: 'close', label: t.close, accelerator: 'CmdOrCtrl+W' },
      ...(isMac ? [] : [line, { role: 'quit', label: t.quit, accelerator: 'CmdOrCtrl+Q' } as const]),
    ],
  }
  const edit: MenuItemConstructorOptions = {
    role: 'editMenu',
    label: t.edit,
    submenu: [
      { role: 'undo', label: t.undo },
      { role: 'redo', label: t.redo },
      line,
      { role: 'cut', label: t.cut },
      { role: 'copy', label: t.copy },
      { role: 'paste', label: t.paste },
      { role: 'pasteAndMatchStyle', label: t.pastePlain },
      { role: 'selectAll', label: t.selectAll },
      line,
      command(t.palette, 'palette', 'CmdOrCtrl+K'),
      command(t.search, 'searchMessages', 'CmdOrCtrl+Shift+F'),
    ],
  }
  const view: MenuItemConstructorOptions = {
    role: 'viewMenu',
    label: t.view,
    submenu: [
      command(t.catchUp, 'catchUp', 'CmdOrCtrl+Shift+U'),
      command(t.announcements, 'announcements', 'CmdOrCtrl+Shift+A'),
      line,
      { id: 'resetZoom', label: t.actualSize, accelerator: 'CmdOrCtrl+0', click: () => zoom.reset() },
      { id: 'zoomIn', label: t.zoomIn, accelerator: 'CmdOrCtrl+Plus', click: () => zoom.in() },
      // The same key without Shift, as everybody presses it.
      { label: t.zoomIn, accelerator: 'CmdOrCtrl+=', visible: false, click: () => zoom.in() },
      { id: 'zoomOut', label: t.zoomOut, accelerator: 'CmdOrCtrl+-', click: () => zoom.out() },
      line,
      { role: 'togglefullscreen', label: t.fullScreen },
    ],
  }
  const window: MenuItemConstructorOptions = {
    role: 'windowMenu',
    label: t.window,
    submenu: [
      { role: 'minimize', label: t.minimize },
      {
        id: onTopId,
        label: t.onTop,
        type: 'checkbox',
        click: (item, focused) => focused?.setAlwaysOnTop(item.checked),
      },
      ...(isMac ? [line, { role: 'front', label: t.front } as const] : []),
    ],
  }
  const help: MenuItemConstructorOptions = {
    role: 'help',
    label: t.help,
    submenu: [
      command(t.shortcuts, 'shortcutList', 'CmdOrCtrl+/'),
      command(t.diagnostics, 'diagnostics', 'CmdOrCtrl+Shift+D'),
      ...(isMac ? [] : [line, updates, about]),
    ],
  }
  return [...(isMac ? [app] : []), file, edit, view, window, help]
}
