/**
 * The program as a part of the desktop: in the tray, on its icon, started once, brought links, closed and ended. The tray
 * is that of a session bus of the test's own.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { projectDir } from '../../build/scripts/run.ts'
import type { WindowInfo } from '../host/control/control.ts'
import { type DemoServer, createDemoServer } from '../server/server.ts'
import { type DesktopBus, busMissing, startDesktopBus } from './desktopBus.ts'
import { backendTitle, backends } from './launch.ts'
import { Person } from './person.ts'

// The host alone shows what the program asked of the desktop.
const [backend] = backends().filter(({ name }) => name === 'chromium')
if (backend === undefined) throw new Error('no such back end')
const missing = backend.missing ?? busMissing

const titled = missing === null ? backendTitle(backend) : `on chromium (skipped: ${missing})`

describe.skipIf(missing !== null)(titled, () => {
  let dir: string
  let server: DemoServer
  let bus: DesktopBus
  let alice: Person

  beforeAll(async () => {
    bus = await startDesktopBus()
  })
  afterAll(() => bus.close())

  let ended: boolean
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'godwit-desktop-'))
    server = await createDemoServer({ dialects: ['im2'] })
    ended = false
  })
  afterEach(async () => {
    if (!ended) await alice.quit()
    await server.close()
    rmSync(dir, { recursive: true, force: true })
  })
  /** The program ends by itself, and well. */
  async function ends(because: () => Promise<void>): Promise<void> {
    const { exited } = alice.app
    await because()
    expect(await exited).toBe(0)
    ended = true
  }

  async function start(tray: boolean, args: readonly string[] = []): Promise<void> {
    await (tray ? bus.giveTray() : bus.takeTray())
    const env = { DBUS_SESSION_BUS_ADDRESS: bus.address, XDG_CONFIG_HOME: join(dir, 'config') }
    alice = new Person({ server, dialect: 'im2', userId: 'alice', dir, backend: 'chromium', args, env })
    await alice.start()
    await alice.isOnline()
  }
  const control = () => alice.app.control()
  const main = async (): Promise<WindowInfo> => {
    const [window] = await control().windows()
    if (window === undefined) throw new Error('no window')
    return window
  }
  const closeMain = async (): Promise<void> => control().window((await main()).id, 'close')
  /** A second start with the same data: it hands its arguments over, and ends by itself. */
  async function startAgain(...args: string[]): Promise<void> {
    const command = ['test/host/run.ts', `--user-data-dir=${alice.dataDir}`, ...args]
    const again = spawn(process.execPath, command, { cwd: projectDir, stdio: 'ignore' })
    const [code] = (await once(again, 'exit')) as [number | null]
    expect(code).toBe(0)
  }
  const fromBob = (text: string): void => void server.control.message({ from: 'bob', to: 'alice', text })

  describe('in the tray', () => {
    it('the icon says how things stand and what waits, and leads to the window', async () => {
      await start(true)
      const icon = async (): Promise<string> => (await control().trays())[0]?.icon ?? 'none'
      await expect.poll(icon).toBe('online-panel.png')
      fromBob('one')
      fromBob('two')
      const toolTip = async (): Promise<string | undefined> => (await control().trays())[0]?.toolTip
      await expect.poll(toolTip).toBe('Godwit · Online\n2 unread messages')
      const [tray] = await control().trays()
      expect(tray?.icon).toBe('online-unread-panel.png')
      expect(tray?.menu.map(({ label, enabled }) => [label, enabled])).toEqual([
        ['2 unread messages', false],
        ['', true],
        ['Open Godwit', true],
        ['Do Not Disturb', true],
        ['', true],
        ['Quit Godwit', true],
      ])
      expect((await control().calls('app.setBadgeCount')).at(-1)?.args).toEqual([2])

      await alice.opens('Bob Keller')
      await expect.poll(icon).toBe('online-panel.png')
      await expect.poll(async () => (await control().calls('app.setBadgeCount')).at(-1)?.args).toEqual([0])
    })

    it('turns notifications off and on again, and the window follows at once', async () => {
      await start(true)
      await alice.goesTo('Settings')
      await alice.page.getByRole('tab', { name: 'Notifications' }).click()
      const setting = alice.page.getByRole('group', { name: 'Do not disturb' }).getByRole('status')
      await expect.poll(async () => (await control().trays()).length).toBe(1)
      await control().clickMenu('tray', ['doNotDisturb', 'hour'])
      await expect.poll(() => setting.textContent()).toMatch(/^Notifications are off until (tomorrow )?\d\d:\d\d$/)
      const toolTip = async (): Promise<string | undefined> => (await control().trays())[0]?.toolTip
      await expect.poll(toolTip).toMatch(/\nDo not disturb until (\w{3} )?\d\d:\d\d$/)

      await control().clickMenu('tray', ['notifyAgain'])
      await expect.poll(() => setting.textContent()).toBe('')
      await expect.poll(toolTip).toBe('Godwit · Online\nNothing unread')

      await alice.page.getByRole('button', { name: 'Until I turn it off' }).click()
      await expect.poll(toolTip).toBe('Godwit · Online\nNothing unread\nDo not disturb')
      await alice.quit()
      await start(true)
      await expect.poll(toolTip).toBe('Godwit · Online\nNothing unread\nDo not disturb')
    })

    it('blinks where that is wished, until a window has the focus or notifications are off', async () => {
      await start(true)
      await alice.goesTo('Settings')
      await alice.page.getByRole('tab', { name: 'Desktop' }).click()
      await alice.page.getByRole('switch', { name: 'Blink the tray icon for unread messages' }).click()
      await control().window((await main()).id, 'blur')
      fromBob('look at me')
      const icon = async (): Promise<string | undefined> => (await control().trays())[0]?.icon
      for (const round of [1, 2]) {
        await expect.poll(icon, { message: `on, ${round}` }).toBe('online-unread-panel.png')
        await expect.poll(icon, { message: `off, ${round}` }).toBe('online-panel.png')
      }
      await control().clickMenu('tray', ['doNotDisturb', 'forEver'])
      await expect.poll(icon).toBe('online-unread-panel.png')
      await control().clickMenu('tray', ['notifyAgain'])
      await expect.poll(icon).toBe('online-panel.png')
      await control().window((await main()).id, 'focus')
      await expect.poll(icon).toBe('online-unread-panel.png')
    })

    it('speaks the language of the window, also after it was changed', async () => {
      await start(true)
      await alice.goesTo('Settings')
      await alice.page.getByRole('radiogroup', { name: 'Language' }).getByText('简体中文').click()
      await expect.poll(async () => (await control().trays())[0]?.toolTip).toBe('Godwit · 在线\n没有未读消息')
      expect((await control().menu('application')).map(({ label }) => label)).toEqual([
        '文件',
        '编辑',
        '显示',
        '窗口',
        '帮助',
      ])
    })

    it('closing the window leaves the program there; a click brings it back', async () => {
      await start(true)
      await expect.poll(async () => (await control().trays()).length).toBe(1)
      await closeMain()
      expect((await main()).visible).toBe(false)
      fromBob('while you were away')
      await expect.poll(async () => (await control().trays())[0]?.icon).toBe('online-unread-panel.png')
      await control().clickTray()
      expect(await main()).toMatchObject({ visible: true, focused: true })
      await alice.opens('Bob Keller')
      await alice.sees('while you were away')
      expect(await control().calls('dialog.showMessageBox')).toEqual([])
    })

    // A defect of the nearest peers: the icon stayed away for good.
    it('the icon is back after the screen was locked and the desktop took its tray away meanwhile', async () => {
      await start(true)
      await expect.poll(async () => (await control().trays()).length).toBe(1)
      await closeMain()
      await control().powerEvent('lock-screen')
      await bus.takeTray()
      await expect.poll(async () => (await control().trays()).length).toBe(0)
      fromBob('behind the lock')
      await bus.giveTray()
      await control().powerEvent('unlock-screen')
      await expect.poll(async () => (await control().trays())[0]?.icon).toBe('online-unread-panel.png')
      await control().clickTray()
      expect((await main()).visible).toBe(true)
    })

    it('quits from its menu, and the window does not hold it', async () => {
      await start(true)
      await expect.poll(async () => (await control().trays()).length).toBe(1)
      await ends(() => control().clickMenu('tray', ['quit']))
    })

    it('is where a hidden start goes', async () => {
      await start(true, ['--hidden'])
      expect(await control().trays()).toHaveLength(1)
      expect((await main()).visible).toBe(false)
      // Started once more by the system, nobody asked for a window.
      await startAgain('--hidden')
      expect((await main()).visible).toBe(false)
      await startAgain()
      await expect.poll(async () => (await main()).visible).toBe(true)
    })
  })

  describe('where there is no tray', () => {
    it('closing the window says once that it quits, and offers to minimise', async () => {
      await start(false)
      await control().answerDialog({ kind: 'message', response: 1 })
      await closeMain()
      await expect.poll(async () => (await main()).minimized).toBe(true)
      const asked = await control().calls('dialog.showMessageBox')
      expect(asked.map(({ args }) => args[0])).toMatchObject([{ message: 'Closing the window quits Godwit.' }])
      await ends(closeMain)
    })

    it('a hidden start waits in the taskbar', async () => {
      await start(false, ['--hidden'])
      await expect.poll(main).toMatchObject({ minimized: true })
    })
  })

  describe('the badge', () => {
    it('is right after a restart, counted by the lists and not by what came', async () => {
      await start(true)
      fromBob('one')
      fromBob('two')
      await expect.poll(async () => (await control().calls('app.setBadgeCount')).at(-1)?.args).toEqual([2])
      await alice.quit()
      await alice.start()
      await expect.poll(async () => (await control().calls('app.setBadgeCount')).at(-1)?.args).toEqual([2])
      await alice.isOnline()
      expect((await control().calls('app.setBadgeCount')).at(-1)?.args).toEqual([2])
    })
  })

  describe('links', () => {
    const alert = () => alice.page.getByRole('alert')

    it('open a conversation in the running program', async () => {
      await start(true)
      fromBob('look here')
      await alice.conversation('Bob Keller').waitFor()
      await closeMain()
      const host = new URL(server.url('im2')).host
      await startAgain(`godwit://open/alice@${host}/direct:bob`)
      await alice.sees('look here')
      expect((await main()).visible).toBe(true)
    })

    it('open a conversation in the program they have started', async () => {
      await start(true)
      fromBob('look here')
      await alice.conversation('Bob Keller').waitFor()
      await alice.quit()
      const host = new URL(server.url('im2')).host
      await start(true, ['--hidden', `godwit://open/alice@${host}/direct:bob`])
      await alice.sees('look here')
      expect((await main()).visible).toBe(true)
    })

    it.each([
      ['godwit://settings/theme/dark', 'This one asks for something else'],
      ['godwit://sign-in?server=chat.example.org&token=abc', 'Links may not do that'],
      ['godwit://open/nobody@chat.example.org/direct:bob', 'an account that is not signed in here'],
      ['godwit://open/%00/direct:bob', 'cannot be read'],
    ])('are refused in one line: %s', async (link, words) => {
      await start(true)
      await startAgain(link)
      await alert().filter({ hasText: words }).waitFor()
      expect(await control().calls('dialog.showMessageBox')).toEqual([])
    })

    it('to a chat that is not here make none', async () => {
      await start(true)
      const host = new URL(server.url('im2')).host
      await control().appEvent('open-url', `godwit://open/alice@${host}/direct:nobody`)
      await alert().filter({ hasText: 'is not kept here' }).waitFor()
      expect(await alice.page.getByRole('option', { name: /nobody/ }).count()).toBe(0)
    })

    it('may propose a sign-in: asked about by its server, filled in without a token', async () => {
      await start(true)
      await control().answerDialog({ kind: 'message', response: 1 })
      await startAgain('godwit://sign-in?server=chat.example.org&user=carol')
      await expect.poll(async () => (await control().calls('dialog.showMessageBox')).length).toBe(1)
      expect(await alice.page.getByLabel('Server address').count()).toBe(0)

      await control().answerDialog({ kind: 'message', response: 0 })
      await startAgain('godwit://sign-in?server=chat.example.org&user=carol')
      await alice.page.getByLabel('Server address').waitFor()
      const [, asked] = await control().calls('dialog.showMessageBox')
      expect(asked?.args[0]).toMatchObject({ message: 'A link proposes to sign in to chat.example.org.' })
      expect(await alice.page.getByLabel('Server address').inputValue()).toBe('wss://chat.example.org')
      expect(await alice.page.getByLabel('User ID').inputValue()).toBe('carol')
      expect(await alice.page.getByLabel('Token').inputValue()).toBe('')
      await alice.page.getByRole('button', { name: 'Cancel' }).click()
      await alice.isOnline()
    })
  })

  describe('starting with the system', () => {
    it('is written and taken back as the setting says, and follows what the system says', async () => {
      await start(true)
      const file = join(dir, 'config/autostart/godwit.desktop')
      await alice.goesTo('Settings')
      await alice.page.getByRole('tab', { name: 'Desktop' }).click()
      const atLogin = alice.page.getByRole('switch', { name: 'Start with the system' })
      await atLogin.click()
      await expect.poll(() => existsSync(file)).toBe(true)
      expect(readFileSync(file, 'utf8')).toMatch(/^Exec=.* --hidden$/m)
      await alice.page.getByRole('switch', { name: 'Start without a window' }).click()
      await expect.poll(() => readFileSync(file, 'utf8')).toMatch(/^Exec=(?!.*--hidden)/m)

      rmSync(file)
      await alice.quit()
      await alice.start()
      await alice.goesTo('Settings')
      await alice.page.getByRole('tab', { name: 'Desktop' }).click()
      await expect.poll(() => atLoginOf(alice).getAttribute('aria-checked')).toBe('false')
      expect(existsSync(file)).toBe(false)
    })
    const atLoginOf = (person: Person) => person.page.getByRole('switch', { name: 'Start with the system' })
  })

  describe('a conversation in a window of its own', () => {
    const ownPage = async (): Promise<Page> => {
      const find = (): Page | undefined => alice.app.windows().find((page) => page.url().includes('#chat/'))
      await expect.poll(find).toBeDefined()
      const page = find()
      if (page === undefined) throw new Error('it is gone again')
      await page.getByRole('textbox', { name: 'Message', exact: true }).waitFor()
      return page
    }
    const own = async (): Promise<WindowInfo | undefined> =>
      (await control().windows()).find(({ url }) => url.includes('#chat/'))

    it('lives on the same connection, reads and writes, and stays on top when it is told so', async () => {
      await start(true)
      fromBob('come out')
      await alice.page.getByRole('option', { name: /^Bob Keller, 1 unread/ }).waitFor()
      await alice.conversation('Bob Keller').click({ button: 'right' })
      await alice.page.getByRole('menuitem', { name: 'Open in its own window' }).click()
      const page = await ownPage()
      await page.getByRole('article').filter({ hasText: 'come out' }).waitFor()
      expect(await page.getByRole('navigation').count()).toBe(0)
      await expect.poll(async () => (await own())?.title).toBe('Bob Keller')
      await page.getByRole('textbox', { name: 'Message', exact: true }).fill('from out here')
      await page.keyboard.press('Enter')
      await page
        .locator('article[data-state="sent"], article[data-state="delivered"]')
        .filter({ hasText: 'from out here' })
        .waitFor()
      expect(server.control.sessions().filter(({ userId }) => userId === 'alice')).toHaveLength(1)
      // Read there is read here.
      await alice.page.getByRole('option', { name: /^Bob Keller, no unread/ }).waitFor()

      const pin = page.getByRole('button', { name: 'Keep this window on top' })
      await pin.click()
      await expect.poll(() => pin.getAttribute('aria-pressed')).toBe('true')
      expect(await own()).toMatchObject({ onTop: true })
      expect((await main()).onTop).toBe(false)

      // Asked for once more, it is the same one; closed, the program goes on.
      await alice.page.bringToFront()
      await alice.conversation('Bob Keller').click({ button: 'right' })
      await alice.page.getByRole('menuitem', { name: 'Open in its own window' }).click()
      expect(await control().windows()).toHaveLength(2)
      await control().window((await own())?.id ?? 0, 'close')
      await expect.poll(async () => (await control().windows()).length).toBe(1)
      await alice.isOnline()
    })

    it('follows what is written about the conversation in the main one, and the other way round', async () => {
      await start(true)
      fromBob('come out')
      await alice.opens('Bob Keller')
      await alice.conversation('Bob Keller').click({ button: 'right' })
      await alice.page.getByRole('menuitem', { name: 'Open in its own window' }).click()
      const page = await ownPage()
      const fields = { main: alice.composer(), own: page.getByRole('textbox', { name: 'Message', exact: true }) }
      const both = async (): Promise<string[]> => [await fields.main.inputValue(), await fields.own.inputValue()]
      await fields.main.fill('half a sen')
      await expect.poll(both).toEqual(['half a sen', 'half a sen'])
      await fields.own.fill('half a sentence, and more')
      await expect.poll(both).toEqual(['half a sentence, and more', 'half a sentence, and more'])
      // What it answers goes along, and with the sending all of it is gone in both.
      await page.getByRole('article').filter({ hasText: 'come out' }).focus()
      await page.keyboard.press('r')
      await alice.page.getByRole('button', { name: 'Cancel reply' }).waitFor()
      await fields.own.press('Enter')
      await alice.message('half a sentence, and more').first().waitFor()
      await expect.poll(both).toEqual(['', ''])
      await alice.page.getByRole('button', { name: 'Cancel reply' }).waitFor({ state: 'detached' })
    })

    it('is as shut in as the main one', async () => {
      await start(true)
      fromBob('come out')
      await alice.opens('Bob Keller')
      await alice.page.keyboard.press('Control+K')
      await alice.page.getByRole('combobox').fill('own window')
      await alice.page.getByRole('option', { name: /own window/, selected: true }).waitFor()
      await alice.page.keyboard.press('Enter')
      await ownPage()
      const [first, second] = await control().windows()
      expect(second?.webPreferences).toEqual(first?.webPreferences)
    })
  })

  describe('the menu', () => {
    it('leads to the parts of the window and keeps the zoom over a restart', async () => {
      await start(true)
      await control().clickMenu('application', ['Help', 'Diagnostics'])
      await alice.page.getByRole('region', { name: 'Diagnostics', exact: true }).waitFor()
      await control().clickMenu('application', ['Help', 'About Godwit'])
      await alice.page.getByRole('heading', { name: 'About' }).first().waitFor()
      const width = (): Promise<number> => alice.page.evaluate(() => innerWidth)
      const before = await width()
      await control().clickMenu('application', ['View', 'zoomIn'])
      await expect.poll(width).toBeLessThan(before)
      await alice.quit()
      await alice.start()
      await expect.poll(width).toBeLessThan(before)
    })
  })
})
