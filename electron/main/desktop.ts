/** What the system does for the files of messages: its dialogs, its programs, its clipboard. */
import {
  BrowserWindow,
  ClipboardItem,
  type MessageBoxOptions,
  type WebContents,
  app,
  clipboard,
  dialog,
  nativeImage,
  shell,
} from 'electron'
import { join } from 'node:path'
import type { Desktop } from './ipc/mediaHandlers.ts'

const texts = {
  en: {
    message: (name: string) => `Open “${name}”?`,
    detail: 'It can run a program on this computer. Open it only if you trust who sent it and expected it.',
    buttons: ['Cancel', 'Open'],
  },
  'zh-CN': {
    message: (name: string) => `打开“${name}”？`,
    detail: '它可能会在这台电脑上运行程序。只有在您信任发送者、并且确实在等这个文件时才打开。',
    buttons: ['取消', '打开'],
  },
} as const

export function createDesktop(locale: () => 'zh-CN' | 'en'): Desktop {
  return {
    async choosePlace(sender, name) {
      const window = BrowserWindow.fromWebContents(sender)
      if (window === null) return null
      const { canceled, filePath } = await dialog.showSaveDialog(window, {
        defaultPath: join(app.getPath('downloads'), name),
      })
      return canceled || filePath === '' ? null : filePath
    },
    async confirmOpening(sender: WebContents, name: string) {
      const window = BrowserWindow.fromWebContents(sender)
      if (window === null) return false
      const { message, detail, buttons } = texts[locale()]
      const question: MessageBoxOptions = {
        type: 'warning',
        title: 'Godwit',
        message: message(name),
        detail,
        buttons: [...buttons],
        defaultId: 0,
        cancelId: 0,
      }
      return (await dialog.showMessageBox(window, question)).response === 1
    },
    open: async (path) => (await shell.openPath(path)) === '',
    show: (path) => shell.showItemInFolder(path),
    async copyPicture(bytes) {
      // Programs that take a picture from the clipboard expect this format, whatever it was sent in.
      const png = nativeImage.createFromBuffer(Buffer.from(bytes)).toPNG()
      await clipboard.write([
        new ClipboardItem({ 'image/png': new Blob([new Uint8Array(png)], { type: 'image/png' }) }),
      ])
    },
  }
}
