/**
 * `npm run pictures`: the screenshots in docs/images, taken of the built app on the demo server, so that they are never
 * older than the app. Looked at by a person before they are committed.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { tellCutLink } from '../e2e/cutLink.ts'
import { type LaunchedApp, launch } from '../e2e/launch.ts'
import { Person } from '../e2e/person.ts'
import { pngFile } from '../e2e/pngFile.ts'
import { dayConfig, tellWorkingDay } from '../e2e/workingDay.ts'
import en from '../../renderer/src/i18n/en.json' with { type: 'json' }
import zh from '../../renderer/src/i18n/zh-CN.json' with { type: 'json' }
import { createFaultProxy } from '../faults/proxy.ts'
import { demoSeed } from '../server/seed.ts'
import { type DemoServer, createDemoServer } from '../server/server.ts'
import { longNames } from './longNames.ts'

const folder = 'docs/images'
const looks = [
  { lang: 'zh-CN', dark: true, name: 'zh-dark' },
  { lang: 'en', dark: false, name: 'en-light' },
] as const
const sizes = [
  { width: 900, height: 640 },
  { width: 1600, height: 960 },
] as const
const usual = { width: 1000, height: 700 }

const scratch = mkdtempSync(join(tmpdir(), 'godwit-pictures-'))
const server = await createDemoServer({ dialects: ['im2'], seed: demoSeed })
addTalk(server)
try {
  for (const look of looks) {
    if (wanted('sign-in')) await pictureSignIn(look)
    if (wanted('chat')) await pictureChat(look)
    if (wanted('link')) await pictureCutLink(look)
    if (wanted('day')) await pictureWorkingDay(look)
    if (wanted('views')) await pictureViews(look)
    if (wanted('states')) await pictureStates(look)
    if (wanted('desktop')) await pictureDesktop(look)
  }
} finally {
  await server.close()
  rmSync(scratch, { recursive: true, force: true })
}

/** `npm run pictures -- link`: only these. */
function wanted(name: string): boolean {
  return process.argv.length < 3 || process.argv.includes(name, 2)
}

type Look = (typeof looks)[number]

async function pictureSignIn(look: Look): Promise<void> {
  const app = await launch({ userDataDir: join(scratch, `sign-in-${look.name}`), lang: look.lang })
  const page = await app.page()
  await page.locator('form').waitFor()
  await takeAll({ page, app, look, view: 'sign-in' })
  await app.quit()
}

async function pictureChat(look: Look): Promise<void> {
  const alice = new Person({
    server,
    dialect: 'im2',
    userId: 'alice',
    dir: join(scratch, look.name),
    backend: 'chromium',
    lang: look.lang,
  })
  await alice.start()
  const { page } = alice
  await page.getByRole('option', { name: /^Release crew/ }).click()
  await page.getByRole('article').filter({ hasText: 'Ship it' }).waitFor()
  await takeAll({ page, app: alice.app, look, view: 'chat' })
  await alice.quit()
}

/** What a person sees of a cut link, from the cut to the last message sent. */
async function pictureCutLink(look: Look): Promise<void> {
  const away = await createDemoServer({ dialects: ['im2'], seed: demoSeed })
  const proxy = await createFaultProxy(away.port)
  const alice = new Person({
    server: away,
    dialect: 'im2',
    userId: 'alice',
    dir: join(scratch, `cut-${look.name}`),
    backend: 'chromium',
    lang: look.lang,
    configure: (account) => ({ ...account, url: proxy.through(account.url) }),
  })
  await alice.start()
  await tellCutLink({
    writer: alice,
    proxy,
    conversation: 'Bob Keller',
    at: async (moment) => {
      await takeAll({ page: alice.page, app: alice.app, look, view: `link-${moment}`, at: [usual] })
    },
  })
  await alice.quit()
  await proxy.close()
  await away.close()
}

/** What a person sees in a day. */
async function pictureWorkingDay(look: Look): Promise<void> {
  const away = await createDemoServer({ dialects: ['im2'] })
  const proxy = await createFaultProxy(away.port)
  const { lang } = look
  const dir = join(scratch, `day-${look.name}`)
  mkdirSync(dir)
  const managedConfig = join(dir, 'managed.json')
  writeFileSync(managedConfig, dayConfig(away, proxy))
  const picture = join(dir, 'whiteboard.png')
  writeFileSync(picture, pngFile(480, 300))
  const app = await launch({ userDataDir: join(dir, 'data'), lang, managedConfig })
  await tellWorkingDay({
    app,
    lang,
    server: away,
    proxy,
    picture,
    at: async (moment) => {
      await takeAll({ page: await app.page(), app, look, view: `day-${moment}`, at: [usual] })
    },
  })
  await app.quit()
  await proxy.close()
  await away.close()
}

