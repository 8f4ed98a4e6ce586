/** The system's own dialog for files: the only way a path comes into the program, and it never goes to a page. */
import { BrowserWindow, type WebContents, dialog } from 'electron'

/** Empty when nothing was chosen. */
export async function chooseFiles(sender: WebContents): Promise<readonly string[]> {
  const window = BrowserWindow.fromWebContents(sender)
  if (window === null) return []
  const { canceled, filePaths } = await dialog.showOpenDialog(window, { properties: ['openFile', 'multiSelections'] })
  return canceled ? [] : filePaths
}
