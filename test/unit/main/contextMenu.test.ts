/** The system's menu over a page: what it offers where, what it does, and where there is none. */
import type { MenuItemConstructorOptions } from 'electron'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { MenuPlace } from '#electron/main/contextMenu.ts'

vi.mock('electron', async () => ({ Menu: (await import('../../host/electron/menu.ts')).hostedMenu }))
const { contextMenuTemplate } = await import('#electron/main/contextMenu.ts')

const nothing = {
  canUndo: false,
  canRedo: false,
  canCut: false,
  canCopy: false,
  canPaste: false,
  canDelete: false,
  canSelectAll: true,
  canEditRichly: false,
}
const bare: MenuPlace = {
  isEditable: false,
  editFlags: nothing,
  selectionText: '',
  linkURL: '',
  misspelledWord: '',
  dictionarySuggestions: [],
}
const field: MenuPlace = { ...bare, isEditable: true, editFlags: { ...nothing, canPaste: true } }
const marked: MenuPlace = { ...bare, selectionText: 'these words', editFlags: { ...nothing, canCopy: true } }
const wrong = (misspelledWord: string, dictionarySuggestions: string[] = []): MenuPlace => ({
  ...field,
  misspelledWord,
  dictionarySuggestions,
})

let done: unknown[][]
beforeEach(() => (done = []))
const noting =
  (name: string) =>
  (...args: unknown[]): void =>
    void done.push([name, ...args])
const page = {
  undo: noting('undo'),
  redo: noting('redo'),
  cut: noting('cut'),
  copy: noting('copy'),
  paste: noting('paste'),
  selectAll: noting('selectAll'),
  replaceMisspelling: noting('replaceMisspelling'),
  session: { addWordToSpellCheckerDictionary: (word: string) => done.push(['learn', word]) > 0 },
}

function menu(place: MenuPlace, locale: 'zh-CN' | 'en' = 'en'): MenuItemConstructorOptions[] {
  return contextMenuTemplate(place, page, { locale: () => locale, copyText: noting('copyText') })
}
/** `(Cut)`: it cannot be chosen; `–`: a line. */
function labels(place: MenuPlace, locale: 'zh-CN' | 'en' = 'en'): string[] {
  return menu(place, locale).map(({ type, label = '', enabled }) =>
    type === 'separator' ? '–' : enabled === false ? `(${label})` : label,
  )
}
function press(place: MenuPlace, wanted: string): unknown[][] {
  const item = menu(place).find(({ label }) => label === wanted)
  if (item?.click === undefined) throw new Error(`no ${wanted}`)
  ;(item.click as () => void)()
  return done
}

describe('on a bare part of the page', () => {
  it('there is no menu', () => expect(menu(bare)).toEqual([]))
  it('nor where only blanks are marked', () => expect(menu({ ...marked, selectionText: ' \n ' })).toEqual([]))
  it('nor where what is marked may not be copied', () => expect(menu({ ...marked, editFlags: nothing })).toEqual([]))
})

describe('on marked words', () => {
  it('they can be copied, and nothing else', () => {
    expect(labels(marked)).toEqual(['Copy'])
    expect(labels(marked, 'zh-CN')).toEqual(['复制'])
    expect(press(marked, 'Copy')).toEqual([['copy']])
  })
})

describe('on a link', () => {
  const link = { ...bare, linkURL: 'https://example.org/a?b=1&c=2' }
  it('its address is copied as it is', () => {
    expect(labels(link)).toEqual(['Copy Link Address'])
    expect(labels(link, 'zh-CN')).toEqual(['复制链接地址'])
    expect(press(link, 'Copy Link Address')).toEqual([['copyText', 'https://example.org/a?b=1&c=2']])
  })
  it('with words marked as well, both are offered', () => {
    expect(labels({ ...marked, linkURL: link.linkURL })).toEqual(['Copy Link Address', '–', 'Copy'])
  })
  it.each([
    'app://godwit/index.html#chat/a/b',
    'javascript:alert(1)',
    'file:///etc/passwd',
    'https://a:b@example.org/',
  ])('to %s there is nothing to copy', (linkURL) => expect(menu({ ...bare, linkURL })).toEqual([]))
})

describe('in a field', () => {
  it('edits as the field allows', () => {
    expect(labels(field)).toEqual(['(Undo)', '(Redo)', '–', '(Cut)', '(Copy)', 'Paste', '–', 'Select All'])
    expect(labels(field, 'zh-CN')).toEqual(['(撤销)', '(重做)', '–', '(剪切)', '(复制)', '粘贴', '–', '全选'])
  })
  it.each([
    ['Undo', 'canUndo', 'undo'],
    ['Redo', 'canRedo', 'redo'],
    ['Cut', 'canCut', 'cut'],
    ['Copy', 'canCopy', 'copy'],
    ['Paste', 'canPaste', 'paste'],
    ['Select All', 'canSelectAll', 'selectAll'],
  ] as const)('%s stands when Electron says %s, and does that', (label, flag, act) => {
    const none = { ...nothing, canSelectAll: false }
    expect(labels({ ...field, editFlags: none })).toContain(`(${label})`)
    const place = { ...field, editFlags: { ...none, [flag]: true } }
    expect(labels(place)).toContain(label)
    expect(press(place, label)).toEqual([[act]])
  })

  describe('with a word that is spelled wrong', () => {
    it('suggests five words at most, and offers to learn it', () => {
      expect(labels(wrong('helo', ['hello', 'help', 'hero', 'held', 'halo', 'hell'])).slice(0, 7)).toEqual([
        'hello',
        'help',
        'hero',
        'held',
        'halo',
        'Add to Dictionary',
        '–',
      ])
      expect(press(wrong('helo', ['hello']), 'hello')).toEqual([['replaceMisspelling', 'hello']])
    })
    it('says that there is no suggestion', () => {
      expect(labels(wrong('xqzw')).slice(0, 3)).toEqual(['(No suggestions)', 'Add to Dictionary', '–'])
      expect(labels(wrong('xqzw'), 'zh-CN').slice(0, 2)).toEqual(['(没有拼写建议)', '添加到词典'])
    })
    it('learns the word', () => expect(press(wrong('Godwit'), 'Add to Dictionary')).toEqual([['learn', 'Godwit']]))
    it('does not offer to learn what no dictionary takes', () => {
      expect(labels(wrong('a'.repeat(99)))).toContain('Add to Dictionary')
      expect(labels(wrong('a'.repeat(100)))).not.toContain('Add to Dictionary')
      expect(labels(wrong('é'.repeat(50)))).not.toContain('Add to Dictionary')
    })
    it('shows a suggestion literally, in one line and cut, and puts in the whole of it', () => {
      const [and = '', lines = '', long = ''] = labels(wrong('x', ['R&D', 'two\nlines\u202E', 'z'.repeat(1000)]))
      expect(and).toBe('R&&D')
      expect(lines).toBe('two lines ')
      expect(long).toBe(`${'z'.repeat(59)}…`)
      expect(press(wrong('x', ['R&D']), 'R&&D')).toEqual([['replaceMisspelling', 'R&D']])
    })
  })

  it('a word is not judged where nothing can be written', () => {
    expect(menu({ ...wrong('helo', ['hello']), isEditable: false })).toEqual([])
  })
})
