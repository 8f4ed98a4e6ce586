/** Every view as axe-core sees it: light and dark, both languages. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium } from '../host/chromium/locate.ts'
import { demoSeed } from '../server/seed.ts'
import { type DemoServer, createDemoServer } from '../server/server.ts'
import { launch } from './launch.ts'
import { Person } from './person.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe finds wrong, in a line each. */
async function complaints(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  const results = await page.evaluate(() => (Reflect.get(window, 'axe') as { run(): Promise<AxeResults> }).run())
  return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => String(target)).join(' ')}`)
}

describe.skipIf(findChromium() === null).each([
  { lang: 'en' as const, dark: false, sections: ['Announcements', 'Diagnostics', 'Settings'], newChat: 'New chat' },
  { lang: 'zh-CN' as const, dark: true, sections: ['公告', '诊断', '设置'], newChat: '发起聊天' },
])('the page in $lang, dark: $dark (skipped without Chromium)', ({ lang, dark, sections, newChat }) => {
  let dir: string
  let server: DemoServer
  let alice: Person

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'godwit-axe-'))
    server = await createDemoServer({ dialects: ['im2'], seed: demoSeed })
    alice = new Person({ server, dialect: 'im2', userId: 'alice', dir, backend: 'chromium', lang })
    await alice.start()
    await alice.app.control().setDark(dark)
  })
  afterAll(async () => {
    await alice.quit()
    await server.close()
    rmSync(dir, { recursive: true, force: true })
  })

  it('has nothing to complain about in a chat', async () => {
    server.control.notify({ type: 'announcement', title: 'System notice', content: 'Tonight', priority: 'high' })
    await alice.page.getByRole('option', { name: /^Release crew/ }).click()
    await alice.page.getByRole('article').first().waitFor()
    expect(await complaints(alice.page)).toEqual([])
  })

  it.each(sections)('nor in %s', async (section) => {
    await alice.page
      .getByRole('button', { name: new RegExp(`^${section}`) })
      .first()
      .click()
    await alice.page.getByRole('region', { name: section }).waitFor()
    expect(await complaints(alice.page)).toEqual([])
  })

  it('nor in the dialog for a new chat', async () => {
    await alice.page.getByRole('navigation').getByRole('button').first().click()
    await alice.page.getByRole('button', { name: newChat }).click()
    await alice.page.getByRole('dialog').waitFor()
    expect(await complaints(alice.page)).toEqual([])
    await alice.page.keyboard.press('Escape')
  })

  it('nor when signing in', async () => {
    const app = await launch({ userDataDir: join(dir, 'nobody'), lang })
    const page = await app.page()
    await app.control().setDark(dark)
    await page.locator('form').waitFor()
    expect(await complaints(page)).toEqual([])
    await app.quit()
  })
})
