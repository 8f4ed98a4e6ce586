/** Presenter mode in the real app: what others must not read is neither in the lists nor in a notification. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium } from '../host/chromium/locate.ts'
import { demoSeed } from '../server/seed.ts'
import { type DemoServer, createDemoServer } from '../server/server.ts'
import { complaints, loadAxe } from './axe.ts'
import { Person } from './person.ts'

describe.skipIf(findChromium() === null)('presenter mode (skipped without Chromium)', () => {
  let dir: string
  let server: DemoServer
  let alice: Person
  let page: Page

  const options = (): Promise<string[]> => page.getByRole('listbox').getByRole('option').allTextContents()
  const told = async (): Promise<string[]> =>
    (await alice.app.control().notifications()).map(({ title, body }) => `${title} | ${body}`)
  const bobSays = (text: string): void => void server.control.message({ from: 'bob', to: 'alice', text })

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'godwit-presenting-'))
    server = await createDemoServer({ dialects: ['im2'], seed: demoSeed })
    // A desktop with a daemon of its own would show what is looked for here.
    const env = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' }
    alice = new Person({ server, dialect: 'im2', userId: 'alice', dir, backend: 'chromium', env })
    await alice.start()
    page = alice.page
    await alice.isOnline()
    await loadAxe(page)
    await alice.opens('Release crew')
  })
  afterAll(async () => {
    await alice.quit()
    await server.close()
    rmSync(dir, { recursive: true, force: true })
  })

  it('is switched on by its shortcut, and hides what comes', async () => {
    bobSays('the salary list')
    await expect.poll(async () => (await options()).join(' ')).toContain('the salary list')
    await expect.poll(async () => (await told()).join(' ')).toContain('the salary list')
    await page.keyboard.press('Control+Shift+P')
    await alice.conversation('Bob Keller').filter({ hasText: 'Hidden while presenting' }).waitFor()
    const before = (await told()).length
    bobSays('the layoff list')
    await alice
      .conversation('Bob Keller')
      .filter({ hasText: /[23] unread/ })
      .waitFor()
    await expect.poll(async () => (await told()).length).toBeGreaterThan(before)
    expect((await told()).slice(before).join(' ')).not.toMatch(/layoff|Bob/)
    expect((await options()).join(' ')).not.toMatch(/salary|layoff/)
    expect(await complaints(page)).toEqual([])
  })

  it('is still on after a restart, until it is ended where it says so', async () => {
    await alice.quit()
    await alice.start()
    page = alice.page
    await alice.conversation('Bob Keller').filter({ hasText: 'Hidden while presenting' }).waitFor()
    expect((await options()).join(' ')).not.toMatch(/salary|layoff/)
    await page.getByRole('button', { name: 'End presenter mode' }).click()
    await alice.conversation('Bob Keller').filter({ hasText: 'the layoff list' }).waitFor()
    expect(await page.getByRole('button', { name: 'End presenter mode' }).count()).toBe(0)
  })
})
