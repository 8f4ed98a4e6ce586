/**
 * A working day, told once for the test and for the pictures, without a mouse: sign in, read, answer, send a picture,
 * search, acknowledge a maintenance, work with a second account, lose the link, come back.
 */
import type { Locator, Page } from 'playwright-core'
import en from '../../renderer/src/i18n/en.json' with { type: 'json' }
import zh from '../../renderer/src/i18n/zh-CN.json' with { type: 'json' }
import type { FaultProxy } from '../faults/proxy.ts'
import { managedConfiguration } from '../server/managedConfig.ts'
import { plainSeed } from '../server/seed.ts'
import type { Notice } from '../server/im2Events.ts'
import type { DemoServer } from '../server/server.ts'
import { Keyboard } from './keyboard.ts'
import type { LaunchedApp } from './launch.ts'

/** What there is to be seen, in order. */
export type WorkingDayMoment =
  | 'signing-in'
  | 'first-look'
  | 'read'
  | 'answered'
  | 'picture'
  | 'search'
  | 'maintenance'
  | 'accounts'
  | 'offline'
  | 'back'

export interface WorkingDayStory {
  readonly app: LaunchedApp
  readonly lang: 'en' | 'zh-CN'
  /** Speaks im2 and has the plain people and groups; alice, set up by `dayConfig`, and bob are the accounts. */
  readonly server: DemoServer
  /** Between the app and the server. */
  readonly proxy: FaultProxy
  /** A picture on disk. */
  readonly picture: string
  /** Looks, before the story goes on. */
  readonly at: (moment: WorkingDayMoment) => Promise<void>
}

/** Where the app finds alice's account, without a token. */
export function dayConfig(server: DemoServer, proxy: FaultProxy): string {
  const { accounts } = managedConfiguration({ server, seed: plainSeed, userId: 'alice', dialects: ['im2'] })
  return JSON.stringify({
    accounts: accounts.map(({ token: _, ...account }) => ({ ...account, url: proxy.through(account.url) })),
  })
}

export const answer = 'On it, you will have them by noon.'
export const offlineWords = '断网时写的：下午见。'
const group = 'g-release'

