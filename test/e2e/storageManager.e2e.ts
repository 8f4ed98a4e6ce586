/**
 * The storage page, by keyboard and mouse: what it tells is what lies on the disk, what is let go is gone, and a message
 * that waits to be sent, and a draft, outlive all of it.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accountDatabase } from '../oracle.ts'
import { type DemoServer, createDemoServer } from '../server/server.ts'
import { backendTitle, backends } from './launch.ts'
import { Person } from './person.ts'
import { pngFile } from './pngFile.ts'

const dialect = 'im2'

for (const backend of backends()) {
  describe.skipIf(backend.missing !== null)(backendTitle(backend), () => {
    let dir: string
    let server: DemoServer
    let alice: Person

    const panel = (): Locator => alice.page.getByRole('tabpanel', { name: 'Storage' })
    const button = (name: string | RegExp): Locator => panel().getByRole('button', { name, exact: true })
    const outcome = (text: string | RegExp): Promise<void> =>
      panel().getByRole('status').filter({ hasText: text }).waitFor()
    const chat = (name: string): Locator => panel().getByRole('listitem').filter({ hasText: name })
    const folder = (): string => dirname(accountDatabase(alice.dataDir))
    /** All that is kept for messages. */
    const keptFiles = (): number =>
      ['media', 'files'].reduce(
        (sum, name) => sum + (existsSync(join(folder(), name)) ? readdirSync(join(folder(), name)).length : 0),
        0,
      )
    const confirm = (): Promise<void> =>
      alice.page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click()

    beforeAll(async () => {
      dir = mkdtempSync(join(tmpdir(), 'godwit-e2e-'))
      server = await createDemoServer({ dialects: [dialect] })
      alice = new Person({ server, dialect, userId: 'alice', dir, backend: backend.name })
      await alice.start()
      await alice.isOnline()
      await alice.startsChatWith('bob')
      await alice.says('Words that will go')
      await alice.hasDelivered('Words that will go')
      await alice.composer().evaluate((target, base64) => {
        const data = new DataTransfer()
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
        data.items.add(new File([bytes], 'shore.png', { type: 'image/png' }))
        target.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: data }))
      }, pngFile(480, 300).toString('base64'))
      await alice.page.getByRole('list', { name: 'Files to send' }).getByText('shore.png').waitFor()
      await alice.composer().fill('The shore')
      await alice.composer().press('Enter')
      await alice.hasDelivered('The shore')
    })
    afterAll(async () => {
      await alice.quit()
      await server.close()
      rmSync(dir, { recursive: true, force: true })
    })

    it('tells what each chat keeps', async () => {
      await expect.poll(keptFiles).toBe(1)
      await alice.goesTo('Settings')
      await alice.page.getByRole('tab', { name: 'Storage' }).click()
      await chat('Bob Keller').filter({ hasText: '2 messages' }).filter({ hasText: '1 picture' }).waitFor()
      await panel().getByText('on this computer', { exact: true }).waitFor()
    })

    it('kept files go when it is confirmed, and not before; the messages stay', async () => {
      await button('Delete kept files of Bob Keller').focus()
      await alice.page.keyboard.press('Enter')
      await alice.page.getByRole('dialog', { name: 'Delete the kept files of Bob Keller?' }).waitFor()
      await alice.page.keyboard.press('Escape')
      await alice.page.getByRole('dialog').waitFor({ state: 'detached' })
      expect(keptFiles()).toBe(1)
      await button('Delete kept files of Bob Keller').click()
      await confirm()
      await outcome('1 file deleted')
      expect(keptFiles()).toBe(0)
      await chat('Bob Keller').filter({ hasText: '2 messages' }).waitFor()
      expect(await chat('Bob Keller').getByText('picture').count()).toBe(0)
      await alice.goesTo('Chats')
      await alice.sees('The shore')
    })

    it('the messages of a chat go, and what waits to be sent and the draft stay', async () => {
      await server.control.stop()
      await alice.says('Waits for the server')
      await alice.drafts('half a thought')
      await alice.goesTo('Settings')
      await button('Delete messages of Bob Keller').click()
      await confirm()
      await outcome('2 messages deleted')
      await chat('Bob Keller').filter({ hasText: '1 message,' }).waitFor()
      await alice.goesTo('Chats')
      await alice.sees('Waits for the server')
      expect(await alice.message('Words that will go').count()).toBe(0)
      expect(await alice.messages().count()).toBe(1)
      expect(await alice.composer().inputValue()).toBe('half a thought')
      await server.control.start()
      await alice.hasDelivered('Waits for the server')
      // What the server repeats after the connect is known, and stays away.
      expect(await alice.message('Words that will go').count()).toBe(0)
    })

    it('the database is made smaller, and tells its size on the disk', async () => {
      await alice.goesTo('Settings')
      await button('Make smaller').click()
      await outcome(/^The database had .+ and now has .+\.$/)
      await panel().getByText('There is no empty room in it.').waitFor()
      const bytes = statSync(accountDatabase(alice.dataDir)).size
      const shown = new Intl.NumberFormat('en', { maximumFractionDigits: 1 }).format(bytes / 1024)
      await outcome(`now has ${shown} KB`)
      await alice.goesTo('Chats')
      await alice.says('and on')
      await alice.hasDelivered('and on')
    })
  })
}
