import { type Page, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FixtureEvent, type StartedFixture, fixtureForTest, startFixture } from './fixture.ts'

let fixture: StartedFixture
beforeAll(async () => {
  fixture = await startFixture()
}, 60_000)
afterAll(() => fixture.dispose())

async function eventsNamed(name: string): Promise<FixtureEvent[]> {
  return (await fixture.invoke<FixtureEvent[]>('events')).filter((event) => event.name === name)
}

/** What the app saw of an attempt: the events of a name that the attempt added. */
async function eventsAfter(name: string, attempt: () => Promise<unknown>): Promise<FixtureEvent[]> {
  const before = (await eventsNamed(name)).length
  await attempt()
  await expect.poll(async () => (await eventsNamed(name)).length).toBeGreaterThan(before)
  return (await eventsNamed(name)).slice(before)
}

describe('a page of the app’s own scheme', () => {
  it('is served by the app’s handler, under the app’s policy, which Chromium enforces', async () => {
    const seen = await fixture.page.evaluate(() => ({ ...document.documentElement.dataset }))
    expect(seen).toEqual({ script: 'ran' })
    const violations = await fixture.page.evaluate(() => globalThis.violations)
    expect(violations.toSorted()).toEqual(['img-src', 'script-src-elem'])
  })

  it('may not connect anywhere', async () => {
    const refused = await fixture.page.evaluate(() => fetch('/echo').catch((error: Error) => error.name))
    expect(refused).toBe('TypeError')
  })

  it('needs trusted types', async () => {
    const refused = await fixture.page.evaluate(
      `(() => { try { document.body.innerHTML = '<b>x</b>'; return null } catch (error) { return error.name } })()`,
    )
    expect(refused).toBe('TypeError')
  })

  it('shows media of another scheme of the app', async () => {
    const width = await fixture.page.evaluate(() => (document.getElementById('media') as HTMLImageElement).naturalWidth)
    expect(width).toBe(7)
  })

  it('is a secure context with an origin and storage of its own', async () => {
    const context = await fixture.page.evaluate(() => {
      localStorage.setItem('kept', 'yes')
      return { secure: isSecureContext, origin: self.origin, kept: localStorage.getItem('kept') }
    })
    expect(context).toEqual({ secure: true, origin: 'https://fixture.app.scheme.invalid', kept: 'yes' })
  })

  it('fails to load when the handler throws, and says so as Electron does', async () => {
    const other = await fixtureForTest()
    // The page that asks is gone before it can be told that it asked.
    await Promise.allSettled([other.page.evaluate(() => globalThis.fixture.send('load', 'app://fixture/throws'))])
    await expect.poll(() => other.app.logs()).toContain("load: ERR_FAILED (-2) loading 'app://fixture/throws'")
    expect(other.app.logs()).toContain('the handler failed')
  })

  it('is told in the order dom-ready, did-finish-load, ready-to-show', async () => {
    const names = (await fixture.invoke<FixtureEvent[]>('events')).map(({ name }) => name)
    const told = names.filter((name) => ['dom-ready', 'did-finish-load', 'ready-to-show'].includes(name))
    expect(told.slice(0, 3).toSorted()).toEqual(['did-finish-load', 'dom-ready', 'ready-to-show'])
    expect(told[0]).toBe('dom-ready')
  })
})

describe('a navigation that the page asks for', () => {
  it.each([
    ['a link', `document.getElementById('away').click()`, 'https://example.org/away'],
    ['a script', `location.href = 'https://example.org/script'`, 'https://example.org/script'],
    ['a mail link', `document.getElementById('mail').click()`, 'mailto:a@example.org'],
    ['a share', `location.href = 'smb://host/share'`, 'smb://host/share'],
  ])('by %s is announced as will-navigate, and stops when prevented', async (_by, script, url) => {
    const [event] = await eventsAfter('will-navigate', () => fixture.page.evaluate(script))
    expect(event).toMatchObject({ url, isMainFrame: true })
    expect(await fixture.invoke('sender')).toMatchObject({ url: 'app://fixture/index.html' })
  })

  it('within the app’s scheme arrives', async () => {
    const { page, invoke } = await fixtureForTest()
    const there = 'https://fixture.app.scheme.invalid/index.html?again'
    // Clicked until it arrives: the way there leads over an address Chromium does not know, which a busy one may drop.
    await expect
      .poll(
        async () => {
          if (page.url() === there) return there
          // A page that is on its way already has nothing to click.
          await page.evaluate(`document.getElementById('own')?.click()`).catch(() => null)
          await page.waitForTimeout(1_500)
          return page.url()
        },
        { interval: 100 },
      )
      .toBe(there)
    await page.waitForLoadState()
    expect(await invoke('sender')).toMatchObject({
      url: 'app://fixture/index.html?again',
      contentsUrl: 'app://fixture/index.html?again',
    })
  })

  it('is not announced when it was the app or the driver who asked', async () => {
    const { page, invoke } = await fixtureForTest()
    await page.reload()
    const events = await invoke<FixtureEvent[]>('events')
    expect(events.filter(({ name }) => name === 'will-navigate')).toEqual([])
    expect(events.filter(({ name }) => name === 'did-finish-load')).toHaveLength(2)
  })
})

