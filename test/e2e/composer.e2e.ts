/**
 * Writing, as a person does it with a keyboard: an input method, the Enter key by its setting, somebody mentioned, an
 * emoji found by its Chinese name, and unfinished words that outlive the program.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CDPSession } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DemoServer, createDemoServer } from '../server/server.ts'
import { backendTitle, backends } from './launch.ts'
import { Person } from './person.ts'

const dialect = 'im2'

for (const backend of backends()) {
  describe.skipIf(backend.missing !== null)(backendTitle(backend), () => {
    let dir: string
    let server: DemoServer
    let alice: Person
    let keys: CDPSession

    const press = (key: string): Promise<void> => alice.page.keyboard.press(key)
    const type = (text: string): Promise<void> => alice.page.keyboard.type(text)
    const written = (): Promise<string> => alice.composer().inputValue()
    const focused = (): Promise<string | null> =>
      alice.page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? null)
    /** What the server has, as it came: content and extras in one. */
    const told = (): string => JSON.stringify(server.messages(dialect).map(({ content }) => content))

    beforeAll(async () => {
      dir = mkdtempSync(join(tmpdir(), 'godwit-e2e-'))
      server = await createDemoServer({ dialects: [dialect] })
      alice = new Person({ server, dialect, userId: 'alice', dir, backend: backend.name })
      await alice.start()
      await alice.isOnline()
      await alice.opens('Release crew')
      keys = await alice.page.context().newCDPSession(alice.page)
    })
    afterAll(async () => {
      await alice.quit()
      await server.close()
      rmSync(dir, { recursive: true, force: true })
    })

    it('an input method composes, and its Enter and Escape are its own', async () => {
      const before = await alice.messages().count()
      await alice.composer().focus()
      await keys.send('Input.imeSetComposition', { text: 'ni', selectionStart: 2, selectionEnd: 2 })
      const imeKey = { windowsVirtualKeyCode: 229, code: 'Enter', key: 'Process' } as const
      await keys.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...imeKey })
      await keys.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...imeKey, key: 'Enter' })
      expect(await written()).toBe('ni')
      expect(await alice.messages().count()).toBe(before)
      await keys.send('Input.insertText', { text: '你好' })
      expect(await written()).toBe('你好')
      await alice.page.waitForTimeout(50)
      await press('Enter')
      await alice.hasDelivered('你好')
      expect(await alice.messages().count()).toBe(before + 1)
    })

    it('@ names a member, by keyboard, and the server is told who', async () => {
      await type('@bo')
      const bob = alice.page
        .getByRole('listbox', { name: 'Mention somebody' })
        .getByRole('option', { name: 'Bob Keller' })
      await bob.waitFor()
      await expect.poll(() => bob.getAttribute('aria-selected')).toBe('true')
      expect(await alice.composer().getAttribute('aria-activedescendant')).toBe(await bob.getAttribute('id'))
      await press('Enter')
      expect(await written()).toBe('@Bob Keller ')
      await type('look at this')
      await press('Enter')
      await alice.hasDelivered('@Bob Keller look at this')
      expect(told()).toContain('\\"mentions\\":[\\"bob\\"]')
    })

    it('an emoji is found by its Chinese name and stands where the caret was', async () => {
      await type('on it !')
      await press('ArrowLeft')
      await press('Shift+Tab')
      await alice.page.getByRole('button', { name: 'Emoji' }).focus()
      await press('Enter')
      await expect.poll(focused).toBe('Search emoji')
      await type('火箭')
      await alice.page.getByRole('button', { name: 'rocket' }).waitFor()
      await press('Enter')
      await expect.poll(focused).toBe('Message')
      await expect.poll(written).toBe('on it 🚀!')
      await press('Enter')
      await alice.hasDelivered('on it 🚀!')
    })

    it('an answer and an edit outlive the program, with their words', async () => {
      await alice.does('Reply', 'on it 🚀!')
      await type('half an ans')
      await alice.composer().blur()
      await alice.quit()
      await alice.start()
      await alice.opens('Release crew')
      await alice.page.getByText('Reply to you', { exact: false }).waitFor()
      expect(await written()).toBe('half an ans')
      await type('wer')
      await press('Enter')
      await alice.hasDelivered('half an answer')
      expect(told()).toContain('half an answer')

      await press('ArrowUp')
      await expect.poll(written).toBe('half an answer')
      await type(', and more')
      await alice.composer().blur()
      await alice.quit()
      await alice.start()
      await alice.isOnline()
      await alice.opens('Release crew')
      await expect.poll(written).toBe('half an answer, and more')
      await press('Enter')
      await alice.sees('half an answer, and more')
      await expect.poll(written).toBe('')
    })

    it('Enter breaks the line where Ctrl+Enter sends', async () => {
      await press('Control+,')
      await alice.page.getByRole('searchbox', { name: 'Search settings' }).fill('Enter')
      await alice.page.getByRole('radiogroup', { name: 'Send with' }).getByText('Ctrl+Enter').click()
      await alice.goesTo('Chats')
      await alice.opens('Release crew')
      await alice.composer().focus()
      await type('one')
      await press('Enter')
      await type('two')
      expect(await written()).toBe('one\ntwo')
      await press('Control+Enter')
      await alice.hasDelivered('two')
    })

    it('a place and a card go out, filled in by keyboard', async () => {
      const choose = async (item: string): Promise<void> => {
        await alice.page.getByRole('button', { name: 'Send something else' }).focus()
        await press('Enter')
        await alice.page.getByRole('menuitem', { name: item }).focus()
        await press('Enter')
      }
      await choose('Location…')
      await expect.poll(() => alice.page.evaluate(() => document.activeElement?.tagName)).toBe('INPUT')
      await type('somewhere')
      await press('Enter')
      await alice.page.getByText('Two numbers are needed', { exact: false }).waitFor()
      await press('Control+a')
      await type('31.2304, 121.4737')
      await press('Tab')
      await type('人民广场')
      await press('Enter')
      await alice.hasDelivered('人民广场')
      await expect.poll(focused).toBe('Message')

      await choose('Contact card…')
      await alice.page.getByRole('searchbox', { name: 'Search people' }).focus()
      await type('bob')
      await press('ArrowDown')
      await press('Enter')
      await alice.hasDelivered('Bob Keller')
      await expect.poll(focused).toBe('Message')
      expect(told()).toContain('\\"latitude\\":31.2304')
      expect(told()).toContain('\\"userId\\":\\"bob\\"')
    })

    it('a writer whom an administrator stops is told who and why', async () => {
      server.control.permission({ userId: 'alice', permission: 'read_only', by: 'bob', reason: 'quarter end' })
      await expect.poll(() => alice.composer().isDisabled()).toBe(true)
      expect(await alice.composer().getAttribute('placeholder')).toContain('quarter end')
    })
  })
}
