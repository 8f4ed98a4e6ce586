/** Settings by keyboard alone, in force at once and kept; the shell at twice the text size and in high contrast. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DemoServer, createDemoServer } from '../server/server.ts'
import { backendTitle, backends } from './launch.ts'
import { Person } from './person.ts'

for (const backend of backends()) {
  describe.skipIf(backend.missing !== null)(backendTitle(backend), () => {
    describe('the settings', () => {
      let dir: string
      let server: DemoServer
      let alice: Person
      let page: Page

      const root = () => page.evaluate(() => ({ ...document.documentElement.dataset }))
      const textPx = () => page.evaluate(() => Number.parseFloat(getComputedStyle(document.documentElement).fontSize))
      const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim() ?? '')
      /** Presses Tab until the control has the focus. */
      const tabTo = async (wanted: Locator): Promise<void> => {
        for (let step = 0; step < 40; step++) {
          await page.keyboard.press('Tab')
          if (await wanted.evaluate((element) => element === document.activeElement)) return
        }
        throw new Error('Tab does not reach it')
      }
      const choice = (setting: string, name: string): Locator =>
        page.getByRole('radiogroup', { name: setting }).getByRole('radio', { name })

      beforeAll(async () => {
        dir = mkdtempSync(join(tmpdir(), 'godwit-settings-'))
        server = await createDemoServer({ dialects: ['im2'] })
        alice = new Person({ server, dialect: 'im2', userId: 'alice', dir, backend: backend.name })
        await alice.start()
        page = alice.page
        await alice.isOnline()
      })
      afterAll(async () => {
        await alice.quit()
        await server.close()
        rmSync(dir, { recursive: true, force: true })
      })

      it('are opened, walked through and changed by keyboard alone', async () => {
        await page.keyboard.press('Control+,')
        await page.getByRole('region', { name: 'Settings' }).waitFor()
        await expect.poll(focused).toBe('Settings')
        await tabTo(page.getByRole('tab', { name: 'Appearance' }))
        await tabTo(choice('Density', 'Comfortable'))
        await page.keyboard.press('ArrowRight')
        await expect.poll(async () => (await root())['density']).toBe('compact')
        await tabTo(page.getByRole('slider', { name: 'Text size' }))
        for (let step = 0; step < 10; step++) await page.keyboard.press('ArrowRight')
        await expect.poll(textPx).toBe(32)
        await tabTo(choice('Less motion', 'As the system'))
        await page.keyboard.press('ArrowRight')
        await expect.poll(async () => (await root())['motion']).toBe('reduced')
      })

      it('are found by a word', async () => {
        await page.getByRole('searchbox', { name: 'Search settings' }).fill('contrast')
        await page.getByRole('radiogroup', { name: 'High contrast' }).getByText('Always').click()
        await expect.poll(async () => (await root())['contrast']).toBe('more')
      })

      it.each([
        { width: 800, columns: 3 },
        { width: 1000, columns: 1 },
        { width: 1600, columns: 1 },
      ])('have their pages in full columns in a window of $width', async ({ width, columns }) => {
        const before = page.viewportSize()
        await page.evaluate(() => document.documentElement.style.setProperty('--font-scale', '1'))
        await page.setViewportSize({ width, height: 700 })
        await page.getByRole('searchbox', { name: 'Search settings' }).fill('')
        const places = await page
          .getByRole('tab')
          .evaluateAll((tabs) => tabs.map((tab) => tab.getBoundingClientRect().toJSON() as DOMRect))
        const lefts = [...new Set(places.map(({ left }) => Math.round(left)))]
        const first = await page.getByRole('heading', { level: 2 }).boundingBox()
        expect(lefts).toHaveLength(columns)
        expect(new Set(places.map(({ width: wide }) => Math.round(wide)))).toHaveLength(1)
        expect(places).toHaveLength(Math.ceil(places.length / columns) * columns)
        const [{ top } = { top: 0 }] = places
        if (columns === 1) expect(Math.abs(top - (first?.y ?? 0))).toBeLessThan(12)
        await page.evaluate(() => document.documentElement.style.setProperty('--font-scale', '2'))
        if (before !== null) await page.setViewportSize(before)
      })

      it('hold after a restart', async () => {
        await alice.quit()
        await alice.start()
        page = alice.page
        await alice.isOnline()
        await expect.poll(root).toMatchObject({ density: 'compact', motion: 'reduced', contrast: 'more' })
        expect(await textPx()).toBe(32)
      })

      it.each([800, 1280])(
        'at twice the text size nothing of the shell is cut off or lies beside a window of %i',
        async (width) => {
          await page.setViewportSize({ width, height: 640 })
          for (const section of ['Settings', 'Announcements', 'Diagnostics'] as const) {
            await alice.goesTo(section)
            await page.getByRole('region', { name: section }).waitFor()
            const cut = await page.evaluate(() => {
              const shell = document.querySelectorAll<HTMLElement>(
                'nav, h1, [role="tab"], [role="radiogroup"], nav button',
              )
              return [...shell]
                .filter((element) => {
                  const { left, right } = element.getBoundingClientRect()
                  return left < 0 || right > window.innerWidth + 0.5 || element.scrollWidth > element.clientWidth + 1
                })
                .map((element) => element.outerHTML.slice(0, 120))
            })
            expect([section, cut]).toEqual([section, []])
          }
        },
      )

      it('the list of shortcuts opens over all of it, and gives the focus back', async () => {
        await alice.goesTo('Settings')
        await tabTo(page.getByRole('tab', { name: 'Appearance' }))
        await page.keyboard.press('Control+/')
        await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).getByText('Next unread chat').waitFor()
        await page.keyboard.press('Escape')
        await page.getByRole('dialog').waitFor({ state: 'detached' })
        expect(await focused()).toBe('Appearance')
      })

      it('and the licences of all parts are there to be read', async () => {
        await page.getByRole('tab', { name: 'About' }).click()
        await page.getByRole('button', { name: 'Licences of all parts' }).click()
        const dialog = page.getByRole('dialog', { name: 'Licences of all parts' })
        await dialog.getByText(/^better-sqlite3 /).click()
        await dialog.locator('details[open]').getByText('Permission is hereby granted').waitFor()
      })
    })
  })
}
