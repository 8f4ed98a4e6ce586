/** The smaller decisions of the program on its desktop: closing, leaving, places of windows, links followed, spelling, menu. */
import type { Rectangle } from 'electron'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Push } from '#common/contract/pushes.ts'
import type { ConnectionState } from '#common/domain/connection.ts'
import { createClosing } from '#electron/main/closing.ts'
import { type Leaver, settleQueues, settleWithinMs } from '#electron/main/leaving.ts'
import { createLinkOpener } from '#electron/main/linkOpener.ts'
import type { Question } from '#electron/main/microphone.ts'
import { claimLinks } from '#electron/main/protocolClient.ts'
import { spellingLanguages } from '#electron/main/spelling.ts'
import { createWindowBounds, isWayland } from '#electron/main/windowBounds.ts'
import { FakeClock } from '../../fakes/fakeClock.ts'

vi.mock('electron', async () => ({ Menu: (await import('../../host/electron/menu.ts')).hostedMenu }))
const { menuTemplate } = await import('#electron/main/menu.ts')

const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
let state: Map<string, string>
const appStore = {
  readState: (key: string) => state.get(key) ?? null,
  writeState: (key: string, json: string) => void state.set(key, json),
}
beforeEach(() => {
  state = new Map()
})

describe('closing the main window', () => {
  function closingOn(platform: NodeJS.Platform, { closeToTray = true, hasTray = true, answer = true } = {}) {
    const done: string[] = []
    const closing = createClosing({
      platform,
      appStore,
      locale: () => 'en',
      closeToTray: () => closeToTray,
      hasTray: () => hasTray,
      ask: ({ message }: Question) => {
        done.push(message)
        return Promise.resolve(answer)
      },
      quit: () => void done.push('quit'),
    })
    return { closing, done, window: { minimize: () => void done.push('minimised') } }
  }

  it.each([
    ['linux', true, true, 'hide'],
    ['linux', false, true, 'close'],
    ['linux', false, false, 'close'],
    ['win32', true, true, 'hide'],
    ['win32', false, true, 'close'],
    ['darwin', false, false, 'hide'],
  ] as const)('on %s, wished to go on: %s, with a tray: %s: %s', (platform, closeToTray, hasTray, wanted) => {
    const { closing, window, done } = closingOn(platform, { closeToTray, hasTray })
    expect([closing.onClose(window), done]).toEqual([wanted, []])
    closing.end()
    expect(closing.onClose(window)).toBe('close')
  })

  it.each([
    [true, 'quit'],
    [false, 'minimised'],
  ])('without a tray the user is told once, over restarts, and decides: quit %s', async (answer, what) => {
    const { closing, window, done } = closingOn('linux', { hasTray: false, answer })
    expect(closing.onClose(window)).toBe('stay')
    await vi.waitFor(() => expect(done).toEqual(['Closing the window quits Godwit.', what]))
    expect(closing.onClose(window)).toBe('close')
    expect(closingOn('linux', { hasTray: false }).closing.onClose(window)).toBe('close')
  })
})

describe('leaving', () => {
  function session(state: ConnectionState, sizes: number[]): Leaver {
    const next = (): number => (sizes.length > 1 ? sizes.shift() : sizes[0]) ?? 0
    return { connection: { state }, store: { outboxSize: () => Promise.resolve(next()) } }
  }
  async function leave(sessions: Leaver[]): Promise<{ told: number[]; ms: number }> {
    const clock = new FakeClock()
    const told: number[] = []
    let over = false
    const push = (one: Push): void => void (one.type === 'quitting' && told.push(one.waiting))
    void settleQueues({ sessions: () => sessions, push, clock, log }).then(() => (over = true))
    for (let step = 0; step < 100; step++) {
      await clock.pass(0)
      if (over) return { told, ms: clock.monotonic() }
      await clock.pass(100)
    }
    throw new Error('never over')
  }

  it('takes no time where nothing is queued, or nothing is connected', async () => {
    expect(await leave([session('online', [0]), session('offline', [5])])).toEqual({ told: [], ms: 0 })
  })

  it('waits for what goes out, and says how much is left', async () => {
    const { told, ms } = await leave([session('online', [2, 2, 1, 0])])
    expect(told).toEqual([2, 1])
    expect(ms).toBeLessThan(settleWithinMs)
  })

  it('waits no longer than it may', async () => {
    expect(await leave([session('online', [3])])).toEqual({ told: [3], ms: settleWithinMs })
  })
})

