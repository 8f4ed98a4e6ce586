/** Several accounts in one window: told apart, switched by keyboard and mouse, and signed out of without a trace. */
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DemoServer, createDemoServer } from '../server/server.ts'
import { backendTitle, backends } from './launch.ts'
import { Person } from './person.ts'

/** Stand nowhere but in bob's own rows. */
const secretWords = 'heron-at-the-weir-4711'
const draftWords = 'otter-below-the-lock-0815'
/** As the program's database has it; as somebody's contact he is written in another way. */
const bobsProfile = '"userId":"bob","deviceId"'

for (const backend of backends()) {
  describe.skipIf(backend.missing !== null)(backendTitle(backend), () => {
    describe('two accounts', () => {
      let dir: string
      let server: DemoServer
      let alice: Person
      let page: Page
      let bobsToken: string

      const accounts = (): Locator => page.getByRole('navigation').getByRole('group', { name: 'Accounts' })
      const current = (): Locator => accounts().getByRole('button', { name: /^Account: / })
      const listSays = (text: string): Promise<void> => page.getByRole('option').filter({ hasText: text }).waitFor()
      const filesHolding = (text: string): string[] =>
        readdirSync(alice.dataDir, { recursive: true, encoding: 'utf8' })
          .map((name) => join(alice.dataDir, name))
          .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile() === true)
          .filter((file) => readFileSync(file).includes(text))
      const accountFolders = (): string[] => readdirSync(join(alice.dataDir, 'accounts'))

      beforeAll(async () => {
        dir = mkdtempSync(join(tmpdir(), 'godwit-accounts-'))
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

      it('a second one is added beside the first', async () => {
        await current().click()
        await page.getByRole('menuitem', { name: 'Add an account' }).click()
        bobsToken = server.issueToken('bob')
        await page.getByLabel('Server address').fill(server.url('im2'))
        await page.getByLabel('User ID').fill('bob')
        await page.getByLabel('Token').fill(bobsToken)
        await page.getByRole('button', { name: 'Sign in', exact: true }).click()
        await accounts()
          .getByRole('button', { name: /^Account: bob.*Online/i })
          .waitFor()
        await accounts()
          .getByRole('button', { name: /^Switch to alice/i })
          .waitFor()
      })

      it('each has its own chats, and what comes for the other one is counted on its picture', async () => {
        await alice.startsChatWith('sofia')
        await alice.says(secretWords)
        await alice.composer().fill(draftWords)
        server.control.message({ from: 'sofia', to: 'alice', text: 'for alice alone' })
        await accounts()
          .getByRole('button', { name: /^Switch to alice.*1 unread/i })
          .waitFor()
        expect(await page.getByRole('option').filter({ hasText: 'for alice alone' }).count()).toBe(0)
      })

      it('Ctrl with the digit of its place switches, and so does its picture', async () => {
        await page.keyboard.press('Control+1')
        await listSays('for alice alone')
        await page.keyboard.press('Control+2')
        await listSays('Sofia')
        await accounts()
          .getByRole('button', { name: /^Switch to alice/i })
          .click()
        await listSays('for alice alone')
      })

      it('an account of the organisation cannot be signed out of here', async () => {
        await page.keyboard.press('Control+,')
        await page.getByRole('tab', { name: 'Accounts' }).click()
        const row = page.getByRole('tabpanel').getByRole('listitem').filter({ hasText: 'alice' })
        await row.getByText('Set up by your organisation').waitFor()
        expect(await row.getByRole('button', { name: 'Sign out' }).count()).toBe(0)
      })

      it('signing out says what goes, and can be left by Escape', async () => {
        expect(accountFolders()).toHaveLength(2)
        await page.getByRole('tabpanel').getByRole('button', { name: 'Sign out' }).press('Enter')
        const dialog = page.getByRole('dialog', { name: /^Sign out of bob/i })
        await dialog.getByRole('listitem').filter({ hasText: 'messages and drafts' }).waitFor()
        await page.keyboard.press('Escape')
        await dialog.waitFor({ state: 'detached' })
        expect(accountFolders()).toHaveLength(2)
      })

      it('and leaves no file, no row and no token, while the other account goes on', async () => {
        for (const there of [secretWords, draftWords, bobsProfile]) expect(filesHolding(there)).not.toEqual([])
        await page.getByRole('tabpanel').getByRole('button', { name: 'Sign out' }).click()
        await page.getByRole('dialog').getByRole('button', { name: 'Sign out', exact: true }).click()
        await accounts().getByRole('button', { name: /bob/i }).waitFor({ state: 'detached' })
        await expect.poll(accountFolders).toHaveLength(1)
        await alice.isOnline()
        await alice.quit()
        for (const left of [secretWords, draftWords, bobsProfile, ...bobsToken.split('.')])
          expect([left, filesHolding(left)]).toEqual([left, []])
      })
    })
  })
}
