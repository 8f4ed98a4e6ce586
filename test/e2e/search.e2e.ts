/**
 * Somebody looks for what was said: by the palette, in all chats and in one, in Chinese and in English, with filters, and
 * opens what is found; by the keyboard alone.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DemoServer, createDemoServer } from '../server/server.ts'
import { backendTitle, backends } from './launch.ts'
import { Person } from './person.ts'

for (const backend of backends()) {
  describe.skipIf(backend.missing !== null)(backendTitle(backend), () => {
    describe('a search', () => {
      let dir: string
      let server: DemoServer
      let alice: Person

      beforeAll(async () => {
        dir = mkdtempSync(join(tmpdir(), 'godwit-e2e-'))
        server = await createDemoServer({ dialects: ['im2'] })
        const { control } = server
        const group = 'g-release'
        control.message({ from: 'bob', group, text: '明天下午三点开会，请带上年度预算。' })
        control.message({ from: 'bob', to: 'alice', text: 'The budget report 2026 is attached 👍' })
        for (let index = 0; index < 80; index++) control.message({ from: 'bob', group, text: `Line number ${index}` })
        alice = new Person({ server, dialect: 'im2', userId: 'alice', dir, backend: backend.name })
        await alice.start()
        await alice.isOnline()
        await alice.page.getByRole('option', { name: /Line number 79/ }).waitFor()
      })

      afterAll(async () => {
        await alice.quit()
        await server.close()
        rmSync(dir, { recursive: true, force: true })
      })

      const press = (...keys: string[]): Promise<void> =>
        keys.reduce((before, key) => before.then(() => alice.page.keyboard.press(key)), Promise.resolve())
      const type = (text: string): Promise<void> => alice.page.keyboard.insertText(text)
      const field = (): Locator => alice.page.getByRole('searchbox', { name: 'Search messages' })
      const hits = (): Locator => alice.page.getByRole('listbox', { name: 'Messages found' }).getByRole('option')
      const find = async (query: string): Promise<string[]> => {
        await field().fill(query)
        await expect.poll(() => field().getAttribute('data-answered')).toBe(query)
        return hits().locator('mark').allInnerTexts()
      }

      it('begins in the palette, which also goes to chats', async () => {
        await press('Control+k')
        const palette = alice.page.getByRole('combobox', { name: 'Go to' })
        await palette.waitFor()
        await type('release')
        await alice.page.getByRole('option', { name: /^.*Release crew/, selected: true }).waitFor()
        await press('Enter')
        await alice.page.getByRole('heading', { name: 'Release crew' }).waitFor()
        await press('Control+k')
        await type('预算')
        await alice.page.getByRole('option', { name: /Search messages for “预算”/, selected: true }).waitFor()
        await press('Enter')
        await hits().first().waitFor()
        expect(await hits().locator('mark').allInnerTexts()).toEqual(['预算'])
      })

      it.each([
        ['会', ['会']],
        ['开会', ['开会']],
        ['三点开', ['三点开']],
        ['budg', ['budg']],
        ['"budget report"', ['budget report']],
        ['👍', ['👍']],
        ['2026 from:bob', ['2026']],
        ['"qqq * ( OR', []],
        ['budget has:link', []],
      ])('finds %s', async (query, marks) => {
        expect(await find(query)).toEqual(marks)
      })

      it('opens what is found among what was said around it, marked, and stays beside it', async () => {
        await find('年度预')
        await press('ArrowDown', 'Enter')
        const message = alice.message('明天下午三点开会')
        await message.waitFor()
        await expect
          .poll(() =>
            message.evaluate((element) => {
              const box = element.getBoundingClientRect()
              return box.top >= 0 && box.bottom <= window.innerHeight
            }),
          )
          .toBe(true)
        await expect
          .poll(() =>
            alice.page.evaluate(() =>
              [...(CSS.highlights.get('found') ?? [])].map((range) => (range as Range).toString()),
            ),
          )
          .toEqual(['年度预'])
        await expect.poll(() => field().evaluate((element) => element === document.activeElement)).toBe(true)
      })

      it('keeps to one chat, and says so', async () => {
        await press('Control+f')
        expect(await alice.page.getByRole('radio', { name: 'This chat' }).isChecked()).toBe(true)
        expect(await find('budget')).toEqual([])
        expect(await find('"line number 7')).toHaveLength(11)
        await press('Control+Shift+f')
        expect(await find('budget')).toEqual(['budget'])
      })

      it('offers filters and what could stand in them', async () => {
        await field().fill('')
        await alice.page.getByRole('button', { name: 'from', exact: true }).click()
        await alice.page.getByRole('button', { name: 'Bob Keller' }).click()
        expect(await field().inputValue()).toBe('from:"Bob Keller" ')
        await alice.page.getByRole('button', { name: 'Remove the filter from: Bob Keller' }).click()
        expect(await field().inputValue()).toBe('')
      })

      it('ends with Escape, and gives the chats back', async () => {
        await field().focus()
        await press('Escape')
        await expect.poll(() => field().count()).toBe(0)
        expect(await alice.page.getByRole('region', { name: 'Conversations' }).isVisible()).toBe(true)
      })
    })
  })
}