/** The views of the rail, one each, and what is laid over them. */
async function pictureViews(look: Look): Promise<void> {
  const alice = new Person({
    server,
    dialect: 'im2',
    userId: 'alice',
    dir: join(scratch, `views-${look.name}`),
    backend: 'chromium',
    lang: look.lang,
  })
  await alice.start()
  const { page } = alice
  const at = (view: string): Promise<void> => takeAll({ page, app: alice.app, look, view, at: [usual] })
  await page.getByRole('option', { name: /^Release crew/ }).waitFor()
  await at('chats-none-open')
  await page.keyboard.press('Control+Shift+U')
  await at('catch-up')
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').waitFor()
  await at('palette')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+Shift+A')
  await at('announcements-none')
  await page.keyboard.press('Control+Shift+D')
  await at('diagnostics')
  await page.keyboard.press('Control+,')
  await page.getByRole('tab').first().waitFor()
  const tabs = page.getByRole('tab')
  for (let index = 0; index < (await tabs.count()); index++) {
    await tabs.nth(index).click()
    await at(`settings-${index + 1}`)
  }
  await page.keyboard.press('Control+Shift+M')
  await page.getByRole('option', { name: /^Release crew/ }).click()
  await page.getByRole('article').filter({ hasText: 'Ship it' }).waitFor()
  await page.keyboard.press('Control+Shift+E')
  await at('files')
  await page.keyboard.press('Control+Shift+E')
  await page.keyboard.press('Control+,')
  await page.getByRole('tab').first().click()
  await page.getByRole('slider').first().focus()
  await page.keyboard.press('End')
  await page.keyboard.press('Control+Shift+M')
  await page.getByRole('article').first().waitFor()
  await at('chat-200-percent')
  await alice.quit()
}

/** What is not every day's: a server that does not answer, names without end, words the server will not take. */
async function pictureStates(look: Look): Promise<void> {
  const away = await createDemoServer({ dialects: ['im2'] })
  away.control.seed(longNames)
  const proxy = await createFaultProxy(away.port)
  const alice = new Person({
    server: away,
    dialect: 'im2',
    userId: 'alice',
    dir: join(scratch, `states-${look.name}`),
    backend: 'chromium',
    lang: look.lang,
    configure: (account) => ({ ...account, url: proxy.through(account.url) }),
  })
  proxy.blackHole('both')
  await alice.start()
  const { page } = alice
  const at = (view: string): Promise<void> =>
    takeAll({ page, app: alice.app, look, view, at: [{ width: 800, height: 640 }] })
  await at('connecting')
  proxy.heal()
  await page.getByRole('option', { name: /^Donau/ }).click()
  await page.getByRole('article').first().waitFor()
  await at('long-names')
  away.control.removeMember({ groupId: 'g-long', userId: 'alice' })
  await page.getByRole('option', { name: /^Maximiliana/ }).click()
  away.control.policy({ maxMessageLength: 20, by: 'lin.mei', reason: '本周只发短消息' })
  await alice.drafts('This is certainly longer than twenty characters. 这句话超过了二十个字。')
  await at('too-long')
  away.control.permission({ userId: 'alice', permission: 'read_only', by: 'lin.mei', reason: '离职交接' })
  await page.getByText('离职交接').first().waitFor()
  await at('read-only')
  away.control.kick({ userId: 'alice', reason: '账号已在其他地点停用' })
  await page.getByText('账号已在其他地点停用').first().waitFor()
  await at('kicked')
  await alice.quit()
  await proxy.close()
  await away.close()
}

