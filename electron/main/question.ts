/** A question that only the user can answer, in the system's own dialog over a window: a page can neither answer nor hide it. */
import { BrowserWindow, type WebContents, dialog } from 'electron'
import type { Question } from './microphone.ts'

/** True for the first button. */
export async function showQuestion(sender: WebContents, question: Question): Promise<boolean> {
  const window = BrowserWindow.fromWebContents(sender)
  if (window === null) return false
  const asked = { ...question, type: 'question' as const, title: 'Godwit', defaultId: 0, cancelId: 1 }
  return (await dialog.showMessageBox(window, asked)).response === 0
}
