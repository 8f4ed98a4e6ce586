/**
 * A long history in the real app: where it opens, ways through it, what is done with several messages, and that what is
 * read stays where it is. Pictures go to GODWIT_PICTURES, to be looked at.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DemoServer, createDemoServer } from '../server/server.ts'
import { backendTitle, backends } from './launch.ts'
import { Person } from './person.ts'
import { pngFile } from './pngFile.ts'

const dayMs = 86_400_000
const perDay = 30

for (const backend of backends()) {
  describe.skipIf(backend.missing !== null)(backendTitle(backend), () => {
    describe('a long history', () => {
      const group = 'g-release'
      let dir: string
      let server: DemoServer
      let alice: Person
      /** Requests for pictures that are let go when the test says so. */
      const waiting: ServerResponse[] = []
      const pictures = createServer((_request, response) => void waiting.push(response))

      const say = (from: string, text: string, extra: object | null = null, msgType = 0): void => {
        const content = extra === null ? text : JSON.stringify({ content: text, contentExtra: extra })
        server.control.message({ from, group, msgType, content })
      }
      const article = (text: string): Locator => alice.message(text).first()
      const log = (): Locator => alice.page.getByRole('log', { name: 'Messages' })
      const isOnScreen = (text: string): Promise<boolean> =>
        article(text)
          .evaluate((element) => {
            const box = element.getBoundingClientRect()
            const around = element.closest('[role="log"]')?.getBoundingClientRect()
            return around !== undefined && box.top >= around.top - 2 && box.bottom <= around.bottom + 2
          })
          .catch(() => false)
      const comesToScreen = (text: string): Promise<void> => expect.poll(() => isOnScreen(text)).toBe(true)
      const picture = async (name: string): Promise<void> => {
        const folder = process.env['GODWIT_PICTURES']
        if (folder === undefined) return
        mkdirSync(folder, { recursive: true })
        await alice.page.waitForTimeout(300)
        await alice.page.screenshot({ path: join(folder, `timeline-${name}.png`) })
      }

      beforeAll(async () => {
        dir = mkdtempSync(join(tmpdir(), 'godwit-timeline-'))
        await new Promise<void>((listening) => pictures.listen(0, '127.0.0.1', listening))
        server = await createDemoServer({ dialects: ['im2'] })
        const noon = new Date().setHours(12, 0, 0, 0)
        for (let number = 0; number < 3 * perDay; number++) {
          const serverTime = noon - (3 - Math.floor(number / perDay)) * dayMs + (number % perDay) * 60_000
          server.control.message({ from: number % 4 < 2 ? 'bob' : 'sofia', group, text: `old ${number}.`, serverTime })
        }
        alice = new Person({ server, dialect: 'im2', userId: 'alice', dir, backend: backend.name })
        await alice.start()
        await alice.isOnline()
        await alice.opens('Release crew')
      })
      afterAll(async () => {
        await alice.quit()
        await server.close()
        pictures.closeAllConnections()
        pictures.close()
        rmSync(dir, { recursive: true, force: true })
      })

      it('opens where the unread messages begin, however many there are', async () => {
        await comesToScreen('old 0.')
        await alice.page.getByText('New messages', { exact: true }).waitFor()
        await picture('opened')
      })

      it('goes to its end, and back to where the unread ones began', async () => {
        await alice.page.getByRole('button', { name: /^To the newest messages/ }).click()
        await comesToScreen('old 89.')
        await article('old 89.').focus()
        await alice.page.keyboard.press('u')
        await comesToScreen('old 0.')
      })

      it('goes to a day that the calendar shows messages on', async () => {
        await article('old 0.').focus()
        await alice.page.keyboard.press('g')
        const calendar = alice.page.getByRole('group', { name: 'Go to a day' })
        await calendar.waitFor()
        const day = new Date(Date.now() - 2 * dayMs)
        const name = new Intl.DateTimeFormat('en', {
          weekday: 'long',
          year: 'numeric',
          month: 'long',
          day: 'numeric',
        }).format(day)
        // Two days ago may lie in the month that follows the one of three days ago.
        const cell = calendar.getByRole('button', { name: `${name}, ${perDay} messages` })
        await calendar
          .getByRole('button', { name: /, \d+ messages$/ })
          .first()
          .waitFor()
        if ((await cell.count()) === 0) await calendar.getByRole('button', { name: 'Later month' }).click()
        await cell.waitFor()
        await picture('calendar')
        await cell.click()
        await comesToScreen(`old ${perDay}.`)
        await calendar.waitFor({ state: 'detached' })
      })

      it('passes several on, chosen by keyboard alone, one by one and in order', async () => {
        await article(`old ${perDay}.`).focus()
        await alice.page.keyboard.press('Space')
        await alice.page.keyboard.press('Shift+ArrowDown')
        await alice.page.keyboard.press('Shift+ArrowDown')
        const bar = alice.page.getByRole('toolbar', { name: 'Selected messages' })
        await bar.getByText('3 selected').waitFor()
        await picture('selected')
        await bar.getByRole('button', { name: 'Forward' }).press('Enter')
        const dialog = alice.page.getByRole('dialog', { name: 'Forward 3 messages' })
        await alice.page.keyboard.type('lunch')
        await dialog.getByRole('option').first().waitFor()
        const receiver = (await dialog.getByRole('option').first().getAttribute('aria-label')) ?? ''
        await alice.page.keyboard.press('Enter')
        await expect.poll(() => dialog.getByRole('option', { selected: true }).count()).toBe(1)
        await picture('forward')
        await alice.page.keyboard.press('Control+Enter')
        await alice.page.getByRole('status').filter({ hasText: '3 messages forwarded.' }).waitFor()
        await bar.waitFor({ state: 'detached' })
        await alice.conversation(receiver).click()
        await alice.sees('old 32.')
        expect((await alice.transcript()).slice(-3)).toEqual(['You: old 30.', 'You: old 31.', 'You: old 32.'])
        await alice.hasDelivered('old 32.')
        await alice.opens('Release crew')
      })

      it('shows who is named, large emoji, and links with where they lead', async () => {
        say('bob', '@Alice Hart please look', { mentions: ['alice'] })
        say('sofia', '👍🎉')
        say('bob', 'see https://аррӏе.com/ now')
        await alice.sees('please look')
        await alice.sees('see https')
        expect(await alice.message('please look').last().locator('mark').innerText()).toBe('@Alice Hart')
        const size = (text: string): Promise<number> =>
          alice
            .message(text)
            .last()
            .locator('.user-text')
            .evaluate((element) => Number.parseFloat(getComputedStyle(element).fontSize))
        expect(await size('👍🎉')).toBeGreaterThan(2 * (await size('please look')))
        expect(await alice.message('see https').last().getByRole('link').getAttribute('href')).toBe(
          'https://xn--80ak6aa92e.com/',
        )
        await picture('names')
      })

      it('copies what is marked across messages with names, in order', async () => {
        const copied = await log().evaluate((element) => {
          const words = [...element.querySelectorAll('article .user-text')].slice(-3)
          const [first, last] = [words[0], words.at(-1)]
          if (first === undefined || last === undefined) throw new Error('Nothing to mark')
          document.getSelection()?.setBaseAndExtent(first, 0, last, last.childNodes.length)
          let text = ''
          document.addEventListener('copy', (event) => (text = event.clipboardData?.getData('text/plain') ?? ''), {
            once: true,
          })
          document.execCommand('copy')
          document.getSelection()?.removeAllRanges()
          return text
        })
        expect(copied.split('\n').filter((line) => line !== '' && !/ {2}/.test(line))).toEqual([
          '@Alice Hart please look',
          '👍🎉',
          'see https://аррӏе.com/ now',
        ])
        expect(copied).toMatch(/^Bob Keller {2}.*\n@Alice/)
      })

      it('opens the menu of a message by the keyboard, and gives the focus back', async () => {
        await alice.message('please look').last().focus()
        await alice.page.keyboard.press('Shift+F10')
        await alice.page.getByRole('menuitem', { name: 'Forward' }).waitFor()
        await picture('menu')
        await alice.page.keyboard.press('Escape')
        await alice.page.getByRole('menu').waitFor({ state: 'detached' })
        const focused = await alice.page.evaluate(() => document.activeElement?.getAttribute('aria-label'))
        expect(focused).toContain('please look')
      })

      it('deletes several for the user only, after asking', async () => {
        await alice.message('👍🎉').last().focus()
        await alice.page.keyboard.press('Space')
        await alice.page.keyboard.press('Shift+ArrowDown')
        const bar = alice.page.getByRole('toolbar', { name: 'Selected messages' })
        await bar.getByRole('button', { name: 'Delete for me' }).click()
        await alice.page
          .getByRole('dialog', { name: 'Delete 2 messages for you?' })
          .getByRole('button', { name: 'Delete for me' })
          .click()
        await expect.poll(() => alice.message('👍🎉').count()).toBe(0)
        await expect.poll(() => alice.message('see https').count()).toBe(0)
        expect(await alice.message('please look').count()).toBe(1)
      })

      it('stays where it is read while pictures above come late and messages below come in', async () => {
        const { port } = pictures.address() as AddressInfo
        for (let number = 0; number < 4; number++) {
          const extra = { url: `http://127.0.0.1:${port}/${number}.png`, size: 9000, format: 'PNG' }
          say('sofia', `picture ${number}`, extra, 1)
        }
        for (let number = 0; number < 14; number++) say('bob', `below ${number}.`)
        await alice.page.getByRole('button', { name: /^To the newest messages/ }).click()
        await comesToScreen('below 13.')
        await log().hover()
        await alice.page.mouse.wheel(0, -700)
        await expect.poll(() => waiting.length).toBeGreaterThan(0)
        const first = await log().evaluate((element) => {
          const above = element.getBoundingClientRect().top
          const shown = [...element.querySelectorAll('article')].find(
            (one) => one.getBoundingClientRect().top > above + 40 && one.querySelector('img') === null,
          )
          return shown?.dataset['messageId'] ?? ''
        })
        const place = (): Promise<number> =>
          alice.page
            .locator(`[data-message-id="${first}"]`)
            .evaluate((element) => Math.round(element.getBoundingClientRect().top))
        await alice.page.waitForTimeout(200)
        const before = await place()
        for (const response of waiting.splice(0)) {
          response.writeHead(200, { 'content-type': 'image/png' }).end(pngFile(900, 1600))
        }
        await expect
          .poll(() =>
            log().evaluate((element) =>
              [...element.querySelectorAll('img')].some((image) => image.complete && image.naturalHeight === 1600),
            ),
          )
          .toBe(true)
        say('bob', 'one more below')
        await expect.poll(() => alice.page.getByRole('button', { name: /^To the newest messages/ }).count()).toBe(1)
        await alice.page.waitForTimeout(200)
        expect(Math.abs((await place()) - before)).toBeLessThanOrEqual(1)
        await picture('late')
      })
    })
  })
}
