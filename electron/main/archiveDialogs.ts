/** Where archives lie: asked for in the system's own dialog, so that no page ever names or learns a path. */
import { BrowserWindow, type OpenDialogOptions, type WebContents, app, dialog, shell } from 'electron'

const texts = {
  en: {
    exportTitle: 'Where to put the archive',
    exportButton: 'Export here',
    importTitle: 'Choose the folder of an archive',
    importButton: 'Import',
    name: (who: string, day: string) => `Godwit ${who} ${day}`,
    unfinished: '(unfinished)',
  },
  'zh-CN': {
    exportTitle: '选择存档的保存位置',
    exportButton: '导出到此处',
    importTitle: '选择存档文件夹',
    importButton: '导入',
    name: (who: string, day: string) => `Godwit 存档 ${who} ${day}`,
    unfinished: '（未完成）',
  },
} as const

export interface ArchiveDialogs {
  /** Null when none was chosen. */
  choose(sender: WebContents, what: 'export' | 'import'): Promise<string | null>
  /** Of the new folder, and what stands behind it until it is whole. `who` may be anything. */
  names(who: string, at: number): { readonly name: string; readonly unfinished: string }
  show(folder: string): void
}

export function createArchiveDialogs(locale: () => 'zh-CN' | 'en'): ArchiveDialogs {
  return {
    async choose(sender, what) {
      const window = BrowserWindow.fromWebContents(sender)
      if (window === null) return null
      const text = texts[locale()]
      const options: OpenDialogOptions =
        what === 'export'
          ? {
              title: text.exportTitle,
              buttonLabel: text.exportButton,
              defaultPath: app.getPath('documents'),
              properties: ['openDirectory', 'createDirectory'],
            }
          : { title: text.importTitle, buttonLabel: text.importButton, properties: ['openDirectory'] }
      const { canceled, filePaths } = await dialog.showOpenDialog(window, options)
      return canceled ? null : (filePaths[0] ?? null)
    },
    names(who, at) {
      const { name, unfinished } = texts[locale()]
      const clean = who.replaceAll(/[^\p{L}\p{N}_-]+/gu, '_').slice(0, 40)
      return { name: name(clean, new Date(at).toISOString().slice(0, 10)), unfinished }
    },
    show: (folder) => shell.showItemInFolder(folder),
  }
}