/** What belongs to a program on a desk that others see: what became of notifications, an archive, own windows, a lock. */
async function pictureDesktop(look: Look): Promise<void> {
  const away = await createDemoServer({ dialects: ['im2'], seed: demoSeed })
  addTalk(away)
  const words = { en, 'zh-CN': zh }[look.lang]
  const alice = new Person({
    server: away,
    dialect: 'im2',
    userId: 'alice',
    dir: join(scratch, `desktop-${look.name}`),
    backend: 'chromium',
    lang: look.lang,
    // A desktop with a daemon of its own would be asked too.
    env: { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' },
  })
  await alice.start()
  const { page } = alice
  const at = (view: string): Promise<void> => takeAll({ page, app: alice.app, look, view, at: [usual] })
  const chat = (name: string) => page.getByRole('option', { name: new RegExp(`^${name}`) })
  const openPage = async (name: keyof typeof en.settings.pages): Promise<void> => {
    await page.keyboard.press('Control+,')
    await page.getByRole('tab', { name: words.settings.pages[name] }).click()
    await page.getByRole('heading', { level: 2, name: words.settings.pages[name] }).waitFor()
  }

  await chat('Release crew').click()
  await page.getByRole('article').filter({ hasText: 'Ship it' }).waitFor()
  away.control.message({ from: 'sofia', group: 'g-release', text: 'One last look at the notes, please.' })
  await page.getByRole('article').filter({ hasText: 'One last look' }).waitFor()
  await page.keyboard.press('Control+,')
  for (const [from, text] of [
    ['bob', 'Are you there?'],
    ['lin.mei', '麒麟的包也好了，可以发了。'],
    ['bob', 'Call me when you are.'],
  ] as const) {
    away.control.message({ from, to: 'alice', text })
    await page.getByRole('option').filter({ hasText: text }).waitFor()
  }
  await openPage('notifications')
  await page.getByRole('button', { name: words.ledger.heading }).click()
  await page.getByRole('list').first().waitFor()
  await at('ledger')

  await openPage('storage')
  const archive = page.getByRole('region', { name: words.archive.title, exact: true })
  await archive.scrollIntoViewIfNeeded()
  await at('archive')

  await page.keyboard.press('Control+Shift+P')
  await chat('Release crew').click()
  await at('presenting')
  await page.keyboard.press('Control+Shift+P')

  await chat('Release crew').click({ button: 'right' })
  await page.getByRole('menuitem', { name: words.chatWindow.open }).click()
  const own = await newWindow(alice.app)
  await own.getByRole('article').filter({ hasText: 'One last look' }).waitFor()
  await takeAll({ page: own, app: alice.app, look, view: 'own-window', at: [{ width: 560, height: 680 }] })
  await own.close()

  await openPage('lock')
  await page.getByRole('button', { name: words.lock.set }).click()
  await page.getByLabel(words.lock.newPin, { exact: true }).fill('2580')
  await page.getByLabel(words.lock.again).fill('2581')
  await page.keyboard.press('Enter')
  await page.getByText(words.lock.differs).waitFor()
  await at('lock-set-pin')
  await page.getByLabel(words.lock.again).fill('2580')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await at('lock-settings')
  await page.getByRole('button', { name: words.lock.now }).click()
  await page.getByLabel(words.lock.pin, { exact: true }).fill('0000')
  await page.keyboard.press('Enter')
  await page.locator('.locked').getByText(words.errors.lock.wrongPin).first().waitFor()
  await at('lock-screen')
  await page.getByRole('button', { name: words.lock.forgot }).click()
  await page.getByRole('dialog').waitFor()
  await at('lock-forgotten')
  await alice.quit()
  await away.close()
}

async function newWindow(app: LaunchedApp): Promise<Page> {
  for (;;) {
    const found = app.windows().find((page) => page.url().includes('#chat/'))
    if (found !== undefined) return found
    await new Promise((done) => setTimeout(done, 50))
  }
}

interface Picture {
  readonly page: Page
  readonly app: LaunchedApp
  readonly look: Look
  readonly view: string
  readonly at?: readonly { width: number; height: number }[]
}

async function takeAll({ page, app, look, view, at = sizes }: Picture): Promise<void> {
  await app.control().setDark(look.dark)
  // The host tells the page it has only: not one that has begun anew, nor another window.
  await page.emulateMedia({ colorScheme: look.dark ? 'dark' : 'light' })
  for (const size of at) {
    await page.setViewportSize(size)
    const toEnd = page.getByRole('button', { name: /To the newest|最新消息/ })
    // A side panel may lie over it.
    if ((await toEnd.count()) > 0) await toEnd.dispatchEvent('click')
    await page.mouse.move(0, 0)
    // Fonts and the list's place have settled when two pictures in a row are the same.
    let previous = await page.screenshot({ animations: 'disabled', caret: 'hide' })
    for (let look = 0; look < 10; look++) {
      await page.waitForTimeout(150)
      const next = await page.screenshot({ animations: 'disabled', caret: 'hide' })
      if (next.equals(previous)) break
      previous = next
    }
    const path = join(folder, `${view}-${look.name}-${size.width}.png`)
    await page.screenshot({ path, animations: 'disabled', caret: 'hide' })
    console.log(path)
  }
  if (app.logs().includes('Refused')) console.warn(app.logs())
}

/** A conversation that shows what a conversation can be. */
function addTalk({ control }: DemoServer): void {
  const group = 'g-release'
  const say = (from: string, text: string): string => control.message({ from, group, text }).serverId
  const notes = say('sofia', 'The release notes still call it “beta” in two places. 发布说明里还有两处写着测试版。')
  control.message({
    from: 'alice',
    group,
    msgType: 11,
    content: JSON.stringify({
      content: 'Good catch, mended. Anything else before we tag it?',
      quotedMessageId: notes,
      quotedContent: 'The release notes still call it “beta” in two places. 发布说明里还有两处写着测试版。',
      quotedSenderId: 'sofia',
    }),
  })
  const typo = say('bob', 'Nothing form me.')
  control.edit({ serverId: typo, newContent: 'Nothing from me.', by: 'bob' })
  const early = say('lin.mei', 'wrong window')
  control.recall({ serverId: early, by: 'lin.mei' })
  say('lin.mei', '我这边也没有了。麒麟和统信都装过一遍，字体、输入法、托盘都正常。')
  say('alice', 'Then: tagged, and the packages are building.')
  say('bob', 'Ship it')
}
