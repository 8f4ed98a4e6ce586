/** The system's menu over the pages: in fields, on links, on marked words; and never over the menus of the page itself. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type DemoServer, createDemoServer } from '../server/server.ts'
import { backendTitle, backends } from './launch.ts'
import { Person } from './person.ts'

// The host alone shows what menu came up.
const [backend] = backends().filter(({ name }) => name === 'chromium')
if (backend === undefined) throw new Error('no such back end')

describe.skipIf(backend.missing !== null)(backendTitle(backend), () => {
  let dir: string
  let server: DemoServer
  let alice: Person

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'godwit-menu-'))
    server = await createDemoServer({ dialects: ['im2'] })
    alice = new Person({ server, dialect: 'im2', userId: 'alice', dir, backend: 'chromium' })
    await alice.start()
    await alice.isOnline()
  })
  afterEach(async () => {
    await alice.quit()
    await server.close()
    rmSync(dir, { recursive: true, force: true })
  })
  const control = () => alice.app.control()
  const labels = async (): Promise<string[]> => (await control().menu('popup')).map(({ label }) => label)
  const field = () => alice.page.getByRole('textbox', { name: 'Message', exact: true })

  it('edits and spells in a field, in the language of the window', async () => {
    server.control.message({ from: 'bob', to: 'alice', text: 'write to me' })
    await alice.opens('Bob Keller')
    await control().misspells('helo', ['hello', 'help'])
    await field().fill('well helo')
    await field().click({ button: 'right' })
    await expect
      .poll(() => labels().catch(() => []))
      .toEqual(['hello', 'help', 'Add to Dictionary', '', 'Undo', 'Redo', '', 'Cut', 'Copy', 'Paste', '', 'Select All'])
    await control().clickMenu('popup', ['hello'])
    await control().clickMenu('popup', ['learn'])
    expect(await control().calls('webContents.replaceMisspelling')).toMatchObject([{ args: ['hello'] }])
    expect(await control().calls('session.addWordToSpellCheckerDictionary')).toMatchObject([{ args: ['helo'] }])

    await control().clickMenu('popup', ['selectAll'])
    const selected = (): Promise<string> =>
      field().evaluate((one: HTMLTextAreaElement) => one.value.slice(one.selectionStart, one.selectionEnd))
    await expect.poll(selected).toBe('well helo')
  })

  it('copies the address of a link; beside it the message has its own menu, and no other', async () => {
    server.control.message({ from: 'bob', to: 'alice', text: 'look: https://example.org/a?b=1&c=2 there' })
    await alice.opens('Bob Keller')
    const link = alice.page.getByRole('log').getByRole('link')
    await alice.page
      .getByRole('log')
      .getByText('look:')
      .click({ button: 'right', position: { x: 4, y: 8 } })
    await alice.page.getByRole('menuitem', { name: 'Reply' }).waitFor()
    expect(await control().popups()).toBe(0)
    await alice.page.keyboard.press('Escape')

    await link.click({ button: 'right' })
    await expect.poll(() => labels().catch(() => [])).toEqual(['Copy Link Address'])
    expect(await alice.page.getByRole('menuitem').count()).toBe(0)
    await control().clickMenu('popup', ['copyLink'])
    await expect.poll(() => control().copied()).toBe('https://example.org/a?b=1&c=2')
  })

  it('copies words that are marked in a message, where they are marked', async () => {
    server.control.message({ from: 'bob', to: 'alice', text: 'aardvark and a longer rest of the sentence' })
    await alice.opens('Bob Keller')
    const words = alice.page.getByRole('log').getByText('aardvark and')
    await words.dblclick({ position: { x: 10, y: 8 } })
    await words.click({ button: 'right', position: { x: 12, y: 8 } })
    await expect.poll(() => labels().catch(() => [])).toEqual(['Copy'])
    expect(await alice.page.getByRole('menuitem').count()).toBe(0)
    await words.click({ button: 'right', position: { x: 200, y: 8 } })
    await alice.page.getByRole('menuitem', { name: 'Reply' }).waitFor()
    expect(await control().popups()).toBe(1)
  })

  it('is nowhere where there is nothing to be done', async () => {
    await alice.page.getByRole('region', { name: 'Conversations' }).click({ button: 'right', position: { x: 5, y: 5 } })
    await alice.page.getByRole('searchbox').first().click({ button: 'right' })
    // The second one has come up: the first one would have.
    await expect.poll(() => labels().catch(() => [])).toContain('Paste')
    expect(await control().popups()).toBe(1)
  })
})