describe('where windows stood', () => {
  const desk: Rectangle = { x: 0, y: 0, width: 2560, height: 1400 }
  const laptop: Rectangle = { x: 0, y: 0, width: 1280, height: 760 }
  const stood = (x: number, y: number, maximized = false) => ({
    getNormalBounds: () => ({ x, y, width: 900, height: 600 }),
    isMaximized: () => maximized,
  })
  const bounds = (areas: Rectangle[], mayPlace = true) =>
    createWindowBounds({ appStore, workAreas: () => areas, mayPlace })

  it('is kept per arrangement of screens and per window', () => {
    bounds([desk]).store('main', stood(1500, 700))
    bounds([laptop]).store('main', stood(10, 20, true))
    bounds([laptop]).store('chat', stood(30, 40))
    expect(bounds([desk]).restored('main')).toEqual({
      bounds: { x: 1500, y: 700, width: 900, height: 600 },
      maximized: false,
    })
    expect(bounds([laptop]).restored('main')).toMatchObject({ bounds: { x: 10 }, maximized: true })
    expect(bounds([laptop]).restored('chat')).toMatchObject({ bounds: { x: 30 } })
    expect(bounds([desk, laptop]).restored('main')).toEqual({ bounds: {}, maximized: false })
  })

  it.each([
    ['beyond the right edge', 2550, 100],
    ['beyond the left edge', -890, 100],
    ['below the screen', 100, 1390],
    ['with its title above the screen', 100, -30],
  ])('is left alone where nobody could reach it: %s', (_where, x, y) => {
    bounds([desk]).store('main', stood(x, y))
    expect(bounds([desk]).restored('main')).toEqual({ bounds: {}, maximized: false })
  })

  it('is only a size on Wayland', () => {
    bounds([desk]).store('main', stood(100, 100))
    expect(bounds([desk], false).restored('main')).toEqual({ bounds: { width: 900, height: 600 }, maximized: false })
  })

  it.each(['', 'null', '[]', '{"0,0,2560,1400":{"x":"1"}}', '{"__proto__":{}}'])(
    'is nothing where it cannot be read: %s',
    (text) => {
      state.set('bounds.main', text)
      expect(bounds([desk]).restored('main')).toEqual({ bounds: {}, maximized: false })
    },
  )

  it('forgets arrangements that were long not used', () => {
    for (let width = 1; width <= 20; width++) bounds([{ ...desk, width: 2000 + width }]).store('main', stood(1, 1))
    expect(Object.keys(JSON.parse(state.get('bounds.main') ?? '{}') as object)).toHaveLength(8)
  })

  it.each([
    ['linux', { XDG_SESSION_TYPE: 'wayland' }, '', true],
    ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, '', true],
    ['linux', { XDG_SESSION_TYPE: 'wayland' }, 'x11', false],
    ['linux', { XDG_SESSION_TYPE: 'x11' }, '', false],
    ['linux', {}, 'wayland', true],
    ['win32', { WAYLAND_DISPLAY: 'wayland-0' }, '', false],
  ] as const)('%s with %j and ozone platform "%s" is Wayland: %s', (platform, env, ozone, wayland) => {
    expect(isWayland(platform, env, ozone)).toBe(wayland)
  })
})

describe('following a link', () => {
  function opener(answers: Promise<boolean>[] = []) {
    const pushes: Push[] = []
    const asked: Question[] = []
    const open = createLinkOpener({
      accounts: () => [{ id: 'a', url: 'wss://chat.example.org/ws', userId: 'alice' }],
      hasChat: (_account, conversation) => Promise.resolve(conversation === 'direct:bob'),
      tell: (push) => Promise.resolve(void pushes.push(push)),
      ask: (question) => {
        asked.push(question)
        return answers.shift() ?? Promise.resolve(false)
      },
      locale: () => 'zh-CN',
      log,
    })
    return { open, pushes, asked }
  }

  it('opens a chat that is here, and makes none', async () => {
    const { open, pushes } = opener()
    await open('godwit://open/a/direct:bob')
    await open('godwit://open/a/direct:nobody')
    await open('godwit://open/b/direct:bob')
    expect(pushes).toEqual([
      { type: 'goTo', accountId: 'a', place: { kind: 'conversation', conversationId: 'direct:bob', messageId: null } },
      { type: 'linkRefused', code: 'deepLink.noConversation' },
      { type: 'linkRefused', code: 'deepLink.noAccount' },
    ])
  })

  it('asks by the server’s real name, once at a time, and does nothing after a no', async () => {
    let say: (yes: boolean) => void = () => undefined
    const { open, pushes, asked } = opener([new Promise((resolve) => (say = resolve))])
    const first = open('godwit://sign-in?server=b%C3%BCcher.example&user=bob')
    await open('godwit://sign-in?server=other.example')
    say(true)
    await first
    await open('godwit://sign-in?server=third.example')
    expect(asked.map(({ message }) => message)).toEqual([
      '有链接建议登录到 xn--bcher-kva.example。',
      '有链接建议登录到 third.example。',
    ])
    expect(pushes).toEqual([{ type: 'signInProposed', server: 'wss://xn--bcher-kva.example', userId: 'bob' }])
  })
})

