// @vitest-environment node
/**
 * The real page in a real browser, under the policy of the app, on a fake bridge: what only a browser can prove.
 */
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type Page, chromium } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { chromiumBinary } from '../../build/scripts/preflight.ts'
import type { CallName } from '#common/contract/calls.ts'
import { leanHeadless } from '#test/host/chromium/flags.ts'
import type { FakeBridge } from './fakes/fakeBridge.ts'
import { type Served, buildGallery, serve } from './gallery/page.ts'
import { type Scene, crowd } from './gallery/scenes.ts'

declare global {
  interface Window {
    readonly fakeBridge: FakeBridge
    release?: () => void
    readonly policyReports: string[]
    readonly axe: {
      run(): Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }>
    }
  }
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

/** Waits for a value; how long is no part of any promise here. */
const eventually = <T>(value: () => T) => expect.poll(value, { timeout: 15_000 })

let folder: string
let served: Served
let browser: Browser
let page: Page
let problems: string[] = []

beforeAll(async () => {
  const executablePath = chromiumBinary()
  if (executablePath === undefined) throw new Error('No Chromium found')
  folder = await mkdtemp(join(tmpdir(), 'godwit-gallery-'))
  await buildGallery(folder)
  served = await serve(folder)
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox', ...leanHeadless] })
})
afterAll(async () => {
  await browser.close()
  await served.close()
  await rm(folder, { recursive: true })
})

interface Look {
  readonly locale?: 'zh-CN' | 'en'
  readonly theme?: 'light' | 'dark'
  readonly width?: number
}

async function open(scene: Scene, { locale = 'en', theme = 'light', width = 1000 }: Look = {}): Promise<void> {
  problems = []
  page = await browser.newPage({ viewport: { width, height: 720 }, reducedMotion: 'reduce' })
  page.setDefaultTimeout(10_000)
  page.on('console', (line) => {
    // Pictures come by a scheme of the app, which a browser does not have.
    if (line.text().includes('ERR_UNKNOWN_URL_SCHEME')) return
    if (line.type() === 'error' || line.type() === 'warning') problems.push(line.text())
  })
  page.on('pageerror', (error) => problems.push(error.message))
  await page.addInitScript(() => {
    const policyReports: string[] = []
    Object.defineProperty(window, 'policyReports', { value: policyReports })
    document.addEventListener('securitypolicyviolation', (event) =>
      policyReports.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`),
    )
  })
  await page.addInitScript(axeSource)
  await page.goto(`${served.url}?scene=${scene}&locale=${locale}&theme=${theme}`)
  await page.locator('main:not([aria-busy])').first().waitFor()
}

async function openChat(id = 'group:seafront'): Promise<void> {
  await page.locator(`[data-conversation-id="${id}"]`).click()
  await page.getByRole('article').first().waitFor()
}

afterEach(async () => {
  expect(await page.evaluate(() => window.policyReports)).toEqual([])
  expect(await page.evaluate(() => window.fakeBridge.calls.filter((call) => call.name === 'app.reportError'))).toEqual(
    [],
  )
  expect(problems).toEqual([])
  await page.close()
})

async function axeViolations(): Promise<string[]> {
  const { violations } = await page.evaluate(() => window.axe.run())
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary ?? ''}`))
}

const distanceFromEnd = (): Promise<number> =>
  page.getByRole('log').evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight)

/** The first article whose top lies on the screen, and where. */
const firstVisible = (): Promise<{ id: string; top: number }> =>
  page.getByRole('log').evaluate((log) => {
    const above = log.getBoundingClientRect().top
    for (const article of log.querySelectorAll('article')) {
      const { top } = article.getBoundingClientRect()
      if (top >= above) return { id: article.dataset['messageId'] ?? '', top }
    }
    throw new Error('No article is on the screen')
  })

const topOf = (id: string): Promise<number> =>
  page.locator(`[data-message-id="${id}"]`).evaluate((article) => article.getBoundingClientRect().top)

const inputsOf = (name: CallName): Promise<unknown[]> =>
  page.evaluate((wanted) => window.fakeBridge.inputsOf(wanted), name)

/** Everything asked for has been drawn. */
async function drawn(): Promise<void> {
  await page.evaluate(
    () => new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 0)))),
  )
}

