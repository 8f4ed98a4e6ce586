/** Somebody who has no mouse: keys, and the way by Tab to what they need. */
import type { Locator, Page } from 'playwright-core'

/** More stops than any view has. */
const mostStops = 80

export class Keyboard {
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.#page.keyboard.press(key)
  }

  async type(text: string): Promise<void> {
    await this.#page.keyboard.insertText(text)
  }

  /** Goes on by Tab until the element has the focus; rejects when no number of stops leads there. */
  async tabTo(target: Locator): Promise<void> {
    await target.waitFor()
    const passed: string[] = []
    for (let stop = 0; stop < mostStops; stop++) {
      if (await target.evaluate((element) => element === document.activeElement)) return
      passed.push(
        await this.#page.evaluate(
          () =>
            document.activeElement?.getAttribute('aria-label') ??
            document.activeElement?.textContent?.trim().slice(0, 20) ??
            '?',
        ),
      )
      await this.press('Tab')
    }
    throw new Error(`no way by Tab to ${String(target)}; it leads to ${passed.join(', ')}`)
  }

  /** Goes there and types. */
  async writeInto(target: Locator, text: string): Promise<void> {
    await this.tabTo(target)
    await this.type(text)
  }

  /** Goes there and presses Enter. */
  async enter(target: Locator): Promise<void> {
    await this.tabTo(target)
    await this.press('Enter')
  }
}