export async function tellWorkingDay({ app, lang, server, proxy, picture, at }: WorkingDayStory): Promise<void> {
  const words = lang === 'en' ? en : zh
  const page = await app.page()
  page.setDefaultTimeout(20_000)
  const keys = new Keyboard(page)
  const { control } = server
  prepare(server)

  // Her organisation has set the account up, and hands out tokens.
  await page.getByText(words.signIn.tokenMissing).waitFor()
  await keys.writeInto(page.getByLabel(words.signIn.token), server.issueToken('alice'))
  await at('signing-in')
  await keys.press('Enter')
  await online()
  await at('first-look')

  await openChat('Release crew')
  const asked = message(page, 'budget figures')
  await asked.waitFor()
  await at('read')

  // The first message has the focus by one way back from the composer; the arrows go on to the one that asks.
  await keys.press('Shift+F6')
  for (let step = 0; step < 30 && !(await hasFocus(asked)); step++) await keys.press('ArrowUp')
  await keys.press('r')
  await keys.type(answer)
  await keys.press('Enter')
  await delivered(answer)
  await at('answered')

  await app.control().answerDialog({ kind: 'open', filePaths: [picture] })
  await keys.enter(page.getByRole('button', { name: words.attachments.attach, exact: true }))
  await page.getByRole('log').getByRole('img').first().waitFor()
  await at('picture')

  await keys.press('Control+Shift+F')
  const search = page.getByRole('searchbox', { name: words.search.label })
  await keys.writeInto(search, '预算')
  await page.locator('mark').first().waitFor()
  await at('search')
  await keys.press('ArrowDown', 'Enter')
  await message(page, '年度预算').waitFor()
  await keys.press('Escape')

  control.notify({ userId: 'alice', ...maintenance() })
  await keys.press('Control+Shift+A')
  await keys.enter(page.getByRole('tabpanel').getByRole('button', { name: /数据库升级/ }))
  const acknowledge = page.getByRole('tabpanel').getByRole('button', { name: words.notices.acknowledge, exact: true })
  await acknowledge.waitFor()
  await at('maintenance')
  await keys.enter(acknowledge)
  await acknowledge.waitFor({ state: 'detached' })

  await keys.press('Control+Shift+M')
  await keys.enter(accountButton())
  await keys.press('ArrowDown')
  for (let step = 0; step < 8 && !(await hasFocus(menuItem(words.nav.addAccount))); step++)
    await keys.press('ArrowDown')
  await keys.press('Enter')
  await keys.writeInto(page.getByLabel(words.signIn.server), proxy.through(server.url('im2')))
  await keys.writeInto(page.getByLabel(words.signIn.userId), 'bob')
  await keys.writeInto(page.getByLabel(words.signIn.token), server.issueToken('bob'))
  await keys.press('Enter')
  await online()
  await at('accounts')
  await keys.press('Control+1')
  await page.getByRole('option', { name: /Release crew/ }).waitFor()

  await openChat('Release crew')
  await proxy.listen(false)
  proxy.reset()
  await page.getByRole('button', { name: words.connection.tryNow }).waitFor()
  await keys.writeInto(composer(), offlineWords)
  await keys.press('Enter')
  await message(page, offlineWords).waitFor()
  await at('offline')
  // There first: once the server listens, the next try may come before any key.
  await keys.tabTo(page.getByRole('button', { name: words.connection.tryNow }))
  await proxy.listen(true)
  await keys.press('Enter')
  await delivered(offlineWords)
  await at('back')

  async function online(): Promise<void> {
    await page
      .getByRole('status', { name: words.connection.label })
      .filter({ hasText: words.connection.online })
      .waitFor()
  }
  async function openChat(title: string): Promise<void> {
    await keys.press('Control+k')
    await page.getByRole('combobox', { name: words.palette.title }).waitFor()
    await keys.type(title)
    await page.getByRole('option', { name: new RegExp(title), selected: true }).waitFor()
    await keys.press('Enter')
    await composer().waitFor()
  }
  function composer(): Locator {
    return page.getByRole('textbox', { name: words.composer.label, exact: true })
  }
  function menuItem(name: string): Locator {
    return page.getByRole('menuitem', { name })
  }
  function accountButton(): Locator {
    return page
      .getByRole('navigation')
      .getByRole('button', { name: new RegExp(`^${words.accounts.menu.split('{')[0] ?? ''}`) })
  }
  async function delivered(text: string): Promise<void> {
    const states = ['sent', 'delivered', 'read'].map((state) => `article[data-state="${state}"]`).join(',')
    await page.locator(states).filter({ hasText: text }).waitFor()
  }
}

function prepare({ control }: DemoServer): void {
  const said = [
    ['lin.mei', '早上好，今天下午三点开会，请带上年度预算。'],
    ['sofia', 'I moved the review to four, so that we have the room to ourselves.'],
    ['bob', 'Alice, could you send me the budget figures before that?'],
  ] as const
  for (const [from, text] of said) control.message({ from, group, text })
  control.message({ from: 'chen.yu', to: 'alice', text: '合同已经寄出，单号在附件里。' })
}

function maintenance(): Notice {
  const inHours = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString()
  return {
    type: 'maintenance',
    title: '数据库升级',
    content: '今晚的维护期间消息会照常送达，只是稍慢。',
    priority: 'high',
    maintenanceType: 'scheduled',
    startTime: inHours(2),
    endTime: inHours(3),
  }
}

function message(page: Page, text: string): Locator {
  return page.getByRole('log').getByRole('article').filter({ hasText: text }).last()
}

function hasFocus(target: Locator): Promise<boolean> {
  return target
    .evaluate((element) => element === document.activeElement, undefined, { timeout: 1_000 })
    .catch(() => false)
}