async function push(text: string, from: 'bob' | 'alice' = 'bob'): Promise<void> {
  await page.evaluate(
    ([words, senderId]) => {
      const { world } = window.fakeBridge
      const rows = world.messages.filter((row) => row.conversationId === 'group:seafront')
      const model = rows.at(-1)
      if (model === undefined) throw new Error('There is no message to go by')
      const id = Math.max(...world.messages.map((row) => row.id)) + 1
      const sequence = String(Math.max(...rows.map((row) => Number(row.sequence))) + 1)
      window.fakeBridge.change({
        messages: [
          {
            ...model,
            id,
            sequence,
            serverId: `server-${id}`,
            senderId,
            outgoing: senderId === 'alice',
            unread: senderId !== 'alice',
            content: { kind: 'text', text: words },
            position: { ...model.position, sequence, id: `server-${id}` },
          },
        ],
      })
    },
    [text, from] as const,
  )
  await drawn()
}

describe.each([
  ['zh-CN', 'dark', 800],
  ['en', 'light', 1600],
] as const)('in %s, %s, %i pixels wide', (locale, theme, width) => {
  it.each(['signIn', 'signInAgain', 'empty', 'kicked', 'edge', 'readOnly'] as const)(
    'the scene %s has no accessibility violation and does not overflow',
    async (scene) => {
      await open(scene, { locale, theme, width })
      if (scene === 'edge') await openChat('group:edge')
      if (scene === 'kicked' || scene === 'readOnly') await openChat()
      await drawn()
      expect(await axeViolations()).toEqual([])
      const wide = await page.evaluate(() =>
        [document.documentElement, ...document.querySelectorAll('[role="log"], .pane, .chat')]
          .filter((element) => element.scrollWidth > element.clientWidth)
          .map((element) => element.className),
      )
      expect(wide).toEqual([])
    },
  )

  it('the panels have no accessibility violation', async () => {
    await open('chat', { locale, theme, width })
    for (const index of [1, 2, 3]) {
      await page.getByRole('navigation').getByRole('button').nth(index).click()
      await page.locator('main [role="region"]').first().waitFor()
      expect(await axeViolations()).toEqual([])
    }
  })
})

describe('hostile text', () => {
  it('brings in no element and runs nothing', async () => {
    await open('edge')
    const before = await page.title()
    await openChat('group:edge')
    await page.getByRole('article').last().waitFor()
    const foreign = await page.evaluate(
      () => document.querySelectorAll('#app :is(img, script, iframe, object, embed, b, style, form[action])').length,
    )
    expect(foreign).toBe(0)
    expect(await page.title()).toBe(before)
  })

  it('with marks without end stays inside its bubble', async () => {
    await open('edge')
    await page.evaluate(() => {
      const row = window.fakeBridge.world.messages.find((message) => message.id === 905)
      if (row === undefined) throw new Error('The scene has changed')
      const text = `Z${'\u0337\u0321\u0322\u0356'.repeat(25_000)}`
      window.fakeBridge.change({ messages: [{ ...row, revision: 2, content: { kind: 'text', text } }] })
    })
    await openChat('group:edge')
    await drawn()
    const bubble = page.locator('[data-message-id="server-905"] .bubble')
    expect((await bubble.boundingBox())?.height).toBeLessThan(400)
    expect(await bubble.evaluate((element) => getComputedStyle(element).overflowY)).toBe('clip')
  })
})

