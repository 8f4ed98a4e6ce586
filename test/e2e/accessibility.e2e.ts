/**
 * Every view and dialog as axe-core sees it: in English by day, in Chinese by night, and the colours of the main ones the
 * other way round too. One start of the app; only the walk differs.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import en from '../../renderer/src/i18n/en.json'
import zh from '../../renderer/src/i18n/zh-CN.json'
import { findChromium } from '../host/chromium/locate.ts'
import { demoSeed } from '../server/seed.ts'
import { type DemoServer, createDemoServer } from '../server/server.ts'
import { complaints, loadAxe } from './axe.ts'
import { Person } from './person.ts'

describe.skipIf(findChromium() === null)('every view (skipped without Chromium)', () => {
  let dir: string
  let server: DemoServer
  let alice: Person
  let page: Page

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'godwit-axe-'))
    server = await createDemoServer({ dialects: ['im2'], seed: demoSeed })
    alice = new Person({ server, dialect: 'im2', userId: 'alice', dir, backend: 'chromium' })
    await alice.start()
    page = alice.page
    await alice.isOnline()
    await loadAxe(page)
    const soon = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString()
    server.control.notify({ type: 'alert', title: 'Fire drill', content: 'Leave the building.', priority: 'urgent' })
    server.control.notify({ type: 'promotion', title: 'Half price', content: 'Today only.' })
    server.control.notify({ title: 'Long gone', content: 'x', expiresAt: soon(-5) })
    server.control.notify({
      type: 'maintenance',
      title: 'Upgrade',
      content: 'Short.',
      startTime: soon(20),
      endTime: soon(40),
    })
    server.control.notify({ title: 'Notes', content: '', action: 'open_url', data: { url: 'http://example.org/' } })
    server.control.policy({ maxMessageLength: 1500, by: 'bob', reason: 'trial' })
    const pinned = server.control.message({ from: 'bob', group: 'g-release', text: '@Alice Hart please read' })
    await page.getByText('@Alice Hart please read').first().waitFor()
    server.control.recall({ serverId: pinned.serverId, by: 'bob' })
  })
  afterAll(async () => {
    await alice.quit()
    await server.close()
    rmSync(dir, { recursive: true, force: true })
  })

  it.each([
    { name: 'in English, by day', t: en, dark: false },
    { name: 'in Chinese, by night', t: zh, dark: true },
  ])('$name', async ({ t, dark }) => {
    const found: string[] = []
    const turn = async (night: boolean): Promise<void> => {
      await alice.app.control().setDark(night)
      await page.waitForFunction((wanted) => matchMedia('(prefers-color-scheme: dark)').matches === wanted, night)
    }
    const button = (name: string, exact = true): Locator => page.getByRole('button', { name, exact }).first()
    const section = (name: string): Locator =>
      page.getByRole('navigation').getByRole('button', { name: new RegExp(`^${name}`) })
    const look = async (view: string): Promise<void> => {
      for (const complaint of await complaints(page)) found.push(`${view}: ${complaint}`)
    }
    /** With the colours of the other half of the day too. */
    const lookTwice = async (view: string): Promise<void> => {
      await look(view)
      await turn(!dark)
      for (const complaint of await complaints(page, { runOnly: ['color-contrast'] }))
        found.push(`${view}, the other way round: ${complaint}`)
      await turn(dark)
    }
    /** Looks at what stands over the window, and closes it. */
    const over = async (view: string, role: 'dialog' | 'menu' | 'listbox' = 'dialog'): Promise<void> => {
      await page.getByRole(role).last().waitFor()
      await look(view)
      await page.keyboard.press('Escape')
      if (role !== 'listbox') await page.getByRole(role).waitFor({ state: 'detached' })
    }

    await turn(dark)
    await page.setViewportSize({ width: 1280, height: 800 })
    await section(t.nav.settings).click()
    for (const name of Object.values(t.settings.pages)) {
      await page.getByRole('tab', { name }).click()
      await page.getByRole('tabpanel', { name }).waitFor()
      await look(`settings, ${name}`)
    }
    await section(t.nav.diagnostics).click()
    await page.getByRole('region', { name: t.nav.diagnostics }).waitFor()
    await look('diagnostics')
    await section(t.nav.catchUp).click()
    await page.getByRole('region', { name: t.catchUp.heading }).waitFor()
    await lookTwice('catching up')

    await section(t.nav.announcements).click()
    const announcements = page.getByRole('region', { name: t.notices.heading, exact: true })
    await announcements.getByRole('tab', { name: t.notices.pages.inbox }).click()
    await announcements.locator('.fold[aria-expanded="false"]').click()
    await announcements.locator('li.notice').filter({ hasText: 'Upgrade' }).getByRole('button').click()
    await lookTwice('announcements')
    await announcements.locator('li.notice').filter({ hasText: 'Notes' }).getByRole('button').click()
    await announcements.getByRole('button', { name: /example\.org/ }).click()
    await over('a link')
    await announcements.getByRole('tab', { name: t.notices.pages.changes }).click()
    await announcements.getByText('trial').waitFor()
    await look('changes')
    await page.getByRole('navigation').locator('.notices-badge').click()
    await over('why')

    await section(t.nav.chats).click()
    await button(t.conversations.new).click()
    await over('a new chat')
    await page.keyboard.press('Control+K')
    await over('the palette')
    await page.keyboard.press('Control+/')
    await over('the shortcuts')
    await page.getByRole('option', { name: /^Release crew/ }).click()
    await page.getByRole('article').first().waitFor()
    await lookTwice('a chat')
    await page.getByRole('article').last().focus()
    await page.keyboard.press('Shift+F10')
    await over('the menu of a message', 'menu')
    await page.getByRole('article').filter({ hasText: 'Upgrade on Windows' }).focus()
    await page.keyboard.press('Space')
    await look('choosing')
    await page.getByRole('toolbar', { name: t.selection.label }).getByText(t.actions.forward).click()
    await over('forwarding')
    await button(t.selection.end).click()
    await page.getByRole('toolbar', { name: t.selection.label }).waitFor({ state: 'detached' })
    await page.getByRole('article').last().focus()
    await page.keyboard.press('g')
    await page.getByRole('group', { name: t.calendar.title }).waitFor()
    await look('the calendar')
    await page.keyboard.press('Escape')
    await button(t.emoji.open).click()
    await over('the emoji')
    await button(t.share.open).click()
    await page.getByRole('menuitem', { name: t.share.locationItem }).click()
    await over('a place')
    await button(t.share.open).click()
    await page.getByRole('menuitem', { name: t.share.cardItem }).click()
    await over('a card')
    await page.keyboard.press('Control+Shift+F')
    await page.getByRole('searchbox').last().fill('release')
    await page.locator('mark').first().waitFor()
    await look('found')
    await button(t.search.back).click()

    if (t === en) {
      await section(t.nav.settings).click()
      await page.getByRole('tab', { name: t.settings.pages.appearance }).click()
      await page.getByRole('radiogroup', { name: t.settings.names.language }).getByText('简体中文').click()
      await page.getByRole('region', { name: zh.settings.heading }).waitFor()
    }
    expect(found).toEqual([])
  })

  it('and signing in, of another account', async () => {
    await page.getByRole('navigation').getByRole('button').last().click()
    await page.getByRole('menuitem', { name: zh.nav.addAccount }).click()
    await page.locator('form').waitFor()
    for (const dark of [true, false]) {
      await alice.app.control().setDark(dark)
      expect(await complaints(page)).toEqual([])
    }
  })
})
