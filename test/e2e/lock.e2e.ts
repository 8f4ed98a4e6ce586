/** The lock in the real app: set by keyboard, and while it is locked nothing of what was written is to be had. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callChannel } from '#common/contract/bridge.ts'
import { findChromium } from '../host/chromium/locate.ts'
import { demoSeed } from '../server/seed.ts'
import { type DemoServer, createDemoServer } from '../server/server.ts'
import { complaints, loadAxe } from './axe.ts'
import { give, sendsTray } from './giving.ts'
import { Keyboard } from './keyboard.ts'
import { Person } from './person.ts'
import { pngFile } from './pngFile.ts'
import { wavFile } from './wavFile.ts'

const own = { url: 'app://godwit/index.html', origin: 'app://godwit', child: false }
const pin = '2580tern'

describe.skipIf(findChromium() === null)('the lock (skipped without Chromium)', () => {
  let dir: string
  let server: DemoServer
  let alice: Person
  let page: Page
  let keyboard: Keyboard
  let accountId: string

  const bobSays = (text: string): void => void server.control.message({ from: 'bob', to: 'alice', text })
  const told = async (): Promise<string[]> =>
    (await alice.app.control().notifications()).map(({ title, body }) => `${title} | ${body}`)
  const onScreen = async () =>
    (await alice.app.control().notifications()).filter(({ state }) => state === 'shown' || state === 'aside')
  const call = async (name: string, input: unknown): Promise<unknown> => {
    const windowId = (await alice.app.control().windows())[0]?.id ?? 0
    return alice.app.control().invokeAs(windowId, own, callChannel, [name, input])
  }
  /** Addresses of a picture and a sound that were sent, and whether the page is served with them. */
  const media: string[] = []
  const loaded = (): Promise<boolean[]> =>
    page.evaluate(
      ([picture = '', sound = '']) =>
        Promise.all([
          new Promise<boolean>((done) => {
            const image = new Image()
            image.onload = () => done(true)
            image.onerror = () => done(false)
            image.src = picture
          }),
          new Promise<boolean>((done) => {
            const audio = new Audio()
            audio.onloadedmetadata = () => done(true)
            audio.onerror = () => done(false)
            audio.src = sound
          }),
        ]),
      media,
    )
  const tray = () => page.getByRole('list', { name: 'Files to send' })
  const lockScreen = () => page.getByRole('main', { name: 'Godwit is locked' })
  const html = (): Promise<string> => page.evaluate(() => `${document.title} ${document.documentElement.outerHTML}`)
  const unlock = async (tried: string): Promise<void> => {
    await page.getByLabel('PIN', { exact: true }).fill(tried)
    await page.keyboard.press('Enter')
  }
  const isFilled = (): Promise<string> => page.getByLabel('PIN', { exact: true }).inputValue()

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'godwit-lock-'))
    server = await createDemoServer({ dialects: ['im2'], seed: demoSeed })
    const args = ['--use-fake-device-for-media-stream']
    alice = new Person({ server, dialect: 'im2', userId: 'alice', dir, backend: 'chromium', args })
    await alice.start()
    page = alice.page
    keyboard = new Keyboard(page)
    await alice.isOnline()
    const boot = (await call('app.boot', {})) as { value: { accounts: { id: string }[] } }
    accountId = boot.value.accounts[0]?.id ?? ''
  })
  afterAll(async () => {
    await alice.quit()
    await server.close()
    rmSync(dir, { recursive: true, force: true })
  })

  it('leads to its settings as long as there is no PIN, and is set there by keyboard', async () => {
    await page.keyboard.press('Control+L')
    await page.getByRole('tab', { name: 'Lock', selected: true }).waitFor()
    await keyboard.enter(page.getByRole('button', { name: 'Set a PIN…' }))
    await page.getByRole('dialog', { name: 'Set a PIN' }).waitFor()
    await keyboard.writeInto(page.getByLabel('New PIN', { exact: true }), 'abc')
    await keyboard.press('Enter')
    await page.getByText('A PIN has 4 to 32 characters.').waitFor()
    await page.getByLabel('New PIN', { exact: true }).fill(pin)
    await keyboard.writeInto(page.getByLabel('New PIN again'), pin)
    await loadAxe(page)
    expect(await complaints(page)).toEqual([])
    await keyboard.press('Enter')
    await page.getByRole('button', { name: 'Lock now' }).waitFor()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await complaints(page)).toEqual([])
    expect(await html()).not.toContain(pin)
  })

  it('serves pictures and sounds of messages to an unlocked page', async () => {
    await alice.goesTo('Chats')
    await alice.opens('Bob Keller')
    await give(page, 'paste', [{ name: 'shore.png', type: 'image/png', bytes: pngFile(60, 40) }])
    await sendsTray(page, 'The shore')
    await give(page, 'drop', [{ name: 'memo.wav', type: 'audio/wav', bytes: wavFile(2) }])
    await sendsTray(page)
    await alice.hasDelivered('The shore')
    await alice.hasDelivered('memo.wav')
    for (const shown of [page.getByRole('img', { name: 'The shore' }), alice.message('memo.wav').locator('audio')]) {
      media.push((await shown.last().getAttribute('src')) ?? '')
    }
    expect(media.map((address) => address.startsWith('app-media://'))).toEqual([true, true])
    expect(await loaded()).toEqual([true, true])
  })

  it('is locked by its shortcut: the page holds nothing, and main answers nothing', async () => {
    await alice.goesTo('Chats')
    bobSays('the secret of the tern')
    await expect.poll(async () => (await onScreen()).length).toBeGreaterThan(0)
    await alice.opens('Release crew')
    await alice.composer().fill('half a sen')
    await give(page, 'drop', [
      { name: 'plan.png', type: 'image/png', bytes: pngFile(20, 10) },
      { name: 'plan.pdf', type: 'application/pdf', bytes: Buffer.from('%PDF-1.7\nwhat was planned') },
    ])
    await tray().getByRole('listitem').nth(1).waitFor()
    await page.evaluate(() => Object.assign(globalThis, { keptInMemory: true }))
    await page.keyboard.press('Control+L')
    await lockScreen().waitFor()
    // The page is another one: nothing is left in its memory either.
    await expect.poll(() => page.evaluate(() => 'keptInMemory' in globalThis)).toBe(false)
    await expect.poll(html).not.toMatch(/secret of the tern|half a sen|plan|Bob Keller|Release crew/)
    expect(await onScreen()).toEqual([])
    for (const [name, input] of [
      ['account.snapshot', { accountId }],
      ['search.messages', { accountId, conversationId: null, query: 'tern', order: 'newest', cursor: null }],
      ['settings.set', { settings: { lockAfter: 'never' } }],
      ['lock.set', { newPin: '0000', oldPin: null }],
      ['unsent.take', {}],
    ] as const) {
      expect(await call(name, input)).toMatchObject({ ok: false, error: { code: 'lock.locked' } })
    }
    expect(await call('app.boot', {})).toMatchObject({ ok: true, value: { accounts: [], lock: { state: 'locked' } } })
    expect(await loaded()).toEqual([false, false])
    await loadAxe(page)
    expect(await complaints(page)).toEqual([])
  })

  it('goes on receiving, and says only that there is something', async () => {
    const before = (await told()).length
    bobSays('a second secret')
    await expect.poll(async () => (await told()).length).toBeGreaterThan(before)
    expect((await told()).slice(before).join(' ')).not.toMatch(/secret|Bob/)
    expect(await html()).not.toMatch(/second secret|Bob/)
  })

  it('stays locked with a wrong PIN, and says so', async () => {
    await unlock('wrong')
    await page.getByRole('alert').filter({ hasText: 'This is not the PIN.' }).waitFor()
    expect(await isFilled()).toBe('')
    expect(await lockScreen().count()).toBe(1)
  })

  it('goes on with the right one where it was, with the draft, and what came is unread', async () => {
    await unlock(pin)
    await alice.composer().waitFor()
    await expect.poll(() => alice.composer().inputValue()).toBe('half a sen')
    expect(await loaded()).toEqual([true, true])
    await page.getByRole('heading', { name: 'Release crew' }).first().waitFor()
    await tray().getByRole('listitem').filter({ hasText: 'plan.png' }).waitFor()
    await tray().getByRole('listitem').filter({ hasText: 'plan.pdf' }).waitFor()
    expect(await tray().getByRole('listitem').count()).toBe(2)
    await alice.composer().press('Enter')
    await tray().waitFor({ state: 'detached' })
    await alice.hasDelivered('half a sen')
    await alice.hasDelivered('plan.pdf')
    await alice
      .conversation('Bob Keller')
      .filter({ hasText: 'a second secret' })
      .filter({ hasText: 'unread' })
      .waitFor()
    expect(await html()).not.toContain(pin)
  })

  it('ends a recording that is made, and keeps it to be listened to and sent', async () => {
    await alice.app.control().answerDialog({ kind: 'message', response: 0 })
    await page.getByRole('button', { name: 'Record a voice message' }).click()
    await page.getByRole('timer').filter({ hasText: '0:02' }).waitFor()
    await alice.app.control().powerEvent('lock-screen')
    await alice.app.control().powerEvent('unlock-screen')
    await lockScreen().waitFor()
    await unlock(pin)
    const voice = page.getByRole('group', { name: 'Voice message', exact: true })
    await voice.getByRole('button', { name: 'Play' }).waitFor()
    const before = server.messages('im2').length
    await page.getByRole('button', { name: 'Send voice message' }).click()
    await expect.poll(() => server.messages('im2').length).toBe(before + 1)
  })

  it('is locked with the screen of the system, and leads where a notification points once it is unlocked', async () => {
    await alice.app.control().powerEvent('lock-screen')
    await alice.app.control().powerEvent('unlock-screen')
    await lockScreen().waitFor()
    bobSays('the third')
    await expect.poll(async () => (await onScreen()).length).toBe(1)
    const [notification] = await onScreen()
    await alice.app.control().notification(notification?.id ?? '', { kind: 'click' })
    expect(await html()).not.toContain('the third')
    await unlock(pin)
    await alice.sees('the third')
  })

  it('is locked when nothing was touched for a while, own windows as well, and a link waits', async () => {
    await alice.conversation('Bob Keller').click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Open in its own window' }).click()
    const findOwn = (): Page | undefined => alice.app.windows().find((one) => one.url().includes('#chat/'))
    await expect.poll(findOwn).toBeDefined()
    const ownPage = findOwn()
    await ownPage?.getByRole('article').filter({ hasText: 'the third' }).waitFor()
    await alice.app.control().setIdle(15 * 60)
    await lockScreen().waitFor()
    await ownPage?.getByRole('main', { name: 'Godwit is locked' }).waitFor()
    await alice.app.control().setIdle(0)
    expect(await ownPage?.evaluate(() => document.documentElement.outerHTML)).not.toMatch(/the third|Bob Keller/)
    await alice.app.control().appEvent('open-url', 'godwit://open/nobody@chat.example.org/direct:bob')
    expect(await page.getByText('not signed in here').count()).toBe(0)
    await unlock(pin)
    await alice.isOnline()
    await page.getByText('not signed in here').waitFor()
    await ownPage?.getByRole('article').filter({ hasText: 'the third' }).waitFor()
    const own = (await alice.app.control().windows()).find(({ url }) => url.includes('#chat/'))
    await alice.app.control().window(own?.id ?? 0, 'close')
  })

  it('begins locked after a restart', async () => {
    await alice.quit()
    await alice.start()
    page = alice.page
    await lockScreen().waitFor()
    expect(await html()).not.toMatch(/Bob Keller|secret/)
    expect(await call('account.snapshot', { accountId })).toMatchObject({ ok: false, error: { code: 'lock.locked' } })
  })

  it('counts down after too many wrong ones', async () => {
    for (let tries = 0; tries < 5; tries++) {
      await page.getByRole('button', { name: 'Unlock' }).and(page.locator(':enabled')).waitFor()
      await unlock('wrong')
      await expect.poll(isFilled).toBe('')
    }
    await page.getByText(/Too many wrong tries\. Next try in \d+ seconds/).waitFor()
    expect(await call('lock.unlock', { pin })).toMatchObject({ ok: false, error: { code: 'lock.mustWait' } })
  })

  it('a forgotten PIN costs all that is stored, after a question', async () => {
    await page.getByRole('button', { name: 'Forgot the PIN?' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
    expect(await lockScreen().count()).toBe(1)
    await page.getByRole('button', { name: 'Forgot the PIN?' }).click()
    await loadAxe(page)
    expect(await complaints(page)).toEqual([])
    await page.getByRole('button', { name: 'Sign out of everything' }).click()
    await page.getByLabel('Token').waitFor()
    const files = readdirSync(alice.dataDir, { recursive: true }).map(String)
    expect(files.filter((file) => file.includes(accountId))).toEqual([])
    expect(await call('app.boot', {})).toMatchObject({ value: { accounts: [], lock: { state: 'none' } } })
  })
})