describe('the timeline', () => {
  it('begins at the first unread message, or at the end', async () => {
    await open('chat')
    await openChat()
    await eventually(distanceFromEnd).toBeLessThan(3)
    await page.getByText('New messages').waitFor()
  })

  it('keeps only what is near the screen', async () => {
    await open('chat')
    await openChat()
    expect(await page.getByRole('article').count()).toBeLessThan(40)
  })

  it('stays where it is when older messages come in', async () => {
    await open('chat')
    await openChat()
    await eventually(distanceFromEnd).toBeLessThan(3)
    await page.evaluate(() => {
      window.release = window.fakeBridge.hold('timeline.page')
    })
    await page.getByRole('log').evaluate((log) => log.scrollTo({ top: 40 }))
    await eventually(async () => (await inputsOf('timeline.page')).length).toBe(2)
    await drawn()
    await drawn()
    const before = await firstVisible()
    await page.evaluate(() => window.release?.())
    await eventually(() => page.getByRole('log').evaluate((log) => log.scrollTop)).toBeGreaterThan(1000)
    await drawn()
    expect(Math.abs((await topOf(before.id)) - before.top)).toBeLessThan(2)
  })

  it('reaches the first message by scrolling up', async () => {
    await open('chat')
    await openChat()
    await page.getByRole('article').last().focus()
    await page.keyboard.press('Home')
    for (let tries = 0; tries < 10; tries++) {
      await page.getByRole('log').evaluate((log) => log.scrollTo({ top: 0 }))
      await drawn()
    }
    await page.locator('[data-message-id="server-101"]').waitFor()
  })

  it('follows at the end', async () => {
    await open('chat')
    await openChat()
    await eventually(distanceFromEnd).toBeLessThan(3)
    await push('the newest of all')
    await eventually(distanceFromEnd).toBeLessThan(3)
    await page.getByRole('article', { name: 'Robert Lindqvist: the newest of all' }).waitFor()
  })

  it('does not move under a reader when something comes in, and shows the way to the end', async () => {
    await open('chat')
    await openChat()
    await eventually(distanceFromEnd).toBeLessThan(3)
    await page.getByRole('log').hover()
    await page.mouse.wheel(0, -900)
    await eventually(distanceFromEnd).toBeGreaterThan(700)
    await drawn()
    const before = await firstVisible()
    await push('somewhere below')
    expect(Math.abs((await topOf(before.id)) - before.top)).toBeLessThan(2)
    await page.getByRole('button', { name: /^To the newest messages/ }).click()
    await eventually(distanceFromEnd).toBeLessThan(3)
  })

  it('at the end, reached by keyboard, the keyboard is at the newest message', async () => {
    await open('chat')
    await openChat()
    await page.getByRole('log').hover()
    await page.mouse.wheel(0, -900)
    await eventually(distanceFromEnd).toBeGreaterThan(700)
    const button = page.getByRole('button', { name: /^To the newest messages/ })
    await button.press('Enter')
    await button.waitFor({ state: 'detached' })
    await eventually(distanceFromEnd).toBeLessThan(3)
    const newest = page.getByRole('article').last()
    await eventually(() => newest.evaluate((article) => article === document.activeElement)).toBe(true)
    await page.keyboard.press('ArrowUp')
    await eventually(() => newest.evaluate((article) => article === document.activeElement)).toBe(false)
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('ARTICLE')
  })

  it('goes to the quoted message', async () => {
    await open('chat')
    await openChat()
    await page.getByRole('log').hover()
    await page.mouse.wheel(0, -300)
    const quoting = page
      .getByRole('article')
      .filter({ has: page.getByRole('button', { name: 'Go to the quoted message' }) })
    await quoting.getByRole('button', { name: 'Go to the quoted message' }).click()
    await page.locator('article.flashing').waitFor()
  })

  it('shows a hole where messages are missing', async () => {
    await open('chat')
    await openChat()
    await eventually(async () => {
      await page.getByRole('log').evaluate((log) => log.scrollBy({ top: -300 }))
      await drawn()
      return page.getByText('3 messages are missing here').count()
    }).toBe(1)
    const note = page.getByRole('note', { name: /^3 messages are missing here This server cannot send them again\./ })
    expect(await note.getByRole('button').count()).toBe(0)
  })

  it('asks for what is missing where the server can be asked, and says when that brought nothing', async () => {
    await open('holesAsked')
    await openChat()
    const note = page.getByRole('note', { name: /3 messages are missing here/ })
    await eventually(async () => {
      await page.getByRole('log').evaluate((log) => log.scrollBy({ top: -300 }))
      await drawn()
      return note.count()
    }).toBe(1)
    await note.getByText('They appear here when they arrive.').waitFor()
    await note.getByRole('button', { name: 'Ask the server for them' }).click()
    await note.getByText('The server was asked for them and sent nothing.').waitFor()
    expect(await inputsOf('timeline.askAgain')).toMatchObject([{ conversationId: 'group:seafront' }])
  })

  it('has main look after the links when the system has a network again', async () => {
    await open('chat')
    await openChat()
    await page.evaluate(() => window.dispatchEvent(new Event('online')))
    await eventually(async () => (await inputsOf('connection.check')).length).toBe(1)
  })

  it('says what was seen, once, up to the newest', async () => {
    await open('chat')
    await openChat()
    await eventually(async () => (await inputsOf('conversation.markRead')).length).toBe(1)
    expect(await inputsOf('conversation.markRead')).toMatchObject([{ conversationId: 'group:seafront' }])
    await page.getByRole('option', { name: /^Seafront project, no unread,/ }).waitFor()
  })

  it('says nothing was seen while the window has no focus', async () => {
    await open('chat')
    await page.evaluate(() => {
      document.hasFocus = () => false
    })
    await openChat()
    await push('behind your back')
    await page.getByRole('article', { name: /behind your back/ }).waitFor()
    expect(await inputsOf('conversation.markRead')).toEqual([])
    await page.evaluate(() => {
      document.hasFocus = () => true
      window.dispatchEvent(new Event('focus'))
    })
    await eventually(async () => (await inputsOf('conversation.markRead')).length).toBe(1)
  })
})

