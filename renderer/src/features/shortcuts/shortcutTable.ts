/**
 * Every shortcut there is, once: the list a person reads and the handlers both come from this table. A new one is one
 * entry, its text (`shortcuts.names`), and either a handler (`useShortcut`) or, for keys that mean something in one
 * place only, that place's own reading of them (`local`).
 *
 * Keys are written `mod+shift+k`: `mod` is Ctrl, or Cmd on a Mac; the last part is the key as the event names it, in
 * lower case.
 */
export const shortcutGroups = ['anywhere', 'chats', 'list', 'timeline', 'writing', 'viewer'] as const
export type ShortcutGroup = (typeof shortcutGroups)[number]

export interface Shortcut {
  readonly group: ShortcutGroup
  /** Any of them. A handler is told which, by its index. */
  readonly keys: readonly string[]
  /** What the list shows when it is not all of `keys`: the first and last of a row of digits. */
  readonly range?: readonly [string, string]
  /** Read where the focus is, not by the window. */
  readonly local?: true
  /** Also while a dialog is open. */
  readonly inDialogs?: true
}

const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const

export const shortcuts = {
  palette: { group: 'anywhere', keys: ['mod+k'], inDialogs: true },
  searchMessages: { group: 'anywhere', keys: ['mod+shift+f'] },
  findInChat: { group: 'chats', keys: ['mod+f'] },
  chatFiles: { group: 'chats', keys: ['mod+shift+e'] },
  shortcutList: { group: 'anywhere', keys: ['mod+/'], inDialogs: true },
  settings: { group: 'anywhere', keys: ['mod+,'] },
  account: { group: 'anywhere', keys: digits.map((digit) => `mod+${digit}`), range: ['mod+1', 'mod+9'] },
  chats: { group: 'anywhere', keys: ['mod+shift+m'] },
  catchUp: { group: 'anywhere', keys: ['mod+shift+u'] },
  announcements: { group: 'anywhere', keys: ['mod+shift+a'] },
  diagnostics: { group: 'anywhere', keys: ['mod+shift+d'] },
  presenting: { group: 'anywhere', keys: ['mod+shift+p'] },
  lock: { group: 'anywhere', keys: ['mod+l'], inDialogs: true },
  nextRegion: { group: 'anywhere', keys: ['f6'] },
  previousRegion: { group: 'anywhere', keys: ['shift+f6'] },
  previousChat: { group: 'chats', keys: ['alt+arrowup'] },
  nextChat: { group: 'chats', keys: ['alt+arrowdown'] },
  nextUnread: { group: 'chats', keys: ['alt+shift+arrowdown'] },
  listMove: { group: 'list', keys: ['arrowup', 'arrowdown'], local: true },
  listEnds: { group: 'list', keys: ['home', 'end'], local: true },
  listOpen: { group: 'list', keys: ['enter'], local: true },
  listWhy: { group: 'list', keys: ['arrowright'], local: true },
  listMenu: { group: 'list', keys: ['contextmenu', 'shift+f10'], local: true },
  listRemove: { group: 'list', keys: ['delete'], local: true },
  timelineMove: { group: 'timeline', keys: ['arrowup', 'arrowdown'], local: true },
  timelineChoose: { group: 'timeline', keys: ['space'], local: true },
  timelineChooseMore: { group: 'timeline', keys: ['shift+arrowup', 'shift+arrowdown'], local: true },
  timelineForward: { group: 'timeline', keys: ['f'], local: true },
  timelineReply: { group: 'timeline', keys: ['r'], local: true },
  timelineUnread: { group: 'timeline', keys: ['u'], local: true },
  timelineDay: { group: 'timeline', keys: ['g'], local: true },
  timelineMenu: { group: 'timeline', keys: ['contextmenu', 'shift+f10'], local: true },
  breakLine: { group: 'writing', keys: ['shift+enter'], local: true },
  leaveMode: { group: 'writing', keys: ['escape'], local: true },
  viewerMove: { group: 'viewer', keys: ['arrowleft', 'arrowright'], local: true },
  viewerZoom: { group: 'viewer', keys: ['plus', 'minus'], local: true },
  viewerFit: { group: 'viewer', keys: ['0', '1'], local: true },
  viewerPan: { group: 'viewer', keys: ['shift+arrowleft', 'shift+arrowright', 'arrowup', 'arrowdown'], local: true },
  viewerTurn: { group: 'viewer', keys: ['r'], local: true },
  viewerSave: { group: 'viewer', keys: ['mod+s'], local: true },
  viewerCopy: { group: 'viewer', keys: ['mod+c'], local: true },
} as const satisfies Readonly<Record<string, Shortcut>>

export type ShortcutId = keyof typeof shortcuts

type KeyFacts = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

function isPressed(keys: string, event: KeyFacts): boolean {
  const parts = keys.split('+')
  const key = parts.at(-1) ?? ''
  const wants = (name: string): boolean => parts.slice(0, -1).includes(name)
  if ((event.ctrlKey || event.metaKey) !== wants('mod')) return false
  if (event.altKey !== wants('alt') || event.shiftKey !== wants('shift')) return false
  // A digit by its place as well: on some layouts it takes Shift to write one.
  return event.key.toLowerCase() === key || (/^\d$/.test(key) && event.code === `Digit${key}`)
}

/** Which of the shortcut's keys the event is, or -1. */
export function pressedIndex(id: ShortcutId, event: KeyFacts): number {
  return shortcuts[id].keys.findIndex((keys) => isPressed(keys, event))
}

const macNames: Readonly<Record<string, string>> = { mod: '⌘', alt: '⌥', shift: '⇧', enter: '↩' }
const names: Readonly<Record<string, string>> = {
  mod: 'Ctrl',
  alt: 'Alt',
  shift: 'Shift',
  arrowup: '↑',
  arrowdown: '↓',
  arrowleft: '←',
  arrowright: '→',
  enter: 'Enter',
  escape: 'Esc',
  home: 'Home',
  end: 'End',
  contextmenu: 'Menu',
  space: 'Space',
  plus: '+',
  minus: '−',
}

/** The keys as they are printed on this kind of keyboard, one by one. */
export function keyCaps(keys: string, platform: string): string[] {
  return keys
    .split('+')
    .map((key) => (platform === 'darwin' ? macNames[key] : undefined) ?? names[key] ?? key.toUpperCase())
}

export interface ShortcutLine {
  readonly id: ShortcutId
  /** Ways to press it; the caps of each. */
  readonly ways: readonly (readonly string[])[]
  /** The ways are the ends of a row. */
  readonly isRange: boolean
}

/** The table as it is shown. */
export function shortcutLines(group: ShortcutGroup, platform: string): ShortcutLine[] {
  return (Object.keys(shortcuts) as ShortcutId[])
    .filter((id) => shortcuts[id].group === group)
    .map((id) => {
      const { keys, range }: Shortcut = shortcuts[id]
      return { id, ways: (range ?? keys).map((way) => keyCaps(way, platform)), isRange: range !== undefined }
    })
}
