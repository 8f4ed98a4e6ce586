/** "Why was I not notified?", as a person looks for the answer: from a chat, from the settings, from the palette. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LedgerEntry } from '#common/domain/notification/ledger.ts'
import { openAccountStore } from '#electron/adapters/sqlite/accountStore.ts'
import en from '../../renderer/src/i18n/en.json'
import zh from '../../renderer/src/i18n/zh-CN.json'
import { demoSeed } from '../server/seed.ts'
import { type DemoServer, createDemoServer } from '../server/server.ts'
import { complaints, loadAxe } from './axe.ts'
import { Keyboard } from './keyboard.ts'
import { backendTitle, backends } from './launch.ts'
import { messagesFile } from './messagesFile.ts'
import { Person } from './person.ts'

const earlier = 160
const dayMs = 86_400_000

/** Decisions of the days before, in a number that nobody waits for here, written as the program writes them. */
function fillLedger(file: string): void {
  const opened = openAccountStore({ file, selfId: 'alice' })
  if (!opened.ok) throw new Error(opened.error.code)
  const entry = (facts: Partial<LedgerEntry>): Omit<LedgerEntry, 'id'> => ({
    at: Date.now() - 3 * dayMs,
    channel: 'chat',
    kind: 'message',
    conversationId: 'direct:bob',
    messageId: null,
    noticeId: null,
    shown: false,
    sound: false,
    reason: 'focusMode',
    until: null,
    ...facts,
  })
  opened.value.noteDecisions([
    ...Array.from({ length: earlier }, (_, messageId) => entry({ messageId: messageId + 10_000 })),
    entry({ channel: 'system', kind: 'alert', conversationId: null, noticeId: 'long gone' }),
  ])
  opened.value.close()
}

