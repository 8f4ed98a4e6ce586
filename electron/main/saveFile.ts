/** Saves a text where the person wishes, by the system's own dialog; the page never learns the place. */
import { BrowserWindow, type WebContents, app, dialog } from 'electron'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Result, fail, ok } from '#common/base/result.ts'

/** `saved` is false when the person closed the dialog. Fails with a code of the storage. */
export async function saveText(sender: WebContents, name: string, text: string): Promise<Result<{ saved: boolean }>> {
  const window = BrowserWindow.fromWebContents(sender)
  if (window === null) return ok({ saved: false })
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    defaultPath: join(app.getPath('documents'), name),
    filters: [{ name: 'Text', extensions: ['txt'] }],
  })
  if (canceled || filePath === '') return ok({ saved: false })
  try {
    await writeFile(filePath, text)
    return ok({ saved: true })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    return fail(code === 'ENOSPC' ? 'storage.full' : 'storage.failed', code)
  }
}
