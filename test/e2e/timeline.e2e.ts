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
      /** Noon of three days, none of which is today, even if midnight comes meanwhile. */
      const days = [4, 3, 2].map((ago) => new Date().setHours(12, 0, 0, 0) - ago * dayMs)
      /** Requests for pictures that are let go when the test says so. */
      const waiting: ServerResponse[] = []
      const pictures = createServer((_request, response) => void waiting.push(response))

      const say = (from: string, text: string, msgType = 0, extra: object | null = null): void => {
        const content = extra === null ? text : JSON.stringify({ content: text, contentExtra: extra })
        server.control.message({ from, group, msgType, content })
      }
      const article = (text: string): Locator => alice.message(text).last()
      const log = (): Locator => alice.page.getByRole('log', { name: 'Messages' })
      const isOnScreen = (text: string): Promise<boolean> =>
        log().evaluate((element, wanted) => {
          const around = element.getBoundingClientRect()
          return [...element.querySelectorAll('article')].some((one) => {
            const box = one.getBoundingClientRect()
            const isInside = box.top >= around.top - 2 && box.bottom <= around.bottom + 2
            return isInside && one.textContent.includes(wanted)
          })
        }, text)
      const comesToScreen = (text: string): Promise<void> => expect.poll(() => isOnScreen(text)).toBe(true)
      const focused = (): Promise<string> =>
        alice.page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '')
      const hasFocus = (label: string): Promise<void> => expect.poll(focused).toBe(label)

      let marks = 0
      /** In the chat, at its end, with the focus on its last message: which is one that only this test has. */
      const begins = async (): Promise<string> => {
        const mark = `mark ${++marks}.`
        say('bob', mark)
        await alice.opens('Release crew')
        await expect
          .poll(async () => {
            await log().press('End')
            return isOnScreen(mark)
          })
          .toBe(true)
        await hasFocus(`Bob Keller: ${mark}`)
        return mark
      }
      const goesTo = async (day: number): Promise<void> => {
        await alice.page.keyboard.press('g')
        const calendar = alice.page.getByRole('group', { name: 'Go to a day' })
        const name = new Intl.DateTimeFormat('en', {
          weekday: 'long',
          year: 'numeric',
          month: 'long',
          day: 'numeric',
        }).format(day)
        const cell = calendar.getByRole('button', { name: `${name}, ${perDay} messages` })
        // The day may lie in the month before the one that is read; its weeks show the days around it as well.
        const said = calendar.getByRole('button', { name: /, [1-9]\d* messages?$/ })
        await said.first().waitFor()
        if ((await cell.count()) === 0) await calendar.getByRole('button', { name: 'Earlier month' }).click()
        await cell.waitFor()
        await picture('calendar')
        await cell.press('Enter')
        await calendar.waitFor({ state: 'detached' })
      }
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
        for (let number = 0; number < 3 * perDay; number++) {
          const serverTime = (days[Math.floor(number / perDay)] ?? 0) + (number % perDay) * 60_000
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

      it('opens where the unread messages begin, goes to its end, and back to where they began', async () => {
        await comesToScreen('old 0.')
        await alice.page.getByText('New messages', { exact: true }).waitFor()
        await picture('opened')
        await alice.page.getByRole('button', { name: /^To the newest messages/ }).click()
        await comesToScreen('old 89.')
        await article('old 89.').focus()
        await alice.page.keyboard.press('u')
        await comesToScreen('old 0.')
        await hasFocus('Bob Keller: old 0.')
      })

      it('goes to a day that the calendar shows messages on, and the arrows go on from there', async () => {
        await begins()
        await goesTo(days[1] ?? 0)
        await comesToScreen(`old ${perDay}.`)
        await hasFocus(`Sofia Lindqvist: old ${perDay}.`)
        await alice.page.keyboard.press('ArrowDown')
        await hasFocus(`Sofia Lindqvist: old ${perDay + 1}.`)
      })

      it('comes back from the past to what was said meanwhile, by others and by the user', async () => {
        await begins()
        await goesTo(days[0] ?? 0)
        await comesToScreen('old 0.')
        await hasFocus('Bob Keller: old 0.')
        say('sofia', 'said meanwhile')
        await alice.conversation('Release crew').filter({ hasText: 'said meanwhile' }).waitFor()
        expect(await isOnScreen('old 0.')).toBe(true)
        await alice.page.keyboard.press('End')
        await comesToScreen('said meanwhile')
        await hasFocus('Sofia Lindqvist: said meanwhile')
        await goesTo(days[0] ?? 0)
        await comesToScreen('old 0.')
        await alice.says('my own answer')
        await comesToScreen('my own answer')
        expect((await alice.transcript()).slice(-2)).toEqual(['Sofia Lindqvist: said meanwhile', 'You: my own answer'])
      })

      it('passes several on, chosen by keyboard alone, one by one and in order', async () => {
        await begins()
        for (const text of ['pass 1.', 'pass 2.', 'pass 3.']) say('sofia', text)
        await comesToScreen('pass 3.')
        await alice.page.keyboard.press('ArrowDown')
        await hasFocus('Sofia Lindqvist: pass 1.')
        await alice.page.keyboard.press('Space')
        await alice.page.keyboard.press('Shift+ArrowDown')
        await hasFocus('Sofia Lindqvist: pass 2.')
        await alice.page.keyboard.press('Shift+ArrowDown')
        const bar = alice.page.getByRole('toolbar', { name: 'Selected messages' })
        await bar.getByText('3 selected').waitFor()
        await picture('selected')
        await bar.getByRole('button', { name: 'Forward' }).press('Enter')
        const dialog = alice.page.getByRole('dialog', { name: 'Forward 3 messages' })
        await expect.poll(focused).toBe('Search chats and people')
        await alice.page.keyboard.type('lunch')
        await expect.poll(() => dialog.getByRole('option').count()).toBe(1)
        const receiver = await dialog.getByRole('option').locator('.name').innerText()
        await alice.page.keyboard.press('Enter')
        await expect.poll(() => dialog.getByRole('option', { selected: true }).count()).toBe(1)
        await picture('forward')
        await alice.page.keyboard.press('Control+Enter')
        await alice.page.getByRole('status').filter({ hasText: '3 messages forwarded.' }).waitFor()
        await bar.waitFor({ state: 'detached' })
        await hasFocus('Sofia Lindqvist: pass 3.')
        await alice.conversation(receiver).click()
        await expect.poll(async () => (await alice.transcript()).at(-1)).toBe('You: pass 3.')
        expect((await alice.transcript()).slice(-3)).toEqual(['You: pass 1.', 'You: pass 2.', 'You: pass 3.'])
        await alice.hasDelivered('pass 3.')
      })

      it('shows who is named, large emoji, and links with where they lead', async () => {
        await begins()
        say('bob', '@Alice Hart please look', 0, { mentions: ['alice'] })
        say('sofia', '👍🎉')
        say('bob', 'see https://аррӏе.com/ now')
        await comesToScreen('see https')
        expect(await article('please look').locator('mark').innerText()).toBe('@Alice Hart')
        const size = (text: string): Promise<number> =>
          article(text)
            .locator('.user-text')
            .evaluate((element) => Number.parseFloat(getComputedStyle(element).fontSize))
        expect(await size('👍🎉')).toBeGreaterThan(2 * (await size('please look')))
        expect(await article('see https').getByRole('link').getAttribute('href')).toBe('https://xn--80ak6aa92e.com/')
        await picture('names')
      })

      it('copies what is marked across messages with names, in order', async () => {
        const mark = await begins()
        say('sofia', 'copy 👍🎉')
        say('bob', 'copy https://аррӏе.com/ now')
        await comesToScreen('copy https')
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
          mark,
          'copy 👍🎉',
          'copy https://аррӏе.com/ now',
        ])
        expect(copied).toMatch(/^Bob Keller {2}.*\nmark/)
      })

      it('opens the menu of a message by the keyboard, and gives the focus back', async () => {
        const mark = await begins()
        await alice.page.keyboard.press('Shift+F10')
        await alice.page.getByRole('menuitem', { name: 'Forward' }).waitFor()
        await picture('menu')
        await alice.page.keyboard.press('Escape')
        await alice.page.getByRole('menu').waitFor({ state: 'detached' })
        await hasFocus(`Bob Keller: ${mark}`)
      })

      it('deletes several for the user only, after asking', async () => {
        const mark = await begins()
        say('sofia', 'away 1.')
        say('bob', 'away 2.')
        await comesToScreen('away 2.')
        await alice.page.keyboard.press('ArrowDown')
        await hasFocus('Sofia Lindqvist: away 1.')
        await alice.page.keyboard.press('Space')
        await alice.page.keyboard.press('Shift+ArrowDown')
        const bar = alice.page.getByRole('toolbar', { name: 'Selected messages' })
        await bar.getByText('2 selected').waitFor()
        await bar.getByRole('button', { name: 'Delete for me' }).press('Enter')
        const asked = alice.page.getByRole('dialog', { name: 'Delete 2 messages for you?' })
        await asked.getByRole('button', { name: 'Delete for me' }).press('Enter')
        await expect.poll(() => alice.message('away').count()).toBe(0)
        expect(await alice.message(mark).count()).toBe(1)
        await asked.waitFor({ state: 'detached' })
        await expect.poll(() => log().evaluate((element) => element.contains(document.activeElement))).toBe(true)
      })

      it('stays where it is read while pictures above come late and messages below come in', async () => {
        await begins()
        const { port } = pictures.address() as AddressInfo
        for (let number = 0; number < 4; number++) {
          const extra = { url: `http://127.0.0.1:${port}/${number}.png`, size: 9000, format: 'PNG' }
          say('sofia', `picture ${number}`, 1, extra)
        }
        for (let number = 0; number < 14; number++) say('bob', `below ${number}.`)
        await comesToScreen('below 13.')
        await log().hover()
        await alice.page.mouse.wheel(0, -250)
        await expect.poll(() => isOnScreen('below 13.')).toBe(false)
        await expect.poll(() => waiting.length).toBeGreaterThan(0)
        const place = (): Promise<number> =>
          article('below 6.').evaluate((element) => Math.round(element.getBoundingClientRect().top))
        /** Where it comes to rest. */
        const settled = async (): Promise<number> => {
          let last = await place()
          await expect
            .poll(
              async () => {
                const before = last
                last = await place()
                return last - before
              },
              { interval: 150 },
            )
            .toBe(0)
          return last
        }
        const before = await settled()
        expect(await isOnScreen('below 6.')).toBe(true)
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
        await alice.conversation('Release crew').filter({ hasText: 'one more below' }).waitFor()
        expect(Math.abs((await settled()) - before)).toBeLessThanOrEqual(1)
        await picture('late')
      })
    })
  })
}
