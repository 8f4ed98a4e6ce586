/**
 * Archives in the app: written from the storage page and from a chat's menu into the folder the user chose, shown, and
 * brought back into the same account on another computer; nothing is sent by that.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DemoServer, createDemoServer } from '../server/server.ts'
import { give, sendsTray } from './giving.ts'
import { backendTitle, backends } from './launch.ts'
import { Person } from './person.ts'
import { pngFile } from './pngFile.ts'

const dialect = 'im2'

for (const backend of backends()) {
  // The folders are answered for the user by the host; a real dialog cannot be.
  describe.skipIf(backend.missing !== null || backend.name !== 'chromium')(backendTitle(backend), () => {
    let dir: string
    let place: string
    let server: DemoServer
    let alice: Person

    const card = (person: Person): Locator => person.page.getByRole('region', { name: 'Archive' })
    const outcome = (person: Person, text: string | RegExp): Promise<void> =>
      card(person).getByRole('status').filter({ hasText: text }).waitFor()
    async function goesToStorage(person: Person): Promise<void> {
      await person.goesTo('Settings')
      await person.page.getByRole('tab', { name: 'Storage' }).click()
    }
    const archives = (): string[] => readdirSync(place).sort()
    const files = (name: string): string[] =>
      readdirSync(join(place, name), { recursive: true, encoding: 'utf8' }).sort()

    beforeAll(async () => {
      dir = mkdtempSync(join(tmpdir(), 'godwit-e2e-'))
      place = join(dir, 'place')
      mkdirSync(place)
      server = await createDemoServer({ dialects: [dialect] })
      alice = new Person({ server, dialect, userId: 'alice', dir, backend: backend.name })
      await alice.start()
      await alice.isOnline()
      await alice.startsChatWith('bob')
      await alice.says('Words to keep')
      await alice.hasDelivered('Words to keep')
      await give(alice.page, 'paste', [{ name: 'shore.png', type: 'image/png', bytes: pngFile(480, 300) }])
      await sendsTray(alice.page, 'The shore')
      await alice.hasDelivered('The shore')
    })
    afterAll(async () => {
      await alice.quit()
      await server.close()
      rmSync(dir, { recursive: true, force: true })
    })

    it('all chats go into a folder of their own, with pictures, and the folder is shown', async () => {
      await goesToStorage(alice)
      await alice.app.control().answerDialog({ kind: 'open', filePaths: [place] })
      await card(alice).getByRole('button', { name: 'Export all chats…' }).focus()
      await alice.page.keyboard.press('Enter')
      await outcome(alice, /^5 messages exported to “Godwit alice \d{4}-\d\d-\d\d”, /)
      const [name = ''] = archives()
      // Three groups tell that they were made, and the chat with Bob spoke last.
      expect(files(name)).toEqual(
        expect.arrayContaining([
          'conversations/0001 Bob Keller.html',
          'conversations/0001 Bob Keller.jsonl',
          'index.html',
          'manifest.json',
        ]),
      )
      expect(files(name).filter((path) => path.endsWith('.jsonl'))).toHaveLength(4)
      expect(files(name).some((path) => /^media\/\d+-picture shown\.png$/.test(path))).toBe(true)
      await card(alice).getByRole('button', { name: 'Show in folder' }).click()
      await expect
        .poll(async () => (await alice.app.control().calls('shell.showItemInFolder')).map(({ args }) => args[0]))
        .toEqual([join(place, name)])
      const written = files(name)
        .filter((path) => /\.(json|jsonl|html)$/.test(path))
        .map((path) => readFileSync(join(place, name, path), 'utf8'))
        .join('\n')
      const managed = JSON.parse(readFileSync(join(dir, 'alice.json'), 'utf8')) as { accounts: { token: string }[] }
      expect(written).not.toContain(managed.accounts[0]?.token ?? 'no token')
    })

    it('one chat goes from its menu, without pictures where they are not wanted', async () => {
      await alice.goesTo('Chats')
      await alice.conversation('Bob Keller').focus()
      await alice.page.keyboard.press('Shift+F10')
      await alice.page.getByRole('menuitem', { name: 'Export…' }).click()
      const dialog = alice.page.getByRole('dialog', { name: 'Export Bob Keller' })
      await dialog.getByRole('switch', { name: 'With pictures and files kept on this computer' }).click()
      await alice.app.control().answerDialog({ kind: 'open', filePaths: [place] })
      await dialog.getByRole('button', { name: 'Choose a folder…' }).click()
      await dialog.getByRole('status').filter({ hasText: '2 messages exported' }).waitFor()
      await dialog.getByRole('button', { name: 'Close' }).last().click()
      await dialog.waitFor({ state: 'detached' })
      const second = archives()[1] ?? ''
      expect(second).toMatch(/ \(2\)$/)
      expect(existsSync(join(place, second, 'media'))).toBe(false)
    })

    it('nothing happens when no folder is chosen', async () => {
      await goesToStorage(alice)
      await card(alice).getByRole('button', { name: 'Export all chats…' }).click()
      await expect.poll(async () => (await alice.app.control().calls('dialog.showOpenDialog')).length).toBe(3)
      expect(await card(alice).getByRole('status').innerText()).toBe('')
      expect(archives()).toHaveLength(2)
    })

    it('what was lost comes back on another computer, with its picture, and nothing is sent', async () => {
      const [name = ''] = archives()
      const told = server.messages(dialect).length
      const later = new Person({
        server,
        dialect,
        userId: 'alice',
        dir: join(dir, 'other'),
        backend: backend.name,
        // A network from which the server cannot be reached: all that comes is from the archive.
        configure: (account) => ({ ...account, url: account.url.replace(/:\d+/, ':9') }),
      })
      await later.start()
      await goesToStorage(later)
      await later.app.control().answerDialog({ kind: 'open', filePaths: [join(place, name)] })
      await card(later).getByRole('button', { name: 'Import an archive…' }).click()
      await outcome(later, '5 messages imported.')
      await later.goesTo('Chats')
      await later.opens('Bob Keller')
      await later.sees('Words to keep')
      const picture = later.message('The shore').getByRole('img').first()
      await expect.poll(() => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(0)
      await goesToStorage(later)
      await later.app.control().answerDialog({ kind: 'open', filePaths: [join(place, name)] })
      await card(later).getByRole('button', { name: 'Import an archive…' }).click()
      await outcome(later, 'Nothing new')
      await later.quit()
      expect(server.messages(dialect)).toHaveLength(told)
    })

    it('a damaged archive is refused and says so', async () => {
      const [name = ''] = archives()
      writeFileSync(join(place, name, 'index.html'), 'something else')
      await alice.app.control().answerDialog({ kind: 'open', filePaths: [join(place, name)] })
      await card(alice).getByRole('button', { name: 'Import an archive…' }).click()
      await outcome(alice, 'The archive is damaged or was changed, so nothing was taken from it.')
    })
  })
}
