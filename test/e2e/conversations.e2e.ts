/** The list of chats in use: what stands behind a badge, what a person decides about a chat, and the way back after an absence. */
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
    describe('the list of chats', () => {
      let dir: string
      let server: DemoServer
      let alice: Person
      let page: Page

      const say = (from: string, text: string, where: { group?: string } = {}): void =>
        void server.control.message({ from, text, ...(where.group === undefined ? { to: 'alice' } : where) })
      const mention = (from: string, group: string, text: string): void =>
        void server.control.message({
          from,
          group,
          msgType: 0,
          content: JSON.stringify({ content: text, contentExtra: { mentions: ['alice'] } }),
        })
      const option = (name: RegExp): Locator => page.getByRole('listbox').getByRole('option', { name })
      const names = (): Promise<string[]> =>
        page
          .getByRole('listbox')
          .getByRole('option')
          .evaluateAll((all) =>
            all
              .sort((a, b) => Number(a.ariaPosInSet) - Number(b.ariaPosInSet))
              .map((one) => (one.textContent ?? '').split(',')[0] ?? ''),
          )
      /** From the menu of the chat, by keyboard alone. */
      async function decides(who: RegExp, ...items: RegExp[]): Promise<void> {
        await option(who).focus()
        await page.keyboard.press('Shift+F10')
        for (const item of items) {
          const wanted = page.getByRole('menuitem', { name: item })
          await wanted.waitFor()
          for (let step = 0; step < 12; step++) {
            if (await wanted.evaluate((one) => one === document.activeElement)) break
            await page.keyboard.press('ArrowDown')
          }
          await page.keyboard.press('Enter')
        }
        await page.getByRole('menu').waitFor({ state: 'detached' })
      }
      async function start(): Promise<void> {
        await alice.start()
        page = alice.page
        await alice.isOnline()
      }

      beforeAll(async () => {
        dir = mkdtempSync(join(tmpdir(), 'godwit-chats-'))
        server = await createDemoServer({ dialects: ['im2'] })
        alice = new Person({ server, dialect: 'im2', userId: 'alice', dir, backend: backend.name })
        for (let index = 0; index < 90; index++) say('sofia', `news ${index}`, { group: 'g-release' })
        mention('bob', 'g-release', '@Alice the packages, please')
        for (let index = 0; index < 90; index++) say('sofia', `later ${index}`, { group: 'g-release' })
        for (const words of ['one', 'two', 'three']) say('lin.mei', words)
        await start()
      })
      afterAll(async () => {
        await alice.quit()
        await server.close()
        rmSync(dir, { recursive: true, force: true })
      })

      it('says why a badge is there, and goes to each message behind it', async () => {
        await option(/^林梅, 3 unread/).focus()
        await page.keyboard.press('ArrowRight')
        const why = page.getByRole('dialog', { name: '3 unread' })
        await expect.poll(() => why.getByRole('button').allInnerTexts()).toHaveLength(4)
        expect((await why.getByRole('listitem').allInnerTexts()).map((text) => text.split('\n').at(-1))).toEqual([
          'one',
          'two',
          'three',
        ])
        await page.keyboard.press('Escape')
        await expect
          .poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-conversation-id')))
          .toBe('direct:lin.mei')
      })

      it('offers to catch up after an absence, and leads to the message that named the user', async () => {
        await page
          .getByRole('region', { name: 'While you were away' })
          .getByRole('button', { name: /^Catch up/ })
          .click()
        const mentions = page.getByRole('region', { name: /^You were mentioned/ })
        await mentions.getByRole('button', { name: /the packages, please/ }).press('Enter')
        const named = alice.message('the packages, please').first()
        await named.waitFor()
        await expect
          .poll(() =>
            named.evaluate((one) => {
              const box = one.getBoundingClientRect()
              return box.top > 0 && box.bottom < window.innerHeight
            }),
          )
          .toBe(true)
        await alice.sees('later 0')
      })

      it('catches up by reading, until nothing is left', async () => {
        await page.keyboard.press('Control+Shift+U')
        const people = page.getByRole('region', { name: /^People/ })
        await people.getByRole('button', { name: /^林梅/ }).waitFor()
        await people.getByRole('button', { name: /^Mark as read/ }).click()
        await page
          .getByRole('region', { name: /^Groups/ })
          .getByRole('button', { name: /^Mark as read/ })
          .click()
        await page.getByText('You are all caught up').waitFor()
        await option(/^Release crew, no unread/).waitFor()
      })

      it('keeps what was decided about each chat, over a restart too', async () => {
        await decides(/^林梅/, /^Pin/)
        await decides(/^Release crew/, /^Mute/, /^For 8 hours/)
        await decides(/^产品讨论/, /^Archive/)
        await decides(/^午饭/, /^Rename/)
        await page.getByRole('textbox', { name: 'Name' }).fill('Canteen')
        await page.keyboard.press('Enter')
        await option(/^Canteen/).waitFor()
        await decides(/^Canteen/, /^Mark as unread/)
        // The menu that closes gives the focus back to its row, and may do so after this.
        const width = page.getByRole('separator', { name: 'Width of the list' })
        await expect
          .poll(async () => {
            await width.press('End')
            return width.getAttribute('aria-valuenow')
          })
          .toBe('560')
        await alice.quit()
        await start()
        await option(/^林梅.*pinned$/).waitFor()
        await option(/^Release crew.*muted$/).waitFor()
        await option(/^Canteen, marked as unread/).waitFor()
        expect((await names())[0]).toBe('林梅')
        expect(await names()).not.toContain('产品讨论')
        expect(await page.getByRole('separator').getAttribute('aria-valuenow')).toBe('560')
        await page.getByRole('radio', { name: 'Archived' }).press(' ')
        await expect.poll(names).toEqual(['产品讨论'])
      })

      it('shows what a filter names, and brings an archived chat back with the next message', async () => {
        await page.getByRole('radio', { name: 'Archived' }).press('ArrowLeft')
        await expect.poll(names).not.toContain('林梅')
        say('chen.yu', 'back again', { group: 'g-product' })
        await option(/^产品讨论, 1 unread/).waitFor()
        await page.getByRole('radio', { name: 'Unread', exact: true }).press(' ')
        await expect.poll(async () => (await names()).sort()).toEqual(['Canteen', '产品讨论'])
        await page.getByRole('radio', { name: 'All', exact: true }).press(' ')
      })

      it('verifies a chat: what is kept, what is missing, and how far that can be known', async () => {
        await decides(/^林梅/, /^Verify this chat/)
        const verdict = page.getByRole('dialog', { name: 'Verify 林梅' })
        await verdict.getByText('The server numbers its messages, and none is missing between them.').waitFor()
        await verdict.getByText(/^\d+ messages are kept here\.$/).waitFor()
        await page.keyboard.press('Escape')
        await verdict.waitFor({ state: 'detached' })
      })

      it('deletes a chat after asking; old words never come back, new ones bring it back', async () => {
        await alice.opens('林梅')
        await alice.sees('three')
        await option(/^林梅/).focus()
        await page.keyboard.press('Delete')
        const ask = page.getByRole('dialog', { name: /Delete the chat/ })
        await ask.getByRole('button', { name: 'Cancel' }).click()
        await ask.waitFor({ state: 'detached' })
        await option(/^林梅/).focus()
        await page.keyboard.press('Delete')
        await ask.getByRole('button', { name: 'Delete', exact: true }).click()
        await option(/^林梅/).waitFor({ state: 'detached' })
        await alice.quit()
        await start()
        await expect.poll(names).toContain('Canteen')
        expect(await names()).not.toContain('林梅')
        say('lin.mei', 'something new')
        await option(/^林梅, 1 unread, something new/).click()
        await alice.sees('something new')
        expect(await alice.transcript()).toHaveLength(1)
      })
    })
  })
}
