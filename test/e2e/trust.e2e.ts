/** The page is hostile until parsed: what it may call, where it may go, and how it is locked up. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callChannel } from '#common/contract/bridge.ts'
import { findChromium } from '../host/chromium/locate.ts'
import { type DemoServer, createDemoServer } from '../server/server.ts'
import { Person } from './person.ts'

const own = { url: 'app://godwit/index.html', origin: 'app://godwit', child: false }

// Forged frames and the window's preferences can be shown by the host alone.
describe.skipIf(findChromium() === null)('the door between page and main (skipped without Chromium)', () => {
  let dir: string
  let server: DemoServer
  let alice: Person
  let windowId: number

  const call = (frame: typeof own, name: unknown, input: unknown): Promise<unknown> =>
    alice.app.control().invokeAs(windowId, frame, callChannel, [name, input])

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'godwit-trust-'))
    server = await createDemoServer({ dialects: ['im2'] })
    alice = new Person({ server, dialect: 'im2', userId: 'alice', dir, backend: 'chromium', attacked: true })
    await alice.start()
    await alice.isOnline()
    windowId = (await alice.app.control().windows())[0]?.id ?? 0
  })
  afterAll(async () => {
    await alice.quit()
    await server.close()
    rmSync(dir, { recursive: true, force: true })
  })

  it('answers our own page', async () => {
    expect(await call(own, 'app.boot', {})).toMatchObject({ ok: true })
  })

  it.each([
    ['a frame inside our page', { ...own, child: true }],
    ['another origin', { url: 'https://evil.example/', origin: 'https://evil.example', child: false }],
    ['a look-alike', { url: 'app://godwit.evil/index.html', origin: 'app://godwit.evil', child: false }],
    ['a page without an address', { url: 'about:blank', origin: 'null', child: false }],
  ])('refuses %s', async (_who, frame) => {
    expect(await call(frame, 'app.boot', {})).toMatchObject({ ok: false, error: { code: 'ipc.refused' } })
  })

  it.each([['app.nothing'], ['__proto__'], ['constructor'], ['toString'], [''], [42], [null], [{ name: 'app.boot' }]])(
    'knows no call named %s',
    async (name) => {
      expect(await call(own, name, {})).toMatchObject({ ok: false, error: { code: 'ipc.unknownCall' } })
    },
  )

  it.each([
    ['account.snapshot', {}],
    ['account.snapshot', { accountId: 7 }],
    ['account.snapshot', { accountId: '' }],
    ['timeline.page', { accountId: 'a', conversationId: 'b', from: { at: 'newest' }, limit: 1e9 }],
    ['timeline.page', { accountId: 'a', conversationId: 'b', from: { at: 'elsewhere' }, limit: 1 }],
    ['message.send', { accountId: 'a', conversationId: 'b', text: 'x'.repeat(200_001) }],
    ['message.recall', { accountId: 'a', messageId: -1 }],
    ['settings.set', { settings: { language: 'tlh' } }],
    ['account.signIn', null],
  ])('refuses %s with input that does not fit', async (name, input) => {
    expect(await call(own, name, input)).toMatchObject({ ok: false, error: { code: 'input.invalid' } })
  })

  it('tells nothing about accounts that are not there', async () => {
    expect(await call(own, 'account.snapshot', { accountId: '../../etc' })).toMatchObject({
      ok: false,
      error: { code: 'account.unknown' },
    })
  })

  it('gives the page a bridge of two functions and no Node', async () => {
    const seen = await alice.page.evaluate(() => ({
      bridge: Object.keys(Reflect.get(window, 'godwit') as object).sort(),
      node: ['require', 'process', 'module', 'Buffer', 'electron', 'ipcRenderer'].filter((name) => name in window),
    }))
    expect(seen).toEqual({ bridge: ['call', 'onPush'], node: [] })
  })

  it('locks every window up', async () => {
    for (const { webPreferences } of await alice.app.control().windows()) {
      expect(webPreferences).toMatchObject({
        contextIsolation: true,
        sandbox: true,
        nodeIntegration: false,
        webSecurity: true,
        webviewTag: false,
      })
    }
  })

  it('grants a page the clipboard for writing and nothing else', async () => {
    const control = alice.app.control()
    for (const permission of [
      'media',
      'geolocation',
      'notifications',
      'midi',
      'openExternal',
      'clipboard-read',
      'hid',
    ]) {
      expect(await control.permission(windowId, permission, own.url)).toEqual({ requested: false, checked: false })
    }
    expect(await control.permission(windowId, 'clipboard-sanitized-write', own.url)).toEqual({
      requested: true,
      checked: true,
    })
    expect((await control.permission(windowId, 'clipboard-sanitized-write', 'https://evil.example/')).requested).toBe(
      false,
    )
  })

  it('stays where it is, whatever asks it to go elsewhere', async () => {
    const before = alice.page.url()
    for (const target of ['https://evil.example/', 'file:///etc/passwd', 'data:text/html,gone', 'javascript:void(0)']) {
      await alice.page.evaluate((url) => {
        location.href = url
      }, target)
      await alice.page.waitForTimeout(250)
      expect(alice.page.url()).toBe(before)
    }
    expect(alice.page.url()).toBe(before)
    await alice.isOnline()
  })

  it('opens links outside, and only those a browser or mail program is for', async () => {
    const control = alice.app.control()
    await control.clearCalls()
    for (const url of ['https://example.org/a', 'file:///etc/passwd', 'smb://host/share', 'javascript:alert(1)']) {
      await alice.page.evaluate((target) => void window.open(target), url)
    }
    await expect
      .poll(async () => (await control.calls('shell.openExternal')).map(({ args }) => args[0]))
      .toEqual(['https://example.org/a'])
    expect(await control.windows()).toHaveLength(1)
  })

  it('runs no script but its own', async () => {
    const ran = await alice.page.evaluate(() => {
      const script = document.createElement('script')
      try {
        script.textContent = 'window.ran = true'
        document.head.append(script)
      } catch {
        return 'refused'
      }
      return Reflect.get(window, 'ran') === true ? 'ran' : 'refused'
    })
    expect(ran).toBe('refused')
  })

  it('shows hostile words as words', async () => {
    const hostile = '<img src=x onerror="window.ran=true"><script>window.ran=true</script>'
    await alice.startsChatWith('bob')
    await alice.says(hostile)
    await alice.hasDelivered(hostile)
    expect(await alice.page.evaluate(() => Reflect.get(window, 'ran'))).toBeUndefined()
    expect(await alice.message(hostile).locator('img, script').count()).toBe(0)
  })
})
