/**
 * What somebody was sent besides words: pictures looked at over the whole window, voices heard, files fetched, opened
 * and shown, and all of it found again beside the chat. By names and keys, as a screen reader has them.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DemoServer, createDemoServer } from '../server/server.ts'
import { give, sendsTray } from './giving.ts'
import { backendTitle, backends } from './launch.ts'
import { Person } from './person.ts'
import { pngFile } from './pngFile.ts'
import { wavFile } from './wavFile.ts'

const shore = pngFile(1600, 1000)

for (const backend of backends()) {
  describe.skipIf(backend.missing !== null)(backendTitle(backend), () => {
    let dir: string
    let server: DemoServer
    let alice: Person
    let page: Page

    beforeAll(async () => {
      dir = mkdtempSync(join(tmpdir(), 'godwit-media-'))
      server = await createDemoServer({ dialects: ['im2'] })
      alice = new Person({ server, dialect: 'im2', userId: 'alice', dir, backend: backend.name })
      await alice.start()
      await alice.isOnline()
      page = alice.page
      await alice.startsChatWith('bob')
      await give(page, 'paste', [{ name: 'shore.png', type: 'image/png', bytes: shore }])
      await sendsTray(page, 'The shore')
      await give(page, 'paste', [{ name: 'small.png', type: 'image/png', bytes: pngFile(60, 40) }])
      await sendsTray(page, 'A detail')
      await give(page, 'drop', [
        { name: 'memo.wav', type: 'audio/wav', bytes: wavFile(20) },
        { name: '报告.pdf', type: 'application/pdf', bytes: Buffer.from('%PDF-1.7\nnot much of one') },
        { name: 'setup.exe', type: 'application/octet-stream', bytes: Buffer.from('MZ\x90\0 not a program') },
      ])
      await sendsTray(page)
      await alice.says('The plan is at https://plans.example/shore')
      await alice.hasDelivered('https://plans.example/shore')
      await alice.hasDelivered('setup.exe')
    })
    afterAll(async () => {
      await alice.quit()
      await server.close()
      rmSync(dir, { recursive: true, force: true })
    })

    const viewer = (): Locator => page.getByRole('dialog', { name: 'Photo from You' })
    const scale = (): Promise<string> => viewer().getByRole('status', { name: 'Size' }).innerText()

    it('a picture fills the window, is zoomed and turned by keys, and gives the focus back', async () => {
      const opener = alice.message('The shore').getByRole('button', { name: 'Open the photo from You' })
      await opener.press('Enter')
      const picture = viewer().getByRole('img', { name: 'The shore' })
      await expect.poll(() => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(1600)
      const fitted = await scale()
      await page.keyboard.press('1')
      await expect.poll(scale).toBe('100 %')
      await page.keyboard.press('+')
      await expect.poll(scale).toBe('125 %')
      await page.keyboard.press('0')
      await expect.poll(scale).toBe(fitted)
      await page.keyboard.press('r')
      await expect.poll(() => picture.evaluate((image) => image.style.transform)).toContain('rotate(90deg)')
      await page.keyboard.press('ArrowRight')
      await viewer().getByRole('img', { name: 'A detail' }).waitFor()
      await expect.poll(scale).toBe('100 %')
      await page.keyboard.press('ArrowLeft')
      await picture.waitFor()
      await page.keyboard.press('Escape')
      await viewer().waitFor({ state: 'detached' })
      expect(await opener.evaluate((element) => element === document.activeElement)).toBe(true)
    })

    it.runIf(backend.name === 'chromium')('a picture is saved where the user says, and copied', async () => {
      const place = join(dir, 'kept.png')
      await alice.app.control().answerDialog({ kind: 'save', filePath: place })
      await alice.message('The shore').getByRole('button', { name: 'Open the photo from You' }).click()
      await viewer().getByRole('button', { name: 'Save as' }).click()
      await expect.poll(() => sizeOf(place)).toBe(shore.length)
      const [asked] = await alice.app.control().calls('dialog.showSaveDialog')
      expect(basename((asked?.args[0] as { defaultPath: string }).defaultPath)).toMatch(
        /^image \d{4}-\d\d-\d\d .+\.png$/,
      )
      await viewer().getByRole('button', { name: 'Copy the picture' }).click()
      await viewer().getByRole('button', { name: 'Copied' }).waitFor()
      await viewer().getByRole('button', { name: 'Close' }).click()
    })

    it('a sound plays, is moved about in by keys, and goes faster', async () => {
      const player = page
        .getByRole('log')
        .getByRole('group', { name: 'memo.wav' })
        .filter({ has: page.getByRole('slider') })
      await player.getByRole('button', { name: 'Play' }).click()
      await player.getByRole('button', { name: 'Pause' }).waitFor()
      const place = player.getByRole('slider', { name: 'Position' })
      await place.press('ArrowRight')
      await place.press('End')
      await player.getByRole('button', { name: 'Play' }).waitFor()
      await player.getByRole('button', { name: 'Speed 1×' }).click()
      await player.getByRole('button', { name: 'Speed 1.5×' }).waitFor()
      const sound = page.getByRole('log').locator('audio')
      expect(await sound.getAttribute('src')).toMatch(/^app-media:\/\/[0-9a-f-]{36}\/file\/\d+$/)
      await expect.poll(() => sound.evaluate((media) => (media as HTMLAudioElement).duration)).toBe(20)
    })

    it.runIf(backend.name === 'chromium')(
      'a file is opened and shown in its folder; a program is asked about first',
      async () => {
        const control = alice.app.control()
        const file = page.getByRole('log').getByRole('group', { name: '报告.pdf' })
        await file.getByRole('button', { name: 'Open 报告.pdf' }).waitFor()
        await file.getByRole('button', { name: 'Open', exact: true }).click()
        await expect
          .poll(async () => basename(String((await control.calls('shell.openPath')).at(-1)?.args[0])))
          .toBe('报告.pdf')
        await file.getByRole('button', { name: 'Show in folder' }).click()
        await expect.poll(async () => (await control.calls('shell.showItemInFolder')).length).toBe(1)

        const program = page.getByRole('log').getByRole('group', { name: 'setup.exe' })
        await program.getByRole('button', { name: 'Open', exact: true }).click()
        await expect.poll(async () => (await control.calls('dialog.showMessageBox')).length).toBe(1)
        expect((await control.calls('shell.openPath')).length).toBe(1)
        await control.answerDialog({ kind: 'message', response: 1 })
        await program.getByRole('button', { name: 'Open', exact: true }).click()
        await expect.poll(async () => (await control.calls('shell.openPath')).length).toBe(2)
      },
    )

    it('all of it is found beside the chat, by kind and by name, and leads to its message', async () => {
      await page.keyboard.press('Control+Shift+E')
      const panel = page.getByRole('complementary', { name: 'Files of this chat' })
      await expect.poll(() => panel.getByRole('button', { name: /^Open the photo from You/ }).count()).toBe(2)
      await page.keyboard.press('ArrowRight')
      await panel.getByRole('group', { name: 'setup.exe' }).waitFor()
      await panel.getByRole('searchbox', { name: 'Find a file by its name' }).fill('报告')
      await panel.getByRole('group', { name: 'setup.exe' }).waitFor({ state: 'detached' })
      await panel.getByRole('group', { name: '报告.pdf' }).waitFor()
      await panel.getByRole('searchbox').fill('')
      await panel.getByRole('tab', { name: 'Links' }).click()
      expect(await panel.getByRole('link').getAttribute('href')).toBe('https://plans.example/shore')
      await panel.getByRole('tab', { name: 'Voice' }).click()
      await panel.getByText('No voice messages yet').waitFor()
      await panel.getByRole('tab', { name: 'Files' }).click()
      await panel.getByRole('searchbox').fill('memo')
      await panel.getByRole('group', { name: 'setup.exe' }).waitFor({ state: 'detached' })
      await panel.getByRole('button', { name: 'Show in the chat' }).click()
      await page.getByRole('log').locator('article.flashing').waitFor()
      await panel.getByRole('tab', { name: 'Files' }).press('Escape')
      await panel.waitFor({ state: 'detached' })
    })

    it('the server saw nothing that its document does not allow', () => {
      expect(server.violations()).toEqual([])
    })
  })
}

function sizeOf(path: string): number {
  try {
    return readFileSync(path).length
  } catch {
    return 0
  }
}
