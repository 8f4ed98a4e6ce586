/**
 * The system's menu where a page has none of its own: editing and spelling in fields, copying of what is marked, the
 * address of a link. Electron tells of no place whose page opened a menu itself (`preventDefault`), so the two never meet.
 *
 * Must never show words of others but as a label that is cut and taken literally, or open anything.
 */
import {
  type BrowserWindow,
  type ContextMenuParams,
  Menu,
  type MenuItemConstructorOptions,
  type Session,
  type WebContents,
} from 'electron'
import { isExternalUrl } from './urls.ts'

const mostSuggestions = 5
/** Code points of a label. */
const labelLength = 60
/** Bytes of a word that Chromium's own dictionary takes. */
const longestWord = 99

const texts = {
  en: {
    noSuggestion: 'No suggestions',
    learn: 'Add to Dictionary',
    undo: 'Undo',
    redo: 'Redo',
    cut: 'Cut',
    copy: 'Copy',
    paste: 'Paste',
    selectAll: 'Select All',
    copyLink: 'Copy Link Address',
  },
  'zh-CN': {
    noSuggestion: '没有拼写建议',
    learn: '添加到词典',
    undo: '撤销',
    redo: '重做',
    cut: '剪切',
    copy: '复制',
    paste: '粘贴',
    selectAll: '全选',
    copyLink: '复制链接地址',
  },
} as const

/** What is read of Electron's parameters. */
export type MenuPlace = Pick<
  ContextMenuParams,
  'isEditable' | 'editFlags' | 'selectionText' | 'linkURL' | 'misspelledWord' | 'dictionarySuggestions'
>

export type MenuPage = Pick<
  WebContents,
  'undo' | 'redo' | 'cut' | 'copy' | 'paste' | 'selectAll' | 'replaceMisspelling'
> & { readonly session: Pick<Session, 'addWordToSpellCheckerDictionary'> }

export interface ContextMenuOptions {
  readonly locale: () => 'zh-CN' | 'en'
  readonly copyText: (text: string) => void
}

/** Empty where there is nothing to be done. */
export function contextMenuTemplate(
  place: MenuPlace,
  page: MenuPage,
  { locale, copyText }: ContextMenuOptions,
): MenuItemConstructorOptions[] {
  const t = texts[locale()]
  const { isEditable, editFlags, selectionText, linkURL } = place
  const copy: MenuItemConstructorOptions = {
    id: 'copy',
    label: t.copy,
    enabled: editFlags.canCopy,
    click: () => page.copy(),
  }
  if (isEditable) {
    return parted([
      spelling(place, page, t),
      [
        { id: 'undo', label: t.undo, enabled: editFlags.canUndo, click: () => page.undo() },
        { id: 'redo', label: t.redo, enabled: editFlags.canRedo, click: () => page.redo() },
      ],
      [
        { id: 'cut', label: t.cut, enabled: editFlags.canCut, click: () => page.cut() },
        copy,
        { id: 'paste', label: t.paste, enabled: editFlags.canPaste, click: () => page.paste() },
      ],
      [{ id: 'selectAll', label: t.selectAll, enabled: editFlags.canSelectAll, click: () => page.selectAll() }],
    ])
  }
  // An address that is not for the system is one of our own pages, of use to nobody.
  const link: MenuItemConstructorOptions[] = isExternalUrl(linkURL)
    ? [{ id: 'copyLink', label: t.copyLink, click: () => copyText(linkURL) }]
    : []
  return parted([link, selectionText.trim() !== '' && editFlags.canCopy ? [copy] : []])
}

function spelling(
  { misspelledWord, dictionarySuggestions }: MenuPlace,
  page: MenuPage,
  t: (typeof texts)['zh-CN' | 'en'],
): MenuItemConstructorOptions[] {
  if (misspelledWord === '') return []
  const suggestions = dictionarySuggestions.slice(0, mostSuggestions).map((word) => ({
    label: literal(word),
    click: () => page.replaceMisspelling(word),
  }))
  const learn: MenuItemConstructorOptions = {
    id: 'learn',
    label: t.learn,
    click: () => void page.session.addWordToSpellCheckerDictionary(misspelledWord),
  }
  return [
    ...(suggestions.length > 0 ? suggestions : [{ label: t.noSuggestion, enabled: false }]),
    ...(Buffer.byteLength(misspelledWord) <= longestWord ? [learn] : []),
  ]
}

/** As a label shows it: cut, in one line, and with no letter made a key. */
function literal(text: string): string {
  const shown = [...text.slice(0, labelLength * 2 + 2).replaceAll(/\p{C}+/gu, ' ')]
  const cut = shown.length > labelLength ? `${shown.slice(0, labelLength - 1).join('')}…` : shown.join('')
  return cut.replaceAll('&', '&&')
}

function parted(groups: readonly MenuItemConstructorOptions[][]): MenuItemConstructorOptions[] {
  return groups
    .filter((group) => group.length > 0)
    .flatMap((group, at) => (at === 0 ? group : [{ type: 'separator' as const }, ...group]))
}

/** For as long as the window lives. */
export function followContextMenu(window: BrowserWindow, options: ContextMenuOptions): void {
  const { webContents } = window
  webContents.on('context-menu', (_event, params) => {
    const template = contextMenuTemplate(params, webContents, options)
    if (template.length === 0) return
    const { frame, x, y, menuSourceType } = params
    const menu = Menu.buildFromTemplate(template)
    menu.popup({ window, x, y, sourceType: menuSourceType, ...(frame === null ? {} : { frame }) })
  })
}
