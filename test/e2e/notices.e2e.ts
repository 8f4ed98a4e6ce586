/**
 * Announcements in the real app: what presses is said above the chats, what waits says why, a maintenance counts down, a
 * link is shown before it is opened. Pictures go to GODWIT_PICTURES, to be looked at.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectNoViolations } from '../fakes/strict.ts'
import { type DemoServer, createDemoServer } from '../server/server.ts'
import { backendTitle, backends } from './launch.ts'
import { Person } from './person.ts'

const minuteMs = 60_000

for (const backend of backends()) {
  describe.skipIf(backend.missing !== null)(backendTitle(backend), () => {
    describe('announcements', () => {
      let dir: string
      let server: DemoServer
      let alice: Person
      let page: Page

      const panel = (): Locator => page.getByRole('region', { name: 'Announcements', exact: true })
      const rows = (): Locator => panel().locator('li.notice:visible')
      const titles = (): Promise<string[]> => panel().locator('li.notice:visible .title').allInnerTexts()
      const shown = (): Locator => panel().getByRole('article', { name: 'The announcement' })
      const badge = (): Locator => page.getByRole('navigation').getByRole('button', { name: /^Why \d+\?$/ })
      const timer = (around: Locator): Promise<string> => around.getByRole('timer').first().innerText()
      const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.textContent?.trim() ?? '')
      const picture = async (name: string): Promise<void> => {
        const folder = process.env['GODWIT_PICTURES']
        if (folder === undefined) return
        mkdirSync(folder, { recursive: true })
        await page.waitForTimeout(300)
        await page.screenshot({ path: join(folder, `notices-${name}.png`) })
      }
      const soon = (minutes: number): string => new Date(Date.now() + minutes * minuteMs).toISOString()

      beforeAll(async () => {
        dir = mkdtempSync(join(tmpdir(), 'godwit-notices-'))
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

      it('there are none at first, and nothing was changed', async () => {
        await page.keyboard.press('Control+Shift+A')
        await panel().getByText('No announcements').waitFor()
        await picture('empty')
        await panel().getByRole('tab', { name: 'Inbox' }).focus()
        await page.keyboard.press('ArrowRight')
        await panel().getByText('Administrators have changed nothing so far.').waitFor()
        await page.keyboard.press('ArrowLeft')
        await alice.goesTo('Chats')
      })

      it('an urgent one is told aloud, stands above the chats and stays until it is acknowledged', async () => {
        server.control.notify({
          type: 'alert',
          title: 'Sign-in from a new place',
          content: 'Somebody signed in to your account from 203.0.113.7. If it was not you, tell the help desk.',
          priority: 'urgent',
          category: 'Security',
        })
        server.control.notify({
          type: 'maintenance',
          title: 'Storage upgrade',
          content: 'Messages are kept on your computer meanwhile and go out by themselves afterwards.',
          maintenanceType: 'scheduled',
          estimatedDuration: '40 minutes',
          startTime: soon(20),
          endTime: soon(60),
        })
        const banner = page.getByRole('region', { name: 'Alert' })
        await banner.getByText('Sign-in from a new place').waitFor()
        await expect
          .poll(() => page.locator('[aria-live="assertive"]').allInnerTexts())
          .toContain('Urgent, Alert: Sign-in from a new place')
        expect(await banner.getByRole('button', { name: 'Dismiss' }).count()).toBe(0)
        await banner.getByText('and 1 more').waitFor()
        await picture('banner-urgent')
        await banner.getByRole('button', { name: 'Acknowledge' }).click()
        await banner.waitFor({ state: 'detached' })
      })

      it('a near maintenance counts down there, and can be put away', async () => {
        const banner = page.getByRole('region', { name: 'Maintenance' })
        await banner.getByText('Storage upgrade').waitFor()
        const first = await timer(banner)
        expect(first).toMatch(/^Begins in (20 min 0 s|1\d min \d+ s)$/)
        await expect.poll(() => timer(banner)).not.toBe(first)
        await picture('banner-maintenance')
        await banner.getByRole('button', { name: 'Dismiss' }).click()
        await banner.waitFor({ state: 'detached' })
      })

      it('a badge says how many wait and why, and leads to each; advertising is not among them', async () => {
        server.control.notify({ title: 'New rules for guests', content: 'From Monday on.', priority: 'high' })
        server.control.notify({ title: 'Canteen', content: 'Soup.', expiresAt: soon(600) })
        server.control.notify({ type: 'promotion', title: 'Half price', content: 'today only', priority: 'urgent' })
        server.control.notify({ title: 'Long gone', content: 'x', expiresAt: soon(-5) })
        await badge().filter({ hasText: '2' }).click()
        const why = page.getByRole('dialog', { name: 'Why 2?' })
        await why.getByText('2 announcements wait').waitFor()
        await why.getByText('Waits to be acknowledged').waitFor()
        await why.getByText('Not read yet').waitFor()
        await picture('why')
        await expect.poll(focused).toContain('New rules')
        await page.keyboard.press('Enter')
        await shown().getByRole('heading', { name: 'New rules for guests' }).waitFor()
      })

      it('the inbox: what must be acknowledged first, what is over folded, by kind and unread; read is what was looked at', async () => {
        await expect.poll(async () => (await titles())[0]).toBe('New rules for guests')
        expect(await titles()).not.toContain('Long gone')
        await panel().getByRole('button', { name: '1 expired' }).click()
        expect((await titles()).at(-1)).toBe('Long gone')
        await picture('inbox')
        await panel().getByRole('radiogroup', { name: 'Which announcements' }).getByText('Maintenance').click()
        await expect.poll(titles).toEqual(['Storage upgrade'])
        await panel().getByText('Unread', { exact: true }).first().click()
        await expect.poll(titles).toContain('Canteen')
        await rows().filter({ hasText: 'Canteen' }).getByRole('button').focus()
        await page.keyboard.press('Enter')
        await shown().getByText('Soup.').waitFor()
        await expect.poll(() => badge().innerText()).toBe('1')
        await panel().getByText('All', { exact: true }).click()
      })

      it('a maintenance is told with its times, counting', async () => {
        await rows().filter({ hasText: 'Storage upgrade' }).getByRole('button').click()
        await shown().getByText('planned').waitFor()
        expect(await timer(shown())).toMatch(/^Begins in 1\d min \d+ s$/)
        expect(await shown().innerText()).toMatch(/From .* to .*/)
        await picture('maintenance')
      })

      it('a link is shown as it is and asked about; an unsafe one is not offered', async () => {
        const offer = (title: string, url: string): void =>
          server.control.notify({ title, content: 'See there.', action: 'open_url', data: { url } })
        offer('Release notes', 'https://exаmple.org/notes?from=inbox')
        offer('Trap', 'javascript:alert(1)')
        await rows().filter({ hasText: 'Trap' }).getByRole('button').click()
        await shown().getByRole('heading', { name: 'Trap' }).waitFor()
        expect(await shown().getByRole('button').count()).toBe(0)
        await rows().filter({ hasText: 'Release notes' }).getByRole('button').click()
        await shown().getByRole('button', { name: 'Open xn--exmple-4nf.org…' }).press('Enter')
        const dialog = page.getByRole('dialog', { name: 'Open this page?' })
        await dialog.getByText('https://xn--exmple-4nf.org/notes?from=inbox').waitFor()
        await dialog.getByText('unusual letters').waitFor()
        await picture('link')
        await page.keyboard.press('Escape')
        await dialog.waitFor({ state: 'detached' })
        expect(await focused()).toContain('Open xn--exmple')
      })

      it('administrators’ changes are told in sentences, found by the palette', async () => {
        server.control.policy({ maxMessageLength: 500, fileUploadLimit: 5, by: 'bob', reason: 'trial' })
        server.control.permission({ userId: 'alice', permission: 'read_only', by: 'bob', reason: 'audit' })
        await page.keyboard.press('Control+K')
        await page.getByRole('combobox').fill('administrators changed')
        await page.getByRole('option', { name: /What administrators changed/ }).waitFor()
        await page.keyboard.press('Enter')
        const history = page.getByRole('region', { name: 'Changes by administrators' })
        await history.getByText('Bob Keller made this account read-only').waitFor()
        await history
          .getByText(/Bob Keller changed the longest message from 2,?000 characters to 500 characters\./)
          .waitFor()
        await history.getByText('Reason: audit').waitFor()
        await picture('changes')
      })

      it('in a narrow window one takes the place of the list, and gives it back with the focus', async () => {
        await panel().getByRole('tab', { name: 'Inbox' }).click()
        await page.setViewportSize({ width: 800, height: 640 })
        await panel().getByRole('button', { name: 'All announcements' }).click()
        await picture('narrow')
        const row = rows().filter({ hasText: 'New rules' }).getByRole('button')
        await row.focus()
        await page.keyboard.press('Enter')
        await expect.poll(focused).toBe('New rules for guests')
        await picture('narrow-detail')
        await panel().getByRole('button', { name: 'All announcements' }).press('Enter')
        await expect.poll(focused).toContain('New rules')
        expect(await row.isVisible()).toBe(true)
      })

      it('saw nothing that the document does not allow', () => {
        expectNoViolations(server)
      })
    })
  })
}