describe('a new window that the page asks for', () => {
  it.each([
    ['window.open', `void window.open('https://example.org/popup', 'x', 'width=100')`, 'https://example.org/popup'],
    ['a link with a target', `document.getElementById('blank').click()`, 'https://example.org/blank'],
  ])('by %s goes to the window open handler, and is denied', async (_by, script, url) => {
    const [event] = await eventsAfter('window-open', () => fixture.page.evaluate(script))
    expect(event).toMatchObject({ url })
    await expect.poll(() => fixture.app.windows().length).toBe(1)
    expect(await fixture.app.control().windows()).toHaveLength(1)
    expect((await fixture.app.control().calls('window.open')).at(-1)?.args).toEqual([url, 'deny'])
  })
})

describe('a renderer that crashes', () => {
  it('is reported, and comes back by reload', async () => {
    const { app } = await fixtureForTest()
    const control = app.control()
    const [window] = await control.windows()
    await control.window(window?.id ?? 0, 'crash')
    const endpoint = (await control.debuggingUrl()) ?? ''
    await expect
      .poll(
        async () => {
          // Playwright gives a crashed page up; a new connection sees the new renderer.
          const browser = await chromium.connectOverCDP(endpoint)
          const page = browser.contexts()[0]?.pages()[0]
          const events = await page?.evaluate(() => globalThis.fixture.invoke('events')).catch(() => [])
          await browser.close()
          return (events as FixtureEvent[]).filter(({ name }) => name === 'render-process-gone')
        },
        { timeout: 10_000, interval: 100 },
      )
      .toEqual([{ name: 'render-process-gone', reason: 'crashed' }])
  })
})

describe('what a driver from outside sees', () => {
  it('is the app’s window and nothing else', async () => {
    const browser = await chromium.connectOverCDP((await fixture.app.control().debuggingUrl()) ?? '')
    const urls = browser.contexts().flatMap((context) => context.pages().map((page) => page.url()))
    await browser.close()
    expect(urls).toEqual(['https://fixture.app.scheme.invalid/index.html'])
  })

  it('is the size, language and title of the window', async () => {
    const { page, app } = await fixtureForTest({ lang: 'zh-CN' })
    const seen = await page.evaluate(() => [
      innerWidth,
      innerHeight,
      navigator.language,
      new Intl.NumberFormat().resolvedOptions().locale,
    ])
    expect(seen).toEqual([640, 480, 'zh-CN', 'zh-CN'])
    await expect.poll(async () => (await app.control().windows())[0]?.title).toBe('Fixture')
  })
})

describe('the layout of a page', () => {
  const width = (page: Page): Promise<number> => page.evaluate(() => innerWidth)

  it('follows the size of its window, and its zoom', async () => {
    const { page, invoke } = await fixtureForTest()
    await invoke('resize', 900, 600)
    await expect.poll(() => width(page)).toBe(900)
    expect(await invoke('zoom', 1)).toBeCloseTo(1.2)
    await expect.poll(() => width(page)).toBe(750)
    expect(await page.evaluate(() => devicePixelRatio)).toBeCloseTo(1.2)
    await invoke('zoom', 0)
    await expect.poll(() => width(page)).toBe(900)
  })
})

describe('pictures and colours', () => {
  it('capturePage gives a PNG of the page', async () => {
    expect(await fixture.invoke('capture')).toEqual({ size: { width: 640, height: 480 }, png: 'PNG' })
  })

  it('the page follows the desktop’s colours', async () => {
    const isDark = (): Promise<boolean> =>
      fixture.page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)
    expect([await isDark(), await fixture.invoke('dark')]).toEqual([false, false])
    await fixture.app.control().setDark(true)
    await expect.poll(isDark).toBe(true)
    expect(await fixture.invoke('dark')).toBe(true)
  })
})

describe('what a page may do', () => {
  it('is what the app’s permission handlers say', async () => {
    const states = await fixture.page.evaluate(() =>
      Promise.all(
        (['notifications', 'geolocation', 'microphone', 'clipboard-read'] as PermissionName[]).map(
          async (name) => (await navigator.permissions.query({ name })).state,
        ),
      ),
    )
    expect(states).toEqual(['granted', 'denied', 'denied', 'denied'])
  })
})

describe('a page that closes itself, or is closed by its user', () => {
  it('takes its window with it, if the app lets it', async () => {
    const { app, page } = await fixtureForTest()
    await page.close()
    expect(await app.exited).toBe(0)
  })

  it('comes back when the app keeps the window', async () => {
    const { app, page } = await fixtureForTest({ args: ['--prevent-close'] })
    await page.close()
    const again = await app.page()
    expect(await again.evaluate(() => globalThis.fixture.invoke('sender'))).toMatchObject({
      url: 'app://fixture/index.html',
      isOurs: true,
    })
    expect((await app.control().windows())[0]?.visible).toBe(false)
  })
})
