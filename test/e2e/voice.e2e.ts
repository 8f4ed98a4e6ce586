/**
 * A voice message, by mouse and by keyboard, with the browser's own pretended microphone: the user is asked once by the
 * system's dialog, nothing listens before or after, and what was said arrives as a voice message with its length.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DemoServer, createDemoServer } from '../server/server.ts'
import { backendTitle, backends } from './launch.ts'
import { Person } from './person.ts'

const dialect = 'im2'
/** What a refused microphone throws. */
const refusalOf = (wanted: MediaStreamConstraints): Promise<string> =>
  navigator.mediaDevices.getUserMedia(wanted).then(
    (stream) => {
      for (const track of stream.getTracks()) track.stop()
      return 'given'
    },
    (error: unknown) => (error instanceof Error ? error.name : 'unknown'),
  )

// Only there can a test answer the system's dialog.
for (const backend of backends().filter(({ name }) => name === 'chromium')) {
  describe.skipIf(backend.missing !== null)(backendTitle(backend), () => {
    let dir: string
    let server: DemoServer
    let alice: Person

    const button = (name: string): Locator => alice.page.getByRole('button', { name, exact: true })
    /** The recording's own; a message has a player too. */
    const own = (name: string): Locator =>
      alice.page.getByRole('group', { name: 'Voice message', exact: true }).getByRole('button', { name, exact: true })
    const record = 'Record a voice message'
    const problem = (): Locator => alice.page.getByRole('alert').filter({ hasText: 'microphone' })
    const questions = async (): Promise<number> => (await alice.app.control().calls('dialog.showMessageBox')).length
    const answers = (response: number): Promise<void> => alice.app.control().answerDialog({ kind: 'message', response })
    /** Of each voice message the server has. */
    const told = (): { duration: number; size: number; format: string; url: string }[] =>
      server
        .messages(dialect)
        .map(({ content }) => JSON.parse(content) as { contentExtra?: { duration?: number } })
        .flatMap(({ contentExtra }) => (contentExtra?.duration === undefined ? [] : [contentExtra as never]))

    beforeAll(async () => {
      dir = mkdtempSync(join(tmpdir(), 'godwit-voice-'))
      server = await createDemoServer({ dialects: [dialect] })
      const args = ['--use-fake-device-for-media-stream']
      alice = new Person({ server, dialect, userId: 'alice', dir, backend: backend.name, args })
      await alice.start()
      await alice.isOnline()
      await alice.startsChatWith('bob')
    })
    afterAll(async () => {
      await alice.quit()
      await server.close()
      rmSync(dir, { recursive: true, force: true })
    })

    it('a no is kept and explained, and nothing listens', async () => {
      expect(await alice.page.evaluate(refusalOf, { audio: true })).toBe('NotAllowedError')
      await answers(1)
      await button(record).click()
      await problem().filter({ hasText: 'You did not allow Godwit to use the microphone' }).waitFor()
      expect(await questions()).toBe(1)
      await button(record).click()
      await problem().waitFor()
      expect(await questions()).toBe(1)
      expect(await alice.page.evaluate(refusalOf, { audio: true })).toBe('NotAllowedError')
    })

    it('asked again and allowed, it records, plays back, and sends with its length', async () => {
      await answers(0)
      await button('Ask again').click()
      await button('Stop and listen').waitFor()
      expect(await questions()).toBe(2)
      const timer = alice.page.getByRole('timer')
      await timer.filter({ hasText: '0:02' }).waitFor()
      const loudest = await alice.page
        .getByRole('group', { name: 'Voice message', exact: true })
        .locator('rect')
        .evaluateAll((bars) => Math.max(...bars.map((bar) => Number(bar.getAttribute('height')))))
      // The pretended microphone beeps.
      expect(loudest).toBeGreaterThan(20)
      await alice.page.keyboard.press('Enter')
      await own('Play').click()
      await own('Pause').waitFor()
      await own('Play').waitFor()
      expect(told()).toEqual([])
      await button('Send voice message').click()
      await expect.poll(() => told().length).toBe(1)
      const [voice] = told()
      expect(voice?.duration).toBeGreaterThanOrEqual(2)
      expect(voice?.size).toBeGreaterThan(500)
      expect(voice?.format).toMatch(/^(webm|ogg)$/)
      expect(voice?.url).toMatch(/^http/)
    })

    it('by keyboard alone: Escape throws one away, another waits for the server and goes out by itself', async () => {
      await button(record).focus()
      await alice.page.keyboard.press('Enter')
      await button('Stop and listen').waitFor()
      await alice.page.keyboard.press('Escape')
      await alice.composer().waitFor()
      await expect
        .poll(() => alice.page.evaluate(() => document.activeElement?.getAttribute('aria-label')))
        .toBe('Message')
      await server.control.stop()
      await alice.seesStatus(/Offline|Connecting|Reconnecting/)
      await button(record).focus()
      await alice.page.keyboard.press('Enter')
      await alice.page.getByRole('timer').filter({ hasText: '0:01' }).waitFor()
      await alice.page.keyboard.press('Enter')
      await own('Play').waitFor()
      await alice.page.keyboard.press('Enter')
      await alice.page.getByRole('progressbar', { name: 'Waiting to be uploaded' }).waitFor()
      await server.control.start()
      await expect.poll(() => told().length, { timeout: 60_000 }).toBe(2)
    })

    it('the camera stays closed', async () => {
      expect(await alice.page.evaluate(refusalOf, { video: true })).toBe('NotAllowedError')
      expect(await alice.page.evaluate(refusalOf, { audio: true, video: true })).toBe('NotAllowedError')
    })

    it('after a restart it is not asked again', async () => {
      await alice.quit()
      await alice.start()
      await alice.opens('Bob Keller')
      await button(record).click()
      await button('Stop and listen').waitFor()
      await alice.page.keyboard.press('Escape')
      expect(await questions()).toBe(0)
    })

    it('the server saw nothing that its document does not allow', () => {
      expect(server.violations()).toEqual([])
    })
  })
}
