/** "Why was I not notified?", as a person looks for the answer: from a chat, from the settings, from the palette. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { muteForEver } from '#common/domain/conversation.ts'
import type { Message } from '#common/domain/message.ts'
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

const crew = 'group:g-release'
const many = 160
const minuteMs = 60_000

/** What was decided about what came, oldest first, written as the program writes it. */
function fillLedger(file: string): void {
  const opened = openAccountStore({ file, selfId: 'alice' })
  if (!opened.ok) throw new Error(opened.error.code)
  const store = opened.value
  const page = store.page(crew, { at: 'newest' }, 50)
  const noticeId = store.snapshot().notices[0]?.id
  if (!page.ok || noticeId === undefined) throw new Error('nothing came')
  const { messages } = page.value
  const found = (message: Message | undefined): number => {
    if (message === undefined) throw new Error('a message did not come')
    return message.id
  }
  const idOf = (text: string): number =>
    found(messages.find(({ content }) => 'text' in content && content.text === text))
  const now = Date.now()
  const entry = (minutes: number, facts: Partial<LedgerEntry>): Omit<LedgerEntry, 'id'> => ({
    at: now - minutes * minuteMs,
    channel: 'chat',
    kind: 'message',
    conversationId: crew,
    messageId: null,
    noticeId: null,
    shown: false,
    sound: false,
    reason: 'beingRead',
    until: null,
    ...facts,
  })
  const system = { channel: 'system', kind: 'alert', conversationId: null } as const
  store.noteDecisions([
    ...Array.from({ length: many }, (_, index) => entry(5000 - index, { conversationId: 'direct:bob', reason: 'own' })),
    entry(5, { messageId: idOf('the tide is late'), reason: 'muted', until: muteForEver }),
    entry(4, { messageId: idOf('@Alice Hart come'), kind: 'mention', shown: true, sound: true, reason: 'named' }),
    entry(3, { messageId: found(messages.find(({ recalled }) => recalled !== null)), reason: 'recalled' }),
    entry(2, { ...system, noticeId, shown: true, reason: 'unacknowledged' }),
    entry(1, { ...system, noticeId: 'long gone', reason: 'focusMode' }),
  ])
  store.close()
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
    /** Each line as it is heard, without its time. */
    const told = async (): Promise<string[]> =>
      (await rows().allInnerTexts()).map((text) =>
        text
          .split('\n')
          .filter((line) => !/^\d\d:\d\d$/.test(line))
          .slice(-3)
          .join(' | '),
      )
    const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.textContent?.trim() ?? '')
    const byPalette = async (): Promise<void> => {
      await keys.press('Control+k')
      await page.getByRole('combobox').waitFor()
      await keys.type('not notified')
      await page.getByRole('option', { name: en.ledger.heading }).waitFor()
      await keys.press('Enter')
      await ledger().waitFor()
    }

    beforeAll(async () => {
      dir = mkdtempSync(join(tmpdir(), 'godwit-ledger-'))
      server = await createDemoServer({ dialects: ['im2'], seed: demoSeed })
      alice = new Person({ server, dialect: 'im2', userId: 'alice', dir, backend: backend.name })
      await alice.start()
      await alice.isOnline()
      await alice.opens('Release crew')
      const say = (text: string): string => server.control.message({ from: 'bob', group: 'g-release', text }).serverId
      say('the tide is late')
      say('@Alice Hart come')
      const wrong = say('never mind')
      await alice.sees('never mind')
      server.control.recall({ serverId: wrong, by: 'bob' })
      server.control.notify({ type: 'alert', title: 'Fire drill', content: 'Leave the building.', priority: 'high' })
      for (let index = 0; index < 40; index++) say(`and then ${index}`)
      await alice.sees('and then 39')
      await alice.page.getByText('Fire drill').first().waitFor()
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

    it('tells from a chat what was decided about that chat, by keyboard alone', async () => {
      await alice.conversation('Release crew').focus()
      await keys.press('Shift+F10')
      await page.getByRole('menuitem', { name: en.ledger.heading }).press('Enter')
      await ledger().waitFor()
      await expect.poll(focused).toBe(en.ledger.heading)
      await expect
        .poll(told)
        .toEqual([
          'Release crew | Message from Bob Keller | Not shown · It was recalled',
          'Release crew | Bob Keller mentioned you | Shown, with sound · Muted, but you were mentioned',
          'Release crew | Message from Bob Keller | Not shown · Muted',
        ])
      expect(await complaints(page)).toEqual([])
    })

    it('leads to the very message, far up in the chat', async () => {
      await keys.tabTo(rows().first())
      await keys.press('ArrowDown', 'ArrowDown', 'Enter')
      await alice.message('the tide is late').waitFor()
      await expect
        .poll(() =>
          alice.message('the tide is late').evaluate((article) => {
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
      expect((await told()).slice(0, 3)).toEqual([
        'An announcement that is no longer here | Alert | Not shown · The system asks for silence',
        'Fire drill | Alert | Shown, without sound · Waits for your acknowledgement',
        'Release crew | Message from Bob Keller | Not shown · It was recalled',
      ])
    })

    it('comes in page by page as far as it goes', async () => {
      await keys.tabTo(rows().first())
      await expect
        .poll(
          async () => {
            await keys.press('End')
            return rows().count()
          },
          { timeout: 20_000 },
        )
        .toBe(many + 5)
      await ledger().getByText('Kept on this computer').waitFor()
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
