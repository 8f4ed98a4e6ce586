/** As the system hands files to a page, by the clipboard or under the pointer, and how they leave. */
import type { Page } from 'playwright-core'

export interface Given {
  readonly name: string
  readonly type: string
  readonly bytes: Buffer
}

export async function give(page: Page, how: 'paste' | 'drop', files: readonly Given[]): Promise<void> {
  const box = page.getByRole('textbox', { name: 'Message', exact: true })
  const plain = files.map(({ name, type, bytes }) => ({ name, type, base64: bytes.toString('base64') }))
  await box.evaluate(
    (target, given) => {
      const data = new DataTransfer()
      for (const { name, type, base64 } of given.files) {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
        data.items.add(new File([bytes], name, { type }))
      }
      const facts = { bubbles: true, cancelable: true }
      target.dispatchEvent(
        given.how === 'paste'
          ? new ClipboardEvent('paste', { ...facts, clipboardData: data })
          : new DragEvent('drop', { ...facts, dataTransfer: data }),
      )
    },
    { how, files: plain },
  )
}

/** What lies ready goes, with words. */
export async function sendsTray(page: Page, words = ''): Promise<void> {
  const tray = page.getByRole('list', { name: 'Files to send' })
  const box = page.getByRole('textbox', { name: 'Message', exact: true })
  await tray.waitFor()
  await box.fill(words)
  await box.press('Enter')
  await tray.waitFor({ state: 'detached' })
}
