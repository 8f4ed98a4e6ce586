/**
 * Files between two people: pasted, dropped and chosen; shown on the other side; through a killed program, a limit that
 * is too low, and a server that has no place for them.
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Locator } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { accountDatabase } from '../oracle.ts'
import { type DemoServer, createDemoServer } from '../server/server.ts'
import { type Given, give, sendsTray } from './giving.ts'
import { backendTitle, backends } from './launch.ts'
import { Person } from './person.ts'
import { pngFile } from './pngFile.ts'
import { type UploadPlace, createUploadPlace } from './uploadPlace.ts'

const photo: Given = { name: 'shore.png', type: 'image/png', bytes: pngFile(480, 300) }
const paper: Given = {
  name: '报告（终版）.pdf',
  type: 'application/pdf',
  bytes: Buffer.from('%PDF-1.7\nnot much of one'),
}

const tray = (person: Person): Locator => person.page.getByRole('list', { name: 'Files to send' })
/** The message's picture as the browser decoded it: width and height, or zeros. */
async function decoded(picture: Locator): Promise<number[]> {
  return picture.evaluate((image) =>
    image instanceof HTMLImageElement && image.complete ? [image.naturalWidth, image.naturalHeight] : [0, 0],
  )
}
for (const backend of backends()) {
  describe.skipIf(backend.missing !== null)(backendTitle(backend), () => {
    describe.each(['im2', 'xuqm'] as const)('two people on %s', (dialect) => {
      let dir: string
      let server: DemoServer
      let alice: Person
      let bob: Person

      beforeAll(async () => {
        dir = mkdtempSync(join(tmpdir(), 'godwit-files-'))
        server = await createDemoServer({ dialects: [dialect] })
        alice = new Person({ server, dialect, userId: 'alice', dir, backend: backend.name })
        bob = new Person({ server, dialect, userId: 'bob', dir, backend: backend.name })
        await Promise.all([alice.start(), bob.start()])
        await Promise.all([alice.isOnline(), bob.isOnline()])
        await alice.startsChatWith('bob')
        await alice.says('Here they come')
        await bob.opens('Alice Hart')
      })

      afterAll(async () => {
        await Promise.all([alice.quit(), bob.quit()])
        await server.close()
        rmSync(dir, { recursive: true, force: true })
      })

      it('a pasted picture waits for Enter, takes the words along, and is seen by both', async () => {
        await give(alice.page, 'paste', [photo])
        await tray(alice).getByText('shore.png').waitFor()
        expect(await alice.messages().count()).toBe(1)
        await sendsTray(alice.page, 'The shore this morning')
        await alice.hasDelivered('The shore this morning')
        for (const person of [alice, bob]) {
          const picture = person.message('The shore this morning').getByRole('img', { name: 'The shore this morning' })
          await expect.poll(() => decoded(picture)).toEqual([480, 300])
          expect(await picture.getAttribute('src')).toMatch(/^app-media:\/\/[0-9a-f-]{36}\/\d+$/)
        }
      })

      it('dropped files go in their order, and words that no file carries follow them', async () => {
        await give(alice.page, 'drop', [paper, { ...photo, name: 'second.png' }])
        await tray(alice).getByText('second.png').waitFor()
        await sendsTray(alice.page, 'both for you')
        await alice.hasDelivered('both for you')
        await alice.hasDelivered('报告（终版）.pdf')
        await bob.sees('报告（终版）.pdf')
        await bob.sees('both for you')
        expect(await bob.message('报告（终版）.pdf').innerText()).toContain('PDF')
        const told = server.messages(dialect).map(({ content }) => content)
        const at = (words: string): number => told.findLastIndex((content) => content.includes(words))
        expect(at('报告')).toBeLessThan(at('"format":"png"'))
        expect(at('both for you')).toBeGreaterThan(0)
        await expect.poll(() => bob.page.getByRole('log').getByRole('img').count()).toBe(2)
      })

      it.runIf(backend.name === 'chromium')('files chosen in the system’s dialog go at once', async () => {
        const program = join(dir, 'holiday.png')
        writeFileSync(program, Buffer.from('MZ\x90\0 not a picture at all'))
        const other = join(dir, 'notes.txt')
        writeFileSync(other, 'plain words')
        await alice.app.control().answerDialog({ kind: 'open', filePaths: [program, other] })
        await alice.page.getByRole('button', { name: 'Attach files' }).click()
        await alice.hasDelivered('notes.txt')
        await bob.sees('holiday.png')
        // By its bytes it is a program, whatever its name says: no picture is made of it.
        expect(await bob.message('holiday.png').getByRole('img').count()).toBe(0)
        expect(await bob.message('holiday.png').innerText()).toContain('EXE')
      })

      it('a file over the limit is refused by name, size and limit, and nothing is sent', async () => {
        if (dialect === 'im2') server.control.policy({ fileUploadLimit: 1 })
        const before = await alice.messages().count()
        const big = dialect === 'im2' ? Buffer.alloc(1_500_000, 1) : Buffer.alloc(0)
        await give(alice.page, 'paste', [{ name: 'film.bin', type: 'application/octet-stream', bytes: big }])
        if (dialect === 'im2') {
          await alice.page.getByRole('alert').filter({ hasText: '“film.bin” is too big: it has 1.4 MB' }).waitFor()
        } else {
          await sendsTray(alice.page)
          await alice.page.getByRole('alert').filter({ hasText: '“film.bin”: The file is empty.' }).waitFor()
        }
        expect(await alice.messages().count()).toBe(before)
        await alice.page.getByRole('alert').getByRole('button', { name: 'Close' }).click()
      })

      it('both find the pictures after a restart, and nothing is left among the outgoing copies', async () => {
        await Promise.all([alice.quit(), bob.quit()])
        const folder = dirname(accountDatabase(bob.dataDir))
        expect(readdirSync(join(folder, 'media')).length).toBeGreaterThan(0)
        await Promise.all([alice.start(), bob.start()])
        await bob.opens('Alice Hart')
        const picture = bob.message('The shore this morning').getByRole('img')
        await expect.poll(() => decoded(picture)).toEqual([480, 300])
        expect(readdirSync(join(dirname(accountDatabase(alice.dataDir)), 'attachments'))).toEqual([])
      })

      it('the server saw nothing that its document does not allow', () => {
        expect(server.violations()).toEqual([])
      })
    })

    describe('one person', () => {
      let dir: string
      let server: DemoServer
      let place: UploadPlace
      let alice: Person | null = null

      beforeAll(async () => {
        dir = mkdtempSync(join(tmpdir(), 'godwit-files-'))
        server = await createDemoServer({ dialects: ['im2'] })
        place = await createUploadPlace()
      })
      afterEach(async () => {
        await alice?.quit()
        alice = null
      })
      afterAll(async () => {
        await place.close()
        await server.close()
        rmSync(dir, { recursive: true, force: true })
      })

      async function starts(userId: string, uploadUrl: string | null): Promise<Person> {
        const person = new Person({
          server,
          dialect: 'im2',
          userId,
          dir,
          backend: backend.name,
          configure: ({ upload, ...account }) => ({
            ...account,
            ...(uploadUrl === null ? {} : { upload: { ...upload, url: uploadUrl } }),
          }),
        })
        alice = person
        await person.start()
        await person.isOnline()
        return person
      }

      it('is killed in the middle of an upload: the file goes out after the restart, once, and in its order', async () => {
        place.stall(true)
        const first = await starts('alice', place.url)
        await first.startsChatWith('bob')
        await give(first.page, 'paste', [{ ...photo, bytes: pngFile(1600, 1200) }, paper])
        await sendsTray(first.page)
        await first.says('words do not wait for files')
        await first.hasDelivered('words do not wait for files')
        await expect.poll(() => place.begun).toBe(1)
        await first.page.getByRole('progressbar', { name: 'Uploading' }).waitFor()
        await first.page.getByRole('progressbar', { name: 'Waiting to be uploaded' }).waitFor()
        await first.kill()
        expect(server.messages('im2')).toHaveLength(1)

        place.stall(false)
        const second = await starts('alice', place.url)
        await second.opens('Bob Keller')
        await second.hasDelivered('报告（终版）.pdf')
        await expect.poll(() => server.messages('im2').length).toBe(3)
        expect(place.names).toEqual(['shore.png', '报告（终版）.pdf'])
        expect(server.messages('im2').every(({ duplicates }) => duplicates === 0)).toBe(true)
        await expect.poll(() => second.page.getByRole('progressbar').count()).toBe(0)
      })

      it('stops an upload, and hears why another one failed', async () => {
        const person = await starts('sofia', place.url)
        await person.startsChatWith('bob')
        place.stall(true)
        await give(person.page, 'drop', [paper])
        await sendsTray(person.page)
        await person.page.getByRole('button', { name: 'Cancel upload' }).click()
        await person.message('报告（终版）.pdf').waitFor({ state: 'detached' })
        place.stall(false)
        place.refuse(413)
        await give(person.page, 'drop', [paper])
        await sendsTray(person.page)
        await person.seesState('报告（终版）.pdf', 'failed')
        await person.page.getByText('The file is bigger than the server takes.').waitFor()
        place.refuse(null)
        await person.page.getByRole('button', { name: 'Try again' }).click()
        await person.hasDelivered('报告（终版）.pdf')
      })

      it('is told why no file can be sent where the server has no place for them', async () => {
        const person = await starts('chen.yu', null)
        await person.startsChatWith('bob')
        const button = person.page.getByRole('button', { name: 'Attach files' })
        expect(await button.getAttribute('aria-disabled')).toBe('true')
        const reason = await button.getAttribute('aria-describedby')
        expect(await person.page.locator(`[id="${reason}"]`).textContent()).toMatch(/^Files cannot be sent here/)
        await button.hover()
        await person.page.getByRole('tooltip').filter({ hasText: 'Files cannot be sent here' }).waitFor()
        await give(person.page, 'paste', [photo])
        await person.page.getByRole('alert').filter({ hasText: 'Files cannot be sent here' }).waitFor()
        expect(await tray(person).count()).toBe(0)
      })
    })
  })
}