describe('ten thousand chats', () => {
  it('are drawn only near the screen; the last is one key away, and comes to the front with its next message', async () => {
    await open('crowd')
    const options = page.getByRole('option')
    expect(await options.count()).toBeLessThan(40)
    await options.first().focus()
    await page.keyboard.press('End')
    const last = page.locator(`[aria-posinset="${crowd}"]`)
    await last.waitFor()
    await eventually(() => last.evaluate((element) => element.contains(document.activeElement))).toBe(true)
    const frames = await page.evaluate(async () => {
      const list = document.activeElement?.closest('.scroller')
      const took: number[] = []
      for (let frame = 0, before = performance.now(); frame < 120 && list instanceof HTMLElement; frame++) {
        list.scrollTop -= 240
        const now = await new Promise<number>((next) => requestAnimationFrame(next))
        took.push(now - before)
        before = now
      }
      return took.sort((a, b) => a - b)
    })
    expect(frames).toHaveLength(120)
    console.log(`scrolling 10,000 chats: 95 % of frames within ${frames[113]?.toFixed(1)} ms`)
    expect(await options.count()).toBeLessThan(40)
    await page.evaluate(
      (id) => {
        const { world } = window.fakeBridge
        const row = [...world.snapshots.values()]
          .flatMap(({ conversations }) => conversations)
          .find((one) => one.id === id)
        if (row !== undefined)
          window.fakeBridge.change({ conversations: [{ ...row, activeAt: Date.now(), revision: row.revision + 1 }] })
      },
      `direct:u${crowd - 1}`,
    )
    await page.mouse.move(900, 400)
    await page
      .locator('.scroller')
      .first()
      .evaluate((list) => list.scrollTo(0, 0))
    await eventually(() => options.first().getAttribute('data-conversation-id')).toBe(`direct:u${crowd - 1}`)
  })

  it('the one the keyboard is at keeps it when the wheel takes it away, and the arrows go on from there', async () => {
    await open('crowd')
    const first = page.getByRole('option').first()
    const hasFocus = (place: number): Promise<boolean> =>
      page
        .locator(`[aria-posinset="${place}"]`)
        .evaluateAll((options) => options.some((option) => option === document.activeElement))
    await first.focus()
    await page.keyboard.press('ArrowDown')
    await eventually(() => hasFocus(2)).toBe(true)
    await first.hover()
    await page.mouse.wheel(0, 40_000)
    const last = page.getByRole('option').last()
    await eventually(async () => Number(await last.getAttribute('aria-posinset'))).toBeGreaterThan(500)
    await drawn()
    expect(await hasFocus(2)).toBe(true)
    await page.keyboard.press('ArrowDown')
    await eventually(() => hasFocus(3)).toBe(true)
    expect(await page.locator('[aria-posinset="3"]').isVisible()).toBe(true)
  })
})

