/** Pictures of every scene: `node test/renderer/gallery/shots.ts FOLDER [only a scene]`. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Page, chromium } from 'playwright-core'
import { chromiumBinary } from '../../../build/scripts/preflight.ts'
import { leanHeadless } from '../../host/chromium/flags.ts'
import { buildGallery, serve } from './page.ts'

const [folder = 'gallery-shots', only] = process.argv.slice(2)

interface Shot {
  readonly name: string
  readonly scene: string
  readonly width: number
  readonly locale: 'zh-CN' | 'en'
  readonly theme: 'light' | 'dark'
  readonly prepare?: (page: Page) => Promise<void>
}

const openFirst = async (page: Page): Promise<void> => {
  await page.getByRole('option').first().click()
  await page.getByRole('article').first().waitFor()
}
const openDirect =
  (id: string) =>
  async (page: Page): Promise<void> => {
    await page.locator(`[data-conversation-id="${id}"]`).click()
    await page.getByRole('article').first().waitFor()
  }
const zh = { width: 900, locale: 'zh-CN', theme: 'dark' } as const
const en = { width: 1600, locale: 'en', theme: 'light' } as const

const shots: readonly Shot[] = [
  { name: 'sign-in', scene: 'signIn', ...zh },
  { name: 'sign-in', scene: 'signIn', ...en },
  { name: 'sign-in-again', scene: 'signInAgain', ...zh },
  { name: 'chat', scene: 'chat', ...zh, prepare: openFirst },
  { name: 'chat', scene: 'chat', ...en, prepare: openFirst },
  { name: 'chat', scene: 'chat', ...zh, theme: 'light', width: 1600, prepare: openFirst },
  { name: 'chat', scene: 'chat', ...en, theme: 'dark', width: 900, prepare: openFirst },
  { name: 'nothing-open', scene: 'chat', ...zh },
  { name: 'empty', scene: 'empty', ...en },
  { name: 'direct', scene: 'direct', ...en, width: 900, prepare: openDirect('direct:bob') },
  { name: 'direct', scene: 'direct', ...zh, prepare: openDirect('direct:bob') },
  {
    name: 'reply',
    scene: 'chat',
    ...zh,
    prepare: async (page) => {
      await openFirst(page)
      await page.getByRole('article').last().focus()
      await page.keyboard.press('r')
      await page.keyboard.type('好的')
      await page.getByRole('article').nth(-3).hover()
    },
  },
  {
    name: 'menu',
    scene: 'chat',
    ...en,
    width: 900,
    prepare: async (page) => {
      await openFirst(page)
      await page.locator('article.own').last().click({ button: 'right' })
      await page.getByRole('menu').waitFor()
    },
  },
  {
    name: 'holes',
    scene: 'chat',
    ...zh,
    prepare: async (page) => {
      await openFirst(page)
      await page.waitForTimeout(300)
      await page.getByRole('log').hover()
      await page.mouse.wheel(0, -1050)
      await page.waitForTimeout(500)
    },
  },
  { name: 'offline', scene: 'offline', ...zh, prepare: openFirst },
  { name: 'kicked', scene: 'kicked', ...en, width: 900, prepare: openFirst },
  { name: 'read-only', scene: 'readOnly', ...zh, prepare: openFirst },
  { name: 'edge', scene: 'edge', ...zh, width: 800, prepare: openFirst },
  {
    name: 'too-long',
    scene: 'edge',
    ...en,
    width: 900,
    prepare: async (page) => {
      await openDirect('direct:bob')(page)
      await page.keyboard.type(
        'The limit is a hundred characters here, and this text goes on and on until it is past it, and further.',
      )
    },
  },
  ...(['announcements', 'settings', 'diagnostics'] as const).flatMap((panel): Shot[] =>
    [zh, en].map((look) => ({
      name: panel,
      scene: 'chat',
      ...look,
      prepare: async (page) => {
        const index = { announcements: 1, diagnostics: 2, settings: 3 }[panel]
        await page.getByRole('navigation').getByRole('button').nth(index).click()
        await page.waitForTimeout(200)
      },
    })),
  ),
  ...[
    { ...zh, width: 800 },
    { ...zh, width: 1600 },
    { ...en, width: 800 },
    { ...en, width: 1600 },
  ].map((look): Shot => ({
    name: 'ledger',
    scene: 'chat',
    ...look,
    prepare: async (page) => {
      await page.locator('[data-conversation-id]').first().waitFor()
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox').waitFor()
      await page.keyboard.type(look.locale === 'en' ? 'not notified' : '没有通知')
      await page.keyboard.press('Enter')
      await page.locator('.ledger-row').first().waitFor()
    },
  })),
  {
    name: 'new-chat',
    scene: 'chat',
    ...zh,
    prepare: async (page) => {
      await page.getByRole('button', { name: '发起聊天' }).click()
      await page.waitForTimeout(200)
    },
  },
]

const executablePath = chromiumBinary()
if (executablePath === undefined) throw new Error('No Chromium found')
const built = await mkdtemp(join(tmpdir(), 'gallery-'))
await buildGallery(built)
const served = await serve(built)
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', ...leanHeadless] })
await mkdir(folder, { recursive: true })
try {
  for (const shot of shots) {
    if (only !== undefined && shot.name !== only) continue
    const page = await browser.newPage({ viewport: { width: shot.width, height: shot.width > 1000 ? 1000 : 720 } })
    page.on('console', (line) => console.log(`${shot.name}: ${line.text()}`))
    page.on('pageerror', (error) => console.log(`${shot.name}: ${error.message}`))
    await page.goto(`${served.url}?scene=${shot.scene}&locale=${shot.locale}&theme=${shot.theme}`)
    await page.locator('main').first().waitFor()
    await shot.prepare?.(page)
    await page.waitForTimeout(250)
    await page.screenshot({ path: join(folder, `${shot.name}-${shot.locale}-${shot.theme}-${shot.width}.png`) })
    await page.close()
  }
} finally {
  await browser.close()
  await served.close()
  await rm(built, { recursive: true })
}
