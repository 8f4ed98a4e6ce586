/** The pages of an archive, opened from the disk in Chromium: a hundred thousand messages, hostile ones, no network. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { tmpdir } from 'node:os'
import { type Browser, type Page, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Content } from '#common/domain/content/content.ts'
import type { Inbound } from '#common/domain/events.ts'
import { chromiumBinary } from '../../build/scripts/preflight.ts'
import { openMemoryStore } from '../fakes/memoryStore.ts'
import { leanHeadless } from '../host/chromium/flags.ts'
import { payloads } from '../renderer/fakes/payloads.ts'
import { wholeArchive } from '../store/archiveSupport.ts'
import { bob, frame, now, received, self, team } from '../store/support.ts'
import { pngFile } from './pngFile.ts'

const executablePath = chromiumBinary()
const many = 100_000
const startedAt = Date.UTC(2026, 0, 1, 12)

describe.skipIf(executablePath === undefined)('the pages of an archive in Chromium', () => {
  let dir: string
  let folder: string
  let browser: Browser
  let page: Page
  /** What the page asked for, and what went wrong in it. */
  const asked: string[] = []
  const wrong: string[] = []

  async function open(locale: string, colorScheme: 'light' | 'dark'): Promise<Page> {
    const context = await browser.newContext({ locale, colorScheme, viewport: { width: 1000, height: 700 } })
    const opened = await context.newPage()
    opened.on('request', (request) => asked.push(request.url()))
    opened.on('console', (message) => wrong.push(message.text()))
    opened.on('pageerror', (error) => wrong.push(error.message))
    opened.on('dialog', (dialog) => {
      wrong.push(`dialog ${dialog.message()}`)
      void dialog.dismiss()
    })
    await opened.goto(pathToFileURL(join(folder, 'index.html')).href)
    return opened
  }
  const articles = (): Promise<number> => page.getByRole('article').count()
  const log = () => page.getByRole('log', { name: 'Messages' })

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'godwit-archive-'))
    const { store, inside } = openMemoryStore(self)
    const said = (serverId: string, at: number, content: Content, facts: object = {}): Inbound =>
      frame(received({ serverId, serverTime: at, content, ...facts }))
    inside.ingest(
      [
        frame({ type: 'person.profile', userId: 'bob', nickname: 'Bob <b>Keller</b>', avatar: null }),
        frame({ type: 'conversation.known', conversation: team, title: '发布小组', members: null }),
      ],
      now,
    )
    for (let part = 0; part < many; part += 1000) {
      inside.ingest(
        Array.from({ length: 1000 }, (_, n) => {
          const number = part + n
          const text = number === 41_234 ? 'the needle 针' : `第 ${number} 条 message number ${number}`
          const senderId = number % 3 === 0 ? self : 'bob'
          return said(`s${number}`, startedAt + number * 60_000, { kind: 'text', text }, { senderId })
        }),
        now,
      )
    }
    inside.ingest(
      payloads.map((text, n) =>
        said(
          `h${n}`,
          startedAt + n,
          [
            { kind: 'text', text } as const,
            { kind: 'file', name: text, url: text } as const,
            { kind: 'quote', text, quotedId: text, quotedText: text, quotedSenderId: text } as const,
          ][n % 3] ?? { kind: 'text', text },
          { conversation: bob, senderId: n % 5 === 0 ? text : 'bob' },
        ),
      ),
      now,
    )
    inside.ingest(
      [
        said(
          'p',
          startedAt + 9000,
          { kind: 'image', caption: 'The shore', url: 'https://files.example/1.png' },
          { conversation: bob },
        ),
      ],
      now,
    )
    const found = inside.page('direct:bob', { at: 'newest' }, 1)
    const picture = found.ok ? (found.value.messages[0]?.id ?? 0) : 0
    const files = join(dir, 'account')
    mkdirSync(join(files, 'media'), { recursive: true })
    mkdirSync(join(files, 'files', String(picture)), { recursive: true })
    writeFileSync(join(files, 'media', String(picture)), pngFile(320, 200))
    writeFileSync(join(files, 'files', String(picture), 'run me.html'), '<script>alert(1)</script>')
    folder = (await wholeArchive(store, { parent: dir, files })).folder
    inside.close()
    browser = await chromium.launch({
      ...(executablePath !== undefined && { executablePath }),
      args: ['--no-sandbox', ...leanHeadless],
    })
  })
  afterAll(async () => {
    await browser.close()
    rmSync(dir, { recursive: true, force: true })
  })

  it('a hundred thousand messages open, with only some of them in the page', async () => {
    page = await open('en-GB', 'light')
    await page.getByRole('link', { name: '发布小组' }).filter({ hasText: '100,000 messages' }).click()
    await log()
      .getByText(`message number ${many - 1}`)
      .waitFor()
    expect(await articles()).toBeLessThanOrEqual(1500)
    await log().evaluate((element) => (element.scrollTop = 0))
    await expect
      .poll(() =>
        log()
          .getByText(`message number ${many - 1400}`)
          .count(),
      )
      .toBe(1)
    expect(await articles()).toBeLessThanOrEqual(1500)
  })

  it('scrolling up through many parts never loses the place, and comes to the first message', async () => {
    await page.getByLabel('Go to').fill('2026-01-01')
    await log().getByText('message number 0').first().waitFor()
    expect(await log().locator('article.found').innerText()).toContain('message number 0')
    await page.getByLabel('Go to').fill('2026-02-10')
    const found = log().locator('article.found')
    await expect.poll(() => found.innerText()).toContain('message number 56880')
    const top = async (): Promise<number> => (await found.boundingBox())?.y ?? -1
    const before = await top()
    // As the wheel does it, so far that an older part comes in and a newer one goes.
    await log().evaluate((element) => element.scrollBy(0, -400))
    await expect.poll(top).toBeCloseTo(before + 400, 0)
  })

  it('a word is found among all of them, and shown where it was said', async () => {
    const search = page.getByRole('searchbox', { name: 'Search' })
    await search.fill('needle')
    await search.press('Enter')
    await page.getByText('1 message found.').waitFor()
    await page.getByRole('button', { name: /the needle 针/ }).click()
    await log().locator('article.found').filter({ hasText: 'the needle 针' }).waitFor()
    await search.fill('第 9')
    await search.press('Enter')
    await page.getByText('200+ messages found.').waitFor()
    await search.fill('no such thing')
    await search.press('Enter')
    await page.getByText('Nothing found.').waitFor()
  })

  it('hostile words, names and files are text: nothing runs, nothing is asked for', async () => {
    await page.getByRole('link', { name: 'All chats' }).click()
    await page.getByRole('link', { name: /Bob <b>Keller<\/b>/ }).click()
    await log().getByText('The shore').waitFor()
    for (let shown = -1; shown !== (await articles());) {
      shown = await articles()
      await log().evaluate((element) => (element.scrollTop = 0))
    }
    const words = await log().innerText()
    expect(words).toContain('<script>alert(1)</script>')
    const foreign = await page.evaluate(
      () => document.querySelectorAll('main :not(div, h2, article, p, b, time, span, blockquote, img)').length,
    )
    expect(foreign).toBe(0)
    expect(
      await page.evaluate(() => document.querySelectorAll('iframe, object, embed, form[action], link').length),
    ).toBe(0)
    expect(wrong).toEqual([])
    expect(asked.filter((url) => !url.startsWith('file:'))).toEqual([])
  })

  it('a picture that lies in it is shown; what could run is named and not opened', async () => {
    await page.reload()
    const picture = log().getByRole('img', { name: 'shown.png' })
    await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(320)
    await log().getByText('In this archive: media/').filter({ hasText: 'run me.html' }).waitFor()
    expect(await log().getByRole('link').count()).toBe(0)
  })

  it('the page lets nothing run but its own script, whatever somebody writes into it', async () => {
    await page.evaluate(() => {
      const script = document.createElement('script')
      script.textContent = 'document.title = "owned"'
      document.body.append(script)
    })
    expect(await page.title()).not.toBe('owned')
    expect(wrong.join('\n')).toContain('Content Security Policy')
    wrong.length = 0
  })

  it('speaks Chinese where the browser does', async () => {
    page = await open('zh-CN', 'dark')
    await page.getByRole('link', { name: '发布小组' }).click()
    await page.getByRole('log', { name: '消息' }).waitFor()
    await page.getByRole('searchbox', { name: '搜索' }).fill('针')
    await page.getByRole('button', { name: '搜索' }).click()
    await page.getByText('找到 1 条消息。').waitFor()
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh-CN')
    expect(wrong).toEqual([])
  })
})