describe('links of the system', () => {
  function claim(platform: NodeJS.Platform, { isPackaged = true, isDefault = false } = {}) {
    const asked: unknown[][] = []
    const app = {
      isPackaged,
      isDefaultProtocolClient: () => isDefault,
      setAsDefaultProtocolClient: (...args: unknown[]) => asked.push(args) > 0,
    }
    claimLinks({ app, platform, argv: ['electron', '/src/godwit'], execPath: '/electron', log })
    return asked
  }
  it('are claimed by an installed program, where they do not come here already', () => {
    expect(claim('linux')).toEqual([['godwit']])
    expect(claim('darwin', { isDefault: true })).toEqual([])
  })
  it('are not taken from the installed program by one that is not', () => {
    expect(claim('linux', { isPackaged: false })).toEqual([])
    expect(claim('win32', { isPackaged: false })).toEqual([['godwit', '/electron', ['/src/godwit']]])
  })
})

describe('spelling', () => {
  const available = ['de', 'en-GB', 'en-US', 'fr', 'pt-BR']
  it.each([
    [
      ['de-AT', 'en-GB'],
      ['de', 'en-GB'],
    ],
    [['zh-CN', 'fr-FR'], ['fr']],
    [['pt'], ['pt-BR']],
    [['EN-us', 'en-US'], ['en-US']],
    [['zh-CN'], ['en-US']],
    [[], ['en-US']],
  ])('for %j is checked in %j', (wanted, chosen) => {
    expect(spellingLanguages(wanted, available)).toEqual(chosen)
  })
  it('is not checked where there is no dictionary at all', () => {
    expect(spellingLanguages(['en-US'], [])).toEqual([])
  })
})

describe('the menu', () => {
  const zoomed: string[] = []
  const zoom = {
    factor: 1,
    in: () => void zoomed.push('in'),
    out: () => void zoomed.push('out'),
    reset: () => void zoomed.push('reset'),
    follow: () => undefined,
  }
  const rest = { onCommand: () => undefined, onDoNotDisturb: () => undefined, silence: { until: null, now: 0 } }
  type Item = ReturnType<typeof menuTemplate>[number]
  const items = (template: Item[]): Item[] =>
    template.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? items(item.submenu) : [])])
  const labels = (platform: NodeJS.Platform, locale: 'zh-CN' | 'en') =>
    items(menuTemplate({ platform, locale, zoom, ...rest }))
      .filter(({ type }) => type !== 'separator')
      .map(({ label }) => label)

  it.each(['linux', 'win32', 'darwin'] as const)('has every word in both languages on %s', (platform) => {
    const [english, chinese] = [labels(platform, 'en'), labels(platform, 'zh-CN')]
    expect(chinese).toHaveLength(english.length)
    expect([...english, ...chinese].every((label) => label !== undefined && label !== '')).toBe(true)
    expect(chinese.filter((label, index) => label === english[index] && label !== 'Godwit')).toEqual([])
  })

  it('has what editing and windows need of the system, and no key twice', () => {
    const all = items(menuTemplate({ platform: 'linux', locale: 'en', zoom, ...rest }))
    const roles = all.flatMap(({ role }) => role ?? [])
    expect(roles).toEqual(
      expect.arrayContaining(['undo', 'redo', 'cut', 'copy', 'paste', 'selectAll', 'close', 'quit']),
    )
    const keys = all.flatMap(({ accelerator }) => accelerator ?? [])
    expect(new Set(keys).size).toBe(keys.length)
  })

  it.each(['linux', 'darwin'] as const)('turns notifications off and on again on %s', (platform) => {
    const chosen: unknown[] = []
    const onDoNotDisturb = (span: unknown): void => void chosen.push(span)
    const press = (until: number | null, id: string): void => {
      const all = items(
        menuTemplate({ platform, locale: 'en', zoom, ...rest, onDoNotDisturb, silence: { until, now: 0 } }),
      )
      ;(all.find((item) => item.id === id)?.click as (() => void) | undefined)?.()
    }
    for (const span of ['hour', 'tomorrow', 'forEver']) press(null, span)
    press(1, 'notifyAgain')
    expect(chosen).toEqual(['hour', 'tomorrow', 'forEver', null])
  })

  it('the keys that the page reads itself are only shown', () => {
    const all = items(menuTemplate({ platform: 'linux', locale: 'en', zoom, ...rest }))
    const settings = all.find(({ id }) => id === 'settings')
    expect(settings).toMatchObject({ accelerator: 'CmdOrCtrl+,', registerAccelerator: false })
  })
})