describe('by keyboard alone', () => {
  it('a message is written, sent and seen, and the focus stays in the field', async () => {
    await open('chat')
    await openChat()
    const field = page.getByRole('textbox', { name: 'Message', exact: true })
    await eventually(() => field.evaluate((element) => element === document.activeElement)).toBe(true)
    await page.keyboard.type('from the keyboard')
    await page.keyboard.press('Enter')
    const article = page.getByRole('article', { name: 'You: from the keyboard' })
    await article.waitFor()
    expect(await article.getAttribute('data-state')).toBe('sending')
    expect(await field.inputValue()).toBe('')
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true)
    await eventually(distanceFromEnd).toBeLessThan(3)
  })

  it('Tab goes out of the messages again, to the field', async () => {
    await open('chat')
    await openChat()
    await drawn()
    const field = page.getByRole('textbox', { name: 'Message', exact: true })
    const last = page.getByRole('article').last()
    await last.focus()
    for (
      let stop = 0;
      stop < 12 && (await page.evaluate(() => document.activeElement?.closest('[role="log"]') !== null));
      stop++
    )
      await page.keyboard.press('Tab')
    for (let stop = 0; stop < 12 && !(await field.evaluate((element) => element === document.activeElement)); stop++)
      await page.keyboard.press('Tab')
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true)
  })

  it('a message is reached, its menu opened, and answered', async () => {
    await open('chat')
    await openChat()
    await drawn()
    for (let tries = 0; tries < 5; tries++) {
      await page.keyboard.press('Shift+Tab')
      if (
        await page.evaluate(
          () => document.activeElement instanceof Element && document.activeElement.matches('article'),
        )
      )
        break
    }
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('ArrowUp')
    await eventually(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
      'You: Fine, see you at four then.',
    )
    await page.keyboard.press('Enter')
    await page.getByRole('menu').waitFor()
    await page.getByRole('menuitem', { name: 'Reply' }).press('Enter')
    await page.getByText('Reply to You').waitFor()
    await page.keyboard.type('yes')
    await page.keyboard.press('Enter')
    await eventually(async () => (await inputsOf('message.send')).length).toBe(1)
    expect(await inputsOf('message.send')).toMatchObject([{ text: 'yes', quotes: expect.stringMatching(/^server-/) }])
  })

  it('the conversation list is walked and opened', async () => {
    await open('chat')
    await page.getByRole('option').first().focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Robert Lindqvist' }).waitFor()
  })

  it('a dialog takes the focus and gives it back', async () => {
    await open('chat')
    await page.getByRole('button', { name: 'New chat' }).press('Enter')
    await eventually(() =>
      page.evaluate(
        () => document.activeElement === document.querySelector('[role="dialog"] input:not([type="radio"])'),
      ),
    ).toBe(true)
    expect(await axeViolations()).toEqual([])
    await page.keyboard.press('Escape')
    await eventually(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('New chat')
  })
})

describe('the menu of a message', () => {
  it('opens by the right button and by the button beside the message', async () => {
    await open('chat')
    await openChat()
    await drawn()
    const own = page.getByRole('article', { name: 'You: Fine, see you at four then.' })
    await own.click({ button: 'right' })
    expect(await page.getByRole('menuitem').allTextContents()).toEqual([
      'Reply',
      'Edit',
      'Copy text',
      'Forward',
      'Pin for me',
      'Pin for everyone',
      'Select',
      'Details',
      'Recall',
      'Delete for me',
    ])
    expect(await axeViolations()).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('menu').waitFor({ state: 'detached' })
    await eventually(() => own.evaluate((article) => article === document.activeElement)).toBe(true)
    await own.hover()
    await own.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Details' }).click()
    await page
      .getByRole('dialog', { name: 'Message details' })
      .getByText('Proof: the server sent it back to this computer.')
      .waitFor()
    expect(await axeViolations()).toEqual([])
  })

  it('recalls, and offers the words again', async () => {
    await open('chat')
    await openChat()
    await drawn()
    const own = page.getByRole('article', { name: 'You: Fine, see you at four then.' })
    await own.click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Recall' }).click()
    const recalled = page.getByRole('article', { name: 'You: You recalled a message' })
    await recalled.waitFor()
    await recalled.getByRole('button', { name: 'Edit again' }).click()
    expect(await page.getByRole('textbox', { name: 'Message', exact: true }).inputValue()).toBe(
      'Fine, see you at four then.',
    )
  })
})

describe('settings', () => {
  it('change the language and the colours of the whole window at once', async () => {
    await open('chat')
    await page.getByRole('button', { name: 'Settings' }).click()
    await page.getByText('Dark', { exact: true }).click()
    await eventually(() => page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(15, 22, 25)')
    await page.getByText('简体中文', { exact: true }).click()
    await page.getByRole('region', { name: '设置' }).waitFor()
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh-CN')
    expect(await page.getByRole('status', { name: '连接状态' }).textContent()).toContain('在线')
  })
})