for (const backend of backends()) {
  describe.skipIf(backend.missing !== null)(`the notification ledger ${backendTitle(backend)}`, () => {
    let dir: string
    let server: DemoServer
    let alice: Person
    let page: Page
    let keys: Keyboard

    const ledger = (t = en): Locator => page.getByRole('region', { name: t.ledger.heading, exact: true })
    const rows = (t = en): Locator => ledger(t).getByRole('listitem').getByRole('button')
    /** Each line without its time: what it was about, and what came of it. */
    const told = (): Promise<string[]> =>
      rows().evaluateAll((all) =>
        all.map((row) =>
          [...row.querySelectorAll('.subject, .about, .outcome')]
            .map((part) => (part.textContent ?? '').replaceAll(/\s+/g, ' ').trim())
            .join(' | '),
        ),
      )
    const isFocused = (line: Locator): Promise<boolean> =>
      line.evaluate((element) => element === document.activeElement)
    const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.textContent?.trim() ?? '')
    const byPalette = async (): Promise<void> => {
      await keys.press('Control+k')
      await page.getByRole('combobox').waitFor()
      await keys.type('not notified')
      await page.getByRole('option', { name: en.ledger.heading }).waitFor()
      await keys.press('Enter')
      await ledger().waitFor()
    }

    const say = (text: string, from = 'bob'): void => void server.control.message({ from, group: 'g-release', text })

    const inList = (text: string): Promise<void> =>
      alice.conversation('Release crew').filter({ hasText: text }).waitFor()

    beforeAll(async () => {
      dir = mkdtempSync(join(tmpdir(), 'godwit-ledger-'))
      server = await createDemoServer({ dialects: ['im2'], seed: demoSeed })
      // A desktop with a daemon of its own would be asked too.
      const env = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' }
      alice = new Person({ server, dialect: 'im2', userId: 'alice', dir, backend: backend.name, env })
      await alice.start()
      await alice.isOnline()
      await alice.quit()
      fillLedger(messagesFile(alice.dataDir))
      await alice.start()
      page = alice.page
      keys = new Keyboard(page)
      await alice.isOnline()
      await loadAxe(page)
    })
    afterAll(async () => {
      await alice.quit()
      await server.close()
      rmSync(dir, { recursive: true, force: true })
    })

    it('holds every decision about what comes, each with its reason', async () => {
      await alice.opens('Release crew')
      say('on the screen')
      await alice.sees('on the screen')
      await alice.opens('Bob Keller')
      say('the tide is late')
      await inList('the tide is late')
      say('from my other computer', 'alice')
      await inList('from my other computer')
      await alice.conversation('Release crew').focus()
      await keys.press('Shift+F10')
      await page.getByRole('menuitem', { name: 'Mute', exact: true }).press('Enter')
      await page.getByRole('menuitem', { name: 'Until I unmute it' }).press('Enter')
      await page.getByRole('menu').first().waitFor({ state: 'detached' })
      say('not so loud')
      await inList('not so loud')
      const content = { content: '@Alice come', contentExtra: { mentions: ['alice'] } }
      server.control.message({ from: 'bob', group: 'g-release', msgType: 0, content: JSON.stringify(content) })
      await inList('@Alice come')
      server.control.notify({ type: 'alert', title: 'Fire drill', content: 'Leave the building.', priority: 'high' })
      await page.getByText('Fire drill').first().waitFor()
      server.control.policy({ maxMessageLength: 1500, by: 'bob', reason: 'trial' })
      await byPalette()
      await expect
        .poll(async () => (await told()).slice(0, 7))
        .toEqual([
          'Limits were changed | Administrators | Shown, with sound · Nothing spoke against it',
          'Fire drill | Alert | Shown, without sound · Nothing spoke against it',
          'Release crew | Bob Keller mentioned you | Shown, with sound · Muted, but you were mentioned',
          'Release crew | Message from Bob Keller | Not shown · Muted',
          'Release crew | Your own message | Not shown · You wrote it yourself',
          'Release crew | Message from Bob Keller | Shown, with sound · Nothing spoke against it',
          'Release crew | Message from Bob Keller | Not shown · You were reading it',
        ])
    })

    it('takes in what is decided while it is looked at', async () => {
      say('one more')
      await expect
        .poll(async () => (await told())[0])
        .toBe('Release crew | Message from Bob Keller | Not shown · Muted')
    })

    it('tells from a chat what was decided about that chat, by keyboard alone', async () => {
      for (let index = 0; index < 40; index++) say(`and then ${index}`)
      await inList('and then 39')
      await alice.conversation('Release crew').focus()
      await keys.press('Shift+F10')
      await page.getByRole('menuitem', { name: en.ledger.heading }).press('Enter')
      await page.getByRole('button', { name: 'Only Release crew: show all chats' }).waitFor()
      await expect.poll(focused).toBe(en.ledger.heading)
      expect(new Set((await told()).map((line) => line.split(' | ')[0]))).toEqual(new Set(['Release crew']))
      expect(await complaints(page)).toEqual([])
    })

    it('leads to the very message, far up in the chat', async () => {
      await keys.tabTo(rows().first())
      const line = rows().filter({ hasText: 'Your own message' })
      for (let step = 0; step < 60 && !(await isFocused(line)); step++) await keys.press('ArrowDown')
      await keys.press('Enter')
      await alice.message('from my other computer').waitFor()
      await expect
        .poll(() =>
          alice.message('from my other computer').evaluate((article) => {
            const { top, bottom } = article.getBoundingClientRect()
            return top >= 0 && bottom <= window.innerHeight
          }),
        )
        .toBe(true)
    })

    it('is found in the settings of notifications, and by the palette', async () => {
      await alice.goesTo('Settings')
      await page.getByRole('tab', { name: en.settings.pages.notifications }).click()
      await page.getByRole('tabpanel').getByRole('button', { name: en.ledger.heading }).click()
      await ledger().waitFor()
      await ledger().getByRole('button', { name: en.ledger.settings }).click()
      await page.getByRole('tab', { name: en.settings.pages.notifications, selected: true }).waitFor()
      await byPalette()
      await rows().first().waitFor()
    })

    it('comes in page by page as far as it goes', async () => {
      await keys.tabTo(rows().first())
      const atEnd = ledger().getByText('Kept on this computer')
      await expect
        .poll(
          async () => {
            await keys.press('End')
            return atEnd.isVisible()
          },
          { timeout: 20_000 },
        )
        .toBe(true)
      expect(await rows().filter({ hasText: 'The system asks for silence' }).count()).toBe(earlier + 1)
    })

    it('shows only what was not shown, and leads to an announcement', async () => {
      await byPalette()
      await ledger().getByRole('radio', { name: en.ledger.filters.withheld }).check({ force: true })
      await expect.poll(async () => (await told()).some((line) => /\| Shown/.test(line))).toBe(false)
      await ledger().getByRole('radio', { name: en.ledger.filters.all }).check({ force: true })
      await rows().filter({ hasText: 'Fire drill' }).click()
      await page.getByRole('region', { name: en.notices.heading }).getByText('Leave the building.').first().waitFor()
    })

    it.each([
      { name: 'in English by day', t: en, dark: false },
      { name: 'in Chinese by night', t: zh, dark: true },
    ])('is whole in a small window, without a complaint, $name', async ({ t, dark }) => {
      if (t === zh) {
        await alice.goesTo('Settings')
        await page.getByRole('tab', { name: en.settings.pages.appearance }).click()
        await page.getByRole('radiogroup', { name: en.settings.names.language }).getByText('简体中文').click()
        await page.getByRole('tab', { name: zh.settings.pages.notifications }).click()
        await page.getByRole('tabpanel').getByRole('button', { name: zh.ledger.heading }).click()
      } else await byPalette()
      await alice.app.control().setDark(dark)
      await page.waitForFunction((wanted) => matchMedia('(prefers-color-scheme: dark)').matches === wanted, dark)
      for (const width of [800, 1600]) {
        await page.setViewportSize({ width, height: 720 })
        await rows(t).first().waitFor()
        const cut = await ledger(t).evaluate((region) =>
          [...region.querySelectorAll('*')]
            .filter((element) => element.getBoundingClientRect().right > window.innerWidth + 0.5)
            .map((element) => element.outerHTML.slice(0, 120)),
        )
        expect(cut).toEqual([])
        expect(await complaints(page)).toEqual([])
      }
    })
  })
}
